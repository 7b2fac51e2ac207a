//! What Paxos promises, whatever is lost, late, doubled or killed: a value is set by at most one transaction, and what was
//! acknowledged is seen by everybody who looks at a serial level later.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use proptest::prelude::*;
use proptest::{strategy::ValueTree, test_runner::TestRunner};
use scenario::Setup;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use trace::{Fact, Message, PaxosStep};
use world::World;

/// What happens while clients count.
#[derive(Clone, Debug)]
enum Trouble {
    Drop(u8, u8, u8),
    Delay(u8, u8, u16),
    Duplicate(u8, u8, u16),
    Reorder(u8, u8, u16),
    Alone(u8),
    Kill(u8),
    Clock(u8, i32),
    Heal,
    Advance(u16),
}

/// Some clients try to take the counter one step further, all at once; something goes wrong meanwhile; somebody looks.
#[derive(Clone, Debug)]
struct Round {
    before: Vec<Trouble>,
    /// Client, which step it believes to be next behind the last, microseconds until the next one asks.
    tries: Vec<(u8, u8, u16)>,
    within: Vec<Trouble>,
    reader: u8,
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let node = || 1u8..=3;
    prop_oneof![
        (node(), node(), 1u8..4).prop_map(|(a, b, n)| Trouble::Drop(a, b, n)),
        (node(), node(), 1u16..3000).prop_map(|(a, b, by)| Trouble::Delay(a, b, by)),
        (node(), node(), 1u16..500).prop_map(|(a, b, by)| Trouble::Duplicate(a, b, by)),
        (node(), node(), 1u16..50).prop_map(|(a, b, by)| Trouble::Reorder(a, b, by)),
        node().prop_map(Trouble::Alone),
        node().prop_map(Trouble::Kill),
        (node(), -5_000i32..5_000).prop_map(|(n, by)| Trouble::Clock(n, by)),
        Just(Trouble::Heal),
        (0u16..40).prop_map(Trouble::Advance),
    ]
}

fn round() -> impl Strategy<Value = Round> {
    let troubles = || prop::collection::vec(trouble(), 0..3);
    (troubles(), prop::collection::vec((0u8..3, 0u8..3, 0u16..9_000), 1..5), troubles(), 0u8..3)
        .prop_map(|(before, tries, within, reader)| Round { before, tries, within, reader })
}

/// A program and what its lines are.
struct Program {
    text: String,
    /// Line to the step that it tries to take.
    tries: BTreeMap<u32, i64>,
    /// Lines that read.
    reads: Vec<u32>,
    dead: [bool; 3],
}

impl Program {
    fn say(&mut self, line: &str) -> u32 {
        self.text.push_str(line);
        self.text.push('\n');
        self.text.lines().count() as u32
    }

    fn trouble(&mut self, trouble: &Trouble) {
        let line = match *trouble {
            Trouble::Drop(a, b, times) => format!("--@ drop n{a} n{b} times={times}"),
            Trouble::Delay(a, b, by) => format!("--@ delay n{a} n{b} by={by}ms times=2"),
            Trouble::Duplicate(a, b, by) => format!("--@ duplicate n{a} n{b} by={by}ms"),
            Trouble::Reorder(a, b, by) => format!("--@ reorder n{a} n{b} by={by}ms"),
            Trouble::Alone(n) => {
                let others: Vec<String> = (1..=3).filter(|o| *o != n).map(|o| format!("n{o}")).collect();
                format!("--@ partition n{n} | {}", others.join(" "))
            }
            Trouble::Kill(n) if self.dead.contains(&true) => {
                let _ = n;
                return self.wake();
            }
            Trouble::Kill(n) => {
                self.dead[usize::from(n) - 1] = true;
                format!("--@ kill n{n}")
            }
            Trouble::Clock(n, by) => format!("--@ clock n{n} {by:+}ms"),
            Trouble::Heal => "--@ heal".into(),
            Trouble::Advance(ms) => format!("--@ advance {ms}ms"),
        };
        self.say(&line);
    }

    fn wake(&mut self) {
        for n in 0..3 {
            if std::mem::take(&mut self.dead[n]) {
                self.say(&format!("--@ start n{}", n + 1));
            }
        }
    }

    fn read(&mut self, client: u8) {
        self.say(&format!("--@ as {}", name(client)));
        self.say("CONSISTENCY SERIAL");
        let line = self.say("SELECT n FROM c WHERE id = 'x';");
        self.reads.push(line);
        self.say("CONSISTENCY QUORUM");
    }
}

