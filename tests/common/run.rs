//! One scenario on the model, to its end.

use scenario::{Backend, Blessed, Setup};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use world::World;

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    /// The text with its outcomes, and how it ended.
    pub blessed: Blessed,
    /// The world afterwards, with its trace.
    pub world: World,
}

impl Run {
    /// Over the whole trace and the final state, 16 hex digits.
    #[must_use]
    pub fn digest(&self) -> String {
        self.world.digest().to_string()
    }

    /// Every event as its line.
    #[must_use]
    pub fn lines(mut self) -> Vec<String> {
        self.world.account()
    }
}

/// Run a text on the model.
#[must_use]
pub fn run(text: &str) -> Run {
    let mut world = World::new(&Setup::default(), true);
    let blessed = now(scenario::bless(text, &mut world, &mut ()));
    Run { blessed, world }
}

/// Run a text with another seed.
#[must_use]
pub fn run_with_seed(text: &str, seed: u64) -> Run {
    run(&scenario::with_seed(text, seed))
}

/// The model never waits for anything outside, so its futures are ready when they are asked.
///
/// # Panics
/// If one is not: that would be a bug in the model.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the model waited for something outside"),
    }
}
