//! `explain`: why a row is still there, or not any more, in at most six sentences.

use super::Found;
use super::args::Args;
use super::error::Error;
use super::model;
use super::out::{Out, Tone};
use super::run::ending;
use scenario::CqlNames;
use serde_json::json;
use trace::{Dictionary, Index, Log, Names, PartitionNo, TableInfo, Words};

/// Rows that are explained at once.
const ROWS_MAX: usize = 20;

/// `tombstone explain FILE|LINK|- --row KEY [--branch NAME]`
pub fn explain(mut args: Args, out: &mut Out) -> Result<Found, Error> {
    let json = args.flag("--json");
    let key = args.value("--row")?;
    let branch = args.value("--branch")?;
    let names = args.rest(&["--row", "--branch", "--json"])?;
    let [name] = names.as_slice() else { return Err(Error::usage("explain takes one file, link or -")) };
    let source = model::read(name)?.in_branch(branch)?;
    let key = key.or_else(|| scenario::parse(&source.text).0.focus.row);
    let key = key.ok_or_else(|| Error::usage("explain needs --row KEY, or a line --@ row KEY in the text"))?;
    let ran = model::run(&source.text, true);
    if !ran.blessed.faults.is_empty() {
        return Err(Error::Faulty { name: source.name, text: source.text, faults: ran.blessed.faults });
    }
    if let Some(why) = ending(&ran.blessed.end) {
        out.aside(Tone::Bad, why)?;
    }
    let Some(trace) = &ran.trace else { return Err(Error::Stopped("the model kept no trace".into())) };
    let log = trace.log();
    let dictionary = Dictionary::of(&log);
    let names = CqlNames::new(&dictionary);
    let words = Words::new(log, &names);
    let index = Index::build(&log)?;
    let asked = Asked { log: &log, index: &index, dictionary: &dictionary, names: &names };
    let rows = asked.rows(&key)?;
    let mut all = Vec::new();
    for row in rows.iter().take(ROWS_MAX) {
        let Some(last) = log.last() else { break };
        let chain = trace::explain(&index, &log, last, row.partition, &row.clustering)?;
        if json {
            let sentences: Vec<_> = chain.links.iter().map(|link| {
                json!({ "says": words.link(link).to_string(), "decides": link.hinge, "events": link.events.iter().map(|e| e.0).collect::<Vec<_>>() })
            }).collect();
            all.push(json!({ "row": row.name, "why": sentences }));
        } else {
            out.line(format_args!("{}", out.toned(Tone::Strong, &row.name)))?;
            out.text(&words.chain(&chain).to_string())?;
        }
    }
    if json {
        out.line(format_args!("{}", json!({ "rows": all })))?;
    } else if rows.len() > ROWS_MAX {
        out.line(format_args!("… and {} more rows; name one as --row KEY/ROW", rows.len() - ROWS_MAX))?;
    }
    out.flush()?;
    Ok(Found::Same)
}

struct Asked<'a> {
    log: &'a Log<'a>,
    index: &'a Index,
    dictionary: &'a Dictionary,
    names: &'a CqlNames,
}

struct Row {
    name: String,
    partition: PartitionNo,
    clustering: Vec<u8>,
}

impl Asked<'_> {
    /// The rows that KEY names: `org-1` is a whole partition, `org-1/user-1` one row of it, `t org-1` one of table t.
    fn rows(&self, key: &str) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        let mut known = Vec::new();
        for no in (0..self.index.partitions()).map(PartitionNo) {
            let place = self.index.partition(self.log, no)?;
            let (Some(table), Some(partition)) = (self.dictionary.table(place.table), &place.key) else { continue };
            let printed = show(|f| self.names.partition(table, &partition.bytes, f));
            let full = format!("{} {printed}", table.name);
            known.push(printed.clone());
            for clustering in self.index.row_keys(self.log, no) {
                let row = self.row(table, &clustering);
                let is = |name: &str| key == name || row.as_ref().is_some_and(|row| key == format!("{name}/{row}"));
                if is(&printed) || is(&full) {
                    let name = row.map_or_else(|| full.clone(), |row| format!("{full}/{row}"));
                    rows.push(Row { name, partition: no, clustering: clustering.to_vec() });
                }
            }
        }
        if rows.is_empty() {
            let near =
                scenario::nearest(key, known.iter().map(String::as_str)).map(|near| format!("; did you mean {near}?"));
            known.truncate(8);
            let some =
                if known.is_empty() { "nothing was written".into() } else { format!("there are {}", known.join(", ")) };
            return Err(Error::NoRow(format!("no row is called {key}{} ({some})", near.unwrap_or_default())));
        }
        Ok(rows)
    }

    fn row(&self, table: &TableInfo, clustering: &[u8]) -> Option<String> {
        (!clustering.is_empty()).then(|| show(|f| self.names.row(table, clustering, f)))
    }
}

/// What a printer prints.
fn show(print: impl Fn(&mut std::fmt::Formatter<'_>) -> std::fmt::Result) -> String {
    struct Shown<P>(P);
    impl<P: Fn(&mut std::fmt::Formatter<'_>) -> std::fmt::Result> std::fmt::Display for Shown<P> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            (self.0)(f)
        }
    }
    Shown(print).to_string()
}
