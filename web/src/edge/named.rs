//! What JavaScript's own values have by a name.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What something has under this name, if it has anything there.
pub(super) fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// What its function of this name answers, if it has one and that did not throw.
pub(super) fn call(of: &JsValue, name: &str, args: &[JsValue]) -> Option<JsValue> {
    let function: Function = get(of, name)?.dyn_into().ok()?;
    function.apply(of, &args.iter().collect::<Array>()).ok()
}
