//! A lesson: Markdown whose ```` ```cql ```` fences, joined, are one scenario. Each fence ends a step; a quotation below it is what is said once its
//! question is answered; `## Your turn` ends the lesson with something to be done.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// Its title.
    pub title: String,
    /// Its steps: at least one.
    pub steps: Vec<LessonStep>,
    /// What the reader is asked to do at the end.
    pub turn: Turn,
}

/// A step: what is said, what is added to the text, what is said when its question is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LessonStep {
    /// Paragraphs before the code.
    pub prose: Vec<String>,
    /// What it adds to the scenario.
    pub code: String,
    /// Paragraphs that give the answer away.
    pub reveal: Vec<String>,
    /// Paragraphs after it.
    pub after: Vec<String>,
}

/// What the reader is asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Paragraphs.
    pub prose: Vec<String>,
    /// What must hold in the end.
    pub checks: Vec<Check>,
    /// Help, one at a time.
    pub hints: Vec<String>,
}

/// Something that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// In words.
    pub words: String,
    /// What it means.
    pub rule: Rule,
}

/// What a check means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `comes: 0`: this is the last outcome, in few words.
    Comes(String),
    /// `keeps: kill n3`: these words are in the text, one after the other, outcomes left out.
    Keeps(String),
}

impl Rule {
    /// Whether the text has what is to be kept. What comes is another's to judge.
    #[must_use]
    pub fn kept(&self, text: &str) -> bool {
        let Rule::Keeps(wanted) = self else { return true };
        let said: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("-->"))
            .flat_map(|line| line.split(|c: char| c.is_whitespace() || c == ';'))
            .filter(|word| !word.is_empty())
            .collect();
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        said.windows(wanted.len().max(1)).any(|words| words == wanted)
    }
}

/// Where a lesson is not written as lessons are: the line, from 1, and what is wrong.
pub type NoLesson = (u32, &'static str);

impl Lesson {
    /// Reads a lesson.
    ///
    /// # Errors
    /// Where it is none, and why.
    pub fn read(text: &str) -> Result<Lesson, NoLesson> {
        let mut reader = Reader::default();
        for (at, line) in text.lines().enumerate() {
            reader.line(line).map_err(|why| (at as u32 + 1, why))?;
        }
        let end = text.lines().count() as u32;
        let lesson = reader.end().map_err(|why| (end, why))?;
        match () {
            () if lesson.title.is_empty() => Err((1, "a lesson begins with # and its title")),
            () if lesson.steps.is_empty() => Err((end, "a lesson has a step, which ends with a cql fence")),
            () if lesson.turn.checks.is_empty() => {
                Err((end, "a lesson ends with ## Your turn and what must hold: - [ ] … `comes: …`"))
            }
            () => Ok(lesson),
        }
    }

    /// The scenario as it stands after so many steps.
    #[must_use]
    pub fn text(&self, steps: usize) -> String {
        let codes: Vec<&str> = self.steps.iter().take(steps).map(|step| step.code.as_str()).collect();
        let title = format!("-- {}.\n", self.title);
        core::iter::once(title.as_str()).chain(codes).collect()
    }
}

#[derive(Default)]
struct Reader {
    lesson: Lesson,
    /// Paragraphs since the last fence.
    prose: Vec<String>,
    code: Option<String>,
    turn: bool,
    /// The line before belongs to a paragraph, or to a quotation.
    open: Option<bool>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        if let Some(code) = &mut self.code {
            if line.trim_end() == "```" {
                let code = self.code.take().unwrap_or_default();
                self.lesson.steps.push(LessonStep {
                    prose: core::mem::take(&mut self.prose),
                    code,
                    ..LessonStep::default()
                });
            } else {
                *code += line;
                code.push('\n');
            }
            return Ok(());
        }
        let said = line.trim();
        if said.is_empty() {
            self.open = None;
        } else if let Some(title) = said.strip_prefix("# ") {
            self.lesson.title = title.split_once(": ").map_or(title, |(title, _)| title).into();
        } else if said == "## Your turn" {
            self.turn = true;
            self.settle();
        } else if said == "```cql" {
            if self.turn {
                return Err("the code of a lesson stands before ## Your turn");
            }
            self.code = Some(String::new());
            self.open = None;
        } else if said.starts_with("```") || said.starts_with("##") {
            return Err("a lesson has # a title, ```cql fences and ## Your turn");
        } else if said.starts_with("<!--") {
            self.open = None;
        } else if let Some(check) = said.strip_prefix("- [ ] ") {
            let check = check_of(check).ok_or("a check ends with `comes: …` or `keeps: …`")?;
            self.lesson.turn.checks.push(check);
        } else if let Some(quoted) = said.strip_prefix('>') {
            self.words(quoted.trim_start(), true)?;
        } else {
            self.words(said, false)?;
        }
        Ok(())
    }

    fn words(&mut self, said: &str, quoted: bool) -> Result<(), &'static str> {
        let to = match (quoted, self.turn, self.lesson.steps.last_mut()) {
            (true, true, _) => &mut self.lesson.turn.hints,
            (true, false, Some(step)) if self.prose.is_empty() => &mut step.reveal,
            (true, false, _) => {
                return Err("a quotation stands right below a fence: it is said when its question is answered");
            }
            (false, true, _) => &mut self.lesson.turn.prose,
            (false, false, _) => &mut self.prose,
        };
        match to.last_mut().filter(|_| self.open == Some(quoted)) {
            Some(paragraph) => {
                paragraph.push(' ');
                *paragraph += said;
            }
            None => to.push(said.into()),
        }
        self.open = Some(quoted);
        Ok(())
    }

    /// What stands between the last fence and the end of the steps belongs to the last step.
    fn settle(&mut self) {
        let prose = core::mem::take(&mut self.prose);
        if let Some(step) = self.lesson.steps.last_mut() {
            step.after.extend(prose);
        }
    }

    fn end(mut self) -> Result<Lesson, &'static str> {
        if self.code.is_some() {
            return Err("the last fence is not closed");
        }
        self.settle();
        Ok(self.lesson)
    }
}

