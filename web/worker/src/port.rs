//! The worker's port: bytes come in, bytes go out (`scenario::wire`).

use crate::{answer, run};
use js_sys::{Array, Date, Uint8Array};
use scenario::{
    Progress, link, trunk,
    wire::{Asked, Heard, Run, Said},
};
use trace::Shared;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// With more memory than this, in pages of 64 KiB, it asks to be replaced: wasm gives none back.
const PAGES: usize = 64 << 4;

/// A run says how far it is at most this often, ms; a run that is shorter says nothing.
const EVERY: f64 = 100.0;

/// Listens from now on, and says so. Whoever began it may have given it a link for its name: that, without its other futures, is run
/// before it is asked for.
pub fn start() {
    std::panic::set_hook(Box::new(|info| post(&Said::Failed(&info.to_string()).to_bytes())));
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let asked = Uint8Array::new(&event.data());
        let heard = Heard::open(Shared::filled(asked.length() as usize, |to| asked.copy_to(to)));
        answer_with(match heard.as_ref().map(Heard::asked) {
            Ok(Ok(Asked::Run(asked))) => ran(asked),
            Ok(Ok(Asked::Question(text, question))) => answer(text, &question),
            Ok(Err(error)) | Err(&error) => Said::Failed(&error.to_string()).to_bytes(),
        });
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    post(&Said::Ready(link::MODEL_VERSION).to_bytes());
    let name = scope().name();
    if !name.is_empty() {
        // In a task of its own: only then can the worker's other half be had, which a long link is read with.
        let ahead = Closure::once_into_js(move || {
            if let Ok(link) = link::decode(&name) {
                answer_with(ran(Run { text: trunk(&link.text), trace: true }));
            }
        });
        let _ = scope().set_timeout_with_callback(ahead.unchecked_ref());
    }
}

/// What came of a run; meanwhile it says how far it is.
fn ran(asked: Run<'_>) -> Vec<u8> {
    let mut last = Date::now();
    let due = || {
        let now = Date::now();
        let due = now - last >= EVERY;
        if due {
            last = now;
        }
        due
    };
    run(asked, |progress: &Progress| post(&Said::Progress(*progress).to_bytes()), due)
}

fn answer_with(answer: Vec<u8>) {
    if core::arch::wasm32::memory_size::<0>() > PAGES {
        post(&Said::Spent.to_bytes());
    }
    post(&answer);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Hands bytes over: the page owns them from then on.
fn post(bytes: &[u8]) {
    let array = Uint8Array::from(bytes);
    let _ = scope().post_message_with_transfer(&array, &Array::of1(&array.buffer()));
}
