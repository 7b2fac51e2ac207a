//! The model: statements a second on three nodes at RF 3 and QUORUM; how that and memory grow with nodes and rows.

use std::rc::Rc;

use cql::{Consistency, Params, PreparedId, Request, Response, Value};
use scenario::{Backend, Cluster, Dc, Setup};
use world::{Limits, World};

use crate::{Figure, Watch, timed, weighed};

const INSERT: &str = "INSERT INTO t (p, c, v, w) VALUES (?, ?, ?, ?)";
/// What [`INSERT`] writes.
const CELLS_PER_ROW: u32 = 2;

/// Statements that were prepared, their values bound.
pub fn prepared(statements: u32, watch: &dyn Watch) -> Result<Figure, String> {
    inserts(statements, 3, 3, false, watch)
}

/// The same with every fact noted.
pub fn traced(statements: u32, watch: &dyn Watch) -> Result<Figure, String> {
    inserts(statements, 3, 3, true, watch)
}

/// The same on more nodes: what a node more costs.
pub fn nodes(nodes: u32, watch: &dyn Watch) -> Result<Figure, String> {
    inserts(20_000, u16::try_from(nodes).map_err(|error| error.to_string())?, 3, false, watch)
}

/// Rows that stay, of two cells each: their time and their bytes.
pub fn rows(rows: u32, watch: &dyn Watch) -> Result<Figure, String> {
    inserts(rows, 3, 1, false, watch)
}

/// The cells of one wide partition: what a cell costs without its partition.
pub fn cells(cells: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let (mut world, id) = with_insert(3, 1, false)?;
    let keyspace = Rc::from("demo");
    weighed(watch, || {
        let began = world.progress().now.0;
        for n in 0..cells / CELLS_PER_ROW {
            done(world.ask(execute(id, &keyspace, [0, n], n)))?;
        }
        Ok((f64::from(cells), (world.progress().now.0 - began) as f64 / 1e6))
    })
}

/// A cluster that is made: what each node costs before anything happens, with a table in it.
pub fn made(nodes: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let size = u16::try_from(nodes).map_err(|error| error.to_string())?;
    let mut kept = None;
    weighed(watch, || {
        kept = Some(with_insert(size, 3, false)?);
        Ok((f64::from(nodes), 0.0))
    })
}

/// Statements as text, parsed by the coordinator.
pub fn parsed(statements: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let mut world = world(3, 3, false)?;
    let text = |n| format!("INSERT INTO t (p, c, v, w) VALUES ({n}, 1, 'value', {n})");
    let texts: Vec<Rc<str>> = (0..statements).map(|n| text(n).into()).collect();
    let keyspace = Rc::from("demo");
    weighed(watch, || {
        let began = world.progress().now.0;
        for text in texts {
            done(world.ask(Rc::new(Request::Query { text, params: params(&keyspace, Vec::new()) })))?;
        }
        Ok((f64::from(statements), (world.progress().now.0 - began) as f64 / 1e6))
    })
}

/// A cluster in which nothing happens: nothing periodic may be an event.
pub fn quiet(days: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let text = format!(
        "CREATE TABLE t (p int PRIMARY KEY);\nINSERT INTO t (p) VALUES (1);\n--@ advance {days}d\nSELECT * FROM t;\n"
    );
    let mut world = World::new(&Setup::default(), true);
    timed(watch, || {
        let blessed = crate::text::now(scenario::bless(&text, &mut world, &mut ()));
        let rows = blessed.answers.last().and_then(|answer| answer.lines.last()).map_or("", String::as_str);
        if rows != "(1 rows)" {
            return Err(format!("ten days took the row away: {:?}", blessed.end));
        }
        Ok((f64::from(days), world.progress().now.0 as f64 / 1e6))
    })
}

/// Single-row partitions, written one after the other. With a trace, 160,000 statements fill it.
fn inserts(statements: u32, nodes: u16, rf: u16, traced: bool, watch: &dyn Watch) -> Result<Figure, String> {
    let (mut world, id) = with_insert(nodes, rf, traced)?;
    let keyspace = Rc::from("demo");
    weighed(watch, || {
        let began = world.progress().now.0;
        for n in 0..statements {
            done(world.ask(execute(id, &keyspace, [n, 1], n)))?;
        }
        Ok((f64::from(statements), (world.progress().now.0 - began) as f64 / 1e6))
    })
}

/// A world with a table and a prepared INSERT.
pub fn with_insert(nodes: u16, rf: u16, traced: bool) -> Result<(World, PreparedId), String> {
    let mut world = world(nodes, rf, traced)?;
    let request = Rc::new(Request::Prepare { text: INSERT.into(), keyspace: Some("demo".into()) });
    match &*world.ask(request).map_err(|error| format!("{error:?}"))? {
        Response::Prepared { id, .. } => Ok((world, *id)),
        other => Err(format!("not prepared: {other:?}")),
    }
}

fn world(nodes: u16, rf: u16, traced: bool) -> Result<World, String> {
    let dcs = vec![Dc { name: "dc1".into(), nodes }];
    let cluster = Cluster { nodes, rf, dcs, ..Cluster::default() };
    let demo = Some(cluster.demo());
    let mut world = World::new(&Setup { cluster, demo, ..Setup::default() }, traced);
    world.set_limits(Limits { events: u64::MAX, ..Limits::default() });
    let text = "CREATE TABLE t (p int, c int, v text, w int, PRIMARY KEY (p, c))".into();
    match &*world
        .ask(Rc::new(Request::Query { text, params: params(&Rc::from("demo"), Vec::new()) }))
        .map_err(|error| format!("{error:?}"))?
    {
        Response::Error(error) => Err(error.to_string()),
        _ => Ok(world),
    }
}

/// The INSERT of one row.
fn execute(id: PreparedId, keyspace: &Rc<str>, [p, c]: [u32; 2], w: u32) -> Rc<Request> {
    let values = vec![int(p), int(c), Value::Bytes((*b"value").into()), int(w)];
    Rc::new(Request::Execute { id, params: params(keyspace, values) })
}

fn params(keyspace: &Rc<str>, values: Vec<Value>) -> Params {
    Params { keyspace: Some(keyspace.clone()), timestamp: Some(1), values, ..Params::at(Consistency::Quorum) }
}

fn int(n: u32) -> Value {
    Value::Bytes(n.to_be_bytes().into())
}

fn done(answer: Result<Rc<Response>, world::Error>) -> Result<(), String> {
    match answer.as_deref() {
        Ok(Response::Void) => Ok(()),
        other => Err(format!("a write was answered with {other:?}")),
    }
}
