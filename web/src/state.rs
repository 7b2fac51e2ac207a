//! What the page knows ([`State`]), what can happen to it ([`Action`]), what it then wants done outside ([`Effect`]), and
//! [`reduce`], which is all of the page's behaviour and touches nothing.

use crate::{
    gallery,
    highlight::Kind,
    link::{self, Opened},
    reading::{Reading, read},
    tale::Tale,
};
use std::{cell::RefCell, collections::BTreeMap, ops::Range, rc::Rc};

/// Most earlier drafts that are kept beside the present one.
pub const DRAFTS_MAX: usize = 8;
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
    pub guesses: BTreeMap<String, Guess>,
    /// Present draft first, earlier ones after it.
    pub drafts: Vec<Rc<str>>,
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// The open tab on a phone.
    pub tab: Tab,
    /// Which events the log shows.
    pub filter: Filter,
    /// Words to find in the log.
    pub find: String,
    /// How far the log is scrolled, in px, and how much of it is seen.
    pub log: (i32, i32),
    /// What the page has to say beside the verdict.
    pub notice: Option<Notice>,
    /// The window in CSS px.
    pub window: (u32, u32),
    /// Short digests of each statement's outcome that the opened link promised.
    promised: Vec<u16>,
    /// The text that runs, and what it says: an edit meanwhile is not part of it.
    sent: Option<(Rc<str>, Rc<Reading>)>,
    /// Characters of the link to a text: packing it is work, and it is asked for at every step.
    linked: RefCell<Option<(Rc<str>, bool, usize)>>,
    runs: u32,
}

/// The two pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The gallery.
    Start,
    /// Editor and pictures.
    Play,
}

/// Where the text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written here, kept in this browser.
    Draft,
    /// From the gallery, unchanged.
    Story(usize),
    /// From a link, unchanged.
    Link,
}

/// Whether something runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Nothing.
    Idle,
    /// The worker is at it.
    Going {
        /// Which run: what an earlier one still says is not heard.
        id: u32,
        /// Steps done and to do.
        done: (u32, u32),
        /// Events so far.
        events: u32,
    },
    /// It ended without a trace, and this is why.
    Failed(Rc<str>),
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Ran {
    /// The text that was run.
    pub text: Rc<str>,
    /// The same text with its outcomes.
    pub blessed: Rc<str>,
    /// What the blessed text says.
    pub reading: Rc<Reading>,
    /// What happened.
    pub tale: Tale,
    /// The run's digest, in hexadecimal.
    pub digest: String,
    /// Why it ended before its last step; empty: it did not.
    pub stopped: String,
    /// A short digest per statement, for the link.
    pub outcomes: Vec<u16>,
    /// The outcomes that stood in the text before, by how many lines of the reader's own stand above each.
    pub was: BTreeMap<usize, Vec<String>>,
}

impl Ran {
    /// Outcomes by how many lines that are no outcomes stand above them: a bless never changes that number.
    pub fn standing(reading: &Reading) -> BTreeMap<usize, Vec<String>> {
        let own = |before: usize| {
            reading.lines.iter().take(before).filter(|line| !matches!(line.kind, Kind::Outcome | Kind::Account)).count()
        };
        reading.outcomes.iter().map(|outcome| (own(outcome.lines.start), outcome.words.clone())).collect()
    }

    /// What stood where this outcome of the blessed text stands, before the run.
    pub fn was(&self, block: usize) -> Option<Vec<String>> {
        let above = Self::standing(&self.reading).into_keys().nth(block)?;
        self.was.get(&above).cloned()
    }
}

/// What a reader said to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guess {
    /// One of the choices.
    Chose(String),
    /// No guess, thank you.
    Skipped,
}

/// Light and dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Paper.
    Light,
    /// Slate.
    Dark,
}

impl Theme {
    /// The name it is stored under; empty for the system's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// The theme of that name; anything unknown is the system's.
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The tabs of a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What happened.
    #[default]
    Story,
    /// What each replica holds, and why.
    Replicas,
    /// The text.
    Cql,
}

/// Which events the log shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every event.
    #[default]
    All,
    /// What a reader would not expect.
    Anomalies,
    /// Writes landing on replicas.
    Writes,
}

/// Something to say beside the verdict: what is so, why, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How grave.
    pub tone: Tone,
    /// What is so.
    pub what: String,
    /// Why, and what to do.
    pub why: String,
    /// What can be pressed.
    pub offers: Vec<(String, Action)>,
}

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Done as asked.
    Fine,
    /// Worth knowing.
    Warn,
    /// Something cannot be.
    Bad,
}

