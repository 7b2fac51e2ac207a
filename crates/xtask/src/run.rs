//! Running other programs, and saying in one line what went wrong.

use std::fmt;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What could not be done, why, and what a person can do about it.
#[derive(Debug)]
pub struct Failure {
    what: String,
    why: String,
    by_hand: String,
}

impl Failure {
    /// `by_hand` may be empty when nothing is to be done outside the project.
    pub fn new(what: impl Into<String>, why: impl Into<String>, by_hand: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), by_hand: by_hand.into() }
    }

    /// A file that could not be used.
    pub fn io(verb: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("{verb} {}", path.display()), error.to_string(), "")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}: {}", self.what, self.why.trim_end())?;
        if self.by_hand.is_empty() { Ok(()) } else { write!(f, "; by hand: {}", self.by_hand) }
    }
}

/// Runs to the end and gives what it printed; an exit code other than 0 is a failure that ends with its last lines.
pub fn output(command: &mut Command) -> Result<String, Failure> {
    let name = name_of(command);
    // What a program says last is what is wrong with it, and not where in its own code it said so.
    let out = command
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("run {name}"), error.to_string(), ""))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&out.stderr);
    Err(Failure::new(format!("run {name}"), format!("{}: {}", out.status, last_lines(&said, 3)), ""))
}

/// Runs to the end and gives all it printed, errors too, and whether it ended with exit code 0.
pub fn said(command: &mut Command) -> Result<(String, bool), Failure> {
    let name = name_of(command);
    let out = command.stdin(Stdio::null()).output();
    let out = out.map_err(|error| Failure::new(format!("run {name}"), error.to_string(), ""))?;
    let mut said = String::from_utf8_lossy(&out.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&out.stderr));
    Ok((said, out.status.success()))
}

/// Runs to the end on this input and gives what it printed; an exit code other than 0 is a failure.
pub fn answered(command: &mut Command, input: &str) -> Result<String, Failure> {
    let name = name_of(command);
    let failure = |why: String| Failure::new(format!("run {name}"), why, "");
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| failure(error.to_string()))?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(input.as_bytes()).map_err(|error| failure(error.to_string()))?;
    }
    let out = child.wait_with_output().map_err(|error| failure(error.to_string()))?;
    if out.status.success() {
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    } else {
        Err(failure(out.status.to_string()))
    }
}

/// Runs with our own terminal; success is exit code 0.
pub fn shown(command: &mut Command) -> Result<(), Failure> {
    let name = name_of(command);
    let status = command.status().map_err(|error| Failure::new(format!("run {name}"), error.to_string(), ""))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("go on after {name}"), status.to_string(), "")) }
}

/// Runs something long: one line that tells how far it is (what `count` sees in the output, and the seconds).
///
/// On a terminal the line rewrites itself; elsewhere it is said every 20 s.
pub fn long(
    title: &str,
    command: &mut Command,
    count: impl Fn(&str) -> Option<&'static str>,
) -> Result<String, Failure> {
    let failure = |why: String| Failure::new(format!("finish {title}"), why, "");
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failure(format!("{}: {error}", name_of(command))))?;
    let (sender, lines) = mpsc::channel();
    for pipe in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)].into_iter().flatten() {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    let (mut said, mut counted, mut unit, mut told) = (String::new(), 0u32, "", Instant::now());
    let terminal = std::io::stderr().is_terminal();
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => {
                if let Some(name) = count(&line) {
                    (counted, unit) = (counted + 1, name);
                }
                said.push_str(&line);
                said.push('\n');
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        let pause = if terminal { Duration::from_millis(200) } else { Duration::from_secs(20) };
        if told.elapsed() >= pause {
            told = Instant::now();
            let how_far = if counted > 0 { format!("{counted} {unit}, ") } else { String::new() };
            let line = format!("{title}: {how_far}{} s", began.elapsed().as_secs());
            if terminal {
                eprint!("\r{line} ")
            } else {
                eprintln!("{line}")
            }
            let _ = std::io::stderr().flush();
        }
    }
    if terminal {
        eprint!("\r\x1b[K");
    }
    let status = child.wait().map_err(|error| failure(error.to_string()))?;
    if status.success() {
        eprintln!("{title}: done in {} s", began.elapsed().as_secs());
        Ok(said)
    } else {
        Err(failure(format!("{status}: {}", telling(&said))))
    }
}

/// Counts what cargo compiles.
pub fn crates(line: &str) -> Option<&'static str> {
    line.trim_start().starts_with("Compiling ").then_some("crates")
}

fn boxed(pipe: impl Read + Send + 'static) -> Box<dyn Read + Send> {
    Box::new(pipe)
}

fn name_of(command: &Command) -> String {
    let mut words = vec![
        Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned(),
    ];
    words.extend(command.get_args().take(2).map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}

/// The lines of a long output that say why: a panic with its message, errors, else the last few.
fn telling(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    if let Some(at) = lines.iter().position(|line| line.contains("panicked at")) {
        return lines.iter().skip(at).take(6).copied().collect::<Vec<_>>().join("\n  ");
    }
    match lines.iter().position(|line| line.starts_with("error")) {
        Some(at) => lines.iter().skip(at).take(10).copied().collect::<Vec<_>>().join("\n  "),
        None => last_lines(said, 6),
    }
}

fn last_lines(text: &str, n: usize) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(n)..].join("\n  ")
}
