//! The account of a run as text that can leave a runtime: where two runtimes differ, the one prints it, the other compares.

use crate::{Run, all, golden, run};

/// Stands before an account in the output of a test, with the run's name.
const HEAD: &str = "account of ";
/// Stands before each line of an account.
const BAR: &str = "| ";

/// The names of the runs whose digest is not the one that is kept, and the account of the shortest of them; `None` when
/// all are as they were.
#[must_use]
pub fn differing() -> Option<String> {
    let mut wrong = Vec::new();
    let mut shortest: Option<(String, Vec<String>)> = None;
    for (name, text) in all() {
        let ran = run(&text);
        let digest = ran.digest();
        if golden(&name) != Some(digest.as_str()) {
            let account = account(ran);
            wrong.push(format!("{name}: {digest} instead of {}", golden(&name).unwrap_or("none")));
            if shortest.as_ref().is_none_or(|(_, known)| account.len() < known.len()) {
                shortest = Some((name, account));
            }
        }
    }
    let (name, account) = shortest?;
    let first: Vec<&str> = wrong.iter().take(20).map(String::as_str).collect();
    let mut said = format!("{} runs differ, the first of them:\n{}\n{HEAD}{name}\n", wrong.len(), first.join("\n"));
    account.iter().for_each(|line| said += &format!("{BAR}{line}\n"));
    Some(said)
}

/// Every event as its line, with a hash of all that it says: a line leaves some of it out.
#[must_use]
pub fn account(ran: Run) -> Vec<String> {
    let hash = |event| scenario::text_hash(&format!("{event:?}")) as u32;
    let hashes: Vec<u32> = ran.world.trace().map(|trace| trace.log().events().map(hash).collect()).unwrap_or_default();
    ran.lines().iter().zip(hashes).map(|(line, hash)| format!("{line} #{hash:08x}")).collect()
}

/// The first event in which two accounts of one run differ, as each has it.
#[must_use]
pub fn first_difference(name: &str, theirs: &[String], ours: &[String]) -> String {
    let at = theirs.iter().zip(ours).position(|(a, b)| a != b);
    match at.or((theirs.len() != ours.len()).then_some(theirs.len().min(ours.len()))) {
        Some(at) => {
            let line = |of: &[String]| of.get(at).map_or("nothing more happens", String::as_str).to_string();
            format!("{name}: the first event that differs\n  there {}\n  here  {}", line(theirs), line(ours))
        }
        None => format!("{name}: none of {} events differs; the states at the end do", ours.len()),
    }
}

/// Reads what a test on another runtime said: the same without its account, and the first event that differs from what
/// happens here.
#[must_use]
pub fn compared(said: &str) -> String {
    let (mut rest, mut name, mut theirs, mut whole) = (String::new(), None, Vec::new(), false);
    for line in said.lines() {
        // A runner may indent what a test says.
        let bare = line.trim_start();
        match (bare.strip_prefix(HEAD), bare.strip_prefix(BAR)) {
            (Some(of), _) if name.is_none() => name = Some(of.trim_end().to_string()),
            (_, Some(event)) if name.is_some() && !whole => theirs.push(event.trim_end().to_string()),
            // A runner may say it twice, on its console and when the test has failed.
            (Some(_), _) | (_, Some(_)) if name.is_some() => {}
            _ => {
                whole = !theirs.is_empty();
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    let text = name.as_ref().and_then(|name| all().find(|(known, _)| known == name));
    if let Some((name, text)) = text {
        let ours = account(run(&text));
        rest += &first_difference(&name, &theirs, &ours);
        rest.push('\n');
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_event_that_differs_is_found_in_what_a_test_said() {
        let (name, text) = ("program-7", crate::generate::program(7).text);
        let mut said = format!("panicked\n    {HEAD}{name}\n");
        for (at, line) in account(run(&text)).iter().enumerate() {
            said += &format!("    {BAR}{}\n", if at < 20 { line.clone() } else { line.replace(" n1 ", " n9 ") });
        }
        said += "after\n";
        let told = compared(&said);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[..3], ["panicked", "after", "program-7: the first event that differs"]);
        assert!(lines[3].contains(" n9 ") && lines[4].contains(" n1 "), "{told}");
        assert_eq!(lines[3].replace(" n9 ", " n1 ").split_once("there"), lines[4].split_once("here "));
    }
}
