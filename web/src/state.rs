//! What the page knows ([`State`]), what can happen to it ([`Action`]), what it then wants done outside ([`Effect`]), and
//! [`reduce`], which is all of the page's behaviour and touches nothing.

mod action;
mod asks;
mod code;
pub mod commands;
mod effect;
mod futures;
mod kept;
mod kinds;
mod lesson;
mod ran;
mod reduce;

pub use action::{Action, Answer};
pub use asks::{Asks, Turn};
pub use code::{Code, Rename};
pub use effect::{Effect, Said};
pub use futures::{Future, Futures};
pub use kept::same;
pub(crate) use kept::{Kept, Text};
pub use kinds::{Copying, Drawer, Filter, Go, Guess, Notice, Origin, Palette, Run, Screen, Tab, Theme, Tone};
pub use lesson::{Checked, Taught};
pub use ran::{Past, Ran};
pub use reduce::reduce;

use crate::{
    gallery::Story,
    link,
    reading::{Reading, look},
    tale::Opening,
};
use scenario::told::Decided;
use std::{cell::RefCell, rc::Rc};

/// Most earlier drafts that are kept beside the present one.
pub const DRAFTS_MAX: usize = 8;
/// How often the stage can be made wider, four times each: beyond it a picture is only grey.
pub const WIDE_MAX: u8 = 2;
/// Most runs that the history keeps.
pub const PAST_MAX: usize = 50;
/// Most bytes that they take: a browser keeps about five million characters of a page.
pub const PAST_BYTES: usize = 1_500_000;
/// From this length on the page says that some chats cut links (scenario.md: a small repro stays under it).
pub const LINK_LONG: usize = 2_000;
/// From this length on copying asks first.
pub const LINK_HUGE: usize = 8_000;

/// Everything the page knows.
#[derive(Clone, Debug)]
pub struct State {
    /// Which of the two pages is shown.
    pub screen: Screen,
    /// The scenario as it stands in the editor.
    pub text: Rc<str>,
    /// What that text says.
    pub reading: Rc<Reading>,
    /// Where the text came from; an edit makes it a draft.
    pub origin: Origin,
    /// Whether something runs.
    pub run: Run,
    /// The last run that came to its end, and its trace.
    pub ran: Option<Rc<Ran>>,
    /// The event that the pictures show, counted from 0.
    pub cursor: u32,
    /// Which partition the replicas are shown for; the verdict's own when nothing was chosen.
    pub place: Option<usize>,
    /// Guesses by the question's words: an edit elsewhere does not forget them.
    pub guesses: Vec<(String, Guess)>,
    /// Present draft first, earlier ones after it.
    pub drafts: Vec<Rc<str>>,
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// The open tab on a phone.
    pub tab: Tab,
    /// Whether the next run leaves it open: a hand opened it, or turns a number. Otherwise a run leads from the text to its picture.
    stays: bool,
    /// The lesson that is being read.
    pub lesson: Option<Taught>,
    /// Lessons that are done, by their names.
    pub learned: Vec<String>,
    /// What was asked about the text, and what is known of it.
    pub asks: Asks,
    /// What else could be.
    pub futures: Futures,
    /// Runs of this visit and of earlier ones, the newest first.
    pub past: Vec<Past>,
    /// The open tab of the drawer.
    pub drawer: Drawer,
    /// The axes of the grid, by their places among the axes of the text: lines, columns.
    pub axes: (u16, u16),
    /// Which events the log shows.
    pub filter: Filter,
    /// Words to find in the log.
    pub find: String,
    /// Events in whose lines those words are, as far as was searched.
    pub found: Vec<u32>,
    /// Whether the search still goes on.
    pub searching: bool,
    /// How far the log is scrolled, in px, and how much of it is seen.
    pub log: (i32, i32),
    /// The gallery's cards, once somebody wants to see them.
    pub gallery: Rc<[Story]>,
    /// The editor, beside its text.
    pub code: Code,
    /// The palette, when it is open.
    pub palette: Option<Palette>,
    /// How often the stage was made wider.
    pub wide: u8,
    /// Whether events go by by themselves.
    pub playing: bool,
    /// The page is part of another: no editor, no bar.
    pub embed: bool,
    /// What the page that this one is part of was told.
    heard: reduce::Heard,
    /// What was copied last.
    copying: Copying,
    /// What the page has to say beside the verdict.
    pub notice: Option<Notice>,
    /// Date of the delete in the start page's picture, tenths of a millisecond.
    pub idea: i32,
    /// The window in CSS px.
    pub window: (u32, u32),
    /// Short digests of each statement's outcome that the opened link promised.
    promised: Vec<u16>,
    /// Under which number the present text's meaning was asked for, until it is known.
    meant: Option<u32>,
    /// How many events were searched.
    searched: u32,
    /// The text that runs, and what it says: an edit meanwhile is not part of it.
    sent: Option<(Rc<str>, Rc<Reading>)>,
    /// The text has been turned since it was sent to run: it runs again when that run has come.
    again: bool,
    /// How many parts of the page are drawn below its upper half, when it has just been opened or a run has just come: all at once would
    /// keep the page too long.
    pub lower: usize,
    /// A run that has arrived and is being read, bit by bit.
    opening: Option<Rc<RefCell<Opening>>>,
    /// Characters of the link to a text: packing it is work, and it is asked for at every step.
    linked: Kept<(Text, bool), usize>,
    /// Whether the newest run of the history came of a number that is turned.
    turned: bool,
    /// Whether it was said that the browser keeps no more.
    unkept: bool,
    runs: u32,
}

