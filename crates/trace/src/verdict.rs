//! How the run ended: data for one sentence, and one that says why.

use crate::chain::{Chain, Reason};
use crate::explain::explain_to;
use crate::index::{Index, PartitionNo};
use crate::kind::Kind;
use crate::paxos::PaxosStep;
use crate::{Error, ErrorInfo, EventId, Fact, Log, Outcome};
use alloc::{rc::Rc, vec::Vec};
use sim::Id;
use storage::order;

/// How many rows of a partition are asked why before one is chosen to speak for all.
const ROWS_ASKED: usize = 20;

/// How the run ended. It speaks of the end, not of the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No statement was answered.
    NotRun,
    /// Every statement succeeded, and the last was not a read.
    Done,
    /// The last read met this many rows.
    Rows {
        /// How many, or what `count(*)` says.
        rows: u64,
        /// The answer.
        answer: EventId,
        /// The partition that was read and the row that speaks for it, explained.
        why: Option<Because>,
    },
    /// The last statement was a write with an `IF`.
    Condition {
        /// It was applied.
        holds: bool,
        /// The answer.
        answer: EventId,
        /// A row of its partition as it is then, explained.
        why: Option<Because>,
    },
    /// The last statement, or one before successful writes, was given up: written, or not?
    Unknown {
        /// The answer.
        answer: EventId,
        /// The step of the scenario.
        step: u32,
        /// Who has the write all the same.
        have: Vec<Id>,
        /// Who was sent it and has not.
        lack: Vec<Id>,
    },
    /// The last statement, or one before successful writes, was refused or failed.
    Refused {
        /// The answer.
        answer: EventId,
        /// The step of the scenario.
        step: u32,
        /// Replicas needed and believed alive, when there were too few.
        alive: Option<(u16, u16)>,
        /// What the client heard.
        error: Rc<ErrorInfo>,
    },
}

/// What stands behind a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The partition that was read.
    pub partition: PartitionNo,
    /// The clustering key of the row that speaks for it.
    pub row: storage::Bytes,
    /// Why it is there or not.
    pub chain: Chain,
}

/// How a run ended, and why.
///
/// # Errors
/// As [`crate::View::at`].
pub fn verdict(index: &Index, log: &Log<'_>) -> Result<Verdict, Error> {
    let answers = (0..log.len() as u32).rev().map(EventId);
    let is_answer =
        |id: &EventId| matches!(log.kind(*id), Some(Kind::AnswerVoid | Kind::AnswerRows | Kind::AnswerError));
    let Some(mut answer) = answers.clone().find(is_answer) else { return Ok(Verdict::NotRun) };
    if log.kind(answer) == Some(Kind::AnswerVoid) {
        // A success at the end does not undo an error before it.
        let error = |id: &EventId| log.kind(*id) == Some(Kind::AnswerError);
        answer = answers.clone().find(error).unwrap_or(answer);
    }
    let Fact::Answer { step, outcome } = log.fact(answer)? else { return Err(Error::Damaged) };
    Ok(match outcome {
        Outcome::Void => Verdict::Done,
        Outcome::Rows { rows, counted, .. } => {
            let rows = counted.unwrap_or(u64::from(rows));
            match condition(index, log, answer) {
                Some(holds) => Verdict::Condition { holds, answer, why: because(index, log, answer, None)? },
                None => Verdict::Rows { rows, answer, why: because(index, log, answer, Some(rows > 0))? },
            }
        }
        Outcome::Error(error) if error.unknown => {
            let (have, lack) = spread(index, log, answer);
            Verdict::Unknown { answer, step, have, lack }
        }
        Outcome::Error(error) => {
            let decided = log
                .submit_of(answer, 256)
                .and_then(|submit| index.story.events_of(submit).find(|id| log.kind(*id) == Some(Kind::Unavailable)));
            let alive = match decided.map(|id| log.fact(id)) {
                Some(Ok(Fact::Unavailable { alive, required })) => Some((required, alive)),
                _ => None,
            };
            Verdict::Refused { answer, step, alive, error }
        }
    })
}

