//! A node's answer as an envelope's body.

use super::frame::{self, answer};
use super::persona::LWT_BIT;
use super::wire::Writer;
use cluster::TimeUuid;
use cql::{Changed, ColumnSpec, Consistency, Error, PagingState, Response, Rows, Type, WriteType};
use trace::Digest;

/// How an answer is to be written.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    pub version: u8,
    /// Rows come without their columns.
    pub skip_metadata: bool,
    /// v5: the columns the client knows.
    pub known: Option<Vec<u8>>,
    /// It is written as a Scylla writes.
    pub scylla: bool,
    /// Transactions are marked.
    pub lwt_mark: bool,
    /// Under this name it is told what became of the request.
    pub tracing: Option<TimeUuid>,
    /// What the server has to say besides.
    pub warnings: Vec<String>,
}

impl Manner {
    /// What stands in the header of an answer for what comes before its body.
    pub fn flags(&self) -> u8 {
        let set = |flag: u8, so: bool| if so { flag } else { 0 };
        set(frame::TRACING, self.tracing.is_some()) | set(frame::WARNING, !self.warnings.is_empty())
    }
}

/// The opcode of an answer.
pub fn opcode(response: &Response) -> u8 {
    match response {
        Response::Error(_) => answer::ERROR,
        Response::Ready => answer::READY,
        _ => answer::RESULT,
    }
}

/// Write an answer's body behind `to`.
pub fn write(to: &mut Vec<u8>, response: &Response, manner: &Manner) {
    let mut out = Writer { to, old: manner.version < 5 && !manner.scylla };
    if let Some(tracing) = manner.tracing {
        out.to.extend_from_slice(&tracing.bits().to_be_bytes());
    }
    if !manner.warnings.is_empty() {
        out.string_list(manner.warnings.iter().map(String::as_str));
    }
    match response {
        Response::Ready => {}
        Response::Void => out.int(1),
        Response::Rows(rows, next) => {
            out.int(2);
            self::rows(&mut out, rows, next.as_ref(), manner);
        }
        Response::SetKeyspace(name) => {
            out.int(3);
            out.string(name);
        }
        Response::Prepared { id, variables, partition_key, columns, conditional } => {
            out.int(4);
            out.short_bytes(&id.0.to_be_bytes());
            if manner.version >= 5 {
                out.short_bytes(&metadata_id(columns));
            }
            let mark = if manner.lwt_mark && *conditional { LWT_BIT.cast_signed() } else { 0 };
            prepared(&mut out, variables, partition_key, mark);
            result_metadata(&mut out, columns, None, 0, None);
        }
        Response::SchemaChange(change) => {
            out.int(5);
            schema_change(&mut out, change);
        }
        Response::Error(error) => self::error(&mut out, error, manner.version),
    }
}

mod flags {
    pub const GLOBAL_TABLES_SPEC: i32 = 1;
    pub const HAS_MORE_PAGES: i32 = 2;
    pub const NO_METADATA: i32 = 4;
    pub const METADATA_CHANGED: i32 = 8;
}

fn rows(out: &mut Writer<'_>, rows: &Rows, next: Option<&PagingState>, manner: &Manner) {
    let changed = manner.known.as_ref().map(|known| (known, metadata_id(&rows.columns)));
    let changed = changed.filter(|(known, id)| known.as_slice() != id).map(|(_, id)| id);
    let hide = manner.skip_metadata && changed.is_none();
    result_metadata(out, &rows.columns, next, if hide { flags::NO_METADATA } else { 0 }, changed);
    out.count(rows.rows.len());
    for value in rows.rows.iter().flatten() {
        out.bytes(value.as_deref());
    }
}

/// What names a list of columns: it changes when any of them does.
fn metadata_id(columns: &[ColumnSpec]) -> [u8; 8] {
    let mut digest = Digest::begin();
    for column in columns {
        for text in [&column.keyspace, &column.table, &column.name] {
            digest.bytes(text.as_bytes());
        }
        digest.bytes(column.ty.to_string().as_bytes());
    }
    digest.end().0.to_be_bytes()
}

/// Whether all columns are of one table, which then is named once.
fn one_table(columns: &[ColumnSpec]) -> Option<&ColumnSpec> {
    let first = columns.first()?;
    columns.iter().all(|c| c.keyspace == first.keyspace && c.table == first.table).then_some(first)
}

