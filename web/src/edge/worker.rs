//! The worker: started, given texts, heard, ended.

mod hand;

pub(super) use hand::{Hand, Job};

use super::named::get;
use crate::{
    state::{Action, Answer},
    wire,
};
use gloo::timers::callback::Timeout;
use hand::Ahead;
use scenario::{link::MODEL_VERSION, wire::Said};
use std::{cell::RefCell, rc::Rc};
use trace::Shared;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, Worker};
use yew::Callback;

/// A longer answer than this is read in a task of its own, bytes.
const LARGE: usize = 1 << 20;

pub(super) fn end(hand: &Rc<RefCell<Hand>>) {
    let mut hand = hand.borrow_mut();
    if let Some(worker) = hand.worker.take() {
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
    }
    *hand = Hand::default();
}

/// Hands the worker a job, when it is free; one that is not there yet is started first. Who wants a run that goes on already gets that.
pub(super) fn give(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>, job: Job) {
    let id = job.id;
    if let Err(why) = start(hand, act) {
        hand.borrow_mut().jobs.clear();
        act.emit(Action::Crashed { id, words: format!("The worker did not start: {why}") });
        return;
    }
    let ahead = if job.question.is_none() { hand.borrow_mut().claim(&job.text) } else { None };
    match ahead {
        None => hand.borrow_mut().wait(job),
        Some(Ahead { came: None, .. }) => hand.borrow_mut().at = Some(id),
        Some(Ahead { came: Some(bytes), .. }) => finished(act, id, bytes),
    }
    send(hand);
}

fn send(hand: &Rc<RefCell<Hand>>) {
    // Nothing is borrowed while the browser is called.
    let next = hand.borrow_mut().next();
    if let Some((worker, job)) = next {
        let asked = wire::asked(&job.text, job.question.as_ref());
        let _ = worker.post_message_with_transfer(&asked, &js_sys::Array::of1(&asked.buffer()));
    }
}

/// Ends the worker, and says so to all who wait for it.
fn fail(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>, words: &str) {
    let concerned = hand.borrow().concerned();
    end(hand);
    concerned.into_iter().for_each(|id| act.emit(Action::Crashed { id, words: words.into() }));
}

/// The worker has done what it was at. One that is spent gives way to another.
fn free(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>) {
    if hand.borrow().spent {
        return replace(hand, act);
    }
    let mut hand = hand.borrow_mut();
    (hand.at, hand.ready) = (None, true);
}

/// Another worker takes over what waits.
fn replace(hand: &Rc<RefCell<Hand>>, act: &Callback<Action>) {
    let (jobs, ahead) = {
        let mut hand = hand.borrow_mut();
        (std::mem::take(&mut hand.jobs), hand.ahead.take())
    };
    end(hand);
    hand.borrow_mut().jobs = jobs;
    if let Err(why) = start(hand, act) {
        return fail(hand, act, &format!("The worker did not start: {why}"));
    }
    hand.borrow_mut().ahead = ahead;
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
                    hand.borrow_mut().listens();
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
                    if let Ok((bytes, _)) = heard {
                        finished(&act, id, bytes);
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
                (Ok(Said::Done(_)), None) => {
                    let came = heard.ok().map(|(bytes, _)| bytes);
                    hand.borrow_mut().ahead.iter_mut().for_each(|ahead| ahead.came = came.clone());
                    free(&hand, &act);
                    send(&hand);
                }
                // Nobody has asked for it yet: whoever does gets a run of their own, and is told by that.
                (Ok(Said::Failed(_)) | Err(_), None) => {
                    hand.borrow_mut().ahead = None;
                    replace(&hand, &act);
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
    let link = get(&worker, "link").and_then(|link| link.as_string()).unwrap_or_default();
    let text = scenario::link::decode(&link).ok().map(|link| scenario::trunk(&link.text).into());
    let ahead = text.map(|text| Ahead { text, came: None });
    hand.borrow_mut().ahead = ahead;
    hand.borrow_mut().worker = Some(worker);
    Ok(())
}

/// Says what came of a run. To copy a large answer into the page's memory was work enough for one task.
fn finished(act: &Callback<Action>, id: u32, bytes: Shared) {
    let (act, large) = (act.clone(), bytes.len() > LARGE);
    let say = move || act.emit(Action::Finished { id, answer: Answer(bytes) });
    if large {
        let _ = Timeout::new(0, say).forget();
    } else {
        say();
    }
}

/// Has the shell begin a worker, if it has not yet (`index.html`); what it has said already is heard once this is done.
fn begin(heard: &JsValue, died: &JsValue) -> Result<Worker, JsValue> {
    let begin: js_sys::Function = js_sys::Reflect::get(&js_sys::global(), &"beginWorker".into())?.dyn_into()?;
    begin.call2(&JsValue::UNDEFINED, heard, died)?.dyn_into()
}

fn words(error: JsValue) -> String {
    js_sys::Error::from(error).message().into()
}
