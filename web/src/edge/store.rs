//! What is kept in this browser: drafts and the theme.

use super::{document, window};
use crate::state::{DRAFTS_MAX, Theme};
use std::rc::Rc;
use web_sys::Storage;

const DRAFTS: &str = "tombstone/drafts";
const LESSONS: &str = "tombstone/lessons";
const THEME: &str = "tombstone/theme";
/// Between drafts in the store: a character that no text field gives.
const BETWEEN: char = '\u{0}';

fn store() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// Drafts as they were left, newest first. Whatever is in the store, it is only text.
pub fn drafts() -> Vec<Rc<str>> {
    let kept = store().and_then(|store| store.get_item(DRAFTS).ok()?);
    kept.map(|kept| kept.split(BETWEEN).filter(|draft| !draft.is_empty()).take(DRAFTS_MAX).map(Rc::from).collect())
        .unwrap_or_default()
}

/// The theme as it was left.
pub fn theme() -> Theme {
    store().and_then(|store| store.get_item(THEME).ok()?).map(|name| Theme::named(&name)).unwrap_or_default()
}

/// The lessons that are done.
pub fn learned() -> Vec<String> {
    let kept = store().and_then(|store| store.get_item(LESSONS).ok()?);
    kept.map(|kept| kept.split(' ').filter(|slug| !slug.is_empty()).map(String::from).collect()).unwrap_or_default()
}

/// Keeps which lessons are done.
pub(super) fn save_learned(learned: &[String]) {
    if let Some(store) = store() {
        let _ = store.set_item(LESSONS, &learned.join(" "));
    }
}

/// Keeps the drafts.
pub(super) fn save(drafts: &[Rc<str>]) {
    let kept: Vec<String> = drafts.iter().map(|draft| draft.replace(BETWEEN, "")).collect();
    if let Some(store) = store() {
        let _ = store.set_item(DRAFTS, &kept.join("\u{0}"));
    }
}

/// Wears a theme, and keeps it.
pub(super) fn wear(theme: Theme) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = if theme == Theme::System {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme.name())
        };
    }
    if let Some(store) = store() {
        let _ = store.set_item(THEME, theme.name());
    }
}
