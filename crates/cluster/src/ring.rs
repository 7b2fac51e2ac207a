//! Who keeps what: tokens around a ring, and the walk that finds a partition's replicas.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::ops::Bound;
use sim::Id;
use storage::KeyRange;

/// How many replicas, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strategy {
    /// SimpleStrategy: the next `n` nodes along the ring.
    Simple(u32),
    /// NetworkTopologyStrategy: so many in each data centre, the next ones of that data centre along the ring.
    Topology(BTreeMap<Rc<str>, u32>),
}

impl Strategy {
    /// How many replicas in all.
    #[must_use]
    pub fn total(&self) -> u32 {
        match self {
            Strategy::Simple(n) => *n,
            Strategy::Topology(dcs) => dcs.values().sum(),
        }
    }
}

/// The ring: one token for each node, evenly spread, in the order of the nodes, data centres taking turns. Nodes are
/// machines `0..nodes`.
#[derive(Clone, Debug)]
pub struct Ring {
    /// The data centre of each node.
    dcs: Vec<Rc<str>>,
    /// Sorted by token. A node owns the tokens from its predecessor's (exclusive) up to its own (inclusive).
    tokens: Vec<(i64, Id)>,
}

/// A stretch of tokens that one set of replicas keeps: `after < token <= until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The last token before it.
    pub after: i64,
    /// Its last token.
    pub until: i64,
    /// Replicas in walking order.
    pub replicas: Rc<[Id]>,
}

impl Ring {
    /// A ring of one node for each entry, in the data centre it names. At most 65,536 nodes; more are left out.
    #[must_use]
    pub fn new(dcs: Vec<Rc<str>>) -> Ring {
        let order = by_turns(&dcs);
        let count = order.len().max(1) as u128;
        let tokens = order
            .iter()
            .enumerate()
            .map(|(turn, &id)| {
                let step = ((turn as u128 + 1) << 64) / count;
                let token = i128::from(i64::MIN) + step as i128 - 1;
                (token.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64, id)
            })
            .collect();
        Ring { dcs, tokens }
    }

    /// Every node.
    pub fn nodes(&self) -> impl Iterator<Item = Id> {
        (0..=u16::MAX).take(self.dcs.len()).map(Id)
    }

    /// The data centre of a node.
    #[must_use]
    pub fn dc_of(&self, id: Id) -> Option<&Rc<str>> {
        self.dcs.get(id.index())
    }

    /// Every data centre, each once for each of its nodes.
    #[must_use]
    pub fn dcs(&self) -> &[Rc<str>] {
        &self.dcs
    }

    /// A node's own token.
    #[must_use]
    pub fn token_of(&self, id: Id) -> Option<i64> {
        self.tokens.iter().find(|(_, owner)| *owner == id).map(|(token, _)| *token)
    }

    /// The stretches of the whole ring under a strategy, in token order; neighbours kept by the same replicas are not
    /// joined, because who is first among them differs.
    #[must_use]
    pub fn stretches(&self, strategy: &Strategy) -> Vec<Stretch> {
        let mut after = i64::MIN;
        let mut all: Vec<Stretch> = Vec::with_capacity(self.tokens.len() + 1);
        for (index, (token, _)) in self.tokens.iter().enumerate() {
            all.push(Stretch { after, until: *token, replicas: self.walk(index, strategy) });
            after = *token;
        }
        if after != i64::MAX {
            all.push(Stretch { after, until: i64::MAX, replicas: self.walk(0, strategy) });
        }
        all
    }

    /// Walk from a token's owner along the ring until the strategy is met, or nobody is left.
    fn walk(&self, from: usize, strategy: &Strategy) -> Rc<[Id]> {
        let mut left = match strategy {
            Strategy::Simple(_) => BTreeMap::new(),
            Strategy::Topology(dcs) => dcs.clone(),
        };
        let mut found = Vec::new();
        for step in 0..self.tokens.len() {
            let Some((_, id)) = self.tokens.get((from + step) % self.tokens.len()) else { break };
            match strategy {
                Strategy::Simple(n) if found.len() as u64 >= u64::from(*n) => break,
                Strategy::Simple(_) => found.push(*id),
                Strategy::Topology(_) => {
                    if let Some(n) = self.dc_of(*id).and_then(|dc| left.get_mut(dc)).filter(|n| **n > 0) {
                        *n -= 1;
                        found.push(*id);
                    }
                }
            }
        }
        found.into()
    }
}

