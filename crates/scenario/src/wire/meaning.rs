//! What a text means, as bytes.

use super::{WireError, listed, text};
use crate::edit::Edit;
use crate::fault::Fault;
use crate::limits::TEXT_BYTES_MAX;
use crate::meaning::Meaning;
use crate::wire_capnp::{fault, meaning};
use alloc::string::String;

const WORDS_MAX: usize = TEXT_BYTES_MAX as usize;

pub(super) fn put(said: &Meaning, mut to: meaning::Builder<'_>) {
    to.set_runs(said.runs);
    to.set_nodes(said.nodes);
    to.set_seed(said.seed);
    to.set_row(said.row.as_deref().unwrap_or(""));
    to.set_at(said.at.unwrap_or(u64::MAX));
    let mut clients = to.reborrow().init_clients(said.clients.len() as u32);
    for (at, name) in said.clients.iter().enumerate() {
        clients.set(at as u32, name.as_str());
    }
    let mut statements = to.reborrow().init_statements(said.statements.len() as u32 * 2);
    for (at, span) in said.statements.iter().enumerate() {
        statements.set(at as u32 * 2, span.start);
        statements.set(at as u32 * 2 + 1, span.end);
    }
    let mut faults = to.init_faults(said.faults.len() as u32);
    for (at, fault) in said.faults.iter().enumerate() {
        put_fault(fault, faults.reborrow().get(at as u32));
    }
}

fn put_fault(fault: &Fault, mut to: fault::Builder<'_>) {
    to.set_from(fault.span.start);
    to.set_to(fault.span.end);
    to.set_line(fault.line);
    to.set_column(fault.column);
    to.set_so(fault.so.as_str());
    to.set_known(fault.known.as_str());
    to.set_nearest(fault.nearest.as_deref().unwrap_or(""));
    if let Some(fix) = &fault.fix {
        let mut to = to.init_fix();
        to.set_from(fix.span.start);
        to.set_to(fix.span.end);
        to.set_text(fix.text.as_str());
    }
}

/// In a message of so many words.
pub(super) fn get(from: meaning::Reader<'_>, size: u32) -> Result<Meaning, WireError> {
    let spans = from.get_statements()?;
    let some = |read: capnp::text::Reader<'_>| {
        let said = text(read, WORDS_MAX)?;
        Ok::<_, WireError>((!said.is_empty()).then(|| String::from(said)))
    };
    let faults = listed(from.get_faults(), size)?.iter().map(|fault: fault::Reader<'_>| {
        let fix = if fault.has_fix() {
            let fix = fault.get_fix()?;
            Some(Edit { span: fix.get_from()..fix.get_to(), text: text(fix.get_text()?, WORDS_MAX)?.into() })
        } else {
            None
        };
        Ok(Fault {
            span: fault.get_from()..fault.get_to(),
            line: fault.get_line(),
            column: fault.get_column(),
            so: text(fault.get_so()?, WORDS_MAX)?.into(),
            known: text(fault.get_known()?, WORDS_MAX)?.into(),
            nearest: some(fault.get_nearest()?)?,
            fix,
        })
    });
    let clients = from.get_clients()?.iter().map(|name| Ok(text(name?, WORDS_MAX)?.into()));
    Ok(Meaning {
        runs: from.get_runs(),
        statements: (0..spans.len() / 2).map(|at| spans.get(at * 2)..spans.get(at * 2 + 1)).collect(),
        clients: clients.collect::<Result<_, WireError>>()?,
        nodes: from.get_nodes(),
        seed: from.get_seed(),
        row: some(from.get_row()?)?,
        at: Some(from.get_at()).filter(|at| *at != u64::MAX),
        faults: faults.collect::<Result<_, WireError>>()?,
    })
}
