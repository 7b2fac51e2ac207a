//! Timeouts that cost nothing while all is well.

use crate::{Cause, Span, Time};
use alloc::collections::VecDeque;

/// Operations that share one timeout, in the order they began, so that one timer serves them all: it is set for the
/// oldest, and set again only while something still waits. Each keeps why it began, for the timer is of one of them only.
/// O(1) for each operation.
#[derive(Clone, Debug)]
pub struct Deadlines {
    span: Span,
    waiting: VecDeque<(Time, u64, Cause)>,
    armed: bool,
}

impl Deadlines {
    /// Operations with this timeout.
    #[must_use]
    pub fn new(span: Span) -> Deadlines {
        Deadlines { span, waiting: VecDeque::new(), armed: false }
    }

    /// An operation begins. `Some` asks for a timer after that span.
    pub fn begin(&mut self, now: Time, op: u64, cause: Cause) -> Option<Span> {
        self.waiting.push_back((now + self.span, op, cause));
        (!core::mem::replace(&mut self.armed, true)).then_some(self.span)
    }

    /// The timer fired: the next operation that is due, whether or not it still lives, and why it began.
    pub fn next_due(&mut self, now: Time) -> Option<(u64, Cause)> {
        self.waiting.pop_front_if(|(due, ..)| *due <= now).map(|(_, op, cause)| (op, cause))
    }

    /// After all that were due: drop what no longer lives from the front, and ask for the next timer, if one is needed.
    pub fn rearm(&mut self, now: Time, lives: impl Fn(u64) -> bool) -> Option<Span> {
        while self.waiting.pop_front_if(|(_, op, _)| !lives(*op)).is_some() {}
        self.armed = !self.waiting.is_empty();
        self.waiting.front().map(|(due, ..)| *due - now)
    }

    /// The process died: nothing waits any more, and a timer that still fires finds nothing.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.armed = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_timer_serves_many() {
        let mut deadlines = Deadlines::new(Span(100));
        assert_eq!(deadlines.begin(Time(0), 1, Cause::default()), Some(Span(100)));
        assert_eq!(deadlines.begin(Time(10), 2, Cause::default()), None);
        assert_eq!(deadlines.begin(Time(90), 3, Cause::default()), None);
        assert_eq!(deadlines.next_due(Time(100)), Some((1, Cause::default())));
        assert_eq!(deadlines.next_due(Time(100)), None);
        assert_eq!(deadlines.rearm(Time(100), |op| op == 3), Some(Span(90)));
        assert_eq!(deadlines.next_due(Time(190)), Some((3, Cause::default())));
        assert_eq!(deadlines.rearm(Time(190), |_| false), None);
        assert_eq!(deadlines.begin(Time(200), 4, Cause::default()), Some(Span(100)));
    }
}
