//! The gallery: a card for every scenario of the suite. An entry is a test, its first comment is what the card says, and its
//! text is served beside the page.

/// A scenario of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its path under `tests/scenarios`, without the ending.
    pub slug: &'static str,
    /// The first sentence of its leading comment.
    pub title: &'static str,
    /// What its world is made of.
    pub facts: &'static str,
    /// Which small picture tells what it is about.
    pub sign: Sign,
}

/// The small pictures of cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A message that does not arrive.
    Broken,
    /// A clock that is off.
    Clock,
    /// A tombstone's shade.
    Shade,
    /// A row.
    Row,
}

/// A lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its file under `tests/lessons`, without the ending.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The first sentence.
    pub about: &'static str,
}

/// The lessons, in order.
pub const LESSONS: &[Card] = include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// All of them, by path.
pub const STORIES: &[Story] = include!(concat!(env!("OUT_DIR"), "/stories.rs"));

/// What a new scenario begins with: it runs, and shows the one idea.
pub const FIRST_LINES: &str = "-- A delete and the row it should remove.
--@ cluster nodes=3 rf=3 seed=1

CREATE TABLE t (k text PRIMARY KEY, v int);
INSERT INTO t (k, v) VALUES ('a', 1);
DELETE FROM t WHERE k = 'a';
SELECT * FROM t;
";

/// What one sees when rows go astray, in the words of who sees it; and the story that shows why.
pub const SYMPTOMS: [(&str, &str, &str); 8] = [
    ("clocks/the-writer-is-20-ms-ahead", "My delete did nothing.", "Its date is older than the rows it should remove."),
    ("replicas/the-zombie", "Deleted rows came back.", "One replica missed the delete; the others forgot it."),
    ("clocks/the-writer-is-20-ms-behind", "What I write disappears.", "A tombstone from a moment ago is dated later."),
    ("replicas/a-replica-missed-the-delete", "Two reads, two answers.", "ONE asks one replica. It depends on which."),
    ("deletes/rows-from-the-future", "These rows cannot be deleted.", "They are dated in the future."),
    ("faults/unavailable-or-timed-out", "It timed out. Is it written?", "Nobody knows; the replicas do."),
    ("values/a-row-nobody-wrote", "Nobody wrote this row.", "Cells are resolved one by one, also within a row."),
    ("seeds/000-the-platforms-are-clocks", "It fails on my laptop only.", "A platform is, to a database, a clock."),
];

/// A story by its path.
pub fn story(slug: &str) -> Option<&'static Story> {
    STORIES.iter().find(|story| story.slug == slug)
}

/// The folders of the suite, in order, with the stories in each.
pub fn shelves() -> Vec<(&'static str, Vec<&'static Story>)> {
    let mut shelves: Vec<(&str, Vec<&Story>)> = Vec::new();
    for story in STORIES {
        let shelf = story.slug.split('/').next().unwrap_or_default();
        match shelves.last_mut() {
            Some((last, stories)) if *last == shelf => stories.push(story),
            _ => shelves.push((shelf, vec![story])),
        }
    }
    shelves
}

#[cfg(test)]
mod tests {
    use super::{FIRST_LINES, STORIES, SYMPTOMS, story};

    #[test]
    fn every_symptom_has_its_story_and_every_story_reads() {
        for (slug, ..) in SYMPTOMS {
            assert!(story(slug).is_some(), "{slug}");
        }
        for story in STORIES {
            let file = format!("{}/../tests/scenarios/{}.cql", env!("CARGO_MANIFEST_DIR"), story.slug);
            let meaning = scenario::meaning(&std::fs::read_to_string(file).expect("it was there when this was built"));
            assert_eq!(meaning.faults, [], "{}", story.slug);
            assert!(meaning.runs && !story.title.is_empty(), "{}", story.slug);
        }
        assert_eq!(scenario::meaning(FIRST_LINES).faults, []);
    }
}
