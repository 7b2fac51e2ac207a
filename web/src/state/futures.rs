//! The futures of a scenario: the text as it was written, and what else could be. One of them is in the editor; the others
//! wait here with their runs.

use super::{Ran, State, kept::Kept};
use crate::{panes::editor::Last, scene::Difference};
use std::rc::Rc;

/// The name that the text as written goes by.
pub const AS_WRITTEN: &str = "As written";

/// One future.
#[derive(Clone, Debug)]
pub struct Future {
    /// What it is called; the first one has no name in the text.
    pub name: String,
    /// Whether somebody gave it that name: until then it is a thought.
    pub named: bool,
    /// Its text.
    pub text: Rc<str>,
    /// Its last run.
    pub ran: Option<Rc<Ran>>,
    /// Where its cursor stands.
    pub cursor: u32,
    /// The one it was forked from.
    pub of: usize,
}

/// All futures; none: there is only the text.
#[derive(Clone, Debug, Default)]
pub struct Futures {
    /// The first is the text as written.
    pub all: Vec<Future>,
    /// Which of them is in the editor: its text, run and cursor are the state's own, and what is here is older.
    pub at: usize,
    /// Whether the pictures show what differs.
    pub alone: bool,
    /// The whole as it was opened: what nobody touched is written as it was.
    pub opened: Rc<str>,
    pub(super) whole: Kept<Vec<Rc<str>>, Rc<str>>,
    pub(super) difference: Kept<(Last, Last), Rc<Difference>>,
}

impl Futures {
    /// What a future is called on the page.
    pub fn called(&self, at: usize) -> &str {
        match self.all.get(at) {
            Some(future) if at > 0 => &future.name,
            _ => AS_WRITTEN,
        }
    }
}

impl State {
    /// Takes up a whole scenario: its text into the editor, its other futures beside it.
    pub(super) fn take(&mut self, whole: &Rc<str>) {
        self.futures = Futures::default();
        self.text = whole.clone();
        let branches = scenario::branches(whole);
        if branches.is_empty() {
            return;
        }
        self.text = scenario::trunk(whole).into();
        let future = |name: String, text: Rc<str>| Future { named: true, name, text, ran: None, cursor: 0, of: 0 };
        let branches = branches.into_iter().map(|branch| future(branch.name, branch.text.into()));
        let all = std::iter::once(future(String::new(), self.text.clone())).chain(branches).collect();
        self.futures = Futures { all, opened: whole.clone(), ..Futures::default() };
    }

    /// A future's text: of the one in the editor what stands there.
    pub fn text_of(&self, at: usize) -> Rc<str> {
        match self.futures.all.get(at) {
            Some(future) if at != self.futures.at => future.text.clone(),
            _ => self.text.clone(),
        }
    }

    /// A future's last run.
    pub fn run_of(&self, at: usize) -> Option<&Rc<Ran>> {
        match self.futures.all.get(at) {
            Some(future) if at != self.futures.at => future.ran.as_ref(),
            _ => self.ran.as_ref(),
        }
    }

    /// The whole scenario: the text as written, and under it what the other futures have elsewhere. It is what is kept, linked
    /// and copied.
    pub fn whole(&self) -> Rc<str> {
        let futures = &self.futures;
        if futures.all.len() < 2 {
            return self.text.clone();
        }
        let parts: Vec<Rc<str>> =
            (0..futures.all.len()).flat_map(|at| [Rc::from(futures.called(at)), self.text_of(at)]).collect();
        futures.whole.of(parts, |parts| {
            let mut texts = parts.chunks_exact(2).filter_map(|pair| Some((&**pair.first()?, &**pair.get(1)?)));
            let base = texts.next().map_or("", |(_, text)| text);
            let base = if scenario::trunk(&futures.opened) == base { &*futures.opened } else { base };
            scenario::with_branches(base, &texts.collect::<Vec<_>>()).into()
        })
    }

    /// The run beside which the present one is shown, and its name: that of the future it was forked from.
    pub fn beside(&self) -> Option<(&Rc<Ran>, usize)> {
        let of = self.futures.all.get(self.futures.at).map(|future| future.of)?;
        let (own, other) = (self.shown()?, self.run_of(of)?);
        (of != self.futures.at && !Rc::ptr_eq(own, other)).then_some((other, of))
    }

    /// What differs from that run.
    pub fn difference(&self) -> Option<Rc<Difference>> {
        let ((other, _), own) = (self.beside()?, self.shown()?);
        let both = (Last(own.clone()), Last(other.clone()));
        Some(self.futures.difference.of(both, |(own, other)| Rc::new(own.0.tale.difference(&other.0.tale))))
    }
}
