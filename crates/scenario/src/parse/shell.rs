//! cqlsh's own commands: what they set, what they answer, and which are refused.

use super::Parser;
use crate::step::{Act, Asked, Client, Settings};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;
use cql::ast::{self, Shell};
use cql::{Consistency, Problem, SyntaxError};

impl Parser<'_> {
    /// A command that sets says nothing; one that asks is answered as cqlsh answers.
    pub(super) fn shell(&mut self, shell: &Shell, span: &Range<usize>, number: u32, client: Client) {
        let cqlsh = self.cqlsh == Some(client);
        let settings = self.settings.entry(client.0).or_default();
        let lines = match answer(shell, settings, cqlsh) {
            Ok(lines) => lines,
            Err((so, known)) => {
                self.fault(span.clone(), so, known);
                return;
            }
        };
        self.push(span, Act::Shell(Asked { number, client, lines }));
    }
}

fn answer(shell: &Shell, settings: &mut Settings, cqlsh: bool) -> Result<Vec<String>, (String, &'static str)> {
    let own = |of_cqlsh: &str| if cqlsh { of_cqlsh.to_string() } else { "the driver's own".into() };
    let onoff = |on: bool| if on { "ON" } else { "OFF" };
    let said = match *shell {
        Shell::Consistency(None) => {
            let level = settings.consistency.map_or_else(|| own("ONE"), |c| c.name().into());
            format!("Current consistency level is {level}.")
        }
        Shell::SerialConsistency(None) => {
            let level = settings.serial.map_or_else(|| own("SERIAL"), |c| c.name().into());
            format!("Current serial consistency level is {level}.")
        }
        Shell::Paging(None) => match settings.page {
            Some(0) => "PAGING is OFF".into(),
            Some(rows) => format!("PAGING is ON\nPage size: {rows}"),
            None => format!("PAGING is ON\nPage size: {}", own("100")),
        },
        Shell::Tracing(None) => format!("TRACING is {}", onoff(settings.tracing)),
        Shell::Expand(None) => format!("EXPAND is {}", onoff(settings.expand)),
        Shell::Consistency(Some(level)) => {
            settings.consistency = of(level);
            return Ok(Vec::new());
        }
        Shell::SerialConsistency(Some(level)) if !of(level).is_some_and(Consistency::is_serial) => {
            return Err((format!("{} is no serial consistency level", level.name()), "SERIAL or LOCAL_SERIAL"));
        }
        Shell::SerialConsistency(Some(level)) => {
            settings.serial = of(level);
            return Ok(Vec::new());
        }
        Shell::Paging(Some(rows)) => {
            settings.page = Some(rows);
            return Ok(Vec::new());
        }
        Shell::Tracing(Some(on)) => {
            settings.tracing = on;
            return Ok(Vec::new());
        }
        Shell::Expand(Some(on)) => {
            settings.expand = on;
            return Ok(Vec::new());
        }
        Shell::Refused(name) => return Err((format!("{name} is refused"), refusal(name))),
    };
    Ok(said.lines().map(String::from).collect())
}

/// The protocol's level of the same name.
fn of(level: ast::Consistency) -> Option<Consistency> {
    level.name().parse().ok()
}

fn refusal(name: &str) -> &'static str {
    match name {
        "SOURCE" | "COPY" | "CAPTURE" => "a scenario touches no files: everything it does stands in its own text",
        "LOGIN" => "a scenario has no passwords; --@ client and --@ as say who speaks",
        _ => "it is cqlsh's own, and changes nothing that a scenario could show",
    }
}

/// A syntax error in a fault's words: what is so, what was expected, the nearest right word.
pub(super) fn words(error: &SyntaxError) -> (String, String, Option<String>) {
    match &*error.problem {
        Problem::Unexpected { found, expected, hint } => {
            let expected: Vec<&str> = expected.iter().copied().take(8).collect();
            let known = if expected.is_empty() { String::new() } else { format!("expected {}", expected.join(" or ")) };
            let nearest = hint.as_ref().map(|(_, right)| right.to_string());
            let so = if found.starts_with("the end") {
                format!("{found} is too early")
            } else {
                format!("CQL has no {found} here")
            };
            (so, known, nearest)
        }
        _ => (format!("{error}"), String::new(), None),
    }
}
