//! What page and worker say to each other, as bytes: one Cap'n Proto message each way (`schema/wire.capnp`).
//!
//! Whoever hears believes nothing: bytes that are no message are a [`WireError`], never a panic, and cost no more memory
//! than they have themselves.

use crate::limits::TEXT_BYTES_MAX;
use crate::wire_capnp::{asked, said};
use alloc::string::String;
use alloc::vec::Vec;
use capnp::Word;
use capnp::message::{Builder, HeapAllocator, Reader, ReaderOptions};
use capnp::serialize::{BufferSegments, write_message_segments_to_words};
use core::fmt;
use core::ops::Deref;

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// A scenario; its seed is in it.
    pub text: String,
    /// Whether the trace is wanted back.
    pub trace: bool,
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is there; the version of its model.
    Ready(u16),
    /// How far it is.
    Progress(crate::Progress),
    /// It is done.
    Done(Done),
    /// Nothing came of it: why.
    Failed(String),
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The text with its outcomes.
    pub text: String,
    /// Why it ended early, and on which line; `None`: it did not.
    pub stopped: Option<(u32, String)>,
    /// `algorithm:hexadecimal`
    pub digest: String,
    /// A short digest for each statement's outcome, as in a link.
    pub outcomes: Vec<u16>,
    /// The trace's own message; empty when it was not wanted.
    pub trace: Vec<u8>,
}

/// These bytes are no message of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// They are no message at all.
    Damaged,
    /// A message of a kind that this version does not know.
    Unknown,
    /// A text in it is longer than a scenario can be.
    TooLarge,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireError::Damaged => f.write_str("these bytes are no message"),
            WireError::Unknown => f.write_str("a message of a kind that this version does not know"),
            WireError::TooLarge => write!(f, "a text of more than {TEXT_BYTES_MAX} bytes, which is the limit"),
        }
    }
}

impl core::error::Error for WireError {}

/// A blessed text may be longer than the text that was asked for, but not without end.
const TEXT_OUT_MAX: usize = 64 * TEXT_BYTES_MAX as usize;

impl Run {
    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut message = room(self.text.len());
        let mut run = message.init_root::<asked::Builder<'_>>().init_run();
        run.set_text(self.text.as_str());
        run.set_trace(self.trace);
        write_message_segments_to_words(&message)
    }

    /// What these bytes ask.
    ///
    /// # Errors
    /// When they ask nothing that is known.
    pub fn read(bytes: &[u8]) -> Result<Run, WireError> {
        let message = open(bytes)?;
        match message.get_root::<asked::Reader<'_>>()?.which()? {
            asked::Run(run) => {
                let run = run?;
                Ok(Run { text: text(run.get_text()?, TEXT_BYTES_MAX as usize)?, trace: run.get_trace() })
            }
            asked::None(()) => Err(WireError::Unknown),
        }
    }
}

impl Said {
    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut message = room(match self {
            Said::Done(done) => done.text.len() + done.outcomes.len() * 2 + done.trace.len() + done.digest.len(),
            Said::Ready(_) | Said::Progress(_) | Said::Failed(_) => 256,
        });
        let mut root = message.init_root::<said::Builder<'_>>();
        match self {
            Said::Ready(version) => root.set_ready(*version),
            Said::Progress(progress) => {
                let mut to = root.init_progress();
                to.set_done(progress.done);
                to.set_steps(progress.steps);
                to.set_events(progress.events);
                to.set_now(progress.now.0);
            }
            Said::Done(done) => {
                let mut to = root.init_done();
                to.set_text(done.text.as_str());
                to.set_digest(done.digest.as_str());
                if let Some((line, why)) = &done.stopped {
                    to.set_line(*line);
                    to.set_stopped(why.as_str());
                }
                let mut outcomes = to.reborrow().init_outcomes(done.outcomes.len() as u32);
                for (at, digest) in done.outcomes.iter().enumerate() {
                    outcomes.set(at as u32, *digest);
                }
                to.set_trace(&done.trace);
            }
            Said::Failed(why) => root.set_failed(why.as_str()),
        }
        write_message_segments_to_words(&message)
    }

    /// What these bytes say.
    ///
    /// # Errors
    /// When they say nothing that is known.
    pub fn read(bytes: &[u8]) -> Result<Said, WireError> {
        let message = open(bytes)?;
        Ok(match message.get_root::<said::Reader<'_>>()?.which()? {
            said::Ready(version) => Said::Ready(version),
            said::Progress(progress) => {
                let progress = progress?;
                Said::Progress(crate::Progress {
                    events: progress.get_events(),
                    now: sim::Time(progress.get_now()),
                    done: progress.get_done(),
                    steps: progress.get_steps(),
                })
            }
            said::Done(done) => {
                let done = done?;
                let why = text(done.get_stopped()?, TEXT_OUT_MAX)?;
                Said::Done(Done {
                    text: text(done.get_text()?, TEXT_OUT_MAX)?,
                    stopped: (!why.is_empty()).then(|| (done.get_line(), why)),
                    digest: text(done.get_digest()?, 1 << 10)?,
                    outcomes: done.get_outcomes()?.iter().collect(),
                    trace: done.get_trace()?.to_vec(),
                })
            }
            said::Failed(why) => Said::Failed(text(why?, TEXT_OUT_MAX)?),
        })
    }
}

