//! What is kept in this browser: drafts, earlier runs, lessons done, the theme.

use super::{document, window};
use crate::state::{DRAFTS_MAX, PAST_MAX, Past, Theme};
use std::{cell::RefCell, rc::Rc};
use web_sys::Storage;

const LESSONS: &str = "tombstone/lessons";
const THEME: &str = "tombstone/theme";
/// Between the entries of a list: a character that no text field gives.
const BETWEEN: char = '\u{0}';

fn store() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// A list in the store that other tabs write as well.
struct List {
    key: &'static str,
    most: usize,
    /// What it held when this tab last looked: whatever else is there now is another tab's.
    seen: RefCell<Vec<String>>,
}

impl List {
    fn new(key: &'static str, most: usize) -> Self {
        Self { key, most, seen: RefCell::default() }
    }

    /// What is in the store. Whatever it is, it is only text.
    fn stored(&self) -> Vec<String> {
        let kept = store().and_then(|store| store.get_item(self.key).ok()?).unwrap_or_default();
        kept.split(BETWEEN).filter(|entry| !entry.is_empty()).map(String::from).collect()
    }

    fn load(&self) -> Vec<String> {
        let stored = self.stored();
        self.seen.replace(stored.clone());
        stored
    }

    /// Keeps this; false: not even the first of it.
    fn save(&self, own: Vec<String>) -> bool {
        let mut all = merged(own, &self.seen.borrow(), self.stored());
        all.truncate(self.most);
        let Some(store) = store() else { return all.is_empty() };
        // A full store takes less: the oldest give way.
        while store.set_item(self.key, &all.join("\u{0}")).is_err() {
            if all.pop().is_none() {
                return false;
            }
        }
        let kept = !all.is_empty();
        self.seen.replace(all);
        kept
    }
}

/// One's own entries, and behind the first of them what another tab has put there since.
fn merged(own: Vec<String>, seen: &[String], stored: Vec<String>) -> Vec<String> {
    let theirs = stored.into_iter().filter(|entry| !seen.contains(entry) && !own.contains(entry)).collect::<Vec<_>>();
    let mut all = own;
    let at = all.len().min(1);
    all.splice(at..at, theirs);
    all
}

/// The lists of this tab.
pub(super) struct Lists {
    drafts: List,
    past: List,
}

impl Default for Lists {
    fn default() -> Self {
        Self { drafts: List::new("tombstone/drafts", DRAFTS_MAX), past: List::new("tombstone/runs", PAST_MAX) }
    }
}

impl Lists {
    /// Drafts as they were left, newest first.
    pub(super) fn drafts(&self) -> Vec<Rc<str>> {
        self.drafts.load().into_iter().take(DRAFTS_MAX).map(Rc::from).collect()
    }

    /// Earlier runs, newest first.
    pub(super) fn past(&self) -> Vec<Past> {
        let mut all: Vec<Past> = Vec::new();
        for past in self.past.load().iter().filter_map(|kept| Past::read(kept)) {
            // Two tabs may have run the same text.
            match all.iter_mut().find(|other| other.text == past.text) {
                Some(other) if other.name.is_empty() => other.name = past.name,
                Some(_) => {}
                None => all.push(past),
            }
        }
        all
    }

    pub(super) fn save_drafts(&self, drafts: &[Rc<str>]) -> bool {
        self.drafts.save(drafts.iter().map(|draft| draft.replace(BETWEEN, "")).collect())
    }

    pub(super) fn save_past(&self, past: &[Past]) -> bool {
        self.past.save(past.iter().map(|past| past.written().replace(BETWEEN, "")).collect()) || past.is_empty()
    }
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

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn what_two_tabs_write_is_kept() {
        let list = |words: &str| words.split(' ').filter(|word| !word.is_empty()).map(String::from).collect::<Vec<_>>();
        // This tab wrote a1 over a0; the other has written b0 since, which this one never saw.
        assert_eq!(merged(list("a2 old"), &list("a1 old"), list("b0 a1 old")), list("a2 b0 old"));
        // What this tab has let go of stays gone.
        assert_eq!(merged(list("a2"), &list("a1 old"), list("a1 old")), list("a2"));
        assert_eq!(merged(list(""), &list("a"), list("b a")), list("b"));
    }
}
