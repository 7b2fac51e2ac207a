//! The page of all directives, made of the one table and the suite: `look/directives.html`. `BLESS=1 cargo test -p web` writes it anew.

#![allow(clippy::panic, reason = "a test ends by panicking")]

use scenario::Need;
use scenario::directives::{DIRECTIVES, Directive, Place};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};
use web::gallery::read;

/// Scenarios that are named under each directive.
const SHOWN: usize = 3;

const STYLE: &str = "
body { margin: 0; background: var(--paper); color: var(--ink); font: var(--text-lg)/var(--lead-lg) var(--font-prose); }
header, main { max-width: 860px; margin: 0 auto; padding: var(--s-6) var(--s-5); } header { padding-bottom: 0; }
a { color: var(--ink); text-underline-offset: 3px; } a:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
h1 { font-size: 32px; line-height: 38px; margin: var(--s-4) 0 var(--s-2); } h2 { font: 600 var(--text-lg)/var(--lead-lg) var(--font-data); margin: 0; overflow-wrap: anywhere; }
code { font: var(--text-md)/var(--lead-md) var(--font-data); } pre { background: var(--sunken); border-radius: var(--radius-2); padding: var(--s-2) var(--s-3); overflow-x: auto; }
nav { display: flex; flex-wrap: wrap; gap: var(--s-2); margin: var(--s-4) 0; } nav a { display: inline-flex; align-items: center; font: var(--text-md)/28px var(--font-data); padding: 0 var(--s-2); min-height: 28px; border: 1px solid var(--line); border-radius: var(--radius-1); text-decoration: none; }
section { border-top: 1px solid var(--line); padding: var(--s-5) 0; } section > p { margin: var(--s-2) 0; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font: var(--text-sm)/var(--lead-sm) var(--font-ui); margin: var(--s-3) 0; }
th { font-weight: 500; color: var(--ink-2); } th, td { padding: 3px 16px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); } td:first-child { font-family: var(--font-data); white-space: nowrap; }
small { font: var(--text-sm)/var(--lead-sm) var(--font-ui); color: var(--ink-2); }
.run a { display: inline-flex; align-items: center; min-height: 28px; } @media (pointer: coarse) { .run a, nav a { min-height: 44px; line-height: 44px; } }
";

#[test]
fn the_page_of_directives_says_what_the_table_says() {
    let look = Path::new(env!("CARGO_MANIFEST_DIR")).join("look");
    let cards = fs::read_to_string(look.join("gallery.tsv")).expect("the gallery is there");
    let suite: Vec<(String, String, String)> = read(&cards)
        .iter()
        .filter(|story| story.about.is_empty())
        .map(|story| {
            let path = look.join(format!("../../tests/scenarios/{}.cql", story.slug));
            (story.slug.clone(), story.title.clone(), fs::read_to_string(path).expect("a card has its scenario"))
        })
        .collect();
    let tokens = fs::read_to_string(look.join("tokens.css")).expect("the tokens are there");
    let page = page(&tokens, &suite);
    let path = look.join("directives.html");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).expect("it can be written");
    }
    assert!(fs::read_to_string(&path).is_ok_and(|told| told == page), "BLESS=1 writes it anew");
}

fn page(tokens: &str, suite: &[(String, String, String)]) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Every directive · Tombstone</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"description\" content=\"The directives of a Tombstone scenario: what each does, and a scenario that shows it.\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <style>{}{STYLE}</style></head><body>\n\
         <header><a href=\"./#start\">Tombstone</a><h1>Every directive</h1>\n\
         <p>A scenario is plain CQL; what else happens in its world stands in comments that begin with <code>--@</code>. \
         This page is made of the table that the parser reads, and what can be run here is a test of the suite.</p>\n<nav aria-label=\"Directives\">",
        without_comments(tokens)
    );
    for directive in DIRECTIVES {
        let _ = write!(out, "<a href=\"#{0}\">{0}</a>", directive.name);
    }
    out += "</nav></header>\n<main>\n";
    for directive in DIRECTIVES {
        section(&mut out, directive, suite);
    }
    out + "</main></body></html>\n"
}

