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
    /// The first sentence of its leading comment; of a symptom, the words of who sees it.
    pub title: String,
    /// The reason of a symptom.
    pub about: String,
}

/// The cards of a file: a line each, its parts between tabs.
pub fn read(cards: &str) -> Rc<[Story]> {
    let card = |line: &str| {
        let mut parts = line.split('\t').map(String::from);
        Some(Story { slug: parts.next()?, facts: parts.next()?, title: parts.next()?, about: parts.next()? })
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

/// What one sees when rows go astray: the stories that begin the file.
pub fn symptoms(stories: &[Story]) -> &[Story] {
    stories.split_at(stories.partition_point(|story| !story.about.is_empty())).0
}

/// The folders of the suite, in order, with the stories in each.
pub fn shelves(stories: &[Story]) -> impl Iterator<Item = (&str, &[Story])> {
    let shelf = |story: &Story| story.slug.find('/').unwrap_or_default();
    let same = move |a: &Story, b: &Story| a.slug.get(..shelf(a)) == b.slug.get(..shelf(b));
    stories
        .split_at(symptoms(stories).len())
        .1
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
