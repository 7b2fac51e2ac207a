//! A modification and its values to mutations: one for each partition.

use super::{
    Plan, Write,
    collection::{Operation, Stamp},
    keys,
    modify::{Kind, Modify},
    read_first::{Place, ReadFirst},
    term::{Binding, Bound},
};
use crate::{
    request::{BatchKind, Error},
    schema::TTL_MAX,
};
use alloc::{boxed::Box, collections::BTreeMap, format, rc::Rc, vec::Vec};
use storage::{Bytes, Dialect, Expiry, Marker, Mutation, Partition, PartitionKey, RangeTombstone, Row, TableId};

/// Cassandra 5.0 in its default compatibility mode stores expiry as seconds until 2038-01-19T03:14:06.
const EXPIRY_MAX: i64 = i32::MAX as i64 - 1;

/// What statements write, as it is gathered.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) mutations: Vec<Rc<Mutation>>,
    pub(super) places: Vec<Place>,
    pub(super) own_timestamp: Option<i64>,
    /// Where each partition is among many mutations; a few are simply looked through.
    index: BTreeMap<(TableId, PartitionKey), usize>,
}

/// So many mutations are looked through.
const FEW: usize = 16;

impl Gathered {
    /// Adds one partition's changes; those of one partition become one mutation.
    fn add(&mut self, table: TableId, key: PartitionKey, delta: Partition) -> usize {
        let few = self.mutations.len() < FEW;
        if !few && self.index.is_empty() {
            self.index = (0..).zip(&self.mutations).map(|(at, have)| ((have.table, have.key.clone()), at)).collect();
        }
        let same = if few {
            self.mutations.iter().position(|have| have.table == table && have.key == key)
        } else {
            self.index.get(&(table, key.clone())).copied()
        };
        if let Some((at, have)) = same.and_then(|at| Some((at, self.mutations.get_mut(at)?))) {
            Rc::make_mut(have).delta.join(&delta, Dialect::Cassandra);
            return at;
        }
        if !few {
            self.index.insert((table, key.clone()), self.mutations.len());
        }
        self.mutations.push(Rc::new(Mutation { table, key, delta }));
        self.mutations.len() - 1
    }

    /// The plan of it all.
    pub(super) fn plan(self, kind: Option<BatchKind>) -> Plan {
        if self.mutations.is_empty() {
            return Plan::Nothing;
        }
        if !self.places.is_empty() {
            return Plan::ReadThenWrite(Box::new(ReadFirst::new(self, kind)));
        }
        Plan::Write(Write { mutations: self.mutations, kind, own_timestamp: self.own_timestamp })
    }
}

impl Modify {
    /// What it writes. `batch_timestamp` is the batch's own.
    pub(super) fn bind(&self, batch_timestamp: Option<i64>, binding: &mut Binding<'_, '_>) -> Result<Gathered, Error> {
        let mut gathered = Gathered::default();
        let keys = self.keys(binding)?;
        self.bind_into(&mut gathered, keys, batch_timestamp, binding)?;
        Ok(gathered)
    }

    /// Of which partitions.
    pub(super) fn keys(&self, binding: &mut Binding<'_, '_>) -> Result<Vec<PartitionKey>, Error> {
        keys::partitions(&self.partition, &self.table, binding)
    }

    /// The same, into what others wrote. What is wrong with the keys of any statement of a batch is told before all else.
    pub(super) fn bind_into(
        &self,
        gathered: &mut Gathered,
        keys: Vec<PartitionKey>,
        batch_timestamp: Option<i64>,
        binding: &mut Binding<'_, '_>,
    ) -> Result<(), Error> {
        let (stamp, own_timestamp) = match self.stamp(batch_timestamp, binding) {
            Ok(stamp) => stamp,
            // What is wrong with clustering keys is told before, and without rows nothing is wrong.
            Err(error) => return if self.names_rows(binding)? { Err(error) } else { Ok(()) },
        };
        gathered.own_timestamp = own_timestamp;
        let statement = gathered.places.len();
        for key in keys {
            let mut places = Vec::new();
            let delta = self.delta(&stamp, binding, &mut places)?;
            let at = gathered.add(self.table.id, key, delta);
            gathered.places.extend(places.into_iter().map(|place| Place { mutation: at, statement, stamp, ..place }));
        }
        Ok(())
    }

