//! What the address's fragment means: a link, a story of the gallery, the start, or nothing.

use crate::gallery;
use std::rc::Rc;

/// What a fragment opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// There is none.
    Nothing,
    /// The start page, and a place of it by its id.
    Start(Option<&'static str>),
    /// A story of the gallery, by its path.
    Story(Rc<str>),
    /// A lesson, by its place.
    Lesson(usize),
    /// A scenario.
    Text {
        /// Its text.
        text: Rc<str>,
        /// A short digest of each statement's outcome, as it was when the link was made.
        outcomes: Vec<u16>,
    },
    /// A link that cannot be read, and why.
    Damaged(String),
}

/// What this fragment opens.
pub fn open(fragment: &str) -> Opened {
    if fragment.is_empty() {
        return Opened::Nothing;
    }
    match fragment {
        "start" => return Opened::Start(None),
        "lessons" => return Opened::Start(Some("lessons")),
        "scenarios" => return Opened::Start(Some("scenarios")),
        _ => {}
    }
    if let Some(slug) = fragment.strip_prefix("story/") {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '/');
        return match slug.chars().all(plain) {
            true => Opened::Story(slug.into()),
            false => Opened::Damaged(format!("There is no story “{slug}” in this gallery")),
        };
    }
    if let Some(slug) = fragment.strip_prefix("lesson/") {
        return match gallery::LESSONS.iter().position(|lesson| lesson.slug == slug) {
            Some(at) => Opened::Lesson(at),
            None => Opened::Damaged(format!("There is no lesson “{slug}” here")),
        };
    }
    match scenario::link::decode(fragment) {
        Ok(link) => Opened::Text { text: link.text.into(), outcomes: link.outcomes },
        Err(error) => Opened::Damaged(capital(&error.to_string())),
    }
}

/// The link to a text, with its `#`.
pub fn to(text: &str, outcomes: &[u16]) -> String {
    format!("#{}", scenario::link::encode(text, outcomes))
}

/// The words with a capital at their beginning.
pub fn capital(words: &str) -> String {
    let mut words = words.to_string();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
