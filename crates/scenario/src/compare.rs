//! Two runs of one text, outcome by outcome. `--~` lines are never compared: they are one model's own account.

use crate::parse::parse;
use crate::scenario::Scenario;
use crate::step::Act;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How far two runs agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Outcomes that were compared, those that print nothing too.
    pub compared: u32,
    /// Where they differ.
    pub differences: Vec<Difference>,
}

/// An outcome that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The number of the statement, the last one where several share their lines.
    pub number: u32,
    /// Its line in the first text, from 1.
    pub line: u32,
    /// The statement, its first line.
    pub statement: String,
    /// What the first text says.
    pub was: Vec<String>,
    /// What the second says.
    pub is: Vec<String>,
}

/// Compare the outcomes of two texts that are the same but for those. Texts that are not have nothing to compare.
#[must_use]
pub fn compare(was: &str, is: &str) -> Agreement {
    let (a, b) = (parse(was).0, parse(is).0);
    let mut agreement = Agreement::default();
    for (x, y) in outcomes(&a).zip(outcomes(&b)) {
        agreement.compared += 1;
        if x.lines != y.lines {
            let statement = was.get(x.span.clone()).and_then(|text| text.lines().next()).unwrap_or("").into();
            let Outcome { number, line, lines: was, .. } = x;
            agreement.differences.push(Difference { number, line, statement, was, is: y.lines });
        }
    }
    agreement
}

struct Outcome {
    number: u32,
    line: u32,
    span: core::ops::Range<usize>,
    lines: Vec<String>,
}

fn outcomes(scenario: &Scenario) -> impl Iterator<Item = Outcome> + '_ {
    scenario.blocks.iter().filter_map(|block| {
        let steps = scenario.steps.get(block.steps.start as usize..block.steps.end as usize)?;
        let step = steps.iter().rev().find(|step| matches!(step.act, Act::Cql(_) | Act::Shell(_)))?;
        Some(Outcome {
            number: step.act.statement()?,
            line: step.line,
            span: step.span.start as usize..step.span.end as usize,
            lines: block.lines.clone(),
        })
    })
}

/// `agrees on 4 of 4`; never a word about nothing.
impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.compared {
            0 => f.write_str("nothing was compared"),
            n => write!(f, "agrees on {} of {n}", n as usize - self.differences.len()),
        }
    }
}

/// The lines of a diff: where, then `-` what was and `+` what is.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "@ line {}, statement {}: {}", self.line, self.number, self.statement)?;
        for (sign, lines) in [('-', &self.was), ('+', &self.is)] {
            for line in lines {
                writeln!(f, "{}", alloc::format!("{sign}--> {line}").trim_end())?;
            }
            if lines.is_empty() {
                writeln!(f, "{sign} (prints nothing)")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn outcomes_are_compared_and_accounts_are_not() {
        let was = "--@ trace\n--@ heal\n--~ one\nDELETE FROM t WHERE k = 1;\nSELECT v FROM t;\n--> v\n--~ two\n";
        let same = was.replace("one", "1").replace("two", "2");
        assert_eq!(compare(was, &same).to_string(), "agrees on 2 of 2");
        let other = compare(was, &was.replace("--> v", "--> w"));
        assert_eq!(other.to_string(), "agrees on 1 of 2");
        let said = other.differences[0].to_string();
        assert_eq!(said, "@ line 5, statement 2: SELECT v FROM t;\n---> v\n+--> w\n");
        assert_eq!(compare("-- nothing\n", "").to_string(), "nothing was compared");
    }
}