    /// How it is dated, and by its own `USING TIMESTAMP` or its batch's.
    fn stamp(
        &self,
        batch_timestamp: Option<i64>,
        binding: &mut Binding<'_, '_>,
    ) -> Result<(Stamp, Option<i64>), Error> {
        let own = match &self.timestamp {
            Some(term) => term.bind(binding).and_then(timestamp)?,
            None => None,
        };
        let own = own.or(batch_timestamp);
        let expiry = self.expiry(binding)?;
        if own == Some(i64::MIN) {
            return Err(Error::Invalid(format!("Out of bound timestamp, must be in [{}, {}]", -i64::MAX, i64::MAX)));
        }
        let timestamp = own.unwrap_or(binding.clock.moment.timestamp);
        Ok((Stamp { timestamp, expiry, seconds: binding.clock.moment.seconds() }, own))
    }

    /// Whether its clustering keys, where it has some, name rows.
    fn names_rows(&self, binding: &mut Binding<'_, '_>) -> Result<bool, Error> {
        if !self.rows || self.clustering.is_empty() && self.span.is_none() {
            return Ok(true);
        }
        if keys::width(&self.clustering) == self.table.clustering().len() {
            return Ok(keys::clusterings(&self.clustering, &self.table, binding)?.next().is_some());
        }
        Ok(!keys::slices(&self.clustering, self.span.as_ref(), false, &self.table, binding)?.is_empty())
    }

    /// What is written to each partition.
    fn delta(&self, stamp: &Stamp, binding: &mut Binding<'_, '_>, places: &mut Vec<Place>) -> Result<Partition, Error> {
        let Some(mut delta) = self.written_rows(stamp, binding, places)? else { return Ok(Partition::default()) };
        // After the rows: of several wrong values the server names that of a row.
        if !self.statics.is_empty() {
            let mut row = Row::default();
            self.operations(&self.statics, None, &mut row, stamp, binding, places)?;
            delta.static_row = Some(Box::new(row));
        }
        Ok(delta)
    }

    /// What is written to each partition but its static row; nothing is written at all to none of its rows.
    fn written_rows(
        &self,
        stamp: &Stamp,
        binding: &mut Binding<'_, '_>,
        places: &mut Vec<Place>,
    ) -> Result<Option<Partition>, Error> {
        let mut delta = Partition::default();
        if !self.rows {
            return Ok(Some(delta));
        }
        let whole = self.kind == Kind::Delete && self.regular.is_empty() && self.statics.is_empty();
        if self.kind == Kind::Delete && !whole && keys::width(&self.clustering) < self.table.clustering().len() {
            // Said as late as this: what is wrong with keys comes first, and no rows is nothing to do.
            let slices = keys::slices(&self.clustering, self.span.as_ref(), false, &self.table, binding)?;
            return match slices.is_empty() {
                true => Ok(None),
                false => Err(Error::invalid("Range deletions are not supported for specific columns")),
            };
        }
        if whole {
            self.delete(&mut delta, stamp, binding)?;
            return Ok(Some(delta));
        }
        if self.kind != Kind::Insert && self.regular.is_empty() {
            // Its row is only named, by an `IF`.
            return Ok(Some(delta));
        }
        let keys = if self.table.clustering().is_empty() {
            keys::single(Bytes::from([]))
        } else {
            keys::clusterings(&self.clustering, &self.table, binding)?
        };
        for key in keys {
            let mut row = Row { columns: Vec::with_capacity(self.regular.len()), ..Row::default() };
            if self.kind == Kind::Insert {
                row.marker = Some(Marker { timestamp: stamp.timestamp, expiry: stamp.expiry });
            }
            self.operations(&self.regular, Some(&key), &mut row, stamp, binding, places)?;
            delta.rows.insert(key, row);
        }
        Ok(Some(delta))
    }