fn result_metadata(
    out: &mut Writer<'_>,
    columns: &[ColumnSpec],
    next: Option<&PagingState>,
    flag: i32,
    changed: Option<[u8; 8]>,
) {
    let hidden = flag & flags::NO_METADATA != 0;
    let table = one_table(columns).filter(|_| !hidden);
    let mut all = flag;
    all |= if table.is_some() { flags::GLOBAL_TABLES_SPEC } else { 0 };
    all |= if next.is_some() { flags::HAS_MORE_PAGES } else { 0 };
    all |= if changed.is_some() { flags::METADATA_CHANGED } else { 0 };
    out.int(all);
    out.count(columns.len());
    if let Some(next) = next {
        out.bytes(Some(&next.encode()));
    }
    if let Some(id) = changed {
        out.short_bytes(&id);
    }
    if !hidden {
        specs(out, columns, table);
    }
}

fn prepared(out: &mut Writer<'_>, variables: &[ColumnSpec], partition_key: &[u16], mark: i32) {
    let table = one_table(variables);
    out.int(mark | if table.is_some() { flags::GLOBAL_TABLES_SPEC } else { 0 });
    out.count(variables.len());
    out.count(partition_key.len());
    partition_key.iter().for_each(|place| out.short(*place));
    specs(out, variables, table);
}

fn specs(out: &mut Writer<'_>, columns: &[ColumnSpec], table: Option<&ColumnSpec>) {
    if let Some(first) = table {
        out.string(&first.keyspace);
        out.string(&first.table);
    }
    for column in columns {
        if table.is_none() {
            out.string(&column.keyspace);
            out.string(&column.table);
        }
        out.string(&column.name);
        option(out, &column.ty);
    }
}

/// A type as the protocol numbers it (section 4.2.5.2).
fn option(out: &mut Writer<'_>, ty: &Type) {
    match ty {
        Type::Ascii => out.short(0x01),
        Type::Bigint => out.short(0x02),
        Type::Blob => out.short(0x03),
        Type::Boolean => out.short(0x04),
        Type::Counter => out.short(0x05),
        Type::Decimal => out.short(0x06),
        Type::Double => out.short(0x07),
        Type::Float => out.short(0x08),
        Type::Int => out.short(0x09),
        Type::Timestamp => out.short(0x0B),
        Type::Uuid => out.short(0x0C),
        Type::Text => out.short(0x0D),
        Type::Varint => out.short(0x0E),
        Type::Timeuuid => out.short(0x0F),
        Type::Inet => out.short(0x10),
        Type::Date => out.short(0x11),
        Type::Time => out.short(0x12),
        Type::Smallint => out.short(0x13),
        Type::Tinyint => out.short(0x14),
        // Cassandra numbers it from v5 on; before, it goes by its class.
        Type::Duration if out.old => {
            out.short(0x00);
            out.string(&marshal(ty));
        }
        Type::Duration => out.short(0x15),
        Type::List(element) => {
            out.short(0x20);
            option(out, element);
        }
        Type::Map(both) => {
            out.short(0x21);
            option(out, &both.0);
            option(out, &both.1);
        }
        Type::Set(element) => {
            out.short(0x22);
            option(out, element);
        }
        Type::Udt(udt) => {
            out.short(0x30);
            out.string(&udt.keyspace);
            out.string(&udt.name);
            out.short(u16::try_from(udt.fields.len()).unwrap_or(u16::MAX));
            for (name, ty) in &udt.fields {
                out.string(name);
                option(out, ty);
            }
        }
        Type::Tuple(parts) => {
            out.short(0x31);
            out.short(u16::try_from(parts.len()).unwrap_or(u16::MAX));
            parts.iter().for_each(|part| option(out, part));
        }
        Type::Vector(..) => {
            // A custom type: the protocol has no number for it.
            out.short(0x00);
            out.string(&marshal(ty));
        }
        Type::Frozen(inner) => option(out, inner),
    }
}

