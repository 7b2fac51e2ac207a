//! How fast a text becomes a statement: `cargo bench -p cql --bench parse`.
#![allow(missing_docs, reason = "divan's macros make functions of their own")]

use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const STATEMENTS: [&str; 6] = [
    "INSERT INTO platform_users (org_id, user_id, version) VALUES ('org-1', 'user-1', 1)",
    "INSERT INTO platform_users (org_id, user_id, version) VALUES (?, ?, ?) USING TIMESTAMP ?",
    "UPDATE shop.carts SET items[42] = 'soap', total = total + 1 WHERE id = 5a1c395e-b41f-11e5-9f22-ba0be0483c18",
    "DELETE FROM platform_users WHERE org_id = 'org-1'",
    "SELECT org_id, user_id, writetime(version) AS w FROM platform_users WHERE org_id = 'org-1' AND user_id > 'a' LIMIT 10",
    "CREATE TABLE platform_users (org_id text, user_id text, version int, tags frozen<map<text, list<int>>>, \
     PRIMARY KEY (org_id, user_id)) WITH CLUSTERING ORDER BY (user_id DESC) AND gc_grace_seconds = 60",
];

#[divan::bench(args = STATEMENTS)]
fn parse(bencher: Bencher<'_, '_>, text: &str) {
    bencher.counter(BytesCount::of_str(text)).bench(|| cql::parse(black_box(text)));
}

#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let statement = cql::parse(STATEMENTS[0]);
    bencher.bench_local(|| black_box(&statement).as_ref().map(ToString::to_string).ok());
}

#[divan::bench]
fn split(bencher: Bencher<'_, '_>) {
    let text = STATEMENTS.map(|text| format!("-- a comment\n{text};\n")).concat().repeat(100);
    bencher.counter(BytesCount::of_str(&text)).bench(|| cql::split(black_box(&text)).count());
}

#[divan::bench]
fn explain(bencher: Bencher<'_, '_>) {
    bencher.bench(|| cql::parse(black_box("SELECT a FORM t WHERE a = 1")));
}