/// The nodes, data centres taking turns, so that each one's tokens are spread over the whole ring.
fn by_turns(dcs: &[Rc<str>]) -> Vec<Id> {
    let mut members: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for (id, dc) in (0..=u16::MAX).zip(dcs) {
        members.entry(dc).or_default().push(Id(id));
    }
    let most = members.values().map(Vec::len).max().unwrap_or(0);
    (0..most).flat_map(|turn| members.values().filter_map(move |nodes| nodes.get(turn).copied())).collect()
}

/// One keyspace's replicas, looked up by token. Built once for each strategy, shared by all nodes.
#[derive(Clone, Debug)]
pub struct Placement {
    /// How many, and where.
    pub strategy: Strategy,
    stretches: Vec<Stretch>,
}

impl Placement {
    /// Lay a strategy out on a ring.
    #[must_use]
    pub fn new(ring: &Ring, strategy: Strategy) -> Placement {
        let stretches = ring.stretches(&strategy);
        Placement { strategy, stretches }
    }

    /// Who keeps this token, in walking order. Empty only on an empty ring.
    #[must_use]
    pub fn replicas(&self, token: i64) -> Rc<[Id]> {
        let at = self.stretches.partition_point(|stretch| stretch.until < token);
        self.stretches.get(at).map_or_else(|| Rc::from([]), |stretch| stretch.replicas.clone())
    }

    /// The parts of a range that one set of replicas keeps each, in token order; neighbours kept by the same set are one.
    #[must_use]
    pub fn parts(&self, range: &KeyRange) -> Vec<(KeyRange, Rc<[Id]>)> {
        let first = match &range.from {
            Bound::Included(key) | Bound::Excluded(key) => key.token,
            Bound::Unbounded => i64::MIN,
        };
        let mut parts: Vec<(KeyRange, Rc<[Id]>)> = Vec::new();
        for stretch in self.stretches.iter().filter(|s| s.until >= first && (s.after < range.to || s.after == i64::MIN))
        {
            let to = stretch.until.min(range.to);
            match parts.last_mut() {
                Some((last, replicas)) if same_set(replicas, &stretch.replicas) => last.to = to,
                Some(_) => parts.push((KeyRange::tokens(stretch.after, to), stretch.replicas.clone())),
                None => parts.push((KeyRange { from: range.from.clone(), to }, stretch.replicas.clone())),
            }
        }
        parts
    }
}

fn same_set(a: &[Id], b: &[Id]) -> bool {
    a.len() == b.len() && a.iter().all(|id| b.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(dcs: &[(&str, u16)]) -> Ring {
        Ring::new(dcs.iter().flat_map(|(dc, n)| (0..*n).map(|_| Rc::from(*dc))).collect())
    }

    #[test]
    fn tokens_are_even_and_every_token_has_an_owner() {
        let three = ring(&[("dc1", 3)]);
        let placement = Placement::new(&three, Strategy::Simple(1));
        for (token, owner) in [(i64::MIN, 0), (-6_000_000_000_000_000_000, 0), (0, 1), (i64::MAX, 2)] {
            assert_eq!(placement.replicas(token).as_ref(), [Id(owner)], "{token}");
        }
    }

    #[test]
    fn the_walk_goes_on_along_the_ring() {
        let five = ring(&[("dc1", 5)]);
        let placement = Placement::new(&five, Strategy::Simple(3));
        assert_eq!(placement.replicas(i64::MAX).as_ref(), [Id(4), Id(0), Id(1)]);
        let all = Placement::new(&five, Strategy::Simple(9));
        assert_eq!(all.replicas(0).len(), 5);
    }

    #[test]
    fn a_range_falls_into_parts() {
        let whole = KeyRange::tokens(i64::MIN, i64::MAX);
        let three = Placement::new(&ring(&[("dc1", 3)]), Strategy::Simple(3));
        assert_eq!(three.parts(&whole), [(whole.clone(), three.replicas(i64::MIN))]);
        let one = Placement::new(&ring(&[("dc1", 3)]), Strategy::Simple(1));
        let owners: Vec<Id> = one.parts(&whole).iter().filter_map(|(_, ids)| ids.first().copied()).collect();
        assert_eq!(owners, [Id(0), Id(1), Id(2)]);
        assert_eq!(one.parts(&KeyRange::tokens(0, 5)).len(), 1);
    }

    #[test]
    fn each_data_centre_gets_its_own() {
        let two = ring(&[("dc1", 3), ("dc2", 3)]);
        let strategy = Strategy::Topology([(Rc::from("dc1"), 2), (Rc::from("dc2"), 1)].into());
        let placement = Placement::new(&two, strategy);
        for token in [i64::MIN, -1, 0, 1, i64::MAX] {
            let replicas = placement.replicas(token);
            let in_one = replicas.iter().filter(|id| id.0 < 3).count();
            assert_eq!((replicas.len(), in_one), (3, 2));
        }
    }
}
