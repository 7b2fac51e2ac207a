//! Rules in, verdicts out: when a message lands, or that it never does.

use crate::{Chance, FAULT_STREAM, Id, Span, Time};
use alloc::vec::Vec;

/// The whole of which a probability is a part: probabilities are integers, parts in a million.
pub const PPM: u32 = 1_000_000;

/// How long a message takes where no rule says otherwise: the mean; single ones spread evenly from half of it to
/// half as much again, by two draws added, so that most lie near the mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// The mean.
    pub mean: Span,
}

impl Latency {
    fn draw(self, luck: &mut Chance) -> Span {
        let half = self.mean.0 / 2;
        if half == 0 {
            return self.mean;
        }
        let bits = luck.draw();
        let (a, b) = (bits >> 32, bits & 0xFFFF_FFFF);
        Span(half + ((a * half) >> 32) + ((b * half) >> 32))
    }
}

/// Which machines one end of a rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// Any machine.
    Any,
    /// One of these.
    These(Vec<Id>),
}

impl Side {
    /// Whether this machine is meant.
    #[must_use]
    pub fn has(&self, id: Id) -> bool {
        match self {
            Side::Any => true,
            Side::These(ids) => ids.contains(&id),
        }
    }
}

/// No packet from one side to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Senders that are not heard.
    pub from: Vec<Id>,
    /// Receivers that do not hear them.
    pub to: Vec<Id>,
}

/// What a rule does to a message it meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is lost.
    Drop,
    /// It takes so much longer.
    Delay(Span),
    /// A second copy lands so much later.
    Duplicate(Span),
    /// It lands up to so much later, and may be overtaken by what was sent after it.
    Reorder(Span),
}

/// A rule on messages: who to whom, how likely, how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The sender.
    pub from: Side,
    /// The receiver.
    pub to: Side,
    /// What happens.
    pub action: Action,
    /// How likely, parts in a million.
    pub ppm: u32,
    /// How many more messages it may meet; `None` is no limit.
    pub times: Option<u32>,
}

/// Why a message never lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A `drop` rule met it.
    Rule,
    /// Its way is cut.
    Cut,
}

/// What becomes of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It lands once; `late` is how much of that a rule added.
    Deliver {
        /// When.
        at: Time,
        /// Added by a rule.
        late: Span,
    },
    /// It lands twice.
    Twice {
        /// The first time.
        at: Time,
        /// The second.
        again: Time,
    },
    /// It never lands.
    Lost(Loss),
}

/// The network between all machines. Messages of one pair keep their order unless a `reorder` rule says otherwise, as on
/// the connections of a real cluster.
#[derive(Clone, Debug)]
pub struct Network {
    latency: Latency,
    rules: Vec<Rule>,
    cuts: Vec<Cut>,
    faults: Chance,
    /// When the last message of each pair lands: `last[from * width + to]`.
    last: Vec<Time>,
    width: usize,
}

impl Network {
    /// A network for `machines` machines, without faults.
    #[must_use]
    pub fn new(latency: Latency, seed: u64, machines: usize) -> Network {
        let last = alloc::vec![Time(0); machines.saturating_mul(machines)];
        Network {
            latency,
            rules: Vec::new(),
            cuts: Vec::new(),
            faults: Chance::new(seed, FAULT_STREAM),
            last,
            width: machines,
        }
    }

    /// Other luck for faults from here on.
    pub fn reseed(&mut self, seed: u64) {
        self.faults = Chance::new(seed, FAULT_STREAM);
    }

