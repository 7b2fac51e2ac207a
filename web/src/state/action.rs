//! What can happen to the page.

use super::{Drawer, Filter, Go, Guess, Tab};
use scenario::{
    Edit,
    told::{Question, Told},
};
use std::{ops::Range, rc::Rc};
use trace::Shared;

/// What can happen to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The text area holds this now.
    Edit(Rc<str>),
    /// Put other bytes in place of some of the text, as if typed.
    Replace(Range<usize>, String),
    /// The text holds this now, because a hand turned a number in it.
    Turned(Rc<str>),
    /// The rich editor has come, or has failed.
    Rich(bool),
    /// The caret was put into this line.
    Caret(u32),
    /// The rich editor wants to know something, under a number of its own.
    Wonder(u32, Question),
    /// Put the text in order.
    Format,
    /// The table whose name stands at this byte is to have another.
    Rename(u32),
    /// This is its new name, as far as it is typed.
    RenameTo(String),
    /// The new name is there, or nobody wants one any more.
    RenameEnd(bool),
    /// Have the editor do something that only it can.
    Code(&'static str),
    /// Run the text.
    Run,
    /// Stop what runs.
    Stop,
    /// The worker is so far.
    Progress {
        /// Which run.
        id: u32,
        /// Steps done and to do.
        done: (u32, u32),
        /// Events so far.
        events: u32,
    },
    /// The worker is done: the bytes of its answer.
    Finished {
        /// Which run.
        id: u32,
        /// What it sent.
        answer: Answer,
    },
    /// The upper half of the page is on the screen: the lower is drawn too.
    Lower,
    /// Read on in the answer that has arrived.
    ReadOn {
        /// Which run.
        id: u32,
    },
    /// The worker died.
    Crashed {
        /// Which run.
        id: u32,
        /// Its last words.
        words: String,
    },
    /// Move the cursor.
    Go(Go),
    /// Show more of the run around the cursor, or less.
    Wider(i8),
    /// Show another partition.
    Place(usize),
    /// Answer a question.
    Guess(String, Guess),
    /// Turn the one knob to this, in its own measure.
    Knob(i64),
    /// The text that the page begins with wants to be understood.
    Ponder,
    /// A question is answered.
    Told(u32, Rc<Told>),
    /// The page has been calm for a while: from when on is the outcome decided?
    Settled,
    /// Open a tab of the drawer.
    Drawer(Drawer),
    /// Choose the grid's axes: lines, columns.
    Axes(u16, u16),
    /// Open a cell of the grid: its line, its column.
    Enter(usize, usize),
    /// Open the world in which the guess is true.
    YourWorld,
    /// What can be changed here?
    ForkHere,
    /// Another future, of this name and with these changes; without any, they are made by hand.
    Fork(String, Vec<Edit>),
    /// Put another future into the editor.
    Future(usize),
    /// Call the future in the editor so.
    NameFuture(String),
    /// Forget a future.
    Forget(usize),
    /// Show what differs from the future beside, or the present one alone.
    Alone(bool),
    /// Go to an event of the future beside.
    GoBeside(u32),
    /// Open a run of the history again.
    Again(usize),
    /// Open a run of the history as another future, to see what differs.
    Compare(usize),
    /// Give the run that is shown a name.
    ToName,
    /// Call a run of the history so.
    NamePast(usize, String),
    /// Forget a run of the history.
    ForgetPast(usize),
    /// The browser did not keep what it was given to keep.
    Unkept,
    /// Light, dark, system.
    Theme,
    /// Open a tab.
    Tab(Tab),
    /// Choose which events the log shows.
    Filter(Filter),
    /// Find in the log.
    Find(String),
    /// Look for the words on.
    SearchOn,
    /// The log was scrolled.
    Scrolled(i32, i32),
    /// Copy the link.
    Share,
    /// Copy the link, however long.
    ShareAnyway,
    /// The clipboard took it, or did not.
    Copied(bool),
    /// Copy the text itself.
    CopyText,
    /// Save the text as a file.
    SaveFile,
    /// Copy text, verdict and link as Markdown.
    CopyReport,
    /// The address has this fragment.
    Address(String),
    /// The page that this one is part of wants this text run.
    Given(Rc<str>),
    /// A story of the gallery was asked for, and this is its text, or there is none.
    Fetched(Rc<str>, Option<Rc<str>>),
    /// The gallery's cards have come, or have not.
    Gallery(Option<Rc<str>>),
    /// Date the delete of the start page's picture: tenths of a millisecond.
    Idea(i32),
    /// A lesson was asked for, and this is its text, or there is none.
    Taught(usize, Option<Rc<str>>),
    /// On to the lesson's next step.
    LessonNext,
    /// The lesson's own text again.
    LessonBack,
    /// Another hint.
    Hint,
    /// Begin with an empty text.
    New,
    /// Open one of the drafts.
    Draft(usize),
    /// The window has this size.
    Window(u32, u32),
    /// Close the notice.
    Dismiss,
    /// Put the caret into the editor.
    ToEditor,
    /// Put the caret into the log's search.
    ToFind,
    /// Open the palette, or close it.
    Palette(bool),
    /// Find a command.
    PaletteFind(String),
    /// Choose another command.
    PaletteMove(i32),
    /// Do the command of that place, or the chosen one.
    PaletteDo(Option<usize>),
    /// Let events go by, or stop.
    Play,
    /// The next event's turn, while they go by.
    Tick,
    /// Show this line of the text.
    ToLine(u32),
}

/// What the worker sent: kept whole, read in place.
#[derive(Clone, Debug)]
pub struct Answer(pub Shared);

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(&*self.0, &*other.0)
    }
}
impl Eq for Answer {}
