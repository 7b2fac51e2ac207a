//! The machines of the stage: which have a lane, what their clocks say, when they were not well.

use super::Tale;
use crate::scene::{Spell, SpellKind};
use sim::Id;
use std::ops::Range;
use trace::{EventId, Fact, Kind, Log, MachineInfo, MachineKind};

/// More lanes than this, and idle nodes are folded away.
const LANES_MAX: usize = 9;

/// Clients first, then nodes; of many nodes those that take part in the view.
pub(super) fn cast<'a>(log: &Log<'a>, view: &Range<u32>) -> Vec<&'a MachineInfo> {
    let (clients, nodes): (Vec<_>, Vec<_>) =
        log.machines().iter().partition(|machine| machine.kind == MachineKind::Client);
    let mut busy = Vec::new();
    for who in view.clone().filter_map(|event| log.who(EventId(event))) {
        if !busy.contains(&who) {
            busy.push(who);
        }
    }
    // A client that says nothing here (whoever made the schema) needs no lane.
    let mut all: Vec<&MachineInfo> = clients.into_iter().filter(|client| busy.contains(&client.id)).collect();
    let room = LANES_MAX.saturating_sub(all.len()).max(3);
    if nodes.len() <= room {
        all.extend(nodes);
        return all;
    }
    all.extend(nodes.into_iter().filter(|node| busy.contains(&node.id)).take(room));
    all
}

/// What the world did to a machine up to an event, the last first.
fn turns(tale: &Tale, who: Id, event: u32) -> impl Iterator<Item = EventId> {
    let own = move |at: &EventId| at.0 <= event && tale.log().who(*at) == Some(who);
    tale.world.iter().rev().map(|&at| EventId(at)).filter(own)
}

/// A machine's clock as it was last set.
pub(super) fn clock_at(tale: &Tale, machine: &MachineInfo, cursor: u32) -> sim::Clock {
    let set = turns(tale, machine.id, cursor).find_map(|at| match tale.log().fact(at) {
        Ok(Fact::Clock { offset }) => Some(offset),
        _ => None,
    });
    let mut clock = machine.clock.clone();
    if let Some(offset) = set {
        clock.offset = offset;
    }
    clock
}

/// Of few machines.
pub(super) type Spells = Vec<(Id, Vec<Spell>)>;

/// A machine's spells.
pub(super) fn of(all: &mut Spells, who: Id) -> &mut Vec<Spell> {
    let at = all.iter().position(|(known, _)| *known == who).unwrap_or(all.len());
    if at == all.len() {
        all.push((who, Vec::new()));
    }
    &mut all[at].1
}

/// Times in which machines were not well, up to the end of the view.
pub(super) fn spells(tale: &Tale, view: &Range<u32>) -> Spells {
    let log = tale.log();
    let start = log.at(EventId(view.start)).map_or(0, |time| time.0);
    let mut all = Spells::new();
    let close = |all: &mut Spells, who: Id, kinds: &[SpellKind], at: u64| {
        for spell in of(all, who).iter_mut().filter(|spell| spell.to.is_none() && kinds.contains(&spell.kind)) {
            spell.to = Some(at);
        }
    };
    for &event in tale.world.iter().take_while(|&&event| event < view.end) {
        let id = EventId(event);
        let (Some(at), Some(who), Ok(fact)) = (log.at(id).map(|time| time.0), log.who(id), log.fact(id)) else {
            continue;
        };
        match fact {
            Fact::Kill | Fact::Power => of(&mut all, who).push(Spell { from: at, to: None, kind: SpellKind::Down }),
            Fact::Start => close(&mut all, who, &[SpellKind::Down, SpellKind::Paused], at),
            Fact::Pause => of(&mut all, who).push(Spell { from: at, to: None, kind: SpellKind::Paused }),
            Fact::Resume => close(&mut all, who, &[SpellKind::Paused], at),
            Fact::Cut { left, right, .. } => {
                // The smaller side is the one that is cut off.
                for &cut in if left.len() < right.len() { left.iter() } else { right.iter() } {
                    of(&mut all, cut).push(Spell { from: at, to: None, kind: SpellKind::Cut });
                }
            }
            Fact::Heal => {
                let cut: Vec<Id> = all.iter().map(|(who, _)| *who).collect();
                for who in cut {
                    close(&mut all, who, &[SpellKind::Cut], at);
                }
            }
            _ => {}
        }
    }
    for (_, spells) in &mut all {
        spells.retain(|spell| spell.to.is_none_or(|to| to >= start));
        for spell in spells.iter_mut() {
            spell.from = spell.from.max(start);
        }
    }
    all
}

/// Whether a machine is frozen at an event: what is sent to it waits there, whatever came first.
pub(super) fn frozen(tale: &Tale, who: Id, event: u32) -> bool {
    let turn = turns(tale, who, event).find_map(|at| match tale.log().kind(at) {
        Some(Kind::Pause) => Some(true),
        Some(Kind::Resume | Kind::Start) => Some(false),
        _ => None,
    });
    turn.unwrap_or(false)
}