fn section(out: &mut String, directive: &Directive, suite: &[(String, String, String)]) {
    let mut using: Vec<(&(String, String, String), &str)> =
        suite.iter().filter_map(|story| Some((story, line(&story.2, directive)?))).collect();
    using.sort_by_key(|((slug, _, text), _)| (text.len(), slug.clone()));
    let (first, example) = using.first().unwrap_or_else(|| panic!("no scenario shows --@ {}", directive.name));
    let _ = writeln!(
        out,
        "<section id=\"{}\"><h2>--@ {}</h2><p>{}</p>",
        directive.name,
        html(&directive.usage()),
        html(directive.help)
    );
    let mut about = vec![
        match directive.place {
            Place::Head => "Stands before the first step.",
            Place::Anywhere => "Stands anywhere.",
            Place::BeforeStatement => "Stands above a statement.",
        }
        .to_string(),
    ];
    about.extend(directive.aliases.iter().map(|alias| format!("<code>{alias}</code> is the same.")));
    about.extend(directive.needs.map(|need| format!("Needs {}.", needs(need))));
    let _ = writeln!(out, "<p><small>{}</small></p>", about.join(" "));
    if !(directive.args.is_empty() && directive.keys.is_empty()) {
        *out += "<div class=\"scroll\"><table><thead><tr><th>is</th><th>written as</th><th>without it</th><th>says</th></tr></thead><tbody>\n";
        for arg in directive.args {
            let without = if arg.optional { "all of them" } else { "" };
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{without}</td><td></td></tr>",
                arg.name,
                html(&arg.kind.wanted())
            );
        }
        for key in directive.keys {
            let without = if key.required { "it must be there" } else { key.default };
            let (kind, says) = (html(&key.kind.wanted()), html(key.help));
            let needs = key.needs.map(|need| format!("; needs {}", needs(need))).unwrap_or_default();
            let _ = writeln!(
                out,
                "<tr><td>{}=</td><td>{kind}</td><td>{}</td><td>{says}{needs}</td></tr>",
                key.name,
                html(without)
            );
        }
        *out += "</tbody></table></div>\n";
    }
    let _ = writeln!(out, "<pre><code>{}</code></pre>", html(example));
    let _ = writeln!(out, "<p class=\"run\">Run it: <a href=\"./#story/{}\">{}</a></p>", first.0, html(&first.1));
    let more: Vec<String> = using
        .iter()
        .skip(1)
        .take(SHOWN - 1)
        .map(|((slug, title, _), _)| format!("<a href=\"./#story/{slug}\">{}</a>", html(title)))
        .collect();
    if !more.is_empty() {
        let _ = writeln!(out, "<p class=\"run\"><small>Also in: {}</small></p>", more.join(" · "));
    }
    *out += "</section>\n";
}

/// The first line of a text that is this directive.
fn line<'a>(text: &'a str, directive: &Directive) -> Option<&'a str> {
    text.lines()
        .find(|line| line.strip_prefix("--@ ").and_then(|said| said.split_whitespace().next()) == Some(directive.name))
}

fn needs(need: Need) -> &'static str {
    match need {
        Need::Model => "the model",
        Need::Clock => "clocks that can be set",
        Need::Faults => "machines that can be killed, frozen and cut off",
        Need::Root => "rights on the cluster’s machines",
        Need::Time => "time that can pass faster than a reader waits",
    }
}

fn html(text: &str) -> String {
    let signs = BTreeMap::from([('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;")]);
    text.chars().fold(String::new(), |mut out, c| {
        match signs.get(&c) {
            Some(sign) => out += sign,
            None => out.push(c),
        }
        out
    })
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |out, part| out + part.split_once("*/").map_or("", |(_, rest)| rest))
}
