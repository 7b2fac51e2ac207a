//! One run, from text to bytes.

use crate::frame::{Done, Said};
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

impl<F: FnMut(Said), D: FnMut() -> bool> Watch for Teller<F, D> {
    async fn look(&mut self, progress: &Progress) -> ControlFlow<()> {
        if (self.due)() {
            (self.say)(Said::Progress {
                done: progress.done,
                of: progress.steps,
                events: u32::try_from(progress.events).unwrap_or(u32::MAX),
            });
        }
        ControlFlow::Continue(())
    }
}

/// Runs a text on the model. `say` hears how far it is whenever `due`; the answer is a [`Done`] or a [`Said::Failed`], as bytes.
pub fn run(text: &str, say: impl FnMut(Said), due: impl FnMut() -> bool) -> Vec<u8> {
    let (plan, _) = scenario::parse(text);
    let mut world = World::new(&plan.setup, true);
    let mut teller = Teller { say, due };
    let blessed = wait(bless(text, &mut world, &mut teller));
    let stopped = match blessed.end {
        End::Whole | End::Faulty => String::new(),
        End::Skipped(why) | End::Broken(why) => return Said::Failed(why).to_bytes(),
        End::Stopped { line, why } => format!("Line {line}: {why}"),
        End::Cancelled => return Said::Failed("It was ended.".into()).to_bytes(),
    };
    let digest = world.digest().to_string();
    let trace = match world.take_trace().map(|trace| trace.to_bytes()) {
        Some(Ok(bytes)) => bytes,
        Some(Err(error)) => return Said::Failed(error.to_string()).to_bytes(),
        None => return Said::Failed("The model kept no trace.".into()).to_bytes(),
    };
    Done {
        blessed: &blessed.text,
        digest: &digest,
        stopped: &stopped,
        outcomes: link::digests(&blessed.answers),
        trace: &trace,
    }
    .to_bytes()
}

/// The model never waits for anything outside, so its future is driven here and now.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
    }
}