    fn operations(
        &self,
        operations: &[Operation],
        clustering: Option<&Bytes>,
        row: &mut Row,
        stamp: &Stamp,
        binding: &mut Binding<'_, '_>,
        places: &mut Vec<Place>,
    ) -> Result<(), Error> {
        for operation in operations {
            if let Some(pending) = operation.apply(row, stamp, binding)? {
                places.push(Place {
                    table: self.table.clone(),
                    mutation: 0,
                    statement: 0,
                    own: row.columns.iter().find(|(id, _)| *id == operation.column).cloned(),
                    clustering: clustering.cloned(),
                    column: operation.column,
                    pending,
                    stamp: *stamp,
                });
            }
        }
        Ok(())
    }

    /// Whole rows: a partition, row or range tombstone (semantics.md 1).
    fn delete(&self, delta: &mut Partition, stamp: &Stamp, binding: &mut Binding<'_, '_>) -> Result<(), Error> {
        let tombstone = stamp.tombstone();
        let whole = keys::width(&self.clustering) == self.table.clustering().len();
        if self.clustering.is_empty() && self.span.is_none() {
            delta.tombstone = Some(tombstone);
        } else if whole {
            for key in keys::clusterings(&self.clustering, &self.table, binding)? {
                delta.rows.insert(key, Row { tombstone: Some(tombstone), ..Row::default() });
            }
        } else {
            for slice in keys::slices(&self.clustering, self.span.as_ref(), false, &self.table, binding)? {
                delta.delete_range(RangeTombstone { start: slice.start, end: slice.end, tombstone });
            }
        }
        Ok(())
    }

    fn expiry(&self, binding: &mut Binding<'_, '_>) -> Result<Option<Expiry>, Error> {
        let default = i64::from(self.table.options.default_time_to_live);
        let ttl = match &self.ttl {
            None => default,
            Some(term) => match term.bind(binding)? {
                Bound::Value(value) => i64::from(<[u8; 4]>::try_from(&*value).map_or(0, i32::from_be_bytes)),
                Bound::Null => 0,
                Bound::Unset => default,
            },
        };
        if ttl < 0 {
            return Err(Error::Invalid(format!("A TTL must be greater or equal to 0, but was {ttl}")));
        }
        if ttl > TTL_MAX {
            return Err(Error::Invalid(format!("ttl is too large. requested ({ttl}) maximum ({TTL_MAX})")));
        }
        if ttl == 0 || self.kind == Kind::Delete {
            return Ok(None);
        }
        let at = binding.clock.moment.seconds() + ttl;
        if at > EXPIRY_MAX {
            return Err(Error::Invalid(format!(
                "Request on table {}.{} with {}ttl of {ttl} seconds exceeds maximum supported expiration date of 2038-01-19T03:14:06+00:00. In order to avoid this use a lower TTL, change the expiration date overflow policy or upgrade to a version where this limitation is fixed. See CASSANDRA-14092 and CASSANDRA-14227 for more details.",
                self.table.keyspace,
                self.table.name,
                if self.ttl.is_none() { "default " } else { "" }
            )));
        }
        Ok(Some(Expiry { ttl: ttl as u32, at }))
    }
}

/// A `USING TIMESTAMP`; null is refused, unset is none.
pub(super) fn timestamp(bound: Bound) -> Result<Option<i64>, Error> {
    match bound {
        Bound::Unset => Ok(None),
        Bound::Null => Err(Error::invalid("Invalid null value of timestamp")),
        Bound::Value(value) => match <[u8; 8]>::try_from(&*value).map(i64::from_be_bytes) {
            Ok(timestamp) => Ok(Some(timestamp)),
            Err(_) => Err(Error::invalid("Invalid timestamp value")),
        },
    }
}
