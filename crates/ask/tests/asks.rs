//! Questions asked of the model, over texts of the suite and over small ones.
#![allow(clippy::unwrap_used, reason = "a test")]

use ask::{Came, Reseed, Runner, axes, decided, futures, grid, tip, wish};
use scenario::{applied, told::Measure};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use world::World;

fn run(text: &str, other: Option<Reseed>) -> Option<Came> {
    let (plan, _) = scenario::parse(text);
    let mut world = World::new(&plan.setup, false);
    if let Some(other) = other {
        world.reseed_after(other.after, other.seed);
    }
    let came = blessed(text, &mut world)?;
    Some(Came { reseeded: world.reseeded().0, ..came })
}

fn blessed(text: &str, world: &mut World) -> Option<Came> {
    let mut nobody = ();
    let mut blessed = pin!(scenario::bless(text, world, &mut nobody));
    match blessed.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(blessed) => Came::of(&blessed),
        Poll::Pending => None,
    }
}

fn suite(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../tests/scenarios/{name}.cql", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

const SKEW: &str = "--@ cluster nodes=3 rf=3 seed=7\n--@ client api driver=gocql-1.14 clock=+20ms\n--@ client cron driver=rust\n\
    CREATE TABLE t (k text, c text, v int, PRIMARY KEY (k, c));\n--@ as api\nINSERT INTO t (k, c, v) VALUES ('a', 'b', 1);\n\
    --@ as cron\nDELETE FROM t WHERE k = 'a';\nSELECT count(*) FROM t WHERE k = 'a';\n";

#[test]
fn the_clock_tips_where_the_run_tips() {
    let tip = tip(SKEW, &mut run as &mut Runner<'_>).unwrap();
    assert_eq!((tip.dial.what.as_str(), tip.dial.value, tip.here.as_str()), ("the clock of api", 20_000, "1 row"));
    assert_eq!(tip.sides.len(), 1, "{tip:?}");
    let side = &tip.sides[0];
    assert_eq!(side.words, "0 rows");
    assert!((1..20_000).contains(&side.at), "{side:?}");
    let at = |value: i64| run(&applied(SKEW, &[&tip.dial.turned(value)]), None).unwrap().short();
    assert_eq!((at(side.at), at(side.at + 1)), ("0 rows".into(), "1 row".into()), "one microsecond decides");
}

#[test]
fn a_number_that_decides_nothing_is_no_knob() {
    let text = "--@ client api clock=+20ms\nCREATE TABLE t (k int PRIMARY KEY);\n--@ as api\nINSERT INTO t (k) VALUES (1);\nSELECT k FROM t;\n";
    assert_eq!(tip(text, &mut run as &mut Runner<'_>), None);
}

#[test]
fn the_zombie_is_decided_by_its_grace() {
    let tip = tip(&suite("replicas/the-zombie"), &mut run as &mut Runner<'_>).unwrap();
    assert_eq!((tip.dial.what.as_str(), tip.dial.measure), ("gc_grace_seconds", Measure::Seconds), "{tip:?}");
}

#[test]
fn a_guess_has_its_world_or_none() {
    let wished = wish(SKEW, 4, "0", &mut run as &mut Runner<'_>).unwrap();
    assert_eq!((wished.choice.label.as_str(), wished.words.as_str()), ("the clock of api: +0ms", "0 rows"));
    let edits: Vec<_> = wished.choice.edits.iter().collect();
    assert_eq!(run(&applied(SKEW, &edits), None).unwrap().short(), "0 rows");
    assert_eq!(wish(SKEW, 4, "7", &mut run as &mut Runner<'_>), None);
}

#[test]
fn every_cell_of_a_grid_is_a_run_of_its_own_text() {
    let axes = axes(SKEW);
    let names: Vec<&str> = axes.iter().map(|axis| axis.name).collect();
    assert_eq!(names, ["One change", "Consistency", "The number of replicas", "The seed", "The driver", "The grace"]);
    let grid = grid(SKEW, &axes[0], &axes[1], &mut run as &mut Runner<'_>).unwrap();
    assert_eq!(grid.cells.len(), grid.rows.len() * grid.columns.len());
    for (at, cell) in grid.cells.iter().enumerate() {
        let (row, column) = (&grid.rows[at / grid.columns.len()], &grid.columns[at % grid.columns.len()]);
        let edits: Vec<_> = row.edits.iter().chain(&column.edits).collect();
        let text = applied(SKEW, &edits);
        assert_eq!(run(&text, None).unwrap().short(), cell.words, "{text}");
    }
    assert!(grid.moral.starts_with("Consistency changes nothing here"), "{}", grid.moral);
}

#[test]
fn other_seeds_are_other_futures() {
    let told = futures(SKEW, 16, &mut run as &mut Runner<'_>).unwrap();
    assert_eq!((told.of, told.same, told.outcomes.as_slice()), (16, 16, &[("1 row".to_string(), 16)][..]));
}

/// Whatever text: no question panics, every edit is one of the text, and the text with it is still understood.
#[test]
fn every_scenario_can_be_asked() {
    let top = format!("{}/../../tests/scenarios", env!("CARGO_MANIFEST_DIR"));
    for dir in std::fs::read_dir(top).unwrap() {
        for file in std::fs::read_dir(dir.unwrap().path()).unwrap() {
            let text = std::fs::read_to_string(file.as_ref().unwrap().path()).unwrap();
            for choice in axes(&text).into_iter().flat_map(|axis| axis.choices) {
                let edits: Vec<_> = choice.edits.iter().collect();
                let changed = applied(&text, &edits);
                let (_, faults) = scenario::parse(&changed);
                assert!(
                    faults.is_empty() || choice.label.starts_with("without"),
                    "{}: {}: {faults:?}",
                    file.unwrap().path().display(),
                    choice.label
                );
            }
        }
    }
}

#[test]
fn it_is_decided_when_nothing_that_could_still_happen_changes_it() {
    // The row and the question are on their way to n3 together: who comes first decides, and when both are there nothing does.
    let text = suite("futures/two-messages-cross");
    let of = 32;
    let told = decided(&text, of, &mut run as &mut Runner<'_>).unwrap();
    assert_eq!(told.of, of);
    assert!(told.at > 4_000 && told.at < 7_111, "between the insert and the answer: {told:?}");
    // Luck has no part in a delete that is older than its row.
    assert_eq!(decided(SKEW, of, &mut run as &mut Runner<'_>).unwrap().at, 0);
}

#[test]
fn a_delete_can_reach_more_or_less() {
    let table = "CREATE TABLE ks.t (a int, b int, s int STATIC, v map<int, text>, w int, PRIMARY KEY ((a), b));\n";
    let reached = |delete: &str| -> Vec<String> {
        let text = format!("{table}{delete}\n");
        let axis = axes(&text).into_iter().find(|axis| axis.name == "The delete");
        let choices = axis.into_iter().flat_map(|axis| axis.choices).skip(1);
        let texts = choices.map(|choice| applied(&text, &choice.edits.iter().collect::<Vec<_>>()));
        texts.filter_map(|text| text.lines().nth(1).map(String::from)).collect()
    };
    let whole = ["DELETE FROM ks.t WHERE a = 1;", "DELETE FROM ks.t WHERE a = 1 AND b >= 2;"];
    let row = "DELETE FROM ks.t WHERE a = 1 AND b = 2;";
    assert_eq!(reached(row), [whole[0], whole[1], "DELETE v, w FROM ks.t WHERE a = 1 AND b = 2;"]);
    assert_eq!(reached("DELETE v[7] FROM ks.t WHERE a = 1 AND b = 2;"), [whole[0], whole[1], row]);
    assert_eq!(
        reached("DELETE FROM ks.t USING TIMESTAMP 5 WHERE a = 'AND;' AND b > 2;"),
        ["DELETE FROM ks.t USING TIMESTAMP 5 WHERE a = 'AND;';"]
    );
    assert_eq!(reached("DELETE FROM ks.t WHERE a = 1;"), [""; 0]);
    assert_eq!(reached("DELETE FROM ks.t WHERE a = 1 IF EXISTS;"), [""; 0]);
}