/// Where the cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// First event.
    First,
    /// Last event.
    Last,
    /// One event back.
    Back,
    /// One event on.
    On,
    /// One statement back.
    StatementBack,
    /// One statement on.
    StatementOn,
    /// The anomaly before.
    AnomalyBack,
    /// The next anomaly.
    AnomalyOn,
    /// What caused this event.
    Cause,
    /// That event.
    To(u32),
}

/// What can happen to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The text area holds this now.
    Edit(Rc<str>),
    /// Put other bytes in place of some of the text, as if typed.
    Replace(Range<usize>, String),
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
    /// The worker died.
    Crashed {
        /// Which run.
        id: u32,
        /// Its last words.
        words: String,
    },
    /// Move the cursor.
    Go(Go),
    /// Show another partition.
    Place(usize),
    /// Answer a question.
    Guess(String, Guess),
    /// Move the one knob: microseconds.
    Knob(i64),
    /// Light, dark, system.
    Theme,
    /// Open a tab.
    Tab(Tab),
    /// Choose which events the log shows.
    Filter(Filter),
    /// Find in the log.
    Find(String),
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
    /// The address has this fragment.
    Address(String),
    /// A story of the gallery was asked for, and this is its text, or there is none.
    Fetched(usize, Option<Rc<str>>),
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
    /// Show this line of the text.
    ToLine(u32),
}

/// What the worker sent: kept whole, read in place.
#[derive(Clone)]
pub struct Answer(pub Rc<Vec<u8>>);

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}
impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
impl Eq for Answer {}

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
    /// Fetch the text of a story of the gallery.
    Fetch(usize),
    /// End the worker; the next run starts another.
    EndWorker,
    /// Make the text area hold this, so that the browser can undo it.
    SetText(Rc<str>),
    /// Keep the drafts in this browser.
    SaveDrafts(Vec<Rc<str>>),
    /// Put this on the clipboard.
    Copy(String),
    /// Make this the address's fragment, without a step in the history.
    SetHash(String),
    /// Wear this theme, and remember it.
    Wear(Theme),
    /// Show a line of the text.
    ShowLine(u32),
    /// Show an event in the log.
    ShowEvent(u32),
    /// Focus the element of this id.
    Focus(&'static str),
    /// Name the window.
    Title(String),
}

impl State {
    /// A page that has just been opened.
    pub fn new(drafts: Vec<Rc<str>>, theme: Theme, window: (u32, u32)) -> Self {
        let text: Rc<str> = drafts.first().cloned().unwrap_or_default();
        Self {
            screen: if drafts.is_empty() { Screen::Start } else { Screen::Play },
            reading: Rc::new(read(&text)),
            text,
            origin: Origin::Draft,
            run: Run::Idle,
            ran: None,
            cursor: 0,
            place: None,
            guesses: BTreeMap::new(),
            drafts,
            theme,
            tab: Tab::Cql,
            filter: Filter::default(),
            find: String::new(),
            log: (0, 400),
            notice: None,
            window,
            promised: Vec::new(),
            sent: None,
            linked: RefCell::default(),
            runs: 0,
        }
    }

    /// Whether one column is drawn, with tabs.
    pub fn narrow(&self) -> bool {
        self.window.0 < 720
    }

    /// The first question that nobody has answered yet: until then its outcome, the verdict and the leading comment are folded.
    pub fn asked(&self) -> Option<usize> {
        self.reading.questions.iter().position(|question| !self.guesses.contains_key(&question.words))
    }

    /// The run that the pictures show: none while a question is open, for they would give its answer away.
    pub fn shown(&self) -> Option<&Rc<Ran>> {
        self.ran.as_ref().filter(|_| self.asked().is_none())
    }

    /// Whether the text has changed since the run that is shown.
    pub fn edited(&self) -> bool {
        self.ran.as_ref().is_some_and(|ran| *ran.blessed != *self.text && *ran.text != *self.text)
    }

    /// The link to the present text.
    pub fn link(&self) -> String {
        let outcomes = self
            .ran
            .as_ref()
            .filter(|ran| *ran.blessed == *self.text || *ran.text == *self.text)
            .map(|ran| ran.outcomes.as_slice());
        link::to(&self.text, outcomes.unwrap_or_default())
    }

