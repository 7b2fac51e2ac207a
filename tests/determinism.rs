//! Same text, same trace: run twice, compared with what every other runtime gave, and with another seed.

use suite::{CASES, PROGRAMS, account, all, first_difference, generate, golden, link_hash, run, run_with_seed};

#[test]
fn the_same_text_gives_the_same_digest_everywhere() {
    let mut wrong = Vec::new();
    for (name, text) in all() {
        let digest = run(&text).digest();
        if run(&text).digest() != digest {
            let difference = first_difference(&name, &account(run(&text)), &account(run(&text)));
            wrong.push(format!("it differs from itself. {difference}"));
        } else if golden(&name) != Some(digest.as_str()) {
            wrong.push(format!("{name}: {digest}, but tests/digests.txt has {:?}", golden(&name)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of the runs differ. If the model was meant to change, `cargo xtask bless` writes the new digests.\n{}",
        wrong.len(),
        wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn the_same_text_gives_the_same_link_everywhere() {
    for case in CASES {
        assert_eq!(golden(&format!("link-{}", case.path)), Some(link_hash(case.text).as_str()), "{}", case.path);
    }
}

#[test]
fn another_seed_gives_another_digest() {
    for (name, text) in all().filter(|(name, _)| !name.starts_with("program-") || name.ends_with('7')) {
        // Without a second machine that is spoken to over the network nothing is drawn; every run here has one.
        let digest = run(&text).digest();
        assert_ne!(run_with_seed(&text, 987_654).digest(), digest, "{name}");
    }
}

/// Programs beyond those whose digests are kept, as many as `cargo xtask soak` has time for.
#[test]
#[ignore = "slow: cargo xtask soak"]
fn programs_that_nobody_keeps_run_the_same_twice() {
    let more: u64 = std::env::var("TOMBSTONE_PROGRAMS").ok().and_then(|more| more.parse().ok()).unwrap_or(1_000);
    for seed in PROGRAMS..PROGRAMS + more {
        let text = generate::program(seed).text;
        let (one, other) = (run(&text), run(&text));
        assert!(one.blessed.faults.is_empty(), "program {seed}: {}", one.blessed.faults[0]);
        if one.digest() != other.digest() {
            panic!("{}", first_difference(&format!("program-{seed}"), &account(one), &account(other)));
        }
    }
    println!("{more} programs more, each twice the same");
}

/// What the programs are made of: each kind of statement, directive and fault often enough to matter.
#[test]
fn programs_cover_every_kind() {
    let names = generate::names();
    let mut counts = vec![0u64; names.len()];
    let mut steps = Vec::new();
    let mut troubled = 0u64;
    for seed in 0..PROGRAMS {
        let program = generate::program(seed);
        for (sum, count) in counts.iter_mut().zip(&program.counts) {
            *sum += u64::from(*count);
        }
        steps.push(program.steps);
        let blessed = run(&program.text).blessed;
        assert!(blessed.faults.is_empty(), "program {seed}: {}", blessed.faults[0]);
        let fails = |line: &String| line.starts_with("Error ");
        troubled += u64::from(blessed.answers.iter().any(|answer| answer.lines.iter().any(fails)));
    }
    let total: u64 = counts.iter().sum();
    steps.sort_unstable();
    let median = steps[steps.len() / 2];
    for (name, count) in names.iter().zip(&counts) {
        println!("{:>5.1} %  {name}", *count as f64 * 100.0 / total as f64);
    }
    println!("median {median} steps; {troubled} of {PROGRAMS} programs meet an error or a timeout");
    for (name, count) in names.iter().zip(&counts) {
        assert!(count * 50 >= total, "{name}: {count} of {total} is below 2 %");
    }
    assert!(median >= 30, "median {median} steps");
    assert!(troubled * 5 >= PROGRAMS, "{troubled} of {PROGRAMS} meet trouble");
}

#[test]
fn a_number_tips_where_it_tips_in_every_other_runtime() {
    let story = CASES.iter().find(|case| case.path.ends_with("the-writer-is-20-ms-ahead.cql")).unwrap();
    let mut run = |text: &str, _: Option<ask::Reseed>| ask::Came::of(&run(text).blessed);
    let told = ask::answer(story.text, &scenario::told::Question::Tip, &mut run);
    let scenario::told::Told::Tip(tip) = told else { panic!("{told:?}") };
    assert_eq!(tip.sides.iter().map(|side| side.at).collect::<Vec<_>>(), [suite::TIPS_AT]);
}
