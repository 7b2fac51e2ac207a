//! The gallery: a card for every scenario of the suite. An entry is a test, its first comment is what the card says. Cards and texts
//! are served beside the page, for whoever opens a link wants neither.

use std::rc::Rc;

/// A scenario of the suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its path under `tests/scenarios`, without the ending.
    pub slug: String,
    /// What its world is made of.
    pub facts: String,
    /// The first sentence of its leading comment.
    pub title: String,
}

/// The cards of a file: a line each, its parts between tabs.
pub fn read(cards: &str) -> Rc<[Story]> {
    let card = |line: &str| {
        let mut parts = line.split('\t').map(String::from);
        Some(Story { slug: parts.next()?, facts: parts.next()?, title: parts.next()? })
    };
    cards.lines().filter_map(card).collect()
}

/// A lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its file under `tests/lessons`, without the ending.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it shows, in few words.
    pub about: &'static str,
}

/// The lessons, in order.
pub const LESSONS: &[Card] = include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// What a new scenario begins with: it runs, and shows the one idea.
pub const FIRST_LINES: &str = "-- A delete and the row it should remove.
--@ cluster nodes=3 rf=3 seed=1

CREATE TABLE t (k text PRIMARY KEY, v int);
INSERT INTO t (k, v) VALUES ('a', 1);
DELETE FROM t WHERE k = 'a';
SELECT * FROM t;
";

/// What one sees when rows go astray: the story that shows why, the words of who sees it, and the reason.
pub const SYMPTOMS: [(&str, &str, &str); 12] = [
    ("clocks/the-writer-is-20-ms-ahead", "My delete did nothing.", "Its date is older than the rows it should remove."),
    ("replicas/the-zombie", "Deleted rows came back.", "One replica missed the delete; the others forgot it."),
    ("clocks/the-writer-is-20-ms-behind", "What I write disappears.", "A tombstone from a moment ago is dated later."),
    (
        "clocks/an-update-that-changes-nothing",
        "My update changed nothing.",
        "It was answered with success, and dated earlier.",
    ),
    ("replicas/a-replica-missed-the-delete", "Two reads, two answers.", "ONE asks one replica. It depends on which."),
    ("deletes/rows-from-the-future", "These rows cannot be deleted.", "They are dated in the future."),
    ("faults/unavailable-or-timed-out", "It timed out. Is it written?", "Nobody knows; the replicas do."),
    ("values/a-row-nobody-wrote", "Nobody wrote this row.", "Cells are resolved one by one, also within a row."),
    ("values/a-row-without-its-marker", "The row is half empty.", "What the delete missed came after it."),
    (
        "transactions/applied-and-yet-not-there",
        "Applied, and not there.",
        "IF is decided by Paxos, the value by its date.",
    ),
    ("faults/the-power-goes", "Acknowledged, and lost.", "It was in memory when the power went."),
    ("seeds/000-the-platforms-are-clocks", "It fails on my laptop only.", "A platform is, to a database, a clock."),
];

/// The folders of the suite, in order, with the stories in each.
pub fn shelves(stories: &[Story]) -> impl Iterator<Item = (&str, &[Story])> {
    let shelf = |story: &Story| story.slug.find('/').unwrap_or_default();
    let same = move |a: &Story, b: &Story| a.slug.get(..shelf(a)) == b.slug.get(..shelf(b));
    stories
        .chunk_by(same)
        .filter_map(move |stories| Some((stories.first()?.slug.get(..shelf(stories.first()?))?, stories)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_a_new_scenario_begins_with_can_be_read() {
        assert_eq!(scenario::meaning(super::FIRST_LINES).faults, []);
    }
}
