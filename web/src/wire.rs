//! What crosses between page and worker, as the browser carries it: `scenario::wire`'s messages, in buffers that are handed
//! over and not copied.

use js_sys::Uint8Array;
use scenario::{
    told::Question,
    wire::{Asked, Heard, Run},
};
use trace::Shared;
use wasm_bindgen::{JsCast, JsValue};

/// What is said when a worker cannot be understood.
pub const UNKNOWN: &str = "The worker said something that this page does not know. Reload it.";

/// The message that asks for a run, or for the answer to a question.
pub fn asked(text: &str, question: Option<&Question>) -> Uint8Array {
    let asked = match question {
        Some(question) => Asked::Question(text, question.clone()),
        None => Asked::Run(Run { text, trace: true }),
    };
    Uint8Array::from(asked.to_bytes().as_slice())
}

/// What the worker said: its bytes, copied once into the page's own memory, and the message in them.
///
/// # Errors
/// In words, when it said nothing that is known.
pub fn heard(data: &JsValue) -> Result<(Shared, Heard), &'static str> {
    let bytes = data.dyn_ref::<Uint8Array>().ok_or(UNKNOWN)?;
    let bytes = Shared::filled(bytes.length() as usize, |to| bytes.copy_to(to));
    Heard::open(bytes.clone()).map(|heard| (bytes, heard)).map_err(|_| UNKNOWN)
}
