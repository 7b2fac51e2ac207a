//! How fast a statement becomes a plan: `cargo bench -p cql --bench plan`.
#![allow(missing_docs, reason = "divan's macros make functions of their own")]

use cql::{Moment, Plan, Prepared, Schema, Value};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn schema() -> Schema {
    let mut schema = Schema::default();
    for text in [
        "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}",
        "CREATE TABLE platform_users (org_id text, user_id text, version int, PRIMARY KEY (org_id, user_id))",
    ] {
        let Plan::Schema(change) = bind(&prepare(text, &schema), &[]) else { continue };
        let _ = schema.apply(&change);
    }
    schema
}

fn prepare(text: &str, schema: &Schema) -> Prepared {
    let statement = cql::parse(text).unwrap_or_else(|error| unreachable!("{error}"));
    cql::prepare(&statement, schema, Some("shop")).unwrap_or_else(|error| unreachable!("{error}"))
}

fn bind(prepared: &Prepared, values: &[Value]) -> Plan {
    let mut luck = || 7;
    let mut moment = Moment { timestamp: 1, now: 1_735_689_600_000_000, uuid: &mut luck };
    prepared.bind(values, &mut moment).unwrap_or_else(|error| unreachable!("{error}"))
}

const INSERT: &str = "INSERT INTO platform_users (org_id, user_id, version) VALUES ('org-1', 'user-1', 1)";
const SELECT: &str = "SELECT version FROM platform_users WHERE org_id = 'org-1' AND user_id = 'user-1'";

#[divan::bench]
fn insert_parsed(bencher: Bencher<'_, '_>) {
    let schema = schema();
    bencher.bench_local(|| bind(&prepare(black_box(INSERT), &schema), &[]));
}

#[divan::bench]
fn insert_bound(bencher: Bencher<'_, '_>) {
    let schema = schema();
    let prepared = prepare("INSERT INTO platform_users (org_id, user_id, version) VALUES (?, ?, ?)", &schema);
    let values = [&b"org-1"[..], b"user-1", &[0, 0, 0, 1]].map(|bytes| Value::Bytes(bytes.into()));
    bencher.bench_local(|| bind(&prepared, black_box(&values)));
}

#[divan::bench]
fn select_parsed(bencher: Bencher<'_, '_>) {
    let schema = schema();
    bencher.bench_local(|| bind(&prepare(black_box(SELECT), &schema), &[]));
}

#[divan::bench]
fn select_bound(bencher: Bencher<'_, '_>) {
    let schema = schema();
    let prepared = prepare("SELECT version FROM platform_users WHERE org_id = ? AND user_id = ?", &schema);
    let values = [&b"org-1"[..], b"user-1"].map(|bytes| Value::Bytes(bytes.into()));
    bencher.bench_local(|| bind(&prepared, black_box(&values)));
}