    /// How many characters the link has.
    pub fn link_length(&self) -> usize {
        let ran = self.ran.as_ref().is_some_and(|ran| *ran.blessed == *self.text || *ran.text == *self.text);
        match &*self.linked.borrow() {
            Some((text, with, length)) if Rc::ptr_eq(text, &self.text) && *with == ran => return *length,
            _ => {}
        }
        let length = self.link().len();
        *self.linked.borrow_mut() = Some((self.text.clone(), ran, length));
        length
    }

    /// The title of the bar: the question while it is open, else the text's first sentence.
    pub fn title(&self) -> String {
        match self.asked().and_then(|at| self.reading.questions.get(at)) {
            Some(question) => question.words.clone(),
            None => self.reading.title.clone(),
        }
    }
}

/// The page's behaviour: what an action makes of the state, and what is to be done outside.
pub fn reduce(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Edit(text) => edit(state, text),
        Action::Replace(range, with) => replace(state, range, &with),
        Action::Run => {
            // Whoever presses Run wants to see: a question that is still open counts as skipped.
            for question in &state.reading.questions {
                state.guesses.entry(question.words.clone()).or_insert(Guess::Skipped);
            }
            run(state)
        }
        Action::Stop => stop(state),
        Action::Progress { id, done, events } => {
            if matches!(state.run, Run::Going { id: going, .. } if going == id) {
                state.run = Run::Going { id, done, events };
            }
            Vec::new()
        }
        Action::Finished { id, answer } => finished(state, id, &answer),
        Action::Crashed { id, words } => crashed(state, id, &words),
        Action::Go(to) => go(state, to),
        Action::Place(place) => {
            state.place = Some(place);
            Vec::new()
        }
        Action::Guess(question, guess) => {
            state.guesses.insert(question, guess);
            if state.asked().is_some() { Vec::new() } else { reveal(state) }
        }
        Action::Knob(micros) => match state.reading.knob.as_ref() {
            Some(knob) => {
                let (range, with) = (knob.range.clone(), crate::reading::offset(micros));
                replace(state, range, &with)
            }
            None => Vec::new(),
        },
        Action::Theme => {
            state.theme = match state.theme {
                Theme::System => Theme::Dark,
                Theme::Dark => Theme::Light,
                Theme::Light => Theme::System,
            };
            vec![Effect::Wear(state.theme)]
        }
        Action::Tab(tab) => {
            state.tab = tab;
            Vec::new()
        }
        Action::Filter(filter) => {
            state.filter = filter;
            Vec::new()
        }
        Action::Find(words) => {
            state.find = words;
            Vec::new()
        }
        Action::Scrolled(top, height) => {
            state.log = (top, height);
            Vec::new()
        }
        Action::Share => share(state, false),
        Action::ShareAnyway => share(state, true),
        Action::Copied(worked) => {
            state.notice = Some(copied(worked, state.link().len()));
            Vec::new()
        }
        Action::CopyText => vec![Effect::Copy(state.text.to_string())],
        Action::Address(fragment) => address(state, &fragment),
        Action::Fetched(at, Some(text)) => open(state, text, Origin::Story(at)),
        Action::Fetched(at, None) => {
            state.notice = Some(Notice {
                tone: Tone::Bad,
                what: "This story could not be loaded.".into(),
                why: "It is served beside the page, and nobody answered.".into(),
                offers: gallery::STORIES
                    .get(at)
                    .map(|story| ("Try again".into(), Action::Address(format!("story/{}", story.slug))))
                    .into_iter()
                    .collect(),
            });
            Vec::new()
        }
        Action::New => open(state, Rc::from(gallery::FIRST_LINES), Origin::Draft),
        Action::Draft(at) => match state.drafts.get(at).cloned() {
            Some(text) => open(state, text, Origin::Draft),
            None => Vec::new(),
        },
        Action::Window(width, height) => {
            state.window = (width, height);
            Vec::new()
        }
        Action::Dismiss => {
            state.notice = None;
            Vec::new()
        }
        Action::ToEditor => {
            state.tab = Tab::Cql;
            vec![Effect::Focus("text")]
        }
        Action::ToFind => vec![Effect::Focus("find")],
        Action::ToLine(line) => {
            state.tab = Tab::Cql;
            vec![Effect::ShowLine(line)]
        }
    }
}

fn edit(state: &mut State, text: Rc<str>) -> Vec<Effect> {
    if *text == *state.text {
        return Vec::new();
    }
    let reading = Rc::new(read(&text));
    become_own(state, text, reading)
}

