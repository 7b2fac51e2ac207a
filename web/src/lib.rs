//! The page. It holds a [`state::State`], draws it, and asks a worker for runs; a run comes back as a trace, and every
//! picture is folded from that.
//!
//! *Never*: no state that is not `State`; no backend in a pane; no network. [`state::reduce`] touches nothing,
//! [`edge`] touches the browser and decides nothing, [`tale`] reads the trace and nobody else does, panes only draw.
//!
//! One press of Run: the button emits [`state::Action::Run`]; `reduce` answers with
//! [`state::Effect::RunInWorker`]; the edge hands the text to the worker (its own wasm, its own thread); its answer, one
//! transfer of bytes, becomes [`state::Action::Finished`]; [`tale::Tale::open`] reads the trace in place; the blessed text
//! goes into the editor as if typed, and the panes fold what they show at the cursor.

pub mod app;
pub mod axis;
pub mod code;
pub mod edge;
pub mod gallery;
pub mod highlight;
pub mod link;
pub mod panes;
pub mod reading;
pub mod scene;
pub mod state;
pub mod tale;
pub mod wire;

/// Puts the page in the place of its shell.
pub fn start() {
    if let Some(root) =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"))
    {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
