//! What every scenario of the suite comes to, in the words that a reader meets: the verdict, the chain behind it, and why
//! each row is there or not. Golden text, to be read by a person: `BLESS=1 cargo test -p suite --test verdicts` writes it.

#![allow(clippy::unwrap_used, reason = "a test")]

use scenario::CqlNames;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};
use suite::{run, texts};
use trace::{Index, Names, PartitionNo, TableInfo, Verdict, Words, explain, verdict};

/// Rows of one scenario that are explained.
const ROWS_MAX: usize = 6;

/// Ends that no scenario of the suite comes to.
const ENDS: [(&str, &str); 4] = [
    ("nothing is run", ""),
    ("only writes", "CREATE TABLE t (k int PRIMARY KEY, v int);\nINSERT INTO t (k, v) VALUES (1, 1);\n"),
    (
        "a condition does not hold",
        "CREATE TABLE t (k int PRIMARY KEY, v int);\nINSERT INTO t (k, v) VALUES (1, 1);\nUPDATE t SET v = 3 WHERE k = 1 IF v = 2;\n",
    ),
    (
        "a write is given up",
        "--@ cluster nodes=3 rf=3\nCREATE TABLE t (k int PRIMARY KEY, v int);\n--@ pause n2\n--@ pause n3\nCONSISTENCY QUORUM\nINSERT INTO t (k, v) VALUES (1, 1);\n",
    ),
];

#[test]
fn every_verdict_and_every_chain_reads_as_it_was_read() {
    let mut is = String::new();
    let ends = ENDS.map(|(name, text)| (name.into(), text.into()));
    for (name, text) in texts().chain(ends) {
        writeln!(is, "== {name}").unwrap();
        tell(&mut is, &text);
        is.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts.txt");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &is).unwrap();
    }
    assert_eq!(is, fs::read_to_string(&path).unwrap());
}

fn tell(is: &mut String, text: &str) {
    let ran = run(text);
    let log = ran.world.trace().unwrap().log();
    let index = Index::build(&log).unwrap();
    let dictionary = index.dictionary();
    let names = CqlNames::new(&dictionary);
    let words = Words::with(log, &names, dictionary.clone());
    let name = |no: PartitionNo, row: &[u8]| {
        let place = index.partition(&log, no).unwrap();
        Named { names: &names, table: dictionary.table(place.table), key: place.key.unwrap().bytes, row }.to_string()
    };
    let end = verdict(&index, &log).unwrap();
    writeln!(is, "{} {}", words.headline(&end), words.because(&end)).unwrap();
    let mut spoken = None;
    if let Verdict::Rows { why: Some(why), .. } = &end {
        writeln!(is, "because of {}", name(why.partition, &why.row)).unwrap();
        write!(is, "{}", words.chain(&why.chain)).unwrap();
        spoken = Some(why);
    }
    let mut rows = 0;
    for no in (0..index.partitions()).map(PartitionNo) {
        for row in index.row_keys(&log, no) {
            let chain = explain(&index, &log, log.last().unwrap(), no, &row).unwrap();
            let said = spoken.is_some_and(|why| why.partition == no && why.row == row && why.chain == chain);
            if rows < ROWS_MAX && !said {
                rows += 1;
                writeln!(is, "-- {}", name(no, &row)).unwrap();
                write!(is, "{}", words.chain(&chain)).unwrap();
            }
        }
    }
}

struct Named<'a, N> {
    names: &'a N,
    table: Option<&'a TableInfo>,
    key: storage::Bytes,
    row: &'a [u8],
}

impl<N: Names> std::fmt::Display for Named<'_, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let table = self.table.unwrap();
        write!(f, "{} ", table.name)?;
        self.names.partition(table, &self.key, f)?;
        if self.row.is_empty() {
            return Ok(());
        }
        f.write_str("/")?;
        self.names.row(table, self.row, f)
    }
}
