//! The text area: what is put into it is put as if typed, so that the browser's undo takes it back.

use super::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};

/// More lines than this are not typed, nor into a longer text: a browser lays out the whole of it after each line, and says each time
/// what it holds.
const TYPED_LINES: usize = 200;
const TYPED_BYTES: usize = 64 << 10;

/// Types into whatever has the focus, so that the browser can undo it.
pub(super) fn insert(words: &str) -> bool {
    let Some(document) = document().and_then(|document| document.dyn_into::<web_sys::HtmlDocument>().ok()) else {
        return false;
    };
    document.exec_command_with_show_ui_and_value("insertText", false, words).unwrap_or(false)
}

fn area() -> Option<HtmlTextAreaElement> {
    document()?.get_element_by_id("text")?.dyn_into().ok()
}

/// Makes the text area hold `text`. Only what differs is replaced, as if it had been typed, so that undo takes it back; unless it is long.
pub(super) fn set_text(text: &str) {
    let Some(area) = area() else { return };
    let old = area.value();
    if old == text {
        return;
    }
    let same = old.chars().zip(text.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>();
    let (old_rest, new_rest) = (old.get(same..).unwrap_or(""), text.get(same..).unwrap_or(""));
    let tail = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum::<usize>();
    let wide = |part: &str| part.encode_utf16().count() as u32;
    let (from, to) = (wide(old.get(..same).unwrap_or("")), wide(old.get(..old.len() - tail).unwrap_or("")));
    let middle = new_rest.get(..new_rest.len() - tail).unwrap_or("");
    let caret = area.selection_start().ok().flatten().unwrap_or(0);
    let before = document().and_then(|document| document.active_element());
    let short = text.len() <= TYPED_BYTES && middle.bytes().filter(|byte| *byte == b'\n').count() <= TYPED_LINES;
    let typed = short && area.offset_parent().is_some() && !old.is_empty();
    if typed {
        let _ = area.focus();
        let _ = area.set_selection_range(from, to);
    }
    if !typed || !(if middle.is_empty() { remove() } else { insert(middle) }) || area.value() != text {
        area.set_value(text);
    }
    let caret = if caret <= from {
        caret
    } else if caret >= to {
        caret - (to - from) + wide(middle)
    } else {
        from
    };
    let _ = area.set_selection_range(caret, caret);
    if let Some(element) = before.filter(|element| typed && element.id() != "text") {
        let _ = area.blur();
        // A slider is drawn as a picture, which can be focused as well as anything.
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

fn remove() -> bool {
    let Some(document) = document().and_then(|document| document.dyn_into::<web_sys::HtmlDocument>().ok()) else {
        return false;
    };
    document.exec_command_with_show_ui_and_value("delete", false, "").unwrap_or(false)
}

/// Where the caret is, in bytes.
pub(super) fn caret() -> u32 {
    area().map_or(0, |area| {
        let at = area.selection_start().ok().flatten().unwrap_or(0);
        crate::code::byte(&area.value(), at as usize) as u32
    })
}

/// What the rich editor takes over: the ends of the selection, how far the text is scrolled, whether it has the focus.
pub(super) fn taken() -> (u32, u32, i32, bool) {
    let Some(area) = area() else { return (0, 0, 0, false) };
    let end = |end: Result<Option<u32>, wasm_bindgen::JsValue>| end.ok().flatten().unwrap_or(0);
    let top = area.closest(".editor").ok().flatten().map_or(0, |editor| editor.scroll_top());
    let focused =
        document().and_then(|document| document.active_element()).is_some_and(|element| element.id() == "text");
    (end(area.selection_start()), end(area.selection_end()), top, focused)
}

/// Makes a text area that has just been drawn hold the state's text.
pub fn fill(text: &str) {
    if let Some(area) = area()
        && area.value() != text
        && document().and_then(|document| document.active_element()).is_none_or(|element| element.id() != "text")
    {
        area.set_value(text);
    }
}