fn check_of(said: &str) -> Option<Check> {
    let (words, rule) = said.strip_suffix('`')?.rsplit_once('`')?;
    let rule = match rule.split_once(':')? {
        ("comes", value) => Rule::Comes(value.trim().into()),
        ("keeps", value) => Rule::Keeps(value.trim().into()),
        _ => return None,
    };
    Some(Check { words: words.trim().into(), rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Two\n\nOne\nand more.\n\n```cql\nSELECT 1;\n```\n\n> So.\n\nThen.\n\n```cql\nSELECT 2;\n```\n\nAnd.\n\n\
        ## Your turn\n\nDo it.\n\n- [ ] None `comes: 0 rows`\n- [ ] Kept `keeps: kill n3`\n\n> Think.\n\n<!-- solve: a => b -->\n";

    #[test]
    fn a_lesson_is_its_steps_and_a_turn() {
        let lesson = Lesson::read(TEXT).unwrap();
        assert_eq!((lesson.title.as_str(), lesson.steps.len(), lesson.turn.hints.len()), ("Two", 2, 1));
        assert_eq!(lesson.steps[0].prose, ["One and more."]);
        assert_eq!(
            (&lesson.steps[0].reveal[..], &lesson.steps[1].after[..]),
            (&["So.".into()][..], &["And.".into()][..])
        );
        assert_eq!(
            (lesson.text(1), lesson.text(2)),
            ("-- Two.\nSELECT 1;\n".into(), "-- Two.\nSELECT 1;\nSELECT 2;\n".into())
        );
        assert_eq!(lesson.turn.checks[0], Check { words: "None".into(), rule: Rule::Comes("0 rows".into()) });
        assert!(
            lesson.turn.checks[1].rule.kept("--@ kill   n3;\n") && !lesson.turn.checks[1].rule.kept("--> kill n3\n")
        );
    }

    #[test]
    fn what_is_no_lesson_says_where() {
        let wrong = |from: &str, to: &str| Lesson::read(&TEXT.replace(from, to)).unwrap_err().0;
        assert_eq!(wrong("# Two\n", "\n"), 1);
        assert_eq!(wrong("`keeps: ", "`has: "), 25);
        assert_eq!(wrong("## Your turn", "## My turn"), 20);
        assert_eq!(wrong("> So.", "So.\n\n> So."), 12);
        assert_eq!(Lesson::read("# A\n```cql\nx").unwrap_err(), (3, "the last fence is not closed"));
        assert_eq!(Lesson::read("").unwrap_err().0, 1);
    }
}