/// The text in the editor is another, and it is the reader's own.
fn become_own(state: &mut State, text: Rc<str>, reading: Rc<Reading>) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.origin == Origin::Draft && !state.drafts.is_empty() {
        state.drafts.remove(0);
    }
    if state.origin != Origin::Draft {
        // What was opened is now the reader's own; the draft it replaces stays below it.
        state.origin = Origin::Draft;
        effects.push(Effect::SetHash(String::new()));
    }
    state.promised.clear();
    state.drafts.insert(0, text.clone());
    state.drafts.truncate(DRAFTS_MAX);
    (state.text, state.reading) = (text, reading);
    effects.push(Effect::SaveDrafts(state.drafts.clone()));
    effects
}

fn replace(state: &mut State, range: Range<usize>, with: &str) -> Vec<Effect> {
    let (Some(before), Some(after)) = (state.text.get(..range.start), state.text.get(range.end..)) else {
        return Vec::new();
    };
    let text: Rc<str> = format!("{before}{with}{after}").into();
    let mut effects = edit(state, text.clone());
    effects.push(Effect::SetText(text));
    effects
}

fn run(state: &mut State) -> Vec<Effect> {
    if !state.reading.runs || matches!(state.run, Run::Going { .. }) {
        return Vec::new();
    }
    state.runs += 1;
    state.notice = None;
    state.run = Run::Going { id: state.runs, done: (0, 0), events: 0 };
    state.sent = Some((state.text.clone(), state.reading.clone()));
    vec![Effect::RunInWorker { id: state.runs, text: state.text.clone() }]
}

fn stop(state: &mut State) -> Vec<Effect> {
    if !matches!(state.run, Run::Going { .. }) {
        return Vec::new();
    }
    state.run = Run::Idle;
    vec![Effect::EndWorker]
}

fn crashed(state: &mut State, id: u32, words: &str) -> Vec<Effect> {
    if !matches!(state.run, Run::Going { id: going, .. } if going == id) {
        return Vec::new();
    }
    state.run = Run::Failed(words.into());
    state.notice = Some(Notice {
        tone: Tone::Bad,
        what: "The cluster failed, your scenario did not.".into(),
        why: format!("The text and its link are as they were. {words}"),
        offers: vec![("Run again".into(), Action::Run), ("Copy the link".into(), Action::Share)],
    });
    vec![Effect::EndWorker]
}

fn finished(state: &mut State, id: u32, answer: &Answer) -> Vec<Effect> {
    let Run::Going { id: going, .. } = state.run else { return Vec::new() };
    if going != id {
        return Vec::new();
    }
    let Some((text, reading)) = state.sent.take() else { return Vec::new() };
    match Tale::open(answer.0.clone(), &text, &reading) {
        Ok(ran) => {
            state.run = Run::Idle;
            state.place = None;
            if let Some(number) = scenario::link::first_difference(&state.promised, &ran.outcomes) {
                state.notice = Some(changed(&ran, number));
            }
            state.cursor = ran.tale.opening();
            state.tab = if state.tab == Tab::Cql { Tab::Story } else { state.tab };
            state.ran = Some(Rc::new(ran));
            state.linked = RefCell::default();
            if state.asked().is_none() { reveal(state) } else { Vec::new() }
        }
        Err(why) => crashed(state, id, &why),
    }
}

/// Puts the outcomes into the text, where the browser's undo can take them out again.
fn bless(state: &mut State, ran: &Ran) -> Vec<Effect> {
    let mut effects = vec![Effect::SetText(ran.blessed.clone())];
    if state.origin == Origin::Draft {
        effects.extend(become_own(state, ran.blessed.clone(), ran.reading.clone()));
    } else {
        (state.text, state.reading) = (ran.blessed.clone(), ran.reading.clone());
    }
    effects
}

/// The last question is answered: what was folded is shown.
fn reveal(state: &mut State) -> Vec<Effect> {
    let mut effects = vec![Effect::Title(state.title())];
    if let Some(ran) = state.ran.clone() {
        effects.push(Effect::ShowEvent(state.cursor));
        // A text that was edited while it ran keeps its edits; its outcomes show as edited since.
        if *ran.text == *state.text && *ran.blessed != *state.text {
            effects.extend(bless(state, &ran));
        }
    }
    effects
}

