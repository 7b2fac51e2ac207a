//! A question about a text, from text to bytes.

use crate::run::wait;
use ask::Came;
use scenario::{bless, told::Question, wire::Said};
use world::{Limits, World};

/// What may be run for one question, in events: about half a second of a slow machine, for the next run waits for it.
pub const EVENTS_MAX: u64 = 400_000;

/// The answer, as the bytes of [`Said::Told`].
pub fn answer(text: &str, question: &Question) -> Vec<u8> {
    let mut left = EVENTS_MAX;
    let mut run = |text: &str, other: Option<ask::Reseed>| {
        let (plan, _) = scenario::parse(text);
        let mut world = World::new(&plan.setup, false);
        world.set_limits(Limits { events: left, ..Limits::default() });
        if let Some(other) = other {
            world.reseed_after(other.after, other.seed);
        }
        let came = Came::of(&wait(bless(text, &mut world, &mut ())));
        let came = came.map(|came| Came { reseeded: world.reseeded().0, ..came });
        // A text that does not run costs its parsing.
        left = left.saturating_sub(world.events().max(10));
        came
    };
    Said::Told(ask::answer(text, question, &mut run)).to_bytes()
}
