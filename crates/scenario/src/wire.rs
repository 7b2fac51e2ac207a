//! What page and worker say to each other, as bytes: one Cap'n Proto message each way (`schema/wire.capnp`).
//!
//! Whoever hears believes nothing: bytes that are no message are a [`WireError`], never a panic, and cost no more memory
//! than they have themselves. What was heard is lent: texts, and above all the trace, are read where they lie.

mod meaning;
mod told;

use crate::limits::TEXT_BYTES_MAX;
use crate::meaning::Meaning;
use crate::told::{Question, Told};
use crate::wire_capnp::{asked, said};
use alloc::vec::Vec;
use capnp::message::{Builder, HeapAllocator, Reader, ReaderOptions};
use capnp::serialize::{BufferSegments, write_message_segments_to_words};
use capnp::struct_list;
use capnp::traits::OwnedStruct;
use core::fmt;
use trace::Shared;

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// Run a text.
    Run(Run<'a>),
    /// Answer a question about a text.
    Question(&'a str, Question),
}

/// A text to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// A scenario; its seed is in it.
    pub text: &'a str,
    /// Whether the trace is wanted back.
    pub trace: bool,
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// It is there; the version of its model.
    Ready(u16),
    /// How far it is.
    Progress(crate::Progress),
    /// It is done.
    Done(Done<'a>),
    /// Nothing came of it: why.
    Failed(&'a str),
    /// The answer to a question.
    Told(Told),
    /// After its next answer it holds memory that nobody needs: another worker is to take over.
    Spent,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done<'a> {
    /// The text with its outcomes.
    pub text: &'a str,
    /// Why it ended early, and on which line; `None`: it did not.
    pub stopped: Option<(u32, &'a str)>,
    /// The run's digest, in hexadecimal.
    pub digest: &'a str,
    /// A short digest for each statement's outcome, as in a link.
    pub outcomes: Vec<u16>,
    /// The trace's own message, which begins where a word does: [`Shared::part`] shares it. Empty when it was not wanted.
    pub trace: &'a [u8],
    /// What the text with its outcomes means.
    pub meaning: Meaning,
}

/// A message that was heard. It keeps its bytes, and lends what they say.
pub struct Heard {
    message: Reader<BufferSegments<Shared>>,
    /// As many words as it has.
    words: u32,
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

impl Asked<'_> {
    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (Asked::Run(Run { text, .. }) | Asked::Question(text, _)) = self;
        let mut message = room(text.len());
        let root = message.init_root::<asked::Builder<'_>>();
        match self {
            Asked::Run(run) => {
                let mut to = root.init_run();
                to.set_text(run.text);
                to.set_trace(run.trace);
            }
            Asked::Question(text, question) => {
                let mut to = root.init_question();
                to.set_text(*text);
                told::put_question(question, to);
            }
        }
        write_message_segments_to_words(&message)
    }
}

impl Said<'_> {
    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut message = room(match self {
            Said::Done(done) => done.text.len() + done.outcomes.len() * 2 + done.trace.len() + done.digest.len(),
            Said::Ready(_) | Said::Progress(_) | Said::Failed(_) | Said::Told(_) | Said::Spent => 256,
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
                to.set_text(done.text);
                to.set_digest(done.digest);
                if let Some((line, why)) = &done.stopped {
                    to.set_line(*line);
                    to.set_stopped(*why);
                }
                let mut outcomes = to.reborrow().init_outcomes(done.outcomes.len() as u32);
                for (at, digest) in done.outcomes.iter().enumerate() {
                    outcomes.set(at as u32, *digest);
                }
                to.set_trace(done.trace);
                meaning::put(&done.meaning, to.init_meaning());
            }
            Said::Failed(why) => root.set_failed(*why),
            Said::Told(answer) => told::put(answer, root.init_told()),
            Said::Spent => root.set_spent(()),
        }
        write_message_segments_to_words(&message)
    }
}

impl Heard {
    /// Takes in a message where it lies.
    ///
    /// # Errors
    /// When it is none.
    pub fn open(bytes: Shared) -> Result<Heard, WireError> {
        // What is read stays in place, so what counts is the buffer's size, not how often it is read.
        let options = ReaderOptions { traversal_limit_in_words: None, nesting_limit: 8 };
        let words = u32::try_from(bytes.len() / 8).unwrap_or(u32::MAX);
        Ok(Heard { message: Reader::new(BufferSegments::new(bytes, options)?, options), words })
    }

    /// What it asks.
    ///
    /// # Errors
    /// When it asks nothing that is known.
    pub fn asked(&self) -> Result<Asked<'_>, WireError> {
        match self.message.get_root::<asked::Reader<'_>>()?.which()? {
            asked::Run(run) => {
                let run = run?;
                Ok(Asked::Run(Run { text: text(run.get_text()?, TEXT_BYTES_MAX as usize)?, trace: run.get_trace() }))
            }
            asked::Question(question) => {
                let question = question?;
                let about = text(question.get_text()?, TEXT_BYTES_MAX as usize)?;
                Ok(Asked::Question(about, told::get_question(question)?))
            }
            asked::None(()) => Err(WireError::Unknown),
        }
    }

    /// What it says.
    ///
    /// # Errors
    /// When it says nothing that is known.
    pub fn said(&self) -> Result<Said<'_>, WireError> {
        Ok(match self.message.get_root::<said::Reader<'_>>()?.which()? {
            said::Ready(version) => Said::Ready(version),
            said::Spent(()) => Said::Spent,
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
                    trace: done.get_trace()?,
                    meaning: meaning::get(done.get_meaning()?, self.words)?,
                })
            }
            said::Failed(why) => Said::Failed(text(why?, TEXT_OUT_MAX)?),
            said::Told(answer) => Said::Told(told::get(answer?, self.words)?),
        })
    }
}

