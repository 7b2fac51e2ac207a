//! One run, from text to bytes.

use scenario::wire::{Done, Run, Said};
use scenario::{End, Progress, Watch, bless, link};
use std::{
    future::Future,
    ops::ControlFlow,
    pin::pin,
    task::{Context, Poll, Waker},
};
use world::World;

/// Says how far a run is, whenever `due` says that it is time.
struct Teller<F, D> {
    say: F,
    due: D,
}

impl<F: FnMut(&Progress), D: FnMut() -> bool> Watch for Teller<F, D> {
    async fn look(&mut self, progress: &Progress) -> ControlFlow<()> {
        if (self.due)() {
            (self.say)(progress);
        }
        ControlFlow::Continue(())
    }
}

/// Runs a text on the model. `say` hears how far it is whenever `due`; the answer is what [`Said::Done`] or [`Said::Failed`]
/// is as bytes.
pub fn run(asked: Run<'_>, say: impl FnMut(&Progress), due: impl FnMut() -> bool) -> Vec<u8> {
    let failed = |why: &str| Said::Failed(why).to_bytes();
    let (plan, _) = scenario::parse(asked.text);
    let mut world = World::new(&plan.setup, true);
    let mut teller = Teller { say, due };
    let blessed = wait(bless(asked.text, &mut world, &mut teller));
    let stopped = match &blessed.end {
        End::Whole | End::Faulty => None,
        End::Skipped(why) | End::Broken(why) => return failed(why),
        End::Stopped { line, why } => Some((*line, why.as_str())),
        End::Cancelled => return failed("It was ended."),
    };
    let digest = world.digest().to_string();
    let trace = world.take_trace().filter(|_| asked.trace);
    // What it wrote down is written once more, as one message: a large run has room for that when the cluster is gone.
    drop(world);
    let trace = match trace.map(|trace| trace.to_bytes()) {
        Some(Ok(bytes)) => bytes,
        Some(Err(error)) => return failed(&error.to_string()),
        None => Vec::new(),
    };
    let outcomes = link::digests(&blessed.answers);
    let meaning = scenario::meaning(&blessed.text);
    Said::Done(Done { text: &blessed.text, digest: &digest, stopped, outcomes, trace: &trace, meaning }).to_bytes()
}

/// The model never waits for anything outside, so its future is driven here and now.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
    }
}
