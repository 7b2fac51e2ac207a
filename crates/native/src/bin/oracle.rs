//! Asks a real server. `cargo xtask oracle` starts one and calls this.
//!
//!     oracle HOST:PORT ask 'CQL; CQL …'

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use native::drivers::scylla::Client;
use native::drivers::{Answer, Manner};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(server), Some(verb)) = (args.next().and_then(|text| text.parse::<SocketAddr>().ok()), args.next()) else {
        eprintln!("usage: oracle HOST:PORT ask 'CQL; CQL …'");
        return ExitCode::from(2);
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        eprintln!("oracle: no runtime");
        return ExitCode::from(2);
    };
    let rest: Vec<String> = args.collect();
    let done = match verb.as_str() {
        "ask" => runtime.block_on(ask(server, &rest.join(" "))),
        other => Err(format!("unknown word {other}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("oracle: {text}");
            ExitCode::from(2)
        }
    }
}

/// The quick question: as cqlsh asks (ONE, client stamps in µs), `CONSISTENCY X;` and `TIMESTAMP N|server;` heeded.
async fn ask(server: SocketAddr, text: &str) -> Result<(), String> {
    let client = Client::connect(server).await.map_err(|error| error.0)?;
    let mut manner = Manner { consistency: "ONE".into(), serial: "SERIAL".into(), page_rows: 100, timestamp: None };
    let mut stamps = true;
    for statement in split(text) {
        let words: Vec<String> = statement.split_whitespace().map(str::to_uppercase).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["CONSISTENCY", level] => {
                manner.consistency = level.into();
                continue;
            }
            ["TIMESTAMPS", "SERVER"] => {
                stamps = false;
                continue;
            }
            _ => {}
        }
        manner.timestamp = if stamps { Some(now_us()?) } else { None };
        println!("{statement};");
        match client.ask(&statement, &manner).await.map_err(|error| error.0)? {
            Answer::Void => println!("  ok"),
            Answer::Error { outcome, text } => println!("  Error {outcome}: {text}"),
            Answer::Rows(rows) => {
                println!(
                    "  {}",
                    rows.columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect::<Vec<_>>().join(" | ")
                );
                for row in &rows.rows {
                    let values: Vec<String> =
                        row.iter().zip(&rows.columns).map(|(value, (_, kind))| rough(kind, value.as_deref())).collect();
                    println!("  {}", values.join(" | "));
                }
                println!("  ({} rows)", rows.rows.len());
            }
        }
    }
    Ok(())
}

fn now_us() -> Result<i64, String> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
    i64::try_from(since.as_micros()).map_err(|error| error.to_string())
}

/// A value for the eye: text as text, integers as numbers, everything else as the bytes it is.
fn rough(kind: &str, value: Option<&[u8]>) -> String {
    let Some(bytes) = value else { return "null".into() };
    match (kind, bytes) {
        ("text" | "ascii", _) => format!("'{}'", String::from_utf8_lossy(bytes)),
        ("boolean", [byte]) => (*byte != 0).to_string(),
        ("tinyint", [a]) => i8::from_be_bytes([*a]).to_string(),
        ("smallint", [a, b]) => i16::from_be_bytes([*a, *b]).to_string(),
        ("int", [a, b, c, d]) => i32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        ("float", [a, b, c, d]) => f32::from_be_bytes([*a, *b, *c, *d]).to_string(),
        ("bigint" | "counter" | "timestamp" | "time", [a, b, c, d, e, f, g, h]) => {
            i64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]).to_string()
        }
        ("double", [a, b, c, d, e, f, g, h]) => f64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]).to_string(),
        _ => format!("0x{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
    }
}

/// At each `;` outside quotes and comments; `BEGIN BATCH … APPLY BATCH` stays whole.
fn split(text: &str) -> Vec<String> {
    let (mut found, mut current, mut quote) = (Vec::new(), String::new(), None);
    for letter in text.chars() {
        match quote {
            Some(mark) if mark == letter => quote = None,
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            _ => {}
        }
        let upper = current.trim().to_uppercase();
        let batching = upper.starts_with("BEGIN ") && !upper.ends_with("APPLY BATCH");
        if letter == ';' && quote.is_none() && !batching {
            found.push(std::mem::take(&mut current));
        } else {
            current.push(letter);
        }
    }
    found.push(current);
    found.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}
