//! A text, understood.

use crate::backend::Need;
use crate::setup::Setup;
use crate::step::Step;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What a text means. The text itself stays whole: a scenario only points into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// The world before the first step.
    pub setup: Setup,
    /// What happens, in order; up to the first fault.
    pub steps: Vec<Step>,
    /// Where outcomes stand, or would: one for each line on which steps end, in order, also past the first fault.
    pub blocks: Vec<Block>,
    /// Questions about outcomes.
    pub questions: Vec<Question>,
    /// Whether `--~` lines are wanted, and from which step on.
    pub trace: Option<u32>,
    /// Who may decline, and why.
    pub needs: Vec<(Need, String)>,
    /// What the page shows first.
    pub focus: Focus,
    /// The mark of an oracle run.
    pub checked: Option<Checked>,
}

impl Scenario {
    /// Whether anybody wants the backend's own account of a step: who runs this must keep a record.
    #[must_use]
    pub fn heard(&self) -> bool {
        self.trace.is_some() || self.steps.iter().any(Step::traces_itself)
    }
}

/// The lines under a step that say what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The steps that end on the line above, as places in [`Scenario::steps`]; empty past the first fault.
    pub steps: Range<u32>,
    /// The bytes of its lines, line ends included; empty where nothing is written yet.
    pub span: Range<u32>,
    /// What stands behind `-->` in each line.
    pub lines: Vec<String>,
}

/// `--? text | choice | choice`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its bytes.
    pub span: Range<u32>,
    /// The step it asks about, a place in [`Scenario::steps`].
    pub step: u32,
    /// What it asks.
    pub text: String,
    /// The choices; none: 0, the outcome, and an error.
    pub choices: Vec<String>,
}

/// What the page shows first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// `--@ row KEY`
    pub row: Option<String>,
    /// `--@ at EVENT`
    pub at: Option<u64>,
}

/// `--@ checked cassandra=5.0.6 text=HASH`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The bytes of its line, line end included.
    pub span: Range<u32>,
    /// The server: `cassandra`.
    pub server: String,
    /// Its version.
    pub version: String,
    /// [`crate::text_hash`] when it was checked.
    pub hash: u64,
}
