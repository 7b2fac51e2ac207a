//! Text: CQL, scenarios, links.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::{Figure, Watch, timed};

const STATEMENTS: &str = "\
INSERT INTO platform_users (org_id, user_id, version) VALUES ('org-1', 'user-1', 1);
UPDATE shop.carts SET items[42] = 'soap', total = 3 WHERE id = 5a1c395e-b41f-11e5-9f22-ba0be0483c18;
DELETE FROM platform_users WHERE org_id = 'org-1';
SELECT org_id, user_id, writetime(version) AS w FROM platform_users WHERE org_id = 'org-1' AND user_id > 'a' LIMIT 10;
";

/// So many MB of statements, cut and parsed.
pub fn cql(megabytes: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let text = repeated(STATEMENTS, megabytes as usize * 1_000_000);
    timed(watch, || {
        let mut parsed = 0;
        for statement in text.split_inclusive(";\n") {
            black_box(cql::parse(statement.trim_end_matches(";\n")).map_err(|error| error.to_string())?);
            parsed += 1;
        }
        (parsed > 0).then_some((text.len() as f64 / 1e6, 0.0)).ok_or_else(|| "nothing to parse".into())
    })
}

/// So many MB of scenario, as the editor parses it.
pub fn scenario(megabytes: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let step = "--@ as api\n-- a comment\nDELETE FROM t WHERE a = 'org-1' AND b > 12;\n--@ advance 5ms\n";
    let head = "--@ cluster nodes=3 rf=3 seed=7\n--@ client api driver=gocql-1.14 clock=+20ms\n";
    let limit = scenario::limits::TEXT_BYTES_MAX as usize - 1_000;
    let text = format!("{head}{}", repeated(step, (megabytes as usize * 1_000_000).min(limit)));
    timed(watch, || {
        let (scenario, faults) = scenario::parse(&text);
        match faults.first() {
            None if !scenario.steps.is_empty() => Ok((text.len() as f64 / 1e6, 0.0)),
            fault => Err(format!("a fault: {fault:?}")),
        }
    })
}

/// A scenario to a link and back.
pub fn link(links: u32, watch: &dyn Watch) -> Result<Figure, String> {
    let text = format!("-- A story of some length.\n--@ cluster nodes=3 rf=3 seed=7\n{}", STATEMENTS.repeat(8));
    timed(watch, || {
        for _ in 0..links {
            let link = scenario::link::encode(&text, &[1, 2, 3]);
            let back = scenario::link::decode(&link).map_err(|error| error.to_string())?;
            if back.text != text {
                return Err("the link lost something".into());
            }
        }
        Ok((f64::from(links), 0.0))
    })
}

fn repeated(part: &str, bytes: usize) -> String {
    part.repeat((bytes / part.len()).max(1))
}

/// The model never waits for anything outside, so its futures are ready when they are asked.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}
