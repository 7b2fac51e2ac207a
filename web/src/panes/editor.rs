//! The text, and behind it the marks: one scroller holds both, so nothing has to follow anything. Once the rich editor is there, it
//! stands here instead, and this only leaves room for it.

use crate::{
    code::{Standing, said, standing},
    highlight::{Ink, Kind, Line},
    panes::press,
    reading::{Mark, Outcome, Reading},
    state::{Action, Ran, same},
};
use std::rc::Rc;
use yew::prelude::*;

/// A text of more lines is bare: a browser would take seconds to lay out the marks behind it, and the rich editor marks what is in view.
const MARKED_LINES: usize = 3_000;

/// What the editor is given.
#[derive(Clone)]
pub struct Props {
    /// The text.
    pub text: Rc<str>,
    /// What it says.
    pub reading: Rc<Reading>,
    /// The last run.
    pub ran: Option<Last>,
    /// The step at the cursor, its event and its colour.
    pub at: Option<At>,
    /// A question is open: what would answer it is folded.
    pub fold: bool,
    /// What the wire has to say at the foot: the digest.
    pub digest: Option<String>,
    /// The rich editor is there, and draws the text by itself (`code`).
    pub rich: bool,
    /// What happens.
    pub act: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        let Props { text, reading, ran, at, fold, digest, rich, act } = other;
        same(&self.text, text)
            && (&self.reading, &self.ran, &self.at, &self.digest, &self.act) == (reading, ran, at, digest, act)
            && (self.fold, self.rich) == (*fold, *rich)
    }
}

/// The last run, compared by identity.
#[derive(Clone, Debug)]
pub struct Last(pub Rc<Ran>);

impl PartialEq for Last {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Where the cursor is in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The statement, counted from 0.
    pub statement: usize,
    /// The event at the cursor.
    pub event: u32,
    /// `t-live`, `t-tomb`, `t-read`.
    pub tone: &'static str,
}

/// The editor.
pub fn draw(props: &Props) -> Html {
    let act = &props.act;
    let typed = {
        let act = act.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<web_sys::HtmlTextAreaElement>() {
                act.emit(Action::Edit(area.value().into()));
            }
        })
    };
    let bare = props.reading.lines.len() > MARKED_LINES;
    let faults = props.reading.faults.len();
    let first = props.reading.faults.first().map_or(0, |mark| mark.line as u32);
    html! {
        <section class="left panel" aria-label="Scenario">
            <header><h2>{ "Scenario" }</h2><span>{ "CQL, and nothing but CQL" }</span><span class="push"><button class="btn small" onclick={press(act, Action::CopyText)}>{ "Copy text" }</button></span></header>
            <div class={if props.rich { "editor rich" } else { "editor" }} id="editor">
                if props.rich { <div key="rich" id="rich"></div> } else {
                    <div key="plain" class={classes!("both", bare.then_some("bare"))}>
                        if !bare { <div class="marks" aria-hidden="true">{ marks(props) }</div> }
                        <textarea id="text" aria-label="Scenario text" aria-describedby="keys" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" oninput={typed}/>
                    </div>
                }
                <span id="keys" class="sr">{ "Control Enter runs. Escape, then Tab, leaves." }</span>
            </div>
            if props.rich { <div class="sr" role="status">{ for props.reading.faults.first().map(said) }</div> }
            if faults > 0 && !props.rich { <div class="dock" role="status">{ for props.reading.faults.iter().take(3).enumerate().map(|(at, mark)| note(mark, at == 0 && props.reading.runs, act)) }</div> }
            <footer>
                if faults == 0 { <span>{ format!("✓ {} lines, nothing to correct", props.reading.lines.len()) }</span> }
                else { <button class="bad" onclick={press(act, Action::ToLine(first))}>{ format!("✕ {faults} {} not understood", if faults == 1 { "line" } else { "lines" }) }</button> }
                <span class="push"></span>
                if let Some(digest) = &props.digest { <span id="digest" title={format!("The digest of everything that happened: {digest}")} data-digest={digest.clone()}>{ "digest " }<span class="num">{ brief(digest) }</span></span> }
                <span>{ "seed " }<span class="num">{ props.reading.seed }</span></span>
            </footer>
        </section>
    }
}

fn brief(digest: &str) -> String {
    match (digest.get(..4), digest.get(digest.len().saturating_sub(2)..)) {
        (Some(first), Some(last)) if digest.len() > 8 => format!("{first}…{last}"),
        _ => digest.to_string(),
    }
}

