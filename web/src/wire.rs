//! What crosses between page and worker.

use wasm_bindgen::{JsCast, JsValue};

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is there.
    Ready,
    /// How far it is.
    Progress {
        /// Steps done.
        done: u32,
        /// Steps in all.
        of: u32,
        /// Events so far.
        events: u32,
    },
    /// It is done: the bytes of what came of it.
    Done(Vec<u8>),
    /// It cannot.
    Failed(String),
}

/// What a run came to, read in place.
pub struct Done<'a> {
    /// The text with its outcomes.
    pub blessed: String,
    /// The run's digest, in hexadecimal.
    pub digest: String,
    /// A short digest per outcome.
    pub outcomes: Vec<u32>,
    /// The trace.
    pub trace: &'a [u8],
}

/// The message that asks for a run.
pub fn run(text: &str) -> JsValue {
    JsValue::from_str(text)
}

/// What the worker said.
///
/// # Errors
/// In words, when it said nothing that is known.
pub fn said(data: &JsValue) -> Result<Said, String> {
    let bytes = data.dyn_ref::<js_sys::Uint8Array>().ok_or("The worker said something else.")?.to_vec();
    Err(format!("{} bytes", bytes.len()))
}

/// Takes apart what a run came to.
///
/// # Errors
/// In words, when the bytes are no run.
pub fn done(bytes: &[u8]) -> Result<Done<'_>, String> {
    let _ = bytes;
    Err("not yet".into())
}
