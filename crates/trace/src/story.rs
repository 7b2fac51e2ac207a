//! The run as a list of statements and of moments worth a look.

use crate::kind::{Kind, Said};
use crate::log::Log;
use crate::trace::NONE;
use crate::{Error, EventId, Fact, HintState, Met};
use alloc::vec::Vec;

/// A clock that is off by no more than this is not worth a look, microseconds: Cassandra cuts to the millisecond.
const SKEW_MIN: i64 = 2_000;

/// What became of each statement, and what was odd.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// In order of submission.
    pub statements: Vec<Statement>,
    /// In order of events.
    pub anomalies: Vec<Anomaly>,
    /// The number of the statement that each event stems from, or [`NONE`].
    of: Vec<u32>,
}

/// A statement from submission to the last thing that happened because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The step's number in the scenario.
    pub step: u32,
    /// Its first event.
    pub submit: EventId,
    /// When its client heard.
    pub answer: Option<EventId>,
    /// The last event because of it; other statements' events may lie between.
    pub last: EventId,
    /// How many events.
    pub events: u32,
    /// Its coordinator gave it up or refused it.
    pub troubled: bool,
}

/// A moment worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anomaly {
    /// When.
    pub event: EventId,
    /// What.
    pub kind: AnomalyKind,
}

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnomalyKind {
    /// A timestamp comes from a clock that is off.
    Skewed {
        /// Microseconds ahead of true time; negative is behind.
        ahead: i64,
    },
    /// A tombstone lands among cells and does not cover all of them.
    Spares {
        /// Cells it covers.
        covered: u32,
        /// Cells in its place.
        of: u32,
    },
    /// A write is hidden as it lands.
    ShadowedOnArrival,
    /// A message never lands.
    Lost,
    /// A statement is given up; a write may have happened.
    Timeout,
    /// A statement is refused.
    Unavailable,
    /// A client hears an error of another kind.
    Refused,
    /// Replicas differ.
    Mismatch,
    /// A hint is not kept, or given up.
    HintLost,
    /// A node is believed dead.
    Convicted,
    /// A deletion is forgotten.
    Purged,
    /// What was written is gone after a crash.
    Forgotten,
}

impl Story {
    /// Nothing of a trace is read yet.
    pub(crate) fn new(log: &Log<'_>) -> Story {
        Story { of: Vec::with_capacity(log.len()), ..Story::default() }
    }

    /// Read the next event.
    pub(crate) fn take(&mut self, log: &Log<'_>, id: EventId, kind: Kind) -> Result<(), Error> {
        let of = self.stems(log, id, kind)?;
        self.of.push(of);
        if let Some(kind) = anomaly(log, id, kind)? {
            self.anomalies.push(Anomaly { event: id, kind });
        }
        let Some(statement) = self.statements.get_mut(of as usize) else { return Ok(()) };
        statement.last = id;
        statement.events += 1;
        match kind {
            Kind::Timeout | Kind::Unavailable => statement.troubled = true,
            // A timeout and a refusal were told where they were decided.
            Kind::AnswerError if !statement.troubled => {
                self.anomalies.push(Anomaly { event: id, kind: AnomalyKind::Refused });
            }
            _ => {}
        }
        if matches!(kind, Kind::AnswerVoid | Kind::AnswerRows | Kind::AnswerError) {
            statement.answer = statement.answer.or(Some(id));
        }
        Ok(())
    }

    /// The statement that an event stems from; a new one for a Submit.
    fn stems(&mut self, log: &Log<'_>, id: EventId, kind: Kind) -> Result<u32, Error> {
        let (_, _, c) = log.columns(id).ok_or(Error::Damaged)?;
        if kind == Kind::Submit {
            self.statements.push(Statement { step: c, submit: id, answer: None, last: id, events: 0, troubled: false });
            return Ok(self.statements.len() as u32 - 1);
        }
        Ok(log.cause(id).and_then(|cause| self.of.get(cause.index()).copied()).unwrap_or(NONE))
    }

    /// How many events it has read.
    pub(crate) fn len(&self) -> usize {
        self.of.len()
    }

    /// The number of the statement that an event stems from.
    #[must_use]
    pub fn statement_of(&self, id: EventId) -> Option<usize> {
        self.of.get(id.index()).map(|of| *of as usize).filter(|of| *of < self.statements.len())
    }

