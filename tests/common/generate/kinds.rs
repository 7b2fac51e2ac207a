//! Every kind of step a random scenario can take: one table. Each statement, each directive and each fault is a row.

use super::Author;

/// A kind of step.
pub(crate) struct Kind {
    /// Its name in the histogram.
    pub(crate) name: &'static str,
    /// Writes one.
    pub(crate) write: fn(&mut Author),
}

const LEVELS: &[&str] = &["ONE", "QUORUM", "ALL", "LOCAL_QUORUM", "TWO", "EACH_QUORUM", "ANY", "LOCAL_ONE", "THREE"];

macro_rules! kinds {
    ($($name:literal => $write:expr,)*) => { &[$(Kind { name: $name, write: $write }),*] };
}

/// The table.
pub(crate) const KINDS: &[Kind] = kinds![
    "INSERT" => insert,
    "INSERT, some columns" => |a| {
        let (p, c, using) = (a.p(), a.c(), a.using(true));
        a.line(&format!("INSERT INTO t (p, c, w, m) VALUES ({p}, {c}, {c}, {{'a': {p}}}){using};"));
    },
    "UPDATE" => |a| {
        let (p, c, using, v) = (a.p(), a.c(), a.using(true), a.below(9));
        a.line(&format!("UPDATE t{using} SET v = 'u{v}', w = {v} WHERE p = {p} AND c = {c};"));
    },
    "UPDATE, collections" => |a| {
        let (p, c, n) = (a.p(), a.c(), a.below(5));
        let set = a.one(&["e = e + {#}", "e = e - {#}", "e = {#, 7}", "m['k'] = #", "m = m + {'z': #}", "l = l + [#]", "l = [#] + l", "l = [#]"]);
        a.line(&format!("UPDATE t SET {} WHERE p = {p} AND c = {c};", set.replace('#', &n.to_string())));
    },
    "UPDATE, static" => |a| {
        let (p, v) = (a.p(), a.below(5));
        a.line(&format!("UPDATE t SET s = 's{v}' WHERE p = {p};"));
    },
    "DELETE, partition" => |a| {
        let (p, using) = (a.p(), a.using(false));
        a.line(&format!("DELETE FROM t{using} WHERE p = {p};"));
    },
    "DELETE, row" => |a| {
        let (p, c, using) = (a.p(), a.c(), a.using(false));
        a.line(&format!("DELETE FROM t{using} WHERE p = {p} AND c = {c};"));
    },
    "DELETE, range" => |a| {
        let (p, c, n) = (a.p(), a.c(), 1 + a.below(4));
        a.line(&format!("DELETE FROM t WHERE p = {p} AND c >= {c} AND c < {};", c + n));
    },
    "DELETE, cells" => |a| {
        let (p, c) = (a.p(), a.c());
        let what = a.one(&["v", "w", "m['a']", "e", "v, w"]);
        a.line(&format!("DELETE {what} FROM t WHERE p = {p} AND c = {c};"));
    },
    "BATCH" => |a| {
        let (p, c, kind) = (a.p(), a.c(), a.one(&["", "UNLOGGED "]));
        a.line(&format!("BEGIN {kind}BATCH\n  INSERT INTO t (p, c, v) VALUES ({p}, {c}, 'b');\n  DELETE FROM t WHERE p = {p} AND c = {};\nAPPLY BATCH;", c + 1));
    },
    "other table" => |a| {
        let (n, x) = (a.below(5), a.below(100));
        let one = a.one(&["INSERT INTO u (a, b, x, y) VALUES ('k', #, @, 'y')", "DELETE FROM u WHERE a = 'k' AND b > #", "UPDATE u SET x = @ WHERE a = 'k' AND b = #", "SELECT * FROM u WHERE a = 'k' AND b <= #"]);
        a.line(&format!("{};", one.replace('#', &n.to_string()).replace('@', &x.to_string())));
    },
    "SELECT, partition" => |a| {
        let p = a.p();
        let (what, tail) = (a.one(&["*", "c, v", "count(*)", "s, c, e", "v, WRITETIME(v), TTL(v)"]), a.one(&["", " LIMIT 2", " ORDER BY c DESC"]));
        a.line(&format!("SELECT {what} FROM t WHERE p = {p}{tail};"));
    },
    "SELECT, row" => |a| {
        let (p, c) = (a.p(), a.c());
        a.line(&format!("SELECT * FROM t WHERE p = {p} AND c = {c};"));
    },
    "SELECT, slice" => |a| {
        let (p, c) = (a.p(), a.c());
        let slice = a.one(&["c > #", "c >= # AND c < 9", "c <= #", "c IN (1, 2, #)"]).replace('#', &c.to_string());
        a.line(&format!("SELECT c, w FROM t WHERE p = {p} AND {slice};"));
    },
    "SELECT, everything" => |a| {
        let what = a.one(&["SELECT * FROM t", "SELECT p, c, v FROM t PER PARTITION LIMIT 1", "SELECT count(*) FROM t", "SELECT p, c FROM t WHERE w = 1 ALLOW FILTERING", "SELECT p, c FROM t WHERE token(p) > 0"]);
        a.line(&format!("{what};"));
    },
    "wrong CQL" => |a| {
        let wrong = a.one(&["SELECT * FROM t WHERE w = 1", "INSERT INTO t (p, v) VALUES (1, 'x')", "SELECT nothing FROM t WHERE p = 1", "DELETE FROM t WHERE c = 1", "SELECT * FROM missing"]);
        a.line(&format!("{wrong};"));
    },
    "CONSISTENCY" => |a| {
        let level = a.one(LEVELS);
        a.line(&format!("CONSISTENCY {level};"));
    },
    "as" => |a| match a.clients {
        0 => insert(a),
        n => {
            let client = a.below(n);
            a.line(&format!("--@ as c{client}"));
        }
    },
    "async" => |a| {
        a.line("--@ async");
        insert(a);
    },
    "await" => |a| a.line("--@ await"),
    "advance" => |a| {
        let span = a.one(&["1ms", "300us", "2s", "11s", "1m", "4h", "1d"]);
        a.line(&format!("--@ advance {span}"));
    },
    "until" => |a| match a.dead.first().copied() {
        Some(node) if a.dead.len() + a.frozen.len() + 1 < a.nodes as usize && !a.cut => {
            a.line(&format!("--@ until seen-down n{node}"));
        }
        _ => a.line("--@ until quiet"),
    },
    "kill" => |a| {
        let node = a.node();
        let verb = a.one(&["kill", "power"]);
        if !a.dead.contains(&node) {
            a.frozen.retain(|n| *n != node);
            a.dead.push(node);
        }
        a.line(&format!("--@ {verb} n{node}"));
    },
    "start" => |a| {
        let node = a.dead.pop().unwrap_or(1);
        a.line(&format!("--@ start n{node}"));
    },
    "pause" => |a| {
        let node = a.node();
        if !a.dead.contains(&node) && !a.frozen.contains(&node) {
            a.frozen.push(node);
        }
        a.line(&format!("--@ pause n{node}"));
    },
    "resume" => |a| {
        let node = a.frozen.pop().unwrap_or(1);
        a.line(&format!("--@ resume n{node}"));
    },
    "partition" => |a| match a.nodes {
        1 => insert(a),
        _ => {
            a.cut = true;
            let arrow = a.one(&["|", "|", "->"]);
            let one = a.node();
            let other = if one == a.nodes { 1 } else { one + 1 };
            a.line(&format!("--@ partition n{one} {arrow} n{other}"));
        }
    },
    "heal" => |a| {
        a.cut = false;
        a.line("--@ heal");
    },
    "drop" => |a| rule(a, "drop", &["", " p=50%", " times=2"]),
    "delay" => |a| rule(a, "delay", &[" by=20ms", " by=3s times=1"]),
    "duplicate" => |a| rule(a, "duplicate", &["", " times=3"]),
    "reorder" => |a| rule(a, "reorder", &[" by=5ms", " by=1s p=20%"]),
    "clock" => |a| {
        let (node, offset) = (a.node(), a.one(&["+5s", "-5s", "+1ms", "+0ms"]));
        a.line(&format!("--@ clock n{node} {offset}"));
    },
    "flush" => |a| operator(a, "flush"),
    "compact" => |a| operator(a, "compact"),
    "repair" => |a| operator(a, "repair"),
];