fn name(client: u8) -> char {
    char::from(b'a' + client)
}

fn program(seed: u32, rounds: &[Round]) -> Program {
    let mut program = Program { text: String::new(), tries: BTreeMap::new(), reads: Vec::new(), dead: [false; 3] };
    let mut head = format!("--@ cluster nodes=3 rf=3 seed={seed}\n");
    for client in 0..3u8 {
        let _ = writeln!(head, "--@ client {} node=n{}", name(client), client + 1);
    }
    program.text = head;
    program.say("--@ needs model: faults at random");
    program.say("CREATE TABLE c (id text PRIMARY KEY, n int);");
    program.say("--@ as a");
    program.say("CONSISTENCY QUORUM");
    program.say("INSERT INTO c (id, n) VALUES ('x', 0) IF NOT EXISTS;");
    program.say("--@ as b");
    program.say("CONSISTENCY QUORUM");
    program.say("--@ as c");
    program.say("CONSISTENCY QUORUM");
    for (at, round) in (0i64..).zip(rounds) {
        round.before.iter().for_each(|trouble| program.trouble(trouble));
        for (client, step, pause) in &round.tries {
            let from = (at + i64::from(*step) - 1).max(0);
            program.say(&format!("--@ as {}", name(*client)));
            program.say("--@ async");
            let line = program.say(&format!("UPDATE c SET n = {} WHERE id = 'x' IF n = {from};", from + 1));
            program.tries.insert(line, from);
            program.say(&format!("--@ advance {pause}us"));
        }
        round.within.iter().for_each(|trouble| program.trouble(trouble));
        program.say("--@ await");
        program.read(round.reader);
    }
    program.say("--@ heal");
    program.wake();
    program.say("--@ advance 60s");
    program.read(0);
    program
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the model waited for something outside"),
    }
}

/// The number in the last column of the only row.
fn number(lines: &[String]) -> Option<i64> {
    let row = lines.get(2)?;
    row.trim_start_matches("-->").split('|').next_back()?.trim().parse().ok()
}

/// What a run met with.
#[derive(Debug, Default, PartialEq, Eq)]
struct Met {
    taken: usize,
    unknown: usize,
    unfinished: usize,
    contended: usize,
}

/// What was decided under each ballot.
fn decisions(world: &World) -> Result<Met, TestCaseError> {
    let mut met = Met::default();
    let mut decided: BTreeMap<i64, std::rc::Rc<storage::Mutation>> = BTreeMap::new();
    for event in world.trace().unwrap().log().events() {
        let fact = event.unwrap().fact;
        met.unfinished += usize::from(matches!(fact, Fact::Paxos { step: PaxosStep::Unfinished, .. }));
        met.contended += usize::from(matches!(fact, Fact::Paxos { step: PaxosStep::Contended, .. }));
        if let Fact::Send { message: Message::Commit(mutation), .. } = fact {
            let cells = mutation.delta.rows.values().flat_map(storage::Row::cells);
            let ballot = cells.map(|(_, _, cell)| cell.timestamp).next().unwrap();
            let first = decided.entry(ballot).or_insert_with(|| mutation.clone());
            prop_assert_eq!(&*mutation, &**first, "two decisions under one ballot");
        }
    }
    Ok(met)
}

