//! The gallery: every scenario of the suite, in the page. An entry is a test, and its first comment is what the card says.

/// A scenario of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its path under `tests/scenarios`, without the ending.
    pub slug: &'static str,
    /// The whole file.
    pub text: &'static str,
}

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