fn room(bytes: usize) -> Builder<HeapAllocator> {
    let words = u32::try_from(bytes / 8 + 64).unwrap_or(u32::MAX);
    Builder::new(HeapAllocator::new().first_segment_words(words))
}

fn text(read: capnp::text::Reader<'_>, most: usize) -> Result<&str, WireError> {
    if read.len() > most {
        return Err(WireError::TooLarge);
    }
    read.to_str().map_err(|_| WireError::Damaged)
}

/// A list of structs, of which each honest one takes a word: a list of empty ones takes none, and could claim millions.
fn listed<T: OwnedStruct>(
    list: capnp::Result<struct_list::Reader<'_, T>>,
    words: u32,
) -> Result<struct_list::Reader<'_, T>, WireError> {
    let list = list?;
    if list.len() > words { Err(WireError::TooLarge) } else { Ok(list) }
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

    fn told() -> Vec<Told> {
        use crate::Edit;
        use crate::told::{Cell, Choice, Dial, Futures, Grid, Measure, Side, Tip, Wish};
        let choice = Choice { label: "no hints".into(), edits: alloc::vec![Edit::new(3..3, " hints=off")] };
        let dial = Dial {
            what: "the clock of é".into(),
            measure: Measure::Span,
            span: 7..9,
            lead: " clock=".into(),
            value: -5,
        };
        alloc::vec![
            Told::Nothing,
            Told::Tip(Tip {
                dial,
                here: "1 row".into(),
                sides: alloc::vec![Side { at: i64::MIN, words: "0 rows".into() }]
            }),
            Told::Wish(Wish { choice: choice.clone(), words: "ok".into() }),
            Told::Change(choice.clone()),
            Told::Words(alloc::vec![crate::Completion {
                span: 3..4,
                text: "rf=".into(),
                kind: "key".into(),
                help: "é".into()
            }]),
            Told::Futures(Futures { outcomes: alloc::vec![("1 row".into(), 60), ("ok".into(), 4)], of: 64, same: 60 }),
            Told::Grid(Grid {
                axes: alloc::vec!["One change".into(), "Consistency".into()],
                rows: alloc::vec![choice.clone(), Choice::default()],
                columns: alloc::vec![choice],
                cells: alloc::vec![Cell { words: "1 row".into(), same: true }, Cell::default()],
                moral: "Nothing.".into(),
            }),
        ]
    }

    fn said() -> [Said<'static>; 6] {
        [
            Said::Ready(7),
            Said::Progress(crate::Progress { events: 70_000, now: sim::Time(9), done: 1, steps: 300 }),
            Said::Done(Done {
                text: "SELECT 1;\n--> é",
                stopped: None,
                digest: "xxh3:00ff",
                outcomes: alloc::vec![0, 65_535],
                trace: &[1, 2, 3],
                meaning: crate::meaning(
                    "--@ cluster seed=7\n--@ client api\n--@ row é\n--@ at 3\nSELECT 1 FROM t;\n--@ flsh\n",
                ),
            }),
            Said::Done(Done { stopped: Some((3, "why")), ..Done::default() }),
            Said::Failed("why"),
            Said::Spent,
        ]
    }

    fn open(bytes: &[u8]) -> Result<Heard, WireError> {
        Heard::open(Shared::from(bytes))
    }

    #[test]
    fn what_is_said_is_heard() {
        for said in said() {
            assert_eq!(open(&said.to_bytes()).unwrap().said(), Ok(said));
        }
        for told in told() {
            let said = Said::Told(told);
            assert_eq!(open(&said.to_bytes()).unwrap().said(), Ok(said));
        }
        let about = |question| Asked::Question("SELECT 1;", question);
        let asked = [
            Asked::Run(Run { text: "SELECT 1;", trace: true }),
            about(Question::Tip),
            about(Question::Grid(1, 2)),
            about(Question::Wish(3, "an error".into())),
            about(Question::Futures(64)),
            about(Question::Meaning),
            about(Question::Complete(7)),
            about(Question::Explain(7)),
            about(Question::Format),
            about(Question::Rename(7, "é".into())),
        ];
        for asked in asked {
            assert_eq!(open(&asked.to_bytes()).unwrap().asked(), Ok(asked));
        }
    }

    #[test]
    fn a_trace_is_read_where_it_lies() {
        let bytes = Shared::from(&said()[2].to_bytes()[..]);
        let heard = Heard::open(bytes.clone()).unwrap();
        let Ok(Said::Done(done)) = heard.said() else { panic!() };
        let part = bytes.part(done.trace);
        assert!(bytes.as_ptr_range().contains(&part.as_ptr()), "it was not copied");
        assert_eq!((&part[..], part.as_ptr() as usize % 8), (&[1, 2, 3][..], 0));
    }

    #[test]
    fn damage_is_noticed_or_harmless() {
        assert_eq!(open(&[]).err(), Some(WireError::Damaged));
        let long = "x".repeat(TEXT_BYTES_MAX as usize + 1);
        let long = Asked::Run(Run { text: &long, trace: false }).to_bytes();
        assert_eq!(open(&long).unwrap().asked(), Err(WireError::TooLarge));
        assert!(WireError::TooLarge.to_string().contains("1048576"));
        let hear = |bytes: &[u8]| open(bytes).map(|heard| (heard.said().is_ok(), heard.asked().is_ok()));
        for said in said().into_iter().chain(told().into_iter().map(Said::Told)) {
            let bytes = said.to_bytes();
            for cut in 0..bytes.len() {
                let _ = hear(&bytes[..cut]);
                for bit in 0..8 {
                    let mut other = bytes.clone();
                    other[cut] ^= 1 << bit;
                    let _ = hear(&other);
                }
            }
        }
    }
}