/// A type's class, as custom types name it.
fn marshal(ty: &Type) -> String {
    let class = format!("org.apache.cassandra.db.marshal.{}", ty.class());
    let list = |types: &[&Type]| {
        let types: Vec<String> = types.iter().map(|ty| marshal(ty)).collect();
        format!("{class}({})", types.join(","))
    };
    match ty {
        Type::Frozen(inner) => list(&[inner]),
        Type::List(element) | Type::Set(element) => list(&[element]),
        Type::Map(both) => list(&[&both.0, &both.1]),
        Type::Tuple(parts) => list(&parts.iter().collect::<Vec<_>>()),
        // The blanks are Cassandra's.
        Type::Vector(element, n) => format!("{class}({} , {n})", marshal(element)),
        Type::Udt(udt) => {
            let hex = |text: &str| text.bytes().map(|b| format!("{b:02x}")).collect::<String>();
            let fields = udt.fields.iter().map(|(name, ty)| format!(",{}:{}", hex(name), marshal(ty)));
            format!("{class}({},{}{})", udt.keyspace, hex(&udt.name), fields.collect::<String>())
        }
        _ => class,
    }
}

/// What DDL changed: the body of a result, and of an event behind its name.
pub fn schema_change(out: &mut Writer<'_>, change: &Changed) {
    out.string(change.change);
    let (target, name) = match (&change.table, &change.user_type) {
        (Some(table), _) => ("TABLE", Some(table)),
        (None, Some(ty)) => ("TYPE", Some(ty)),
        (None, None) => ("KEYSPACE", None),
    };
    out.string(target);
    out.string(&change.keyspace);
    if let Some(name) = name {
        out.string(name);
    }
}

/// An error's body: its code, its text, what belongs to the code.
pub fn error(out: &mut Writer<'_>, error: &Error, version: u8) {
    let level = |out: &mut Writer<'_>, level: Consistency| out.short(level as u16);
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    out.int(code(error));
    out.string(&error.message());
    match error {
        Error::Unavailable { consistency, required, alive, .. } => {
            level(out, *consistency);
            out.int(number(*required));
            out.int(number(*alive));
        }
        Error::WriteTimeout { consistency, received, required, write_type, .. } => {
            level(out, *consistency);
            out.int(number(*received));
            out.int(number(*required));
            out.string(write_type.name());
            if version >= 5 && *write_type == WriteType::Cas {
                out.short(0);
            }
        }
        Error::ReadTimeout { consistency, received, required, data, .. } => {
            level(out, *consistency);
            out.int(number(*received));
            out.int(number(*required));
            out.byte(u8::from(*data));
        }
        Error::CasWriteUnknown { consistency, received, required, .. } => {
            level(out, *consistency);
            out.int(number(*received));
            out.int(number(*required));
        }
        // No replica of the model fails: these are here so that whoever decodes one finds every field.
        Error::ReadFailure(_) => {
            level(out, Consistency::One);
            [0, 1, 0].into_iter().for_each(|n| out.int(n));
            out.byte(0);
        }
        Error::WriteFailure(_) => {
            level(out, Consistency::One);
            [0, 1, 0].into_iter().for_each(|n| out.int(n));
            out.string(WriteType::Simple.name());
        }
        Error::FunctionFailure(_) => {
            out.string("");
            out.string("");
            out.short(0);
        }
        Error::AlreadyExists { keyspace, table } => {
            out.string(keyspace);
            out.string(table);
        }
        Error::Unprepared(id) => out.short_bytes(&id.0.to_be_bytes()),
        _ => {}
    }
}

fn code(error: &Error) -> i32 {
    match error {
        // A driver's own words never reach a driver.
        Error::Server(_) | Error::Client(_) => 0x0000,
        Error::Protocol(_) => 0x000A,
        Error::Authentication(_) => 0x0100,
        Error::Unavailable { .. } => 0x1000,
        Error::Overloaded(_) => 0x1001,
        Error::IsBootstrapping(_) => 0x1002,
        Error::Truncate(_) => 0x1003,
        Error::WriteTimeout { .. } => 0x1100,
        Error::ReadTimeout { .. } => 0x1200,
        Error::ReadFailure(_) => 0x1300,
        Error::FunctionFailure(_) => 0x1400,
        Error::WriteFailure(_) => 0x1500,
        Error::CasWriteUnknown { .. } => 0x1700,
        Error::Syntax(_) => 0x2000,
        Error::Unauthorized(_) => 0x2100,
        Error::Invalid(_) => 0x2200,
        Error::Config(_) => 0x2300,
        Error::AlreadyExists { .. } => 0x2400,
        Error::Unprepared(_) => 0x2500,
    }
}
