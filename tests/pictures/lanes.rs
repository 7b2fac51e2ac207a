//! A story that machines decide: a lane for each replica, what it wrote, missed and forgot, in the order in which it happened.

use crate::sprite::{SIZE, Sprite};
use trace::{AnomalyKind, Because, EventId, Fact, Index, Kind, Log, MachineKind, Place};

/// Lanes of a picture.
const LANES_MAX: usize = 3;
/// Moments of a picture: the last ones, for the end is what it is about.
const MOMENTS_MAX: usize = 7;
/// Time that is skipped and seen, microseconds: a minute.
const PAUSE_SEEN: u64 = 60_000_000;

/// What happens on a lane at a moment; on all of them: [`What::Pause`].
#[derive(Clone, Copy, PartialEq)]
enum What {
    Row,
    Stone,
    Lost,
    Forgets,
    Down,
    Up,
    Pause,
}

/// A moment: what it belongs to, and what happens on which lane.
struct Moment {
    of: Option<EventId>,
    what: Vec<(usize, What)>,
}

/// What a reader met in the end; none: it is not known, or an error.
pub fn draw(index: &Index, log: &Log<'_>, why: Option<&Because>, met: Option<bool>) -> String {
    let place = why.and_then(|why| index.partition(log, why.partition).ok());
    let moments = moments(index, log, place.as_ref());
    let nodes = log.machines().iter().filter(|machine| machine.kind == MachineKind::Node).count().clamp(1, LANES_MAX);
    let ys: &[f32] = match nodes {
        1 => &[28.0],
        2 => &[16.0, 40.0],
        _ => &[12.0, 28.0, 44.0],
    };
    let mut sprite = Sprite::default();
    ys.iter().for_each(|y| sprite.lane(*y));
    let step = (96.0 / moments.len().max(1) as f32).min(22.0).floor();
    let x = |at: usize| 12.0 + step * at as f32;
    for (lane, y) in ys.iter().enumerate() {
        let mut down = None;
        for (at, moment) in moments.iter().enumerate() {
            for (_, what) in moment.what.iter().filter(|(on, _)| *on == lane) {
                match (what, down) {
                    (What::Down, None) => down = Some(x(at)),
                    (What::Up, Some(from)) => {
                        sprite.band(from, x(at), *y);
                        down = None;
                    }
                    _ => {}
                }
            }
        }
        if let Some(from) = down {
            sprite.band(from, SIZE.0 - 20.0, *y);
        }
    }
    for (at, moment) in moments.iter().enumerate() {
        for (lane, what) in &moment.what {
            let y = ys.get(*lane).copied().unwrap_or(28.0);
            match what {
                What::Row => sprite.live(x(at), y),
                What::Stone => sprite.stone(x(at), y),
                What::Lost => sprite.cross(x(at), y),
                What::Forgets => sprite.hollow(x(at), y),
                What::Pause => sprite.pause(x(at)),
                What::Down | What::Up => {}
            }
        }
    }
    match met {
        Some(seen) => sprite.eye(seen),
        None => sprite.cross(123.0, 28.0),
    }
    sprite.0
}

fn moments(index: &Index, log: &Log<'_>, place: Option<&Place>) -> Vec<Moment> {
    let nodes: Vec<_> = log
        .machines()
        .iter()
        .filter(|machine| machine.kind == MachineKind::Node)
        .take(LANES_MAX)
        .map(|machine| machine.id)
        .collect();
    let mut out: Vec<Moment> = Vec::new();
    let forgets =
        |id: EventId| index.story().anomalies.iter().any(|odd| odd.event == id && odd.kind == AnomalyKind::Purged);
    for id in (0..log.len() as u32).map(EventId) {
        let (Some(who), Ok(fact)) = (log.who(id), log.fact(id)) else { continue };
        let lane = nodes.iter().position(|node| *node == who);
        let here = |mutation: &storage::Mutation| {
            place.is_none_or(|place| mutation.table == place.table && Some(&mutation.key) == place.key.as_ref())
        };
        let of = index.story().submit_of(id);
        let (of, lane, what) = match (&fact, lane) {
            (Fact::Apply { mutation, .. }, Some(lane)) if here(mutation) => {
                let stone = log.shape(id).is_some_and(|shape| shape.tombstone && !shape.live);
                (of, lane, if stone { What::Stone } else { What::Row })
            }
            (Fact::Kill | Fact::Power | Fact::Pause, Some(lane)) => (None, lane, What::Down),
            (Fact::Start | Fact::Resume, Some(lane)) => (None, lane, What::Up),
            (Fact::Compact { .. }, Some(lane)) if forgets(id) => (None, lane, What::Forgets),
            (Fact::Lost { .. }, _) if log.kind(id) == Some(Kind::Lost) => {
                let to = log.cause(id).and_then(|send| log.receiver(send));
                match nodes.iter().position(|node| Some(*node) == to) {
                    Some(lane) => (of, lane, What::Lost),
                    None => continue,
                }
            }
            (Fact::Advance { by }, _) if by.0 >= PAUSE_SEEN => (None, 0, What::Pause),
            _ => continue,
        };
        // Repair streams the same again to whoever has it.
        let last =
            out.iter().rev().find_map(|moment| moment.what.iter().find(|(on, _)| *on == lane)).map(|(_, what)| *what);
        if of.is_none() && what == What::Stone && last == Some(What::Stone) {
            continue;
        }
        // What comes to a machine that was away comes later.
        let returned = out.iter().rposition(|moment| moment.what.contains(&(lane, What::Up))).unwrap_or(0);
        let same = out.iter_mut().skip(returned).rev().find(|moment| of.is_some() && moment.of == of);
        let alike = |moment: &&mut Moment| {
            of.is_none() && moment.of.is_none() && moment.what.iter().all(|(on, other)| *on != lane && *other == what)
        };
        match (same, what) {
            (Some(moment), _) if moment.what.iter().all(|(on, _)| *on != lane) => moment.what.push((lane, what)),
            (Some(_), _) => {}
            (None, _) => match out.last_mut().filter(alike) {
                Some(moment) => moment.what.push((lane, what)),
                None => out.push(Moment { of, what: vec![(lane, what)] }),
            },
        }
    }
    // A machine that went down before what is shown is down from its beginning.
    let cut = out.len().saturating_sub(MOMENTS_MAX);
    let before: Vec<Moment> = out.drain(..cut).collect();
    for lane in 0..nodes.len() {
        let mut turns = before
            .iter()
            .flat_map(|moment| &moment.what)
            .filter(|(on, what)| *on == lane && matches!(what, What::Down | What::Up));
        if turns.next_back().is_some_and(|(_, what)| *what == What::Down)
            && let Some(first) = out.first_mut()
        {
            first.what.insert(0, (lane, What::Down));
        }
    }
    out
}
