//! A directive's values to the step they mean.

use crate::directives::Verb;
use crate::line::{Line, Raw};
use crate::step::{Act, Condition, Cut, Machine, Node, Rule, RuleKind};
use crate::value::{Known, Value, Wrong, machine};
use alloc::format;
use alloc::vec::Vec;
use sim::{PPM, Span};

/// The step of a directive that is one.
pub(super) fn of(line: &Line, known: &Known) -> Result<Act, Raw> {
    let verb = line.directive.verb;
    // The table and this match are two halves of one thing: a value of another kind cannot come.
    let odd = || Raw::at(line.span.clone(), Wrong::new(format!("{} cannot stand here", line.directive.name), ""));
    let node = || match line.arg(0) {
        Some(Value::Node(node)) => Ok(*node),
        _ => Err(odd()),
    };
    Ok(match verb {
        Verb::Advance => match line.arg(0) {
            Some(Value::Span(span)) => Act::Advance(*span),
            _ => return Err(odd()),
        },
        Verb::Until => Act::Until(condition(line)?),
        Verb::Kill => Act::Kill(node()?),
        Verb::Start => Act::Start(node()?),
        Verb::Power => Act::Power(node()?),
        Verb::Pause => Act::Pause(node()?),
        Verb::Resume => Act::Resume(node()?),
        Verb::Partition => Act::Partition(sides(line, known)?),
        Verb::Heal => Act::Heal,
        Verb::Drop => Act::Rule(rule(line, RuleKind::Drop, Span::ZERO).ok_or_else(odd)?),
        Verb::Delay => Act::Rule(rule(line, RuleKind::Delay, Span::ms(100)).ok_or_else(odd)?),
        Verb::Duplicate => Act::Rule(rule(line, RuleKind::Duplicate, Span::ms(1)).ok_or_else(odd)?),
        Verb::Reorder => Act::Rule(rule(line, RuleKind::Reorder, Span::ms(10)).ok_or_else(odd)?),
        Verb::Clock => match (line.arg(0), line.arg(1)) {
            (Some(Value::Machine(machine)), Some(Value::Offset(us))) => Act::Clock(*machine, *us),
            _ => return Err(odd()),
        },
        Verb::Flush => Act::Flush(some_node(line)),
        Verb::Compact => Act::Compact(some_node(line)),
        Verb::Repair => Act::Repair(some_node(line)),
        Verb::Await => Act::Await(match line.arg(0) {
            Some(Value::Client(client)) => Some(*client),
            _ => None,
        }),
        Verb::Cluster
        | Verb::Client
        | Verb::As
        | Verb::Async
        | Verb::Row
        | Verb::At
        | Verb::Trace
        | Verb::Needs
        | Verb::Checked
        | Verb::Swap
        | Verb::Branch
        | Verb::Instead
        | Verb::Before
        | Verb::Without => return Err(odd()),
    })
}

fn some_node(line: &Line) -> Option<Node> {
    match line.arg(0) {
        Some(Value::Node(node)) => Some(*node),
        _ => None,
    }
}

fn condition(line: &Line) -> Result<Condition, Raw> {
    let node = match line.arg(1) {
        Some(Value::Node(node)) => Some(*node),
        _ => None,
    };
    let Some(Value::Word(word)) = line.arg(0) else {
        return Err(Raw::at(line.span.clone(), Wrong::new("until says no state", "")));
    };
    let condition = match (*word, node) {
        ("seen-down", Some(node)) => Condition::SeenDown(node),
        ("seen-up", Some(node)) => Condition::SeenUp(node),
        ("seen-down" | "seen-up", None) => {
            return Err(Raw::at(
                line.span(0),
                Wrong::new(format!("{word} says no node"), format!("as --@ until {word} n3")),
            ));
        }
        (_, Some(node)) => {
            return Err(Raw::at(
                line.span(1),
                Wrong::new(format!("{word} is a state of the whole cluster"), format!("{node} is one too many")),
            ));
        }
        ("hints", None) => Condition::Hints,
        ("repaired", None) => Condition::Repaired,
        _ => Condition::Quiet,
    };
    Ok(condition)
}

fn rule(line: &Line, kind: RuleKind, by: Span) -> Option<Rule> {
    let (Some(Value::Party(from)), Some(Value::Party(to))) = (line.arg(0), line.arg(1)) else { return None };
    let mut rule = Rule { kind, from: *from, to: *to, ppm: PPM, times: None, by };
    for (key, value) in &line.keys {
        match (key.name, value) {
            ("p", Value::Ppm(ppm)) => rule.ppm = *ppm,
            ("times", Value::Count(n)) => rule.times = u32::try_from(*n).ok(),
            ("by", Value::Span(span)) => rule.by = *span,
            _ => {}
        }
    }
    Some(rule)
}

/// `n1 | n2 n3` or `n1 -> n2 n3`; commas are as good as spaces.
fn sides(line: &Line, known: &Known) -> Result<Cut, Raw> {
    let Some(Value::Text(text)) = line.arg(0) else {
        return Err(Raw::at(line.span.clone(), Wrong::new("partition says no sides", "")));
    };
    let whole = line.span(0);
    let one_way = text.contains("->");
    let separator = if one_way { "->" } else { "|" };
    let mut sides: Vec<Vec<Machine>> = Vec::new();
    let mut at = whole.start;
    for side in text.split(separator) {
        let mut machines = Vec::new();
        let mut word_at = at;
        for word in side.split([' ', ',', '\t']) {
            let span = word_at..word_at + word.len();
            word_at = span.end + 1;
            if word.is_empty() {
                continue;
            }
            let machine = machine(word, known).map_err(|wrong| Raw::at(span.clone(), wrong))?;
            if machines.contains(&machine) || sides.iter().any(|other| other.contains(&machine)) {
                let wrong = Wrong::new(format!("{word} stands on two sides"), "a machine is on one side, or on none");
                return Err(Raw::at(span, wrong));
            }
            machines.push(machine);
        }
        at += side.len() + separator.len();
        if machines.is_empty() {
            return Err(Raw::at(whole, Wrong::new("a side of the partition is empty", "as --@ partition n1 | n2 n3")));
        }
        sides.push(machines);
    }
    if sides.len() < 2 || (one_way && sides.len() > 2) {
        let known = "as --@ partition n1 | n2 n3, or one way --@ partition n1 -> n2";
        return Err(Raw::at(whole, Wrong::new(format!("the partition has {} side(s)", sides.len()), known)));
    }
    Ok(Cut { sides, one_way })
}
