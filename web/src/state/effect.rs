//! What the page wants done outside.

use super::{Action, Past, Theme};
use std::rc::Rc;

/// Of what a message to another page is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Words.
    Words(String),
    /// A number.
    Number(u32),
}

/// What the page wants done outside itself. The edge does it, and nothing else does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Run the text in the worker.
    RunInWorker {
        /// Which run.
        id: u32,
        /// The text.
        text: Rc<str>,
    },
    /// Have a question about a text answered by the worker.
    Ask {
        /// Under which number.
        id: u32,
        /// The text.
        text: Rc<str>,
        /// The question.
        question: scenario::told::Question,
    },
    /// Let this happen next, after whatever else waits: so is long work done, and the page stays awake.
    Later(Action),
    /// Let this happen once the browser has shown what is drawn now.
    Shown(Action),
    /// Let this happen after so many milliseconds.
    Soon(u32, Action),
    /// Fetch the text of a story of the gallery.
    Fetch(Rc<str>),
    /// Fetch the gallery's cards.
    FetchGallery,
    /// Fetch a lesson.
    FetchLesson(usize),
    /// Keep in this browser which lessons are done.
    SaveLearned(Vec<String>),
    /// End the worker; the next run starts another.
    EndWorker,
    /// Make the text area hold this, so that the browser can undo it.
    SetText(Rc<str>),
    /// As `SetText`, because a number is turned: one step to undo from the first turn to what comes of the last.
    Turned {
        /// The text.
        text: Rc<str>,
        /// It is what came of a turn.
        came: bool,
    },
    /// Answer the rich editor.
    Offer(u32, Rc<scenario::told::Told>),
    /// Have the editor do something that only it can.
    Code(&'static str),
    /// Keep the drafts in this browser.
    SaveDrafts(Vec<Rc<str>>),
    /// Keep the history in this browser.
    SavePast(Vec<Past>),
    /// Tell the page that this one is part of.
    Tell(&'static str, Vec<(&'static str, Said)>),
    /// Put this on the clipboard.
    Copy(String),
    /// Save this under this name, where the browser puts what it downloads.
    SaveFile(String, Rc<str>),
    /// Make this the address's fragment, without a step in the history.
    SetHash(String),
    /// Wear this theme, and remember it.
    Wear(Theme),
    /// Show a line of the text.
    ShowLine(u32),
    /// Show an event in the log.
    ShowEvent(u32),
    /// Show the log from its first line on.
    TopOfLog,
    /// Focus the element of this id.
    Focus(&'static str),
    /// Name the window.
    Title(String),
}