fn note(mark: &Mark, first: bool, act: &Callback<Action>) -> Html {
    let fix = mark.fix.as_ref().map(|(words, span, text)| html! { <button class="btn line small" onclick={press(act, Action::Replace(span.clone(), text.clone()))}>{ words.clone() }</button> });
    html! {
        <div class="note">
            <span class="x" aria-hidden="true">{ "✕" }</span>
            <span><button class="ev" onclick={press(act, Action::ToLine(mark.line as u32))}>{ format!("line {}", mark.line + 1) }</button>{ " " }{ said(mark) }
                if first { <br/>{ "What stands above it still runs." } }</span>
            { for fix }
        </div>
    }
}

fn marks(props: &Props) -> Html {
    let reading = &*props.reading;
    let mut out = Vec::new();
    let (mut at, mut block) = (0, 0);
    while let Some(line) = reading.lines.get(at) {
        if props.fold && at == reading.lead.start && reading.lead.len() > 1 {
            for folded in reading.lead.clone() {
                let words = if folded == 0 {
                    format!("▸ {} lines folded until you have guessed", reading.lead.len())
                } else {
                    " ".into()
                };
                out.push(html! { <div class="ln"><i>{ folded + 1 }</i><span class="folded">{ words }</span></div> });
            }
            at = reading.lead.end;
            continue;
        }
        match reading.outcomes.get(block) {
            Some(outcome) if outcome.lines.start == at => {
                out.push(outcome_block(outcome, block, props));
                at = outcome.lines.end;
                block += 1;
            }
            _ => {
                out.push(row(at, line, props));
                at += 1;
            }
        }
    }
    out.into_iter().collect()
}

fn row(at: usize, line: &Line, props: &Props) -> Html {
    let fault = props.reading.faults.iter().find(|mark| mark.line == at);
    let here = props
        .at
        .as_ref()
        .filter(|here| props.reading.statements.get(here.statement).is_some_and(|lines| lines.contains(&at)));
    let first = here.filter(|here| props.reading.statements.get(here.statement).is_some_and(|lines| lines.start == at));
    let class = classes!(
        "ln",
        fault.map(|_| "bad"),
        here.map(|_| "at"),
        here.map(|here| here.tone),
        (line.kind == Kind::Question).then_some("ask-line"),
    );
    html! {
        <div key={at} class={class}>
            if let Some(here) = first { <i class="here" title={format!("line {}; event {} is here", at + 1, here.event + 1)}>{ here.event + 1 }</i> } else { <i>{ at + 1 }</i> }<span class={match line.kind { Kind::Directive => "dir", Kind::Question => "q", Kind::Account => "acct", Kind::Code | Kind::Outcome => "" }}>{ pieces(line, fault, &props.text) }</span>
        </div>
    }
}

fn pieces(line: &Line, fault: Option<&Mark>, text: &str) -> Html {
    let cut = |range: std::ops::Range<usize>| text.get(range).unwrap_or("").to_string();
    if line.range.is_empty() {
        return html! { "\u{200b}" };
    }
    line.spans
        .iter()
        .flat_map(|(ink, range)| {
            // A fault's wavy line may begin and end inside a piece.
            let bad = fault.map_or(range.end..range.end, |mark| {
                mark.span.start.clamp(range.start, range.end)..mark.span.end.clamp(range.start, range.end)
            });
            let bad = if bad.is_empty() { range.end..range.end } else { bad };
            [(*ink, range.start..bad.start, false), (*ink, bad.clone(), true), (*ink, bad.end..range.end, false)]
        })
        .filter(|(_, range, _)| !range.is_empty())
        .map(|(ink, range, bad)| {
            let words = cut(range);
            let words = if bad {
                html! { <u>{ words }</u> }
            } else {
                html! { words }
            };
            match ink {
                Ink::Plain | Ink::Lead => words,
                Ink::Verb => html! { <b>{ words }</b> },
                Ink::Key => html! { <em>{ words }</em> },
                other => html! { <span class={other.class()}>{ words }</span> },
            }
        })
        .collect()
}

fn outcome_block(outcome: &Outcome, block: usize, props: &Props) -> Html {
    let standing = standing(block, props);
    let (class, tag) = (standing.class(), standing.tag());
    html! {
        <div class={classes!("out", class)}>
            { for outcome.lines.clone().map(|at| {
                let words = props.reading.lines.get(at).and_then(|line| props.text.get(line.range.clone())).unwrap_or("");
                let (lead, rest) = words.split_at_checked(words.find("-->").map_or(0, |at| at + 3)).unwrap_or(("", words));
                html! { <div class="ln"><i>{ at + 1 }</i><span><b>{ lead.to_string() }</b>{ if standing == Standing::Folded { String::new() } else { rest.to_string() } }</span></div> }
            }) }
            if !tag.is_empty() { <span class="tag">{ tag }</span> }
        </div>
    }
}
