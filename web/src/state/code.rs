//! What the page knows of its editor beside the text.

use std::rc::Rc;

/// The editor, beside its text.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// The rich editor has come and taken the plain one's place.
    pub rich: bool,
    /// The table that gets another name, while that is asked for.
    pub rename: Option<Rename>,
    /// The last change of the text was a number that a hand turned: what comes of it is part of the same step to undo.
    pub(super) turning: bool,
    /// Who waits for an answer of the worker: the number under which it was asked, and about which text.
    pub(super) waits: Vec<(u32, Wait, Rc<str>)>,
}

/// A new name for a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// A byte within its present name.
    pub at: u32,
    /// Its present name, as written there.
    pub old: String,
    /// The new one, as far as it is typed.
    pub new: String,
}

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// The rich editor asked, under this number of its own.
    Editor(u32),
    /// The text is put in order.
    Format,
    /// A table gets another name.
    Rename,
}