fn go(state: &mut State, to: Go) -> Vec<Effect> {
    let Some(tale) = state.shown().map(|ran| &ran.tale) else { return Vec::new() };
    let (last, now) = (tale.len().saturating_sub(1), state.cursor);
    let before = |list: &[u32]| list.iter().rev().find(|&&at| at < now).copied().unwrap_or(0);
    let after = |list: &[u32]| list.iter().find(|&&at| at > now).copied();
    let cursor = match to {
        Go::First => 0,
        Go::Last => last,
        Go::Back => now.saturating_sub(1),
        Go::On => now.saturating_add(1),
        Go::StatementBack => before(tale.submits()),
        Go::StatementOn => after(tale.submits()).unwrap_or(last),
        Go::AnomalyBack => {
            tale.anomalies().iter().rev().find(|&&at| at < now).or(tale.anomalies().last()).copied().unwrap_or(now)
        }
        Go::AnomalyOn => after(tale.anomalies()).or(tale.anomalies().first().copied()).unwrap_or(now),
        Go::Cause => tale.cause(now).unwrap_or(now),
        Go::To(event) => event,
    };
    state.cursor = cursor.min(last);
    vec![Effect::ShowEvent(state.cursor)]
}

fn share(state: &mut State, anyway: bool) -> Vec<Effect> {
    let link = state.link();
    if link.len() > LINK_HUGE && !anyway {
        state.notice = Some(Notice {
            tone: Tone::Warn,
            what: format!("This link has {} characters.", thousands(link.len() as u64)),
            why: "Many chats and mail programs cut links of that length, and a cut link does not open.".into(),
            offers: vec![
                ("Copy it anyway".into(), Action::ShareAnyway),
                ("Copy the text instead".into(), Action::CopyText),
            ],
        });
        return Vec::new();
    }
    vec![Effect::SetHash(link.clone()), Effect::Copy(link)]
}

fn copied(worked: bool, length: usize) -> Notice {
    let long = length > LINK_LONG;
    match (worked, long) {
        (false, _) => Notice {
            tone: Tone::Bad,
            what: "The clipboard did not take it.".into(),
            why: "The link stands in the address bar: copy it from there.".into(),
            offers: Vec::new(),
        },
        (true, true) => Notice {
            tone: Tone::Warn,
            what: format!("Copied: {} characters.", thousands(length as u64)),
            why: "Slack, Teams and some mail programs cut links at 2,000.".into(),
            offers: vec![("Copy the text instead".into(), Action::CopyText)],
        },
        (true, false) => Notice {
            tone: Tone::Fine,
            what: format!("Copied: {} characters.", thousands(length as u64)),
            why: "Whoever opens it sees this run, to the same byte.".into(),
            offers: Vec::new(),
        },
    }
}

fn changed(ran: &Ran, number: u32) -> Notice {
    let line = ran.reading.statements.get((number as usize).saturating_sub(1)).map_or(0, |lines| lines.start);
    Notice {
        tone: Tone::Warn,
        what: "The model has changed since this link was made.".into(),
        why: format!("The first outcome that differs is that of line {}.", line + 1),
        offers: vec![("Show it".into(), Action::ToLine(line as u32))],
    }
}

fn address(state: &mut State, fragment: &str) -> Vec<Effect> {
    match link::open(fragment) {
        Opened::Nothing => Vec::new(),
        Opened::Start => {
            state.screen = Screen::Start;
            state.notice = None;
            vec![Effect::Title("Where did my rows go?".into())]
        }
        Opened::Story(at) => vec![Effect::Fetch(at)],
        Opened::Text { text, outcomes } => {
            let mut effects = open(state, text, Origin::Link);
            state.promised = outcomes;
            effects.extend(run(state));
            effects
        }
        Opened::Damaged(why) => {
            state.notice = Some(Notice {
                tone: Tone::Bad,
                what: "This link is damaged.".into(),
                why: format!("{why}. Ask for it again, or paste the text."),
                offers: Vec::new(),
            });
            Vec::new()
        }
    }
}

fn open(state: &mut State, text: Rc<str>, origin: Origin) -> Vec<Effect> {
    let mut effects = stop(state);
    state.screen = Screen::Play;
    state.reading = Rc::new(read(&text));
    state.text = text.clone();
    state.origin = origin.clone();
    state.ran = None;
    state.run = Run::Idle;
    state.cursor = 0;
    state.tab = Tab::Cql;
    state.notice = None;
    state.promised.clear();
    if origin == Origin::Draft {
        state.drafts.retain(|draft| **draft != *text);
        state.drafts.insert(0, text.clone());
        state.drafts.truncate(DRAFTS_MAX);
        effects.push(Effect::SetHash(String::new()));
        effects.push(Effect::SaveDrafts(state.drafts.clone()));
    }
    effects.push(Effect::SetText(text));
    effects.push(Effect::Title(state.title()));
    effects
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
