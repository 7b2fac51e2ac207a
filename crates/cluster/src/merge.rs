//! Answers of several replicas, joined into one, and what each of them lacked.

use crate::message::{Answer, Held, Question};
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use sim::Id;
use storage::{Bytes, Dialect, Mutation, Partition, PartitionKey};

/// What a merge found.
pub(crate) struct Merged {
    /// The joined partitions.
    pub(crate) answer: Answer,
    /// What to write to whom so that all that answered hold the same.
    pub(crate) lacking: Vec<(Id, Rc<Mutation>)>,
    /// An answer that ended at its limit may hide rows that are now needed: ask again, with a higher one.
    pub(crate) short: bool,
}

/// One partition while it is joined.
#[derive(Default)]
struct Joining {
    partition: Partition,
    /// The nearest row at which some replica's answer ended: behind it, not all have said what they hold.
    horizon: Option<Bytes>,
}

/// Join what these replicas answered to one question. `now` in Unix seconds. O(cells).
pub(crate) fn merge(question: &Question, rows: &[(Id, Rc<Answer>)], dialect: Dialect, now: i64) -> Merged {
    let reversed = question.command.reversed;
    let last = |answer: &Answer| answer.partitions.last().map(|held| held.state.key.clone());
    // Behind the last partition of an answer that was ended, that replica has said nothing.
    let more = rows.iter().any(|(_, answer)| answer.more);
    let end = rows.iter().filter(|(_, answer)| answer.more).filter_map(|(_, answer)| last(answer)).min();
    let mut joined: BTreeMap<&PartitionKey, Joining> = BTreeMap::new();
    for held in rows.iter().flat_map(|(_, answer)| &answer.partitions) {
        if end.as_ref().is_none_or(|end| held.state.key <= *end) {
            let joining = joined.entry(&held.state.key).or_default();
            joining.partition.join(&held.state.delta, dialect);
            let ended = ended_at(held, reversed);
            joining.horizon = match (joining.horizon.take(), ended) {
                (Some(a), Some(b)) if hides(&a, &b, reversed) => Some(a),
                (_, Some(b)) => Some(b),
                (a, None) => a,
            };
        }
    }
    let (mut live, mut short) = (0, false);
    for Joining { partition, horizon } in joined.values_mut() {
        partition.shed(&[]);
        if let Some(horizon) = horizon {
            partition.rows.retain(|row, _| !hides(horizon, row, reversed));
        }
        let rows = partition.live_rows(now);
        live += rows;
        short |= horizon.is_some() && rows < u64::from(question.command.limit.min(question.rows_max));
    }
    short |= more && live < u64::from(question.rows_max);
    let mut lacking = Vec::new();
    if !short {
        let columns = question.command.columns.as_deref();
        let none = Partition::default();
        for (id, answer) in rows {
            for (key, Joining { partition, .. }) in &joined {
                let held = answer.partitions.binary_search_by(|held| held.state.key.cmp(key)).ok();
                let held = held.and_then(|at| answer.partitions.get(at)).map_or(&none, |held| &held.state.delta);
                if let Some(delta) = held.diff(partition, columns) {
                    let mutation = Mutation { table: question.table, key: (*key).clone(), delta };
                    lacking.push((*id, Rc::new(mutation)));
                }
            }
        }
    }
    let held = |(key, joining): (&PartitionKey, Joining)| {
        let mutation = Mutation { table: question.table, key: key.clone(), delta: joining.partition };
        Held { state: Rc::new(mutation), complete: joining.horizon.is_none() }
    };
    Merged { answer: Answer { partitions: joined.into_iter().map(held).collect(), more }, lacking, short }
}

/// The last row of a partition that a limit ended.
fn ended_at(held: &Held, reversed: bool) -> Option<Bytes> {
    let mut rows = held.state.delta.rows.iter();
    let last = if reversed { rows.next() } else { rows.next_back() };
    last.filter(|_| !held.complete).map(|(row, _)| row.clone())
}

/// Whether a row lies behind a horizon, in the direction of reading.
fn hides(horizon: &Bytes, row: &Bytes, reversed: bool) -> bool {
    if reversed { row < horizon } else { row > horizon }
}
