//! A story that dates decide: its rows on the axis of dates, the tombstone as a shade over what it hides.

use crate::sprite::Sprite;
use trace::{Because, Chain, Dating, EventId, Index, Kind, Log, PartitionNo, Reason, explain};

/// Rows of a partition that are drawn.
const ROWS_MAX: usize = 3;
/// A clock that is off by no more is right, microseconds.
const SKEW_SEEN: i64 = 1_000;

/// A date in the story, and how far its clock was off.
#[derive(Clone, Copy)]
struct Dated {
    date: i64,
    ahead: i64,
}

/// A row: its date, the comparison, and whether it is seen.
struct Row {
    own: Dated,
    lost: Option<Dated>,
    seen: bool,
}

/// Whether two dates decide, and nothing else has a part in it: no replica that differs, no machine that was away unless a clock is off.
pub fn decide(log: &Log<'_>, chain: &Chain) -> bool {
    let away = |id| matches!(log.kind(id), Some(Kind::Kill | Kind::Power | Kind::Pause | Kind::Cut));
    let away = (0..log.len() as u32).map(EventId).any(away);
    let skewed = |reason: &Reason| matches!(reason, Reason::Dated { ahead, .. } if ahead.abs() >= SKEW_SEEN);
    let aside = |reason: &Reason| {
        matches!(
            reason,
            Reason::Missed { .. }
                | Reason::Purged { .. }
                | Reason::LeftOut { .. }
                | Reason::Differ { .. }
                | Reason::Repaired { .. }
        )
    };
    let dates =
        |reason: &Reason| matches!(reason, Reason::FallsShort { .. } | Reason::Covers { .. } | Reason::Outdone { .. });
    let any = |is: &dyn Fn(&Reason) -> bool| chain.links.iter().any(|link| is(&link.reason));
    any(&dates) && !any(&aside) && (!away || any(&skewed))
}

/// Whether a tombstone hides the row.
pub fn hides(chain: &Chain) -> bool {
    chain.links.iter().any(|link| matches!(link.reason, Reason::Covers { .. }))
}

pub fn draw(index: &Index, log: &Log<'_>, why: &Because, seen: bool) -> Option<String> {
    let last = log.last()?;
    let rows: Vec<Row> = index
        .row_keys(log, why.partition)
        .filter_map(|key| row(index, log, last, why.partition, &key))
        .take(ROWS_MAX)
        .collect();
    let tomb = dated(&why.chain, Dating::Delete).or_else(|| dated(&why.chain, Dating::Overwrite));
    let each = || rows.iter().flat_map(|row| [Some(row.own), row.lost]).chain([tomb]).flatten();
    let (first, end) = (each().map(|at| at.date).min()?, each().map(|at| at.date).max()?);
    let x = |date: i64| match end.abs_diff(first) {
        0 => 60.0,
        all => (20.0 + 76.0 * (date.saturating_sub(first) as f32 / all as f32)).clamp(5.0, 104.0).round(),
    };
    let mut sprite = Sprite::default();
    if let Some(tomb) = tomb {
        sprite.shade(x(tomb.date));
    }
    let ys: &[f32] = match rows.len() {
        1 => &[28.0],
        2 => &[19.0, 37.0],
        _ => &[15.0, 28.0, 41.0],
    };
    let mut skewed = tomb.filter(|tomb| off(*tomb)).map(|tomb| (x(tomb.date) + 10.0, 42.0));
    for (row, y) in rows.iter().zip(ys) {
        let tie = row.lost.is_some_and(|lost| lost.date == row.own.date);
        for (at, hidden) in [(row.lost, true), (Some(row.own), !row.seen)] {
            let Some(at) = at else { continue };
            let (x, truly) = (x(at.date), x(at.date.saturating_sub(at.ahead)));
            // Two of one date stand one over the other.
            let y = if tie { y + if hidden { 8.0 } else { -8.0 } } else { *y };
            if off(at) {
                skewed =
                    skewed.or(Some((if (x - truly).abs() > 16.0 { (x + truly) / 2.0 } else { x + 14.0 }, y + 9.0)));
            }
            if off(at) && (x - truly).abs() > 10.0 {
                sprite.skew(truly, x, y);
            }
            if hidden { sprite.dead(x, y) } else { sprite.live(x, y) }
        }
    }
    if let Some(tomb) = tomb {
        sprite.stone(x(tomb.date), 7.0);
    }
    if let Some((x, y)) = skewed {
        sprite.dial(x.round(), y.min(49.0));
    }
    sprite.eye(seen);
    Some(sprite.0)
}

fn row(index: &Index, log: &Log<'_>, last: EventId, partition: PartitionNo, key: &[u8]) -> Option<Row> {
    let chain = explain(index, log, last, partition, key).ok()?;
    Some(Row { own: dated(&chain, Dating::Row)?, lost: dated(&chain, Dating::Value), seen: !hides(&chain) })
}

fn dated(chain: &Chain, which: Dating) -> Option<Dated> {
    chain.links.iter().find_map(|link| match link.reason {
        Reason::Dated { what, timestamp, ahead, .. } if what == which => Some(Dated { date: timestamp, ahead }),
        _ => None,
    })
}

fn off(at: Dated) -> bool {
    at.ahead.abs() >= SKEW_SEEN
}
