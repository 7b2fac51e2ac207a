//! What runs in the world: decides, and says what it wants done.

use crate::{Cause, Chance, Span, Time};
use alloc::vec::Vec;

/// A machine: nodes and clients share one numbering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u16);

impl Id {
    /// Its place in a list of machines.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a machine wants done. `M` is what it sends, `T` says why a timer was set, `F` is a fact for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect<M, T, F> {
    /// Hand this to another machine, by way of the network.
    Send(Id, M),
    /// Step me with this after so long.
    Wake(Span, T),
    /// This happened.
    Note(F),
    /// Keep what this step is doing things because of, for a later step.
    Remember(Cause),
    /// What follows in this step is because of that, not of what the step began with: a timer fired for an operation.
    Recall(Cause),
}

/// What a machine is given with each input: the time on its own clock, its own luck, and a place for its wishes.
pub struct Ctx<'a, M, T, F> {
    /// Unix time by this machine's own clock, microseconds.
    pub now: i64,
    /// Its monotonic clock: how long the run has lasted. Good for measuring spans, useless for dating anything.
    pub elapsed: Time,
    /// Its luck.
    pub luck: &'a mut Chance,
    /// Whether anybody reads the facts: a fact that costs something to make is only made then.
    pub noting: bool,
    effects: &'a mut Vec<Effect<M, T, F>>,
}

impl<'a, M, T, F> Ctx<'a, M, T, F> {
    /// A context whose effects are appended to `effects`.
    pub fn new(
        now: i64,
        elapsed: Time,
        luck: &'a mut Chance,
        noting: bool,
        effects: &'a mut Vec<Effect<M, T, F>>,
    ) -> Self {
        Ctx { now, elapsed, luck, noting, effects }
    }

    /// Hand a message to the network.
    pub fn send(&mut self, to: Id, message: M) {
        self.effects.push(Effect::Send(to, message));
    }

    /// Be stepped with `why` after `span` of true time.
    pub fn wake(&mut self, span: Span, why: T) {
        self.effects.push(Effect::Wake(span, why));
    }

    /// Record a fact, if anybody reads them.
    pub fn note(&mut self, fact: impl FnOnce() -> F) {
        if self.noting {
            self.effects.push(Effect::Note(fact()));
        }
    }

    /// What the next effect would be because of, to be kept with whatever goes on later.
    #[must_use]
    pub fn remember(&mut self) -> Cause {
        if !self.noting {
            return Cause::default();
        }
        let cause = Cause::open();
        self.effects.push(Effect::Remember(cause.clone()));
        cause
    }

    /// What follows is because of what was remembered.
    pub fn recall(&mut self, cause: &Cause) {
        if cause.is_kept() {
            self.effects.push(Effect::Recall(cause.clone()));
        }
    }
}

/// Something that reacts. The same machine runs in the model, in a test, or behind a socket.
pub trait Machine {
    /// What it reacts to.
    type Input;
    /// What it sends.
    type Message;
    /// Why it wakes.
    type Timer;
    /// What it records.
    type Fact;

    /// React to one input. No input may panic.
    fn step(&mut self, input: Self::Input, cx: &mut Ctx<'_, Self::Message, Self::Timer, Self::Fact>);
}