fn room(bytes: usize) -> Builder<HeapAllocator> {
    let words = u32::try_from(bytes / 8 + 64).unwrap_or(u32::MAX);
    Builder::new(HeapAllocator::new().first_segment_words(words))
}

/// Words that lend themselves as bytes.
struct Words(Vec<Word>);

impl Deref for Words {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        Word::words_to_bytes(&self.0)
    }
}

fn open(bytes: &[u8]) -> Result<Reader<BufferSegments<Words>>, WireError> {
    let mut words = Word::allocate_zeroed_vec(bytes.len().div_ceil(8));
    Word::words_to_bytes_mut(&mut words).get_mut(..bytes.len()).ok_or(WireError::Damaged)?.copy_from_slice(bytes);
    let options = ReaderOptions { traversal_limit_in_words: None, nesting_limit: 8 };
    Ok(Reader::new(BufferSegments::new(Words(words), options)?, options))
}

fn text(read: capnp::text::Reader<'_>, most: usize) -> Result<String, WireError> {
    if read.len() > most {
        return Err(WireError::TooLarge);
    }
    Ok(String::from(read.to_str().map_err(|_| WireError::Damaged)?))
}

impl From<capnp::Error> for WireError {
    fn from(_: capnp::Error) -> WireError {
        WireError::Damaged
    }
}

impl From<capnp::NotInSchema> for WireError {
    fn from(_: capnp::NotInSchema) -> WireError {
        WireError::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn said() -> [Said; 5] {
        [
            Said::Ready(7),
            Said::Progress(crate::Progress { events: 70_000, now: sim::Time(9), done: 1, steps: 300 }),
            Said::Done(Done {
                text: "SELECT 1;\n--> é".into(),
                stopped: None,
                digest: "xxh3:00ff".into(),
                outcomes: alloc::vec![0, 65_535],
                trace: alloc::vec![1, 2, 3],
            }),
            Said::Done(Done { stopped: Some((3, "why".into())), ..Done::default() }),
            Said::Failed("why".into()),
        ]
    }

    #[test]
    fn what_is_said_is_heard() {
        for said in said() {
            assert_eq!(Said::read(&said.to_bytes()), Ok(said));
        }
        let run = Run { text: "SELECT 1;".into(), trace: true };
        assert_eq!(Run::read(&run.to_bytes()), Ok(run));
    }

    #[test]
    fn damage_is_noticed_or_harmless() {
        assert_eq!(Said::read(&[]), Err(WireError::Damaged));
        let long = Run { text: "x".repeat(TEXT_BYTES_MAX as usize + 1), trace: false };
        assert_eq!(Run::read(&long.to_bytes()), Err(WireError::TooLarge));
        assert!(WireError::TooLarge.to_string().contains("1048576"));
        for said in said() {
            let bytes = said.to_bytes();
            for cut in 0..bytes.len() {
                let _ = Said::read(&bytes[..cut]);
                for bit in 0..8 {
                    let mut other = bytes.clone();
                    other[cut] ^= 1 << bit;
                    let _ = (Said::read(&other), Run::read(&other));
                }
            }
        }
    }
}
