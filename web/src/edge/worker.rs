//! The worker: started, given texts, heard, ended.

use crate::{
    state::{Action, Answer},
    wire,
};
use scenario::{link::MODEL_VERSION, told::Question, wire::Said};
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, Worker};
use yew::Callback;

/// The worker, if one lives, and what waits for it.
#[derive(Default)]
pub(super) struct Hand {
    worker: Option<Worker>,
    ready: bool,
    /// Whether its memory has grown so that another should take over when it is done.
    spent: bool,
    /// What it is at.
    at: Option<u32>,
    /// What it is given next.
    jobs: VecDeque<Job>,
}

/// A text to run, or a question about it.
pub(super) struct Job {
    pub id: u32,
    pub text: Rc<str>,
    pub question: Option<Question>,
}

impl Hand {
    /// Whose answers are waited for.
    fn concerned(&self) -> Vec<u32> {
        self.at.into_iter().chain(self.jobs.iter().map(|job| job.id)).collect()
    }
}

pub(super) fn end(hand: &Rc<RefCell<Hand>>) {
    let mut hand = hand.borrow_mut();
    if let Some(worker) = hand.worker.take() {
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
    }
    *hand = Hand::default();
}

/// Hands the worker a job, when it is free; one that is not there yet is started first. A run goes before questions, which are then about an
/// older text.
pub(super) fn give(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>, job: Job) {
    let id = job.id;
    {
        let mut hand = hand.borrow_mut();
        match job.question {
            None => hand.jobs.clear(),
            // Only the last text that was typed is worth reading.
            Some(Question::Meaning) => hand.jobs.retain(|job| job.question != Some(Question::Meaning)),
            Some(_) => {}
        }
        // Somebody waits for a word while typing: those questions are short, and go first.
        match job.question {
            Some(Question::Complete(_) | Question::Explain(_)) => hand.jobs.push_front(job),
            _ => hand.jobs.push_back(job),
        }
    }
    if hand.borrow().worker.is_none()
        && let Err(why) = start(hand, act)
    {
        hand.borrow_mut().jobs.clear();
        act.emit(Action::Crashed { id, words: format!("The worker did not start: {why}") });
        return;
    }
    send(hand);
}

fn send(hand: &Rc<RefCell<Hand>>) {
    // Nothing is borrowed while the browser is called.
    let (worker, job) = {
        let mut hand = hand.borrow_mut();
        let (true, Some(worker)) = (hand.ready, hand.worker.clone()) else { return };
        let Some(job) = hand.jobs.pop_front() else { return };
        (hand.ready, hand.at) = (false, Some(job.id));
        (worker, job)
    };
    let asked = wire::asked(&job.text, job.question.as_ref());
    let _ = worker.post_message_with_transfer(&asked, &js_sys::Array::of1(&asked.buffer()));
}

/// Ends the worker, and says so to all who wait for it.
fn fail(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>, words: &str) {
    let concerned = hand.borrow().concerned();
    end(hand);
    concerned.into_iter().for_each(|id| act.emit(Action::Crashed { id, words: words.into() }));
}

/// The worker has done what it was at. One that is spent gives way to another.
fn free(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>) {
    if !hand.borrow().spent {
        let mut hand = hand.borrow_mut();
        (hand.at, hand.ready) = (None, true);
        return;
    }
    let jobs = std::mem::take(&mut hand.borrow_mut().jobs);
    end(hand);
    hand.borrow_mut().jobs = jobs;
    if let Err(why) = start(hand, act) {
        fail(hand, act, &format!("The worker did not start: {why}"));
    }
}

pub(super) fn start(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>) -> Result<(), String> {
    if hand.borrow().worker.is_some() {
        return Ok(());
    }
    let heard = {
        let (hand, act) = (hand.clone(), act.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let id = hand.borrow().at;
            let heard = wire::heard(&event.data());
            let said =
                heard.as_ref().map_err(|words| *words).and_then(|(_, heard)| heard.said().map_err(|_| wire::UNKNOWN));
            match (said, id) {
                (Ok(Said::Ready(model)), _) if model != MODEL_VERSION => {
                    fail(&hand, &act, "Page and worker are of different versions. Reload the page.");
                }
                (Ok(Said::Ready(_)), _) => {
                    hand.borrow_mut().ready = true;
                    send(&hand);
                }
                (Ok(Said::Spent), _) => hand.borrow_mut().spent = true,
                (Ok(Said::Progress(progress)), Some(id)) => act.emit(Action::Progress {
                    id,
                    done: (progress.done, progress.steps),
                    events: u32::try_from(progress.events).unwrap_or(u32::MAX),
                }),
                (Ok(Said::Done(_)), Some(id)) => {
                    free(&hand, &act);
                    if let Ok((bytes, _)) = &heard {
                        act.emit(Action::Finished { id, answer: Answer(bytes.clone()) });
                    }
                    send(&hand);
                }
                (Ok(Said::Told(told)), Some(id)) => {
                    free(&hand, &act);
                    act.emit(Action::Told(id, Rc::new(told)));
                    send(&hand);
                }
                (Ok(Said::Failed(words)) | Err(words), Some(id)) => {
                    act.emit(Action::Crashed { id, words: words.into() })
                }
                (_, None) => {}
            }
        })
    };
    let died = {
        let (hand, act) = (hand.clone(), act.clone());
        Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let words = event
                .dyn_ref::<web_sys::ErrorEvent>()
                .map_or_else(|| "The worker could not be loaded.".to_string(), web_sys::ErrorEvent::message);
            event.prevent_default();
            fail(&hand, &act, &words);
        })
    };
    let worker = begin(&heard.into_js_value(), &died.into_js_value()).map_err(words)?;
    hand.borrow_mut().worker = Some(worker);
    Ok(())
}

/// Has the shell begin a worker, if it has not yet (`index.html`); what it has said already is heard in a task to come.
fn begin(heard: &JsValue, died: &JsValue) -> Result<Worker, JsValue> {
    let begin: js_sys::Function = js_sys::Reflect::get(&js_sys::global(), &"beginWorker".into())?.dyn_into()?;
    begin.call2(&JsValue::UNDEFINED, heard, died)?.dyn_into()
}

fn words(error: JsValue) -> String {
    js_sys::Error::from(error).message().into()
}