    /// The Submit that an event stems from.
    #[must_use]
    pub fn submit_of(&self, id: EventId) -> Option<EventId> {
        self.statement_of(id).and_then(|of| self.statements.get(of)).map(|statement| statement.submit)
    }

    /// Everything that stems from a Submit, in order, itself included.
    pub fn events_of(&self, submit: EventId) -> impl DoubleEndedIterator<Item = EventId> + '_ {
        let of = self.of.get(submit.index()).copied().unwrap_or(NONE);
        let last = self.statements.get(of as usize).map_or(submit, |statement| statement.last);
        let from = if of == NONE { u32::MAX } else { submit.0 };
        (from..last.0.saturating_add(1)).map(EventId).filter(move |id| self.of.get(id.index()) == Some(&of))
    }

    /// The first anomaly after an event.
    #[must_use]
    pub fn next_anomaly(&self, after: EventId) -> Option<Anomaly> {
        self.anomalies.get(self.anomalies.partition_point(|anomaly| anomaly.event <= after)).copied()
    }

    /// The last anomaly before an event.
    #[must_use]
    pub fn previous_anomaly(&self, before: EventId) -> Option<Anomaly> {
        let next = self.anomalies.partition_point(|anomaly| anomaly.event < before);
        next.checked_sub(1).and_then(|last| self.anomalies.get(last)).copied()
    }
}

fn anomaly(log: &Log<'_>, id: EventId, kind: Kind) -> Result<Option<AnomalyKind>, Error> {
    let (a, _, c) = log.columns(id).ok_or(Error::Damaged)?;
    Ok(match kind {
        Kind::Stamp => {
            // Only a clock can be skewed; USING TIMESTAMP means what it says.
            let clock = c >= 2;
            clock
                .then(|| ahead(log, id))
                .flatten()
                .filter(|ahead| ahead.abs() >= SKEW_MIN)
                .map(|ahead| AnomalyKind::Skewed { ahead })
        }
        Kind::Apply => {
            let Met { covered, of, hidden } = log.met(id).ok_or(Error::Damaged)?;
            let deletes = log.shape(id).is_some_and(|shape| shape.tombstone);
            match hidden {
                1.. if hidden != Met::UNKNOWN => Some(AnomalyKind::ShadowedOnArrival),
                _ if deletes && of != Met::UNKNOWN && covered < of => Some(AnomalyKind::Spares { covered, of }),
                _ => None,
            }
        }
        Kind::Lost => Some(AnomalyKind::Lost),
        Kind::Timeout => Some(AnomalyKind::Timeout),
        Kind::Unavailable => Some(AnomalyKind::Unavailable),
        Kind::Mismatch => Some(AnomalyKind::Mismatch),
        Kind::Hint => match log.fact(id)? {
            Fact::Hint { state: HintState::Expired | HintState::Refused, .. } => Some(AnomalyKind::HintLost),
            _ => None,
        },
        Kind::Convict => Some(AnomalyKind::Convicted),
        Kind::Compact => (a > 0).then_some(AnomalyKind::Purged),
        Kind::Replay => {
            let (_, lost, _) = log.columns(id).ok_or(Error::Damaged)?;
            (lost > 0).then_some(AnomalyKind::Forgotten)
        }
        _ => None,
    })
}

/// How far the clock of an event's machine is ahead of true time, microseconds.
pub(crate) fn ahead(log: &Log<'_>, id: EventId) -> Option<i64> {
    let now = log.epoch().checked_add(i64::try_from(log.at(id)?.0).ok()?)?;
    log.own(id)?.checked_sub(now)
}

impl Log<'_> {
    /// Where a payload was lost on its way to a machine, or what became of the hint for it.
    pub(crate) fn missed(&self, payload: u32, who: sim::Id) -> Option<EventId> {
        let (mut lost, mut sends) = (None, Vec::new());
        for at in 0..self.len() as u32 {
            let id = EventId(at);
            match self.kind(id)? {
                Kind::Send if self.columns(id)?.1 == payload && self.columns(id)?.2 as u16 == who.0 => {
                    if matches!(self.said(id), Some(Said::Mutation | Said::Hint | Said::Repair)) {
                        sends.push(id);
                    }
                }
                Kind::Lost if self.cause(id).is_some_and(|cause| sends.contains(&cause)) => lost = Some(id),
                // Kept, sent or given up: a hint's last word.
                Kind::Hint if self.columns(id)?.1 == payload && self.columns(id)?.2 as u16 == who.0 => lost = Some(id),
                _ => {}
            }
        }
        lost
    }
}
