//! Text to scenario. First the head (cluster and clients, so that every name is known), then line by line.

mod act;
mod head;
mod shell;

use crate::branch;
use crate::cut::{Item, Lines, Mark, What, cut};
use crate::directives::{Place, Verb};
use crate::edit::Edit;
use crate::fault::Fault;
use crate::limits::{FAULTS_MAX, STATEMENTS_MAX, TEXT_BYTES_MAX};
use crate::line::{Line, Raw, bytes};
use crate::scenario::{Block, Checked, Question, Scenario};
use crate::setup::{ClientSpec, MessageName};
use crate::step::{Act, Client, Settings, Statement, Step};
use crate::value::{Known, Value, Wrong};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;
use cql::ast;

/// Read a text. Never fails: what stands before the first fault is in the scenario's steps, and still runs. Of its branches
/// only the faults are here; each is a text of its own ([`crate::branches`]).
#[must_use]
pub fn parse(text: &str) -> (Scenario, Vec<Fault>) {
    let base = if text.len() > TEXT_BYTES_MAX as usize { text } else { branch::trunk(text) };
    let (scenario, mut faults) = parse_trunk(base);
    if base.len() < text.len() {
        let lines = Lines::of(text);
        let own = branch::faults(text, faults.is_empty(), |text| parse_trunk(text).1);
        faults.extend(own.into_iter().map(|raw| placed(raw, &lines)));
        faults.truncate(FAULTS_MAX);
    }
    (scenario, faults)
}

fn parse_trunk(text: &str) -> (Scenario, Vec<Fault>) {
    if text.len() > TEXT_BYTES_MAX as usize {
        let so = format!("the text has {} bytes", text.len());
        let known = format!("the limit is {TEXT_BYTES_MAX} bytes");
        let fault = Fault { span: 0..0, line: 1, column: 1, so, known, nearest: None, fix: None };
        return (Scenario::default(), alloc::vec![fault]);
    }
    let mut parser = Parser {
        text,
        lines: Lines::of(text),
        scenario: Scenario::default(),
        known: Known { nodes: 3, clients: Vec::new() },
        faults: Vec::new(),
        cqlsh: None,
        client: Client(0),
        settings: BTreeMap::new(),
        unwaited: None,
        asked: Vec::new(),
        swapped: Vec::new(),
        statements: 0,
        own_keyspace: false,
    };
    let items = cut(text);
    parser.head(&items);
    parser.body(&items);
    parser.finish()
}

struct Parser<'a> {
    text: &'a str,
    lines: Lines<'a>,
    scenario: Scenario,
    known: Known,
    faults: Vec<Raw>,
    /// The client that nobody declared, once somebody spoke as it.
    cqlsh: Option<Client>,
    client: Client,
    settings: BTreeMap<u16, Settings>,
    /// An `async` whose statement has not come yet.
    unwaited: Option<Range<usize>>,
    /// Questions whose statement has not come yet.
    asked: Vec<(Range<usize>, String, Vec<String>)>,
    /// Messages that change places, and where each is named.
    swapped: Vec<(MessageName, Range<usize>)>,
    statements: u32,
    own_keyspace: bool,
}

/// The client that speaks when nobody is named.
const CQLSH: &str = "cqlsh";