/// Whether the condition of a statement held; none: it has none.
pub(crate) fn condition(index: &Index, log: &Log<'_>, answer: EventId) -> Option<bool> {
    let paxos = index.story.events_of(index.story.submit_of(answer)?).filter(|id| log.kind(*id) == Some(Kind::Paxos));
    paxos
        .filter_map(|id| match log.fact(id) {
            Ok(Fact::Paxos { step: PaxosStep::Holds, .. }) => Some(true),
            Ok(Fact::Paxos { step: PaxosStep::Fails, .. }) => Some(false),
            _ => None,
        })
        .next_back()
}

/// The row that speaks for what a read met, rows or none: the first whose chain has a comparison that decides, else the first. What a
/// condition met is told as it is once that is answered: a row that is seen or not.
fn because(index: &Index, log: &Log<'_>, answer: EventId, met: Option<bool>) -> Result<Option<Because>, Error> {
    let Some(submit) = index.story.submit_of(answer) else { return Ok(None) };
    let reads = || index.story.events_of(submit).filter(|id| log.kind(*id) == Some(Kind::Read));
    let mut readers: Vec<Id> = reads().filter_map(|id| log.who(id)).collect();
    order::sort_by(&mut readers, Ord::cmp);
    readers.dedup();
    // Partitions with the first event that read them: later ones may see what a read repair has already changed.
    let mut read: Vec<(u32, EventId)> = Vec::new();
    for id in reads() {
        let Some(no) =
            log.place_no(id).filter(|no| read.len() < ROWS_ASKED && read.iter().all(|(known, _)| known != no))
        else {
            continue;
        };
        let place = log.place(no)?;
        if place.key.is_some() {
            read.push((no, id));
            continue;
        }
        // A range: the partitions of that table that were ever written.
        let written = (0..index.places).filter(|no| !index.rows(*no).is_empty());
        let of_table = |no: &u32| log.place(*no).is_ok_and(|other| other.table == place.table);
        read = written.filter(of_table).take(ROWS_ASKED).map(|no| (no, id)).collect();
        break;
    }
    let (mut first, mut left) = (None, 2 * ROWS_ASKED);
    for (no, at) in read {
        for row in index.row_keys(log, PartitionNo(no)).take(ROWS_ASKED) {
            let Some(fewer) = left.checked_sub(1) else { return Ok(first) };
            left = fewer;
            let at = if met.is_some() { at } else { answer };
            let (chain, shown) = explain_to(index, log, (at, answer), PartitionNo(no), &row, &readers)?;
            if met.is_some_and(|met| shown != met) {
                continue;
            }
            let speaks = chain.links.iter().any(|link| speaks(&link.reason, shown));
            let because = Because { partition: PartitionNo(no), row, chain };
            if speaks {
                return Ok(Some(because));
            }
            first = first.or(Some(because));
        }
    }
    Ok(first)
}

/// Whether a reason is news, given that the reader met rows or none.
fn speaks(reason: &Reason, rows: bool) -> bool {
    match reason {
        Reason::FallsShort { later, .. } => rows && !later,
        Reason::Outdone { .. } => rows,
        Reason::Covers { .. }
        | Reason::Truncated { .. }
        | Reason::Expired(_)
        | Reason::Emptied
        | Reason::Forgotten { .. } => !rows,
        Reason::Missed { .. } | Reason::Purged { .. } | Reason::LeftOut { .. } => true,
        Reason::Dated { .. } | Reason::Uncovered | Reason::Differ { .. } | Reason::Repaired { .. } => false,
        Reason::Unwritten | Reason::NoError { .. } | Reason::Read { .. } => false,
    }
}

/// Who has what a given-up write wrote, and who was sent it and has not.
fn spread(index: &Index, log: &Log<'_>, answer: EventId) -> (Vec<Id>, Vec<Id>) {
    let (mut have, mut sent) = (Vec::new(), Vec::new());
    if let Some(submit) = index.story.submit_of(answer) {
        for id in index.story.events_of(submit) {
            match log.kind(id) {
                Some(Kind::Apply) => have.extend(log.who(id)),
                Some(Kind::Send) if log.said(id) == Some(crate::Said::Mutation) => {
                    sent.extend(log.columns(id).map(|(_, _, c)| Id(c as u16)));
                }
                _ => {}
            }
        }
    }
    order::sort_by(&mut have, Ord::cmp);
    have.dedup();
    order::sort_by(&mut sent, Ord::cmp);
    sent.dedup();
    sent.retain(|id| have.binary_search(id).is_err());
    (have, sent)
}
