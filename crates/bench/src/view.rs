//! Looking: the world at any event of a real trace.

use std::hint::black_box;
use std::rc::Rc;

use cql::{Consistency, Params, Request, Value};
use trace::{EventId, Focus, Index, PartitionNo, Trace, View, Window};

use crate::model::with_insert;
use crate::{Figure, Watch, timed};

const VIEWS: u32 = 100;
/// Rows of one partition, so that what is on screen has something to fold.
const ROWS: u32 = 500;

/// Views at events all over a trace of about so many events.
pub fn at(events: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let trace = made(events)?;
    let log = trace.log();
    let index = Index::build(&log).map_err(|error| error.to_string())?;
    timed(watch, || {
        for n in 0..VIEWS {
            let cursor = EventId(n.wrapping_mul(611_953) % trace.len() as u32);
            let partition = PartitionNo(index.partitions() / 2);
            let focus = Focus { partitions: vec![Window { partition, skip: 0, rows: 50 }] };
            black_box(View::at(&index, &log, cursor, &focus).map_err(|error| error.to_string())?);
        }
        Ok((f64::from(VIEWS), 0.0))
    })
}

/// The index of such a trace: how long until any event can be shown, and its bytes.
pub fn index(events: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let trace = made(events)?;
    let mut bytes = 0;
    let figure = timed(watch, || {
        bytes = Index::build(&trace.log()).map_err(|error| error.to_string())?.bytes_used();
        Ok((trace.len() as f64, 0.0))
    })?;
    Ok(Figure { bytes: bytes as f64, ..figure })
}

/// Bytes of an event with its interned payload, and its time with all that leads to it.
pub fn event(events: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let mut bytes = 0;
    let figure = timed(watch, || {
        let trace = made(events)?;
        bytes = trace.bytes_used();
        Ok((trace.len() as f64, 0.0))
    })?;
    Ok(Figure { bytes: bytes as f64, ..figure })
}

/// A real trace: INSERTs at RF 3 and QUORUM into forty partitions.
fn made(events: u32) -> Result<Trace, String> {
    let (mut world, id) = with_insert(3, 3, true)?;
    let mut n = 0u32;
    while world.trace().is_none_or(|trace| trace.len() < events as usize) {
        let bytes = |n: u32| Value::Bytes(n.to_be_bytes().into());
        let values = vec![bytes(n % 40), bytes(n / 40 % ROWS), bytes(n), bytes(n)];
        let params = Params { keyspace: Some("demo".into()), values, ..Params::at(Consistency::Quorum) };
        world.ask(Rc::new(Request::Execute { id, params })).map_err(|error| format!("{error:?}"))?;
        n += 1;
    }
    world.take_trace().ok_or_else(|| "no trace".into())
}
