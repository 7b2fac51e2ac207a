//! Random scenarios, the same ones everywhere: a program is its seed. They feed the determinism tests, which run each of
//! them natively, in Node and in headless Chrome and compare digests.

mod kinds;

use kinds::{KINDS, Kind};
use sim::Chance;

/// Steps of a program: from this many …
const STEPS_MIN: u64 = 24;
/// … to so many more.
const STEPS_SPREAD: u64 = 40;

/// What one program holds, for the histogram.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The scenario's text.
    pub text: String,
    /// How often each kind of step occurs, by its place in [`names`].
    pub counts: Vec<u32>,
    /// Steps in all.
    pub steps: u32,
}

/// The kinds of steps, in the order of [`Program::counts`].
#[must_use]
pub fn names() -> Vec<&'static str> {
    KINDS.iter().map(|kind| kind.name).collect()
}

/// What the writer of a program keeps in mind so that its steps make sense together.
#[derive(Debug)]
pub(crate) struct Author {
    luck: Chance,
    nodes: u64,
    clients: u64,
    /// Nodes killed and not started.
    dead: Vec<u64>,
    /// Nodes frozen and not thawed.
    frozen: Vec<u64>,
    cut: bool,
    /// Counts up, so that some keys are new and some old.
    key: u64,
    out: String,
}

impl Author {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.luck.below(n)
    }

    pub(crate) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let at = self.luck.below(of.len() as u64) as usize;
        of.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    pub(crate) fn node(&mut self) -> u64 {
        1 + self.luck.below(self.nodes)
    }

    /// A partition key: few, so that statements meet.
    pub(crate) fn p(&mut self) -> u64 {
        self.luck.below(4)
    }

    /// A clustering key.
    pub(crate) fn c(&mut self) -> u64 {
        if self.luck.below(4) == 0 {
            self.key += 1;
            return self.key;
        }
        self.luck.below(6)
    }

    /// `USING …`, sometimes.
    pub(crate) fn using(&mut self, ttl: bool) -> String {
        match self.luck.below(6) {
            0 => format!(" USING TIMESTAMP {}", 1_000 + self.luck.below(8)),
            1 if ttl => format!(" USING TTL {}", 1 + self.luck.below(100)),
            _ => String::new(),
        }
    }
}

/// The program with this seed.
#[must_use]
pub fn program(seed: u64) -> Program {
    let mut author = Author {
        luck: Chance::new(seed, 0),
        nodes: 0,
        clients: 0,
        dead: Vec::new(),
        frozen: Vec::new(),
        cut: false,
        key: 10,
        out: String::new(),
    };
    author.nodes = [1, 3, 3, 3, 5][author.below(5) as usize];
    author.clients = author.below(4);
    let rf = 1 + author.below(author.nodes.min(3));
    let like = author.one(&["cassandra-5.0", "cassandra-5.0", "scylla"]);
    let nodes = author.nodes;
    author.line(&format!("--@ cluster nodes={nodes} rf={rf} seed={} like={like}", seed % 1_000_000));
    for client in 0..author.clients {
        let driver = author.one(&["gocql-1.14", "gocql", "java", "python", "node", "rust", "cdrs", "cqlsh"]);
        let clock = author.one(&["", " clock=+20ms", " clock=-20ms", " clock=+5s drift=50ppm", " step=-20ms/30s"]);
        author.line(&format!("--@ client c{client} driver={driver}{clock}"));
    }
    author.line("CREATE TABLE t (p int, c int, s text static, v text, w int, m map<text, int>, e set<int>, l list<int>, PRIMARY KEY (p, c));");
    author.line("CREATE TABLE u (a text, b int, x bigint, y text, PRIMARY KEY (a, b)) WITH CLUSTERING ORDER BY (b DESC) AND gc_grace_seconds = 10;");
    let mut program = Program { counts: vec![0; KINDS.len()], ..Program::default() };
    let steps = STEPS_MIN + author.below(STEPS_SPREAD);
    // Faults come late often enough that most of a program runs with enough replicas alive to mean something.
    for _ in 0..steps {
        let at = author.below(KINDS.len() as u64) as usize;
        let Some(Kind { write, .. }) = KINDS.get(at) else { continue };
        write(&mut author);
        program.steps += 1;
        if let Some(count) = program.counts.get_mut(at) {
            *count += 1;
        }
        // What was broken is often mended soon, as people do.
        if author.below(3) == 0 {
            kinds::mend(&mut author);
        }
    }
    author.line("--@ await");
    program.text = author.out;
    program
}