impl<'a> Parser<'a> {
    fn slice(&self, span: &Range<usize>) -> &'a str {
        self.text.get(span.clone()).unwrap_or("")
    }

    fn fault(&mut self, span: Range<usize>, so: impl Into<String>, known: impl Into<String>) -> &mut Raw {
        self.faults.push(Raw { span, wrong: Wrong::new(so, known), fix: None });
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    /// What a marked line says behind its mark, and where that begins.
    fn content(&self, item: &Item) -> (&'a str, usize) {
        let at = item.span.start + 3;
        (self.slice(&(at..item.span.end)).trim_end(), at)
    }

    fn body(&mut self, items: &[Item]) {
        let mut n = 0;
        // Finding a fault's nearest word is work; nobody reads more than so many.
        while let Some(item) = items.get(n).filter(|_| self.faults.len() <= FAULTS_MAX) {
            n += 1;
            match &item.what {
                What::Comment => {}
                What::Unclosed(what, at) => {
                    let (what, at) = (what.clone(), *at);
                    self.fault(at..item.span.end, what, "everything below is inside it");
                }
                What::Misplaced(_) => {
                    let span = item.span.clone();
                    let so = format!("{} stands behind something else", self.slice(&(span.start..span.start + 3)));
                    self.fault(span.clone(), so, "it needs a line of its own").fixed_by(span.start..span.start, "\n");
                }
                What::Statement { open } => {
                    let first = self.scenario.steps.len();
                    self.statement(item, *open);
                    let mut end = self.chain(items, &mut n);
                    // It should have ended somewhere above: what stands next is what it says of itself.
                    if let Some(next) = items.get(n).filter(|next| *open && is_outcome(next)) {
                        end = self.lines.line(next.span.start).saturating_sub(1);
                    }
                    self.block(items, &mut n, first, end, true);
                }
                What::Marked(Mark::Directive) => {
                    let (first, faults) = (self.scenario.steps.len(), self.faults.len());
                    self.directive(item);
                    let end = self.lines.line(item.span.start);
                    if self.scenario.steps.len() > first || self.faults.len() > faults {
                        self.block(items, &mut n, first, end, false);
                    }
                }
                What::Marked(Mark::Question) => {
                    let (said, _) = self.content(item);
                    let mut parts = said.split('|').map(|part| String::from(part.trim()));
                    let text = parts.next().unwrap_or_default();
                    self.asked.push((item.span.clone(), text, parts.collect()));
                }
                What::Marked(Mark::Outcome | Mark::Account) => {
                    let mut span = item.span.clone();
                    while let Some(next) = items.get(n).filter(|next| is_outcome(next)) {
                        span.end = next.span.end;
                        n += 1;
                    }
                    let lines = self.whole_lines(&span);
                    self.fault(
                        span,
                        "an outcome stands under no statement",
                        "it belongs directly under the line its statement ends on",
                    )
                    .fixed_by(lines, "");
                }
            }
        }
    }

    /// Statements that begin on the line where another ends share its outcomes: there is no line between them.
    fn chain(&mut self, items: &[Item], n: &mut usize) -> usize {
        let mut end = items.get(*n - 1).map_or(0, |item| self.lines.line(item.span.end.saturating_sub(1)));
        let here =
            |this: &Self, next: &Item, end| this.faults.len() <= FAULTS_MAX && this.lines.line(next.span.start) == end;
        while let Some(next) = items.get(*n).filter(|next| here(self, next, end)) {
            match &next.what {
                What::Statement { open } => self.statement(next, *open),
                What::Comment => {}
                What::Misplaced(_) | What::Marked(_) | What::Unclosed(..) => break,
            }
            end = self.lines.line(next.span.end.saturating_sub(1));
            *n += 1;
        }
        end
    }

    /// The outcomes under line `end`.
    fn block(&mut self, items: &[Item], n: &mut usize, first: usize, end: usize, outcomes: bool) {
        let at = self.lines.start(end + 1);
        let mut block =
            Block { steps: first as u32..self.scenario.steps.len() as u32, span: bytes(&(at..at)), lines: Vec::new() };
        let mut line = end + 1;
        while let Some(item) = items.get(*n).filter(|item| is_outcome(item) && self.lines.line(item.span.start) == line)
        {
            if item.what == What::Marked(Mark::Outcome) {
                if !outcomes {
                    break;
                }
                let (said, _) = self.content(item);
                block.lines.push(said.strip_prefix(' ').unwrap_or(said).into());
            }
            line += 1;
            *n += 1;
            block.span.end = self.lines.start(line) as u32;
        }
        self.scenario.blocks.push(block);
    }

    fn whole_lines(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.lines.line(span.start);
        self.lines.start(first)..self.lines.start(self.lines.line(span.end) + 1)
    }

    fn push(&mut self, span: &Range<usize>, act: Act) {
        let line = self.lines.line(span.start) as u32 + 1;
        self.scenario.steps.push(Step { span: bytes(span), line, act });
    }

    fn speaker(&mut self) -> Client {
        if self.client.0 as usize == self.scenario.setup.clients.len() {
            self.scenario.setup.clients.push(ClientSpec { driver: Some(CQLSH), ..ClientSpec::named(CQLSH) });
            self.cqlsh = Some(self.client);
        }
        self.client
    }

    fn statement(&mut self, item: &Item, open: bool) {
        let span = item.span.clone();
        self.statements += 1;
        if self.statements > STATEMENTS_MAX {
            if self.statements == STATEMENTS_MAX + 1 {
                self.fault(span, "one statement too many", format!("the limit is {STATEMENTS_MAX} statements"));
            }
            return;
        }
        let client = self.speaker();
        let number = self.statements;
        for (span, text, choices) in core::mem::take(&mut self.asked) {
            let step = self.scenario.steps.len() as u32;
            self.scenario.questions.push(Question { span: bytes(&span), step, text, choices });
        }
        let waits = self.unwaited.take().is_none();
        let statement = match cql::parse_in(self.text, cql::Span { start: span.start as u32, end: span.end as u32 }) {
            Ok(statement) => Some(statement),
            Err(error) => {
                self.syntax(&error, &span);
                None
            }
        };
        if open {
            let known = "a statement ends with ;";
            self.fault(span.clone(), "the statement has no ;", known).fixed_by(span.end..span.end, ";");
        }
        match statement {
            Some(ast::Statement::Shell(shell)) => self.shell(&shell, &span, number, client),
            statement => {
                self.own_keyspace |= match statement {
                    // Who looks into the server's own tables may still mean `demo` elsewhere.
                    Some(ast::Statement::Use(name)) => !cql::is_system(name.as_str()),
                    Some(ast::Statement::CreateKeyspace(_)) => true,
                    _ => false,
                };
                let text = self.slice(&span);
                let text = text.strip_suffix(';').unwrap_or(text).trim_end().into();
                let settings = self.settings.get(&client.0).copied().unwrap_or_default();
                self.push(&span, Act::Cql(Statement { number, text, client, waits, settings }));
            }
        }
    }

    /// A syntax error is a fault, unless its outcome is already written: then it is meant.
    fn syntax(&mut self, error: &cql::SyntaxError, span: &Range<usize>) {
        let below = self.lines.start(self.lines.line(span.end.saturating_sub(1)) + 1);
        let meant = self.text.get(below..).is_some_and(|rest| {
            rest.trim_start_matches([' ', '\t'])
                .strip_prefix("-->")
                .is_some_and(|said| said.trim_start().starts_with("Error SyntaxError"))
        });
        if meant {
            return;
        }
        let at = error.span.start as usize..error.span.end as usize;
        let (so, known, nearest) = shell::words(error);
        let fix = nearest.as_ref().map(|word| Edit { span: bytes(&at), text: word.clone() });
        self.faults.push(Raw { span: at, wrong: Wrong { so, known, nearest }, fix });
    }

    fn directive(&mut self, item: &Item) {
        let (line, at) = self.content(item);
        let read = match Line::read(line, at, &self.known) {
            Ok(read) => read,
            Err(mut faults) => {
                let head = matches!(line.split_whitespace().next(), Some("cluster" | "client"));
                // The head was read before, and its faults are known.
                if !head {
                    self.faults.append(&mut faults);
                }
                return;
            }
        };
        let span = item.span.clone();
        let began = !self.scenario.steps.is_empty();
        if read.directive.place == Place::Head && began {
            let so = format!("{} stands below the first step", read.directive.name);
            self.fault(span, so, "it is part of the world that the first step finds: move it to the top");
            return;
        }
        match read.directive.verb {
            Verb::Cluster | Verb::Client | Verb::Branch => {}
            Verb::Instead | Verb::Before | Verb::Without => {
                let so = format!("{} stands in no branch", read.directive.name);
                self.fault(span, so, "it says what another future has elsewhere: --@ branch NAME comes first");
            }
            Verb::Swap => {
                if let (Some(Value::Message(one)), Some(Value::Message(other))) = (read.arg(0), read.arg(1)) {
                    self.scenario.setup.swaps.push((*one, *other));
                    self.swapped.extend([(*one, read.span(0)), (*other, read.span(1))]);
                }
            }
            Verb::As => {
                if let Some(Value::Client(client)) = read.arg(0) {
                    self.client = *client;
                }
            }
            Verb::Async => self.unwaited = Some(span),
            Verb::Row => self.scenario.focus.row = text_of(read.arg(0)),
            Verb::At => {
                if let Some(Value::Count(event)) = read.arg(0) {
                    self.scenario.focus.at = Some(*event);
                }
            }
            Verb::Trace => {
                let from = self.scenario.steps.len() as u32;
                self.scenario.trace.get_or_insert(from);
            }
            Verb::Needs => self.needs(&read),
            Verb::Checked => self.checked(&read, &span),
            _ => match act::of(&read, &self.known) {
                Ok(act) => self.push(&span, act),
                Err(raw) => self.faults.push(raw),
            },
        }
    }

    fn needs(&mut self, line: &Line) {
        let Some(Value::Text(said)) = line.arg(0) else { return };
        let (words, reason) = said.split_once(':').unwrap_or((said, ""));
        let mut at = line.span(0).start;
        for word in words.split(' ') {
            let span = at..at + word.len();
            at = span.end + 1;
            if word.is_empty() {
                continue;
            }
            match crate::Need::ALL.into_iter().find(|need| need.word() == word) {
                Some(need) => self.scenario.needs.push((need, reason.trim().into())),
                None => {
                    let all = crate::Need::ALL.map(crate::Need::word);
                    let nearest = crate::nearest::nearest(word, all).map(Into::into);
                    let wrong = Wrong {
                        nearest,
                        ..Wrong::new(format!("nothing can need {word}"), format!("expected {}", all.join(", ")))
                    };
                    self.faults.push(Raw::at(span, wrong));
                }
            }
        }
        if reason.trim().is_empty() {
            self.fault(line.span(0), "needs gives no reason", "as --@ needs model: three replicas, real-cluster.md 2d");
        }
    }

    fn checked(&mut self, line: &Line, span: &Range<usize>) {
        let version = text_of(line.key("cassandra"));
        if let (Some(version), Some(Value::Count(hash))) = (version, line.key("text")) {
            if self.scenario.checked.is_some() {
                self.fault(span.clone(), "there are two checked lines", "the oracle writes one")
                    .fixed_by(span.clone(), "");
                return;
            }
            let span = bytes(&self.whole_lines(span));
            self.scenario.checked = Some(Checked { span, server: "cassandra".into(), version, hash: *hash });
        }
    }

    fn finish(mut self) -> (Scenario, Vec<Fault>) {
        if let Some(span) = self.unwaited.take() {
            self.fault(span, "async has no statement below it", "it speaks of the next statement");
        }
        for (message, span) in core::mem::take(&mut self.swapped) {
            if message.statement > self.statements {
                let known = format!("the last statement is {}", self.statements);
                self.fault(span, format!("there is no statement {} to send it", message.statement), known);
            }
        }
        for (span, ..) in core::mem::take(&mut self.asked) {
            self.fault(span, "the question has no statement below it", "it asks about the next outcome");
        }
        let mut scenario = self.scenario;
        if !self.own_keyspace {
            scenario.setup.demo = Some(scenario.setup.cluster.demo());
        }
        self.faults.sort_by_key(|raw| raw.span.start);
        self.faults.dedup_by(|a, b| a.span == b.span && a.wrong == b.wrong);
        self.faults.truncate(FAULTS_MAX);
        if let Some(first) = self.faults.first().map(|raw| raw.span.start as u32) {
            // A fault inside a statement stops that statement too.
            scenario.steps.retain(|step| step.span.end <= first);
            let steps = scenario.steps.len() as u32;
            for block in &mut scenario.blocks {
                block.steps = block.steps.start.min(steps)..block.steps.end.min(steps);
            }
            scenario.questions.retain(|question| question.step < steps);
        }
        let lines = &self.lines;
        (scenario, self.faults.into_iter().map(|raw| placed(raw, lines)).collect())
    }
}

fn placed(raw: Raw, lines: &Lines<'_>) -> Fault {
    Fault {
        line: lines.line(raw.span.start) as u32 + 1,
        column: lines.column(raw.span.start) as u32,
        span: bytes(&raw.span),
        so: raw.wrong.so,
        known: raw.wrong.known,
        nearest: raw.wrong.nearest,
        fix: raw.fix,
    }
}

fn is_outcome(item: &Item) -> bool {
    matches!(item.what, What::Marked(Mark::Outcome | Mark::Account))
}

fn text_of(value: Option<&Value>) -> Option<String> {
    match value {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}
