//! Machines, tables, rules, errors and the like as canonical bytes.

use crate::bytes::{Reader, Writer};
use crate::schema::{ColumnInfo, MachineInfo, MachineKind, Role, TableInfo};
use crate::{Error, ErrorInfo};
use alloc::{rc::Rc, vec::Vec};
use sim::{Action, Id, Rule, Side, Span};
use storage::{ColumnId, TableId};

fn write_text(w: &mut Writer, text: &str) {
    w.blob(text.as_bytes());
}

fn read_text(r: &mut Reader<'_>) -> Result<Rc<str>, Error> {
    r.text().map(Rc::from)
}

fn read_bool(r: &mut Reader<'_>) -> Result<bool, Error> {
    match r.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::Damaged),
    }
}

pub(crate) fn write_table(w: &mut Writer, table: &TableInfo) {
    w.int(u64::from(table.id.0));
    w.byte(u8::from(table.dropped));
    write_text(w, &table.keyspace);
    write_text(w, &table.name);
    w.int(table.columns.len() as u64);
    for column in &table.columns {
        w.int(u64::from(column.id.0));
        write_text(w, &column.name);
        write_text(w, &column.kind);
        w.byte(match column.role {
            Role::Partition => 0,
            Role::Clustering => 1,
            Role::Static => 2,
            Role::Regular => 3,
        });
        w.byte(u8::from(column.descending));
    }
    w.byte(u8::from(table.gc_grace.is_some()));
    w.signed(table.gc_grace.unwrap_or(0));
}

pub(crate) fn read_table(r: &mut Reader<'_>) -> Result<TableInfo, Error> {
    let id = TableId(r.small()?);
    let dropped = read_bool(r)?;
    let (keyspace, name) = (read_text(r)?, read_text(r)?);
    let mut columns = Vec::new();
    for _ in 0..r.count()? {
        columns.push(ColumnInfo {
            id: ColumnId(r.small()?),
            name: read_text(r)?,
            kind: read_text(r)?,
            role: match r.byte()? {
                0 => Role::Partition,
                1 => Role::Clustering,
                2 => Role::Static,
                3 => Role::Regular,
                _ => return Err(Error::Damaged),
            },
            descending: read_bool(r)?,
        });
    }
    let graceful = read_bool(r)?;
    let gc_grace = Some(r.signed()?).filter(|_| graceful);
    Ok(TableInfo { id, keyspace, name, columns, dropped, gc_grace })
}

pub(crate) fn write_machine(w: &mut Writer, machine: &MachineInfo) {
    write_id(w, machine.id);
    write_text(w, &machine.name);
    w.byte(match machine.kind {
        MachineKind::Node => 0,
        MachineKind::Client => 1,
    });
    w.byte(u8::from(machine.token.is_some()));
    w.signed(machine.token.unwrap_or(0));
    write_text(w, &machine.about);
    w.signed(machine.clock.epoch);
    w.signed(machine.clock.offset);
    w.signed(machine.clock.drift_ppm);
    w.byte(u8::from(machine.clock.step.is_some()));
    if let Some((by, every)) = machine.clock.step {
        w.signed(by);
        w.int(every.0);
    }
    w.int(u64::from(machine.clock.resolution));
}

fn write_id(w: &mut Writer, id: Id) {
    w.int(u64::from(id.0));
}

fn read_id(r: &mut Reader<'_>) -> Result<Id, Error> {
    u16::try_from(r.int()?).map(Id).map_err(|_| Error::Damaged)
}

pub(crate) fn write_ids(w: &mut Writer, ids: &[Id]) {
    w.int(ids.len() as u64);
    for id in ids {
        write_id(w, *id);
    }
}

pub(crate) fn read_ids(r: &mut Reader<'_>) -> Result<Vec<Id>, Error> {
    (0..r.count()?).map(|_| read_id(r)).collect()
}

fn write_side(w: &mut Writer, side: &Side) {
    match side {
        Side::Any => w.byte(0),
        Side::These(ids) => {
            w.byte(1);
            write_ids(w, ids);
        }
    }
}

fn read_side(r: &mut Reader<'_>) -> Result<Side, Error> {
    Ok(if read_bool(r)? { Side::These(read_ids(r)?) } else { Side::Any })
}

pub(crate) fn write_rule(w: &mut Writer, rule: &Rule) {
    write_side(w, &rule.from);
    write_side(w, &rule.to);
    let (tag, by) = match rule.action {
        Action::Drop => (0, Span::ZERO),
        Action::Delay(by) => (1, by),
        Action::Duplicate(by) => (2, by),
        Action::Reorder(by) => (3, by),
    };
    w.byte(tag);
    w.int(by.0);
    w.int(u64::from(rule.ppm));
    w.int(rule.times.map_or(0, |times| u64::from(times) + 1));
}

pub(crate) fn read_rule(r: &mut Reader<'_>) -> Result<Rule, Error> {
    let (from, to) = (read_side(r)?, read_side(r)?);
    let (tag, by) = (r.byte()?, Span(r.int()?));
    let action = match tag {
        0 => Action::Drop,
        1 => Action::Delay(by),
        2 => Action::Duplicate(by),
        3 => Action::Reorder(by),
        _ => return Err(Error::Damaged),
    };
    let ppm = r.small()?;
    let times = match r.int()? {
        0 => None,
        more => Some(u32::try_from(more - 1).map_err(|_| Error::Damaged)?),
    };
    Ok(Rule { from, to, action, ppm, times })
}

pub(crate) fn write_error(w: &mut Writer, error: &ErrorInfo) {
    w.byte(u8::from(error.unknown));
    write_text(w, &error.name);
    write_text(w, &error.text);
}

pub(crate) fn read_error(r: &mut Reader<'_>) -> Result<ErrorInfo, Error> {
    Ok(ErrorInfo { unknown: read_bool(r)?, name: read_text(r)?, text: read_text(r)? })
}

pub(crate) fn write_cut(w: &mut Writer, left: &[Id], right: &[Id], one_way: bool) {
    w.byte(u8::from(one_way));
    write_ids(w, left);
    write_ids(w, right);
}

pub(crate) type CutSides = (Vec<Id>, Vec<Id>, bool);

pub(crate) fn read_cut(r: &mut Reader<'_>) -> Result<CutSides, Error> {
    let one_way = read_bool(r)?;
    Ok((read_ids(r)?, read_ids(r)?, one_way))
}

pub(crate) fn write_compact(w: &mut Writer, inputs: &[u32], output: Option<u32>) {
    w.int(output.map_or(0, |output| u64::from(output) + 1));
    w.int(inputs.len() as u64);
    for input in inputs {
        w.int(u64::from(*input));
    }
}

pub(crate) fn read_compact(r: &mut Reader<'_>) -> Result<(Vec<u32>, Option<u32>), Error> {
    let output = match r.int()? {
        0 => None,
        more => Some(u32::try_from(more - 1).map_err(|_| Error::Damaged)?),
    };
    let inputs = (0..r.count()?).map(|_| r.small()).collect::<Result<_, _>>()?;
    Ok((inputs, output))
}
