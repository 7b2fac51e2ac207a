//! One run, from text to bytes.

use crate::frame::Said;

/// Runs a text on the model. `say` hears how far it is whenever `due`; the answer is a [`crate::frame::Done`] or a [`Said::Failed`], as bytes.
pub fn run(text: &str, _say: impl FnMut(Said), _due: impl FnMut() -> bool) -> Vec<u8> {
    let (plan, _) = scenario::parse(text);
    Said::Failed(format!("{} steps were read; the model has not moved in yet.", plan.steps.len())).to_bytes()
}
