//! Of what the state is made: small choices, each with its names.

use super::Action;
use std::rc::Rc;

/// The two pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The gallery.
    Start,
    /// Editor and pictures.
    Play,
    /// A lesson beside them.
    Lesson,
}

/// Where the text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written here, kept in this browser.
    Draft,
    /// From the gallery, unchanged.
    Story,
    /// From a link, unchanged.
    Link,
    /// A lesson's own.
    Lesson,
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
    /// What the lesson says.
    Lesson,
    /// The drawer.
    Details,
}

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copying {
    /// The link.
    Link,
    /// The text.
    Text,
    /// Text, verdict and link, as Markdown.
    Report,
}

/// The palette: what can be done, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// What is looked for.
    pub find: String,
    /// Which of what is found is chosen.
    pub at: usize,
    /// What can be done here and now instead of the commands; none: the commands.
    pub offers: Vec<(String, Action)>,
}

/// The tabs of the drawer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawer {
    /// Every event, in words.
    #[default]
    Events,
    /// What became of each write.
    Ledger,
    /// The same text over two axes.
    WhatIf,
    /// Earlier runs.
    History,
    /// What differs from the future beside.
    Difference,
}

impl Drawer {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Events, Self::Ledger, Self::WhatIf, Self::History, Self::Difference];

    /// Its title.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Ledger => "Ledger",
            Self::WhatIf => "What-if grid",
            Self::History => "History",
            Self::Difference => "Difference",
        }
    }
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
