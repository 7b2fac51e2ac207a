//! What crosses between page and worker: the page sends a text, the worker bytes.

#[path = "../worker/src/frame.rs"]
mod frame;

pub use frame::{Done, Said};
use wasm_bindgen::{JsCast, JsValue};

/// The message that asks for a run.
pub fn run(text: &str) -> JsValue {
    JsValue::from_str(text)
}

/// What the worker said, and the bytes it said it in.
///
/// # Errors
/// In words, when it said nothing that is known.
pub fn said(data: &JsValue) -> Result<(Said, Vec<u8>), String> {
    let bytes = data.dyn_ref::<js_sys::Uint8Array>().map(js_sys::Uint8Array::to_vec).unwrap_or_default();
    Said::read(&bytes)
        .map(|said| (said, bytes))
        .ok_or_else(|| "The worker said something that this page does not know. Reload it.".into())
}