    /// Add a rule; of several that match, the first decides.
    pub fn rule(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// Cut a way.
    pub fn cut(&mut self, cut: Cut) {
        self.cuts.push(cut);
    }

    /// Mend every cut and lift every rule.
    pub fn heal(&mut self) {
        self.cuts.clear();
        self.rules.clear();
    }

    /// Whether a packet can pass.
    #[must_use]
    pub fn open(&self, from: Id, to: Id) -> bool {
        !self.cuts.iter().any(|cut| cut.from.contains(&from) && cut.to.contains(&to))
    }

    /// Whether every way is open.
    #[must_use]
    pub fn uncut(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Whether every way is open and no rule waits.
    #[must_use]
    pub fn calm(&self) -> bool {
        self.cuts.is_empty() && self.rules.is_empty()
    }

    /// What becomes of a message sent now. `luck` is the sender's. A message to oneself lands at once.
    pub fn verdict(&mut self, now: Time, from: Id, to: Id, luck: &mut Chance) -> Verdict {
        if from == to {
            return Verdict::Deliver { at: now, late: Span::ZERO };
        }
        let at = now + self.latency.draw(luck);
        if !self.calm() {
            if !self.open(from, to) {
                return Verdict::Lost(Loss::Cut);
            }
            if let Some(action) = self.meet(from, to) {
                return match action {
                    Action::Drop => Verdict::Lost(Loss::Rule),
                    Action::Delay(by) => Verdict::Deliver { at: self.in_order(from, to, at + by), late: by },
                    Action::Duplicate(by) => {
                        let at = self.in_order(from, to, at);
                        Verdict::Twice { at, again: at + by }
                    }
                    Action::Reorder(within) => {
                        let by = Span(self.faults.below(within.0.saturating_add(1)));
                        Verdict::Deliver { at: at + by, late: by }
                    }
                };
            }
        }
        Verdict::Deliver { at: self.in_order(from, to, at), late: Span::ZERO }
    }

    /// The action of the first rule that matches and whose luck holds; its count goes down.
    fn meet(&mut self, from: Id, to: Id) -> Option<Action> {
        for rule in &mut self.rules {
            if rule.times == Some(0) || !rule.from.has(from) || !rule.to.has(to) || !self.faults.ppm(rule.ppm) {
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            return Some(rule.action);
        }
        None
    }

    fn in_order(&mut self, from: Id, to: Id, at: Time) -> Time {
        match self.last.get_mut(from.index() * self.width + to.index()) {
            Some(last) => {
                *last = at.max(*last);
                *last
            }
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> (Network, Chance) {
        (Network::new(Latency { mean: Span::ms(1) }, 3, 3), Chance::new(3, 0))
    }

    #[test]
    fn latency_spreads_around_its_mean() {
        let (mut net, mut luck) = network();
        let mut sum = 0;
        for n in 0..1_000u64 {
            let sent = Time(n * 10_000);
            let Verdict::Deliver { at, .. } = net.verdict(sent, Id(0), Id(1), &mut luck) else { panic!("lost") };
            let took = (at - sent).0;
            assert!((500..1_500).contains(&took), "{took}");
            sum += took;
        }
        assert!((960_000..1_040_000).contains(&sum), "{sum}");
    }

    #[test]
    fn one_pair_keeps_its_order() {
        let (mut net, mut luck) = network();
        let mut last = Time(0);
        for n in 0..100 {
            let Verdict::Deliver { at, .. } = net.verdict(Time(n), Id(0), Id(1), &mut luck) else { panic!("lost") };
            assert!(at >= last);
            last = at;
        }
    }

    #[test]
    fn a_rule_is_used_up_and_a_cut_is_one_way() {
        let (mut net, mut luck) = network();
        let side = |n| Side::These(alloc::vec![Id(n)]);
        net.rule(Rule { from: side(0), to: side(1), action: Action::Drop, ppm: PPM, times: Some(1) });
        assert_eq!(net.verdict(Time(0), Id(0), Id(1), &mut luck), Verdict::Lost(Loss::Rule));
        assert!(matches!(net.verdict(Time(0), Id(0), Id(1), &mut luck), Verdict::Deliver { .. }));
        net.cut(Cut { from: alloc::vec![Id(0)], to: alloc::vec![Id(2)] });
        assert_eq!(net.verdict(Time(0), Id(0), Id(2), &mut luck), Verdict::Lost(Loss::Cut));
        assert!(net.open(Id(2), Id(0)));
        net.heal();
        assert!(net.calm());
    }
}