impl State {
    /// A page that has just been opened.
    pub fn new(drafts: Vec<Rc<str>>, theme: Theme, window: (u32, u32)) -> Self {
        let text: Rc<str> = drafts.first().cloned().unwrap_or_default();
        let mut state = Self {
            screen: if drafts.is_empty() { Screen::Start } else { Screen::Play },
            reading: Rc::default(),
            text: Rc::default(),
            origin: Origin::Draft,
            run: Run::Idle,
            ran: None,
            cursor: 0,
            place: None,
            guesses: Vec::new(),
            drafts,
            theme,
            tab: Tab::Cql,
            stays: false,
            lesson: None,
            learned: Vec::new(),
            asks: Asks::default(),
            futures: Futures::default(),
            past: Vec::new(),
            drawer: Drawer::default(),
            axes: (0, 1),
            filter: Filter::default(),
            find: String::new(),
            found: Vec::new(),
            searching: false,
            searched: 0,
            log: (0, 400),
            gallery: Rc::default(),
            embed: false,
            heard: reduce::Heard::default(),
            copying: Copying::Link,
            code: Code::default(),
            palette: None,
            wide: 0,
            playing: false,
            notice: None,
            idea: 87,
            window,
            promised: Vec::new(),
            meant: None,
            sent: None,
            again: false,
            opening: None,
            lower: usize::MAX,
            linked: Kept::default(),
            turned: false,
            unkept: false,
            runs: 0,
        };
        state.take(&text);
        state.reading = Rc::new(look(&state.text, &Reading::default()));
        state
    }

    /// Whether a run has arrived and is still being read: nothing that is drawn changes meanwhile.
    pub fn opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Whether one column is drawn, with tabs.
    pub fn narrow(&self) -> bool {
        self.window.0 < 720
    }

    /// Opens a tab of the drawer; on a phone the drawer is a tab itself.
    pub fn opens(&mut self, drawer: Drawer) {
        self.drawer = drawer;
        if self.lesson.is_none() {
            self.tab = Tab::Details;
        }
    }

    /// The first question that nobody has answered yet: until then its outcome, the verdict and the leading comment are folded.
    pub fn asked(&self) -> Option<usize> {
        self.reading.questions.iter().position(|question| self.guess(&question.words).is_none())
    }

    /// What was guessed to this question.
    pub fn guess(&self, question: &str) -> Option<&Guess> {
        self.guesses.iter().find(|(asked, _)| asked == question).map(|(_, guess)| guess)
    }

    /// This is guessed, instead of what was before.
    fn guessed(&mut self, question: String, guess: Guess) {
        self.guesses.retain(|(asked, _)| *asked != question);
        self.guesses.push((question, guess));
    }

    /// The run that the pictures show: none while a question is open, for they would give its answer away.
    pub fn shown(&self) -> Option<&Rc<Ran>> {
        self.ran.as_ref().filter(|_| self.asked().is_none())
    }

    /// The one knob: the number that decides, or while that is not known the first clock; none once it is known that none decides.
    pub fn turn(&self) -> Option<Turn> {
        let about = same(&self.asks.about, &self.text);
        match self.asks.tip.as_ref().filter(|_| about || !self.asks.waiting.is_empty()) {
            Some(turn) => Some(turn.clone()),
            None if about && self.asks.no_tip => None,
            None => self.reading.knob.as_ref().map(Turn::unknown),
        }
    }

    /// From when on what is shown was decided, once that is known of this very text.
    pub fn decided(&self) -> Option<Decided> {
        self.asks.decided.filter(|_| same(&self.asks.about, &self.text))
    }

    /// The statement at the cursor, counted from 0, when what is shown is a run of this very text.
    pub fn statement(&self) -> Option<usize> {
        self.shown().filter(|ran| same(&ran.blessed, &self.text)).and_then(|ran| ran.tale.statement(self.cursor))
    }

    /// Whether the text has changed since the run that is shown.
    pub fn edited(&self) -> bool {
        self.ran.as_ref().is_some_and(|ran| !same(&ran.blessed, &self.text) && !same(&ran.text, &self.text))
    }

    /// The link to the whole scenario.
    pub fn link(&self) -> String {
        let whole = self.whole();
        link::to(&whole, self.answered().map_or(&[], |ran| ran.outcomes.as_slice()))
    }

    /// The run of the text as written, if it is of this very text.
    fn answered(&self) -> Option<&Rc<Ran>> {
        let text = self.text_of(0);
        self.run_of(0).filter(|ran| same(&ran.blessed, &text) || same(&ran.text, &text))
    }

    /// How many characters the link has.
    pub fn link_length(&self) -> usize {
        self.linked.of((Text(self.whole()), self.answered().is_some()), |_| self.link().len())
    }

    /// The text, how it ended, and the link, as Markdown for a chat or an issue. The page's address is put before the link.
    pub fn report(&self) -> String {
        let ended = self.shown().filter(|ran| same(&ran.blessed, &self.text)).map(|ran| ran.tale.verdict());
        let ended = ended.map_or_else(String::new, |verdict| {
            format!(
                "**{}{}** {}\n\n",
                verdict.strong,
                verdict.rest,
                verdict.why.iter().map(crate::scene::Word::text).collect::<String>()
            )
        });
        let text = self.whole();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        // A fence longer than any in the text.
        let ticks = text.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2) + 1;
        let fence = "`".repeat(ticks);
        format!(
            "### {}\n\n{ended}{fence}cql\n{text}{end}{fence}\n\n[Run it and see why]({})\n",
            self.title(),
            self.link()
        )
    }

    /// The title of the bar: the question while it is open, else the text's first sentence.
    pub fn title(&self) -> String {
        match self.asked().and_then(|at| self.reading.questions.get(at)) {
            Some(question) => question.words.clone(),
            None => self.reading.title.clone(),
        }
    }
}

/// A number with its thousands apart: 12,400.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
