//! Brings into view what is spoken of.

use super::document;
use crate::panes::log::LINE;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A line of the text.
pub(super) fn line(line: u32) {
    let lines = document().and_then(|document| document.query_selector_all("#editor .marks .ln").ok());
    if let Some(line) = lines.and_then(|lines| lines.item(line)).and_then(|line| line.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// The log's first line.
pub(super) fn top_of_log() {
    if let Some(list) = document().and_then(|document| document.get_element_by_id("log")) {
        list.set_scroll_top(0);
    }
}

/// An event, in the log and in the phone's story.
pub(super) fn event(event: u32) {
    show_middle(".story #now");
    if let Some(list) = document().and_then(|document| document.get_element_by_id("log")) {
        let at = (i64::from(event) * i64::from(LINE)).min(i64::from(i32::MAX)) as i32;
        let (top, tall) = (list.scroll_top(), list.client_height());
        if at < top || at + LINE > top + tall {
            list.set_scroll_top(at - tall / 2);
        }
    }
}

/// Gives an element the focus.
pub(super) fn focus(id: &str) {
    if let Some(element) = document()
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

/// Brings what the phone's story shows now into its middle: there the picture is longer than the screen.
fn show_middle(selector: &str) {
    let Some(element) = document().and_then(|document| document.query_selector(selector).ok()?) else { return };
    if let Some(pane) = element.closest(".pane").ok().flatten() {
        let (at, of) = (element.get_bounding_client_rect(), pane.get_bounding_client_rect());
        let off = at.top() - of.top() - of.height() * 0.55;
        if off.abs() > of.height() * 0.3 {
            pane.set_scroll_top(pane.scroll_top() + off as i32);
        }
    }
}
