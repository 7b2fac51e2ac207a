//! Everything that can be done by name: the palette, the sheet of keys and the keyboard itself read this one table.

use super::{Action, Drawer, Go, Palette};

/// Something that can be done, what it is called, and the keys that do it.
#[derive(Clone, Debug)]
pub struct Command {
    /// What it does.
    pub words: &'static str,
    /// Its keys as a reader sees them.
    pub keys: &'static str,
    /// The key's name, and whether Shift is held; with Control (or ⌘) when `keys` say so. Empty: it has none of its own.
    pub key: (&'static str, bool),
    /// What happens.
    pub action: Action,
}

const fn command(words: &'static str, keys: &'static str, key: (&'static str, bool), action: Action) -> Command {
    Command { words, keys, key, action }
}

/// All of them.
pub const COMMANDS: &[Command] = &[
    command("Run", "⌘ ↵", ("Enter", false), Action::Run),
    command("Name this run", "⌘ S", ("s", false), Action::ToName),
    command("Copy the link", "⌘ ⇧ C", ("c", true), Action::Share),
    command("Commands and keys", "⌘ K, ?", ("k", false), Action::Palette(true)),
    command("Play, or pause", "Space", (" ", false), Action::Play),
    command("On one event", "→", ("ArrowRight", false), Action::Go(Go::On)),
    command("Back one event", "←", ("ArrowLeft", false), Action::Go(Go::Back)),
    command("On one statement", "⇧ →", ("ArrowRight", true), Action::Go(Go::StatementOn)),
    command("Back one statement", "⇧ ←", ("ArrowLeft", true), Action::Go(Go::StatementBack)),
    command("First event", "Home", ("Home", false), Action::Go(Go::First)),
    command("Last event", "End", ("End", false), Action::Go(Go::Last)),
    command("Next anomaly", "A", ("a", false), Action::Go(Go::AnomalyOn)),
    command("Previous anomaly", "⇧ A", ("A", true), Action::Go(Go::AnomalyBack)),
    command("More around the cursor", "−", ("-", false), Action::Wider(1)),
    command("Less around the cursor, and larger", "+", ("+", false), Action::Wider(-1)),
    command("To what caused this event", "⌫", ("Backspace", false), Action::Go(Go::Cause)),
    command("Events", "1", ("1", false), Action::Drawer(Drawer::Events)),
    command("Ledger: what became of each write", "2", ("2", false), Action::Drawer(Drawer::Ledger)),
    command("What-if grid", "3", ("3", false), Action::Drawer(Drawer::WhatIf)),
    command("History of runs", "4", ("4", false), Action::Drawer(Drawer::History)),
    command("Difference from the future beside", "5", ("5", false), Action::Drawer(Drawer::Difference)),
    command("Fork here: what if …", "F", ("f", false), Action::ForkHere),
    command("Into the editor; Escape leaves it", "E", ("e", false), Action::ToEditor),
    command("Put the text in order", "in the editor ⇧ Alt F", ("", false), Action::Format),
    command("Rename the table at the caret", "in the editor F2", ("", false), Action::Code("rename")),
    command("What could stand at the caret", "in the editor Ctrl Space", ("", false), Action::Code("startCompletion")),
    command("Number at the caret up", "in the editor Alt ↑", ("", false), Action::Code("more")),
    command("Number at the caret down", "in the editor Alt ↓", ("", false), Action::Code("less")),
    command("Fold everything", "in the editor Ctrl Alt [", ("", false), Action::Code("foldAll")),
    command("Unfold everything", "in the editor Ctrl Alt ]", ("", false), Action::Code("unfoldAll")),
    command("Undo in the text", "in the editor ⌘ Z", ("", false), Action::Code("undo")),
    command("Redo in the text", "in the editor ⌘ ⇧ Z", ("", false), Action::Code("redo")),
    command("Find in the log", "/", ("/", false), Action::ToFind),
    command("Light, dark, or as the system", "", ("", false), Action::Theme),
    command("Copy the text", "", ("", false), Action::CopyText),
    command("Save as a file", "", ("", false), Action::SaveFile),
    command("Copy text, verdict and link as Markdown", "", ("", false), Action::CopyReport),
    command("A new scenario", "", ("", false), Action::New),
];

impl Palette {
    /// What it lists: the words, the keys, and what happens. Those in whose words stands what is looked for.
    pub fn shown(&self) -> impl Iterator<Item = (&str, &'static str, &Action)> {
        let find = self.find.trim().to_ascii_lowercase();
        let commands: &[Command] = if self.offers.is_empty() { COMMANDS } else { &[] };
        let offers = self.offers.iter().map(|(words, action)| (words.as_str(), "", action));
        let commands = commands.iter().map(|command| (command.words, command.keys, &command.action));
        offers.chain(commands).filter(move |(words, ..)| words.to_ascii_lowercase().contains(&find))
    }
}

/// What a key does, with Control or without.
pub fn keyed(key: &str, shift: bool, control: bool) -> Option<Action> {
    if key == "?" && !control {
        return Some(Action::Palette(true));
    }
    let same = |name: &str| if control { name.eq_ignore_ascii_case(key) } else { name == key };
    COMMANDS
        .iter()
        .find(|command| {
            command.keys.starts_with('⌘') == control
                && command.key.1 == shift
                && same(command.key.0)
                && !command.key.0.is_empty()
        })
        .map(|command| command.action.clone())
}
