//! What the model costs: statements a second on three nodes at RF 3 and QUORUM, with and without a record, prepared and
//! parsed; how that and memory grow with nodes and rows. Each figure is per unit, so that growth can be seen.

use cql::{Consistency, Params, Request, Response, Value};
use divan::{Bencher, counter::ItemsCount};
use scenario::{Cluster, Dc, Setup};
use std::rc::Rc;
use world::World;

fn main() {
    divan::main();
}

const STATEMENTS: u32 = 10_000;

fn setup(nodes: u16, rf: u16) -> Setup {
    let dcs = vec![Dc { name: "dc1".into(), nodes }];
    let cluster = Cluster { nodes, rf, dcs, ..Cluster::default() };
    let demo = Some(cluster.demo());
    Setup { cluster, demo, ..Setup::default() }
}

fn world(nodes: u16, rf: u16, traced: bool) -> World {
    let mut world = World::new(&setup(nodes, rf), traced);
    let made = world.ask(query("CREATE TABLE t (p int, c int, v text, w int, PRIMARY KEY (p, c))"));
    assert!(!matches!(made.as_deref(), Ok(Response::Error(_)) | Err(_)), "{made:?}");
    world
}

fn params() -> Params {
    Params { keyspace: Some("demo".into()), timestamp: Some(1), ..Params::at(Consistency::Quorum) }
}

fn query(text: &str) -> Rc<Request> {
    Rc::new(Request::Query { text: text.into(), params: params() })
}

fn int(n: u32) -> Value {
    Value::Bytes(n.to_be_bytes().into())
}

/// INSERT statements that were prepared, the values bound.
#[divan::bench(args = [false, true])]
fn prepared(bencher: Bencher<'_, '_>, traced: bool) {
    bencher.counter(ItemsCount::new(STATEMENTS)).with_inputs(|| prepared_world(3, 3, traced)).bench_local_refs(
        |(world, id)| {
            for n in 0..STATEMENTS {
                let values = vec![int(n), int(1), Value::Bytes((*b"value").into()), int(n)];
                let request = Rc::new(Request::Execute { id: *id, params: Params { values, ..params() } });
                assert!(matches!(world.ask(request).as_deref(), Ok(Response::Void)));
            }
        },
    );
}

fn prepared_world(nodes: u16, rf: u16, traced: bool) -> (World, cql::PreparedId) {
    let mut world = world(nodes, rf, traced);
    let text = Rc::from("INSERT INTO t (p, c, v, w) VALUES (?, ?, ?, ?)");
    let request = Rc::new(Request::Prepare { text, keyspace: Some("demo".into()) });
    match world.ask(request).as_deref() {
        Ok(Response::Prepared { id, .. }) => (world, *id),
        other => unreachable!("{other:?}"),
    }
}

/// INSERT statements as text, parsed by the coordinator.
#[divan::bench(args = [false, true])]
fn parsed(bencher: Bencher<'_, '_>, traced: bool) {
    let texts: Vec<Rc<str>> =
        (0..STATEMENTS).map(|n| format!("INSERT INTO t (p, c, v, w) VALUES ({n}, 1, 'value', {n})").into()).collect();
    bencher.counter(ItemsCount::new(STATEMENTS)).with_inputs(|| world(3, 3, traced)).bench_local_refs(|world| {
        for text in &texts {
            let request = Rc::new(Request::Query { text: text.clone(), params: params() });
            assert!(matches!(world.ask(request).as_deref(), Ok(Response::Void)));
        }
    });
}

/// SELECT by key of what was written.
#[divan::bench]
fn select_by_key(bencher: Bencher<'_, '_>) {
    let (mut world, id) = prepared_world(3, 3, false);
    for n in 0..STATEMENTS {
        let values = vec![int(n), int(1), Value::Bytes((*b"value").into()), int(n)];
        let _ = world.ask(Rc::new(Request::Execute { id, params: Params { values, ..params() } }));
    }
    let text = Rc::from("SELECT v, w FROM t WHERE p = ? AND c = 1");
    let prepared = world.ask(Rc::new(Request::Prepare { text, keyspace: Some("demo".into()) }));
    let Ok(Response::Prepared { id, .. }) = prepared.as_deref() else { unreachable!("{prepared:?}") };
    bencher.counter(ItemsCount::new(STATEMENTS)).bench_local(|| {
        for n in 0..STATEMENTS {
            let request = Rc::new(Request::Execute { id: *id, params: Params { values: vec![int(n)], ..params() } });
            assert!(matches!(world.ask(request).as_deref(), Ok(Response::Rows(..))));
        }
    });
}

/// The same writes on more nodes: what a node more costs.
#[divan::bench(args = [3, 30, 300])]
fn nodes(bencher: Bencher<'_, '_>, nodes: u16) {
    bencher.counter(ItemsCount::new(STATEMENTS)).with_inputs(|| prepared_world(nodes, 3, false)).bench_local_refs(
        |(world, id)| {
            for n in 0..STATEMENTS {
                let values = vec![int(n), int(1), Value::Bytes((*b"value").into()), int(n)];
                let _ = world.ask(Rc::new(Request::Execute { id: *id, params: Params { values, ..params() } }));
            }
        },
    );
}

/// A whole world, made: what 3, 30 and 300 nodes cost before anything happens.
#[divan::bench(args = [3, 30, 300])]
fn make(nodes: u16) -> World {
    World::new(&setup(nodes, 3), true)
}