fn insert(a: &mut Author) {
    let (p, c, using) = (a.p(), a.c(), a.using(true));
    a.line(&format!("INSERT INTO t (p, c, s, v, w) VALUES ({p}, {c}, 's', 'v{c}', {c}){using};"));
}

fn rule(a: &mut Author, verb: &str, tails: &[&str]) {
    let (from, to, tail) = (a.node(), a.node(), a.one(tails));
    let ends = a.one(&["n{} n{}", "n{} *", "* n{}"]);
    let ends = ends.replacen("{}", &from.to_string(), 1).replacen("{}", &to.to_string(), 1);
    a.line(&format!("--@ {verb} {ends}{tail}"));
}

fn operator(a: &mut Author, verb: &str) {
    let node = a.node();
    let whom = a.one(&["", "#"]).replace('#', &format!(" n{node}"));
    a.line(&format!("--@ {verb}{whom}"));
}

/// Mend one thing that is broken, if any is.
pub(crate) fn mend(a: &mut Author) {
    if let Some(node) = a.frozen.pop() {
        a.line(&format!("--@ resume n{node}"));
    } else if let Some(node) = a.dead.pop() {
        a.line(&format!("--@ start n{node}"));
    } else if a.cut {
        a.cut = false;
        a.line("--@ heal");
    }
}