fn check(seed: u32, rounds: &[Round]) -> Result<Met, TestCaseError> {
    let program = program(seed, rounds);
    let mut world = World::new(&Setup::default(), true);
    let blessed = now(scenario::bless(&program.text, &mut world, &mut ()));
    prop_assert!(blessed.faults.is_empty(), "{:?}\n{}", blessed.faults, program.text);
    prop_assert_eq!(&blessed.end, &scenario::End::Whole, "{}", blessed.text);
    let answers: BTreeMap<u32, &[String]> = blessed.answers.iter().map(|a| (a.line, a.lines.as_slice())).collect();
    let (mut taken, mut unknown) = (BTreeMap::new(), Vec::new());
    // What is known to have been reached, where statements end before others begin: at each read.
    let mut reached = 0;
    let mut so_far = 0;
    let mut lines: Vec<u32> = program.tries.keys().chain(&program.reads).copied().collect();
    lines.sort_unstable();
    for line in lines {
        let said = *answers.get(&line).unwrap();
        let Some(from) = program.tries.get(&line) else {
            reached = so_far.max(reached);
            if let Some(seen) = number(said) {
                prop_assert!(seen >= reached, "line {} sees {} after {}\n{}", line, seen, reached, blessed.text);
                reached = seen;
                so_far = seen;
            }
            continue;
        };
        if said.iter().any(|l| l.contains("True")) {
            let before = taken.insert(*from, line);
            prop_assert_eq!(before, None, "step {} is taken twice\n{}", from, blessed.text);
            so_far = so_far.max(from + 1);
        } else if said.iter().any(|l| l.contains("False")) {
            let seen = number(said).unwrap();
            prop_assert!(seen >= reached, "line {} is shown {} after {}\n{}", line, seen, reached, blessed.text);
            prop_assert_ne!(seen, *from, "line {} is refused what it asked for\n{}", line, blessed.text);
        } else {
            unknown.push(*from);
        }
    }
    let last = number(answers.get(program.reads.last().unwrap()).unwrap());
    prop_assert!(last.is_some(), "nothing is wrong any more, and the last read fails\n{}", blessed.text);
    // Every step up to where it stands was somebody's, and acknowledged or unknown.
    for step in 0..last.unwrap() {
        let is_somebodys = taken.contains_key(&step) || unknown.contains(&step);
        prop_assert!(is_somebodys, "nobody took step {}\n{}", step, blessed.text);
    }
    Ok(Met { taken: taken.len(), unknown: unknown.len(), ..decisions(&world)? })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_step_is_taken_once_and_what_was_acknowledged_is_seen(
        seed in any::<u32>(),
        rounds in prop::collection::vec(round(), 1..8),
    ) {
        check(seed, &rounds)?;
    }
}

/// Without trouble all that ask in turn are applied, and the counter counts.
#[test]
fn a_counter_counts() {
    let round = |_| Round { before: Vec::new(), tries: vec![(0, 1, 9_000)], within: Vec::new(), reader: 1 };
    let rounds: Vec<Round> = (0..12).map(round).collect();
    assert_eq!(check(1, &rounds).unwrap(), Met { taken: 12, ..Met::default() });
}

/// Who asks at once gets in each other's way, and all but one are refused, or nobody knows.
#[test]
fn a_crowd_is_served_one_by_one() {
    let crowd =
        |_| Round { before: Vec::new(), tries: (0..9).map(|n| (n % 3, 1, 0)).collect(), within: Vec::new(), reader: 0 };
    let rounds: Vec<Round> = (0..6).map(crowd).collect();
    let met = check(5, &rounds).unwrap();
    assert!(met.taken > 3 && met.contended > 9, "{met:?}");
}

/// The programs above are worth their while.
#[test]
fn trouble_is_met() {
    let mut runner = TestRunner::deterministic();
    let mut sum = Met::default();
    for seed in 0..100 {
        let rounds = prop::collection::vec(round(), 8).new_tree(&mut runner).unwrap().current();
        let met = check(seed, &rounds).unwrap();
        sum.taken += met.taken;
        sum.unknown += met.unknown;
        sum.unfinished += met.unfinished;
        sum.contended += met.contended;
    }
    assert!(sum.taken > 200 && sum.unknown > 200 && sum.unfinished > 20 && sum.contended > 100, "{sum:?}");
}

/// A proposal that two replicas accepted, whose coordinator died before it could commit; then both of them die.
fn after_both_died(how: &str) -> Option<i64> {
    let text = format!(
        "--@ cluster nodes=3 rf=3 seed=7 hints=off
--@ client writer node=n1
--@ client reader node=n2
--@ needs model: deaths between an acceptance and its commit
CREATE TABLE c (id text PRIMARY KEY, n int);
--@ as writer
CONSISTENCY QUORUM
INSERT INTO c (id, n) VALUES ('x', 0) IF NOT EXISTS;
--@ advance 60s
--@ async
UPDATE c SET n = 1 WHERE id = 'x' IF n = 0;
--@ advance 6300us
--@ partition n1 | n2 n3
--@ await
--@ kill n1
--@ {how} n2
--@ {how} n3
--@ start n2
--@ start n3
--@ until seen-down n1
--@ as reader
CONSISTENCY SERIAL
SELECT n FROM c WHERE id = 'x';
"
    );
    let mut world = World::new(&Setup::default(), false);
    let blessed = now(scenario::bless(&text, &mut world, &mut ()));
    assert_eq!(blessed.end, scenario::End::Whole, "{}", blessed.text);
    number(&blessed.answers.last().unwrap().lines)
}

/// Paxos state is in the commit log: a kill loses none of it, a power cut what was not synced, as of any write.
#[test]
fn what_was_accepted_survives_a_kill_but_no_power_cut() {
    assert_eq!(after_both_died("kill"), Some(1));
    assert_eq!(after_both_died("power"), Some(0));
}
