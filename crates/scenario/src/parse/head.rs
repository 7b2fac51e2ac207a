//! What stands above the first step: the cluster, and who speaks to it.

use super::{CQLSH, Parser};
use crate::cut::{Item, Mark, What};
use crate::limits::{CLIENTS_MAX, FAULTS_MAX, NODES_MAX};
use crate::line::Line;
use crate::setup::{ClientSpec, Dc, Persona, Stamps};
use crate::step::Client;
use crate::value::Value;
use alloc::format;
use alloc::vec::Vec;

impl Parser<'_> {
    /// The cluster and the clients, wherever they stand.
    pub(super) fn head(&mut self, items: &[Item]) {
        let is = |item: &&Item, name: &str| {
            item.what == What::Marked(Mark::Directive)
                && self.slice(&(item.span.start + 3..item.span.end)).split_whitespace().next() == Some(name)
        };
        let clusters: Vec<&Item> = items.iter().filter(|item| is(item, "cluster")).collect();
        let clients: Vec<&Item> = items.iter().filter(|item| is(item, "client")).collect();
        for (n, item) in clusters.iter().enumerate() {
            let (line, at) = self.content(item);
            if n > 0 {
                let span = item.span.clone();
                self.fault(span.clone(), "the cluster is described twice", "one line describes it").fixed_by(span, "");
                continue;
            }
            match Line::read(line, at, &self.known) {
                Ok(read) => self.cluster(&read, item),
                // Whatever nodes it meant: names of nodes are not faults as well.
                Err(mut faults) => {
                    self.known.nodes = NODES_MAX;
                    self.faults.append(&mut faults);
                }
            }
        }
        for item in clients.into_iter().take(FAULTS_MAX + usize::from(CLIENTS_MAX)) {
            let (line, at) = self.content(item);
            match Line::read(line, at, &self.known) {
                Ok(read) => self.client(&read, item),
                Err(mut faults) => {
                    // Who is meant to be there is known, so that `as` is not a fault as well.
                    let room = self.known.clients.len() < usize::from(CLIENTS_MAX);
                    if let Some(name) = line.split_whitespace().nth(1).filter(|_| room) {
                        self.known.clients.push(name.into());
                        self.scenario.setup.clients.push(ClientSpec::named(name));
                    }
                    self.faults.append(&mut faults);
                }
            }
        }
        match self.known.clients.iter().position(|name| name == CQLSH) {
            Some(at) => self.cqlsh = Some(Client(at as u16)),
            None => self.known.clients.push(CQLSH.into()),
        }
        self.client = Client(self.known.clients.iter().position(|name| name == CQLSH).unwrap_or(0) as u16);
    }

    fn cluster(&mut self, line: &Line, item: &Item) {
        let cluster = &mut self.scenario.setup.cluster;
        let mut rf = None;
        let mut dcs = None;
        let mut nodes = None;
        for (key, value) in &line.keys {
            match (key.name, value) {
                ("nodes", Value::Count(n)) => nodes = Some(*n as u16),
                ("rf", Value::Count(n)) => rf = Some(*n as u16),
                ("dcs", Value::Dcs(all)) => dcs = Some(all.clone()),
                ("like", Value::Word("scylla")) => cluster.like = Persona::Scylla,
                ("seed", Value::Count(n)) => cluster.seed = *n,
                ("start", Value::Date(us)) => cluster.start = *us,
                ("latency", Value::Span(span)) => cluster.latency = *span,
                ("hints", Value::Word(word)) => cluster.hints = *word == "on",
                _ => {}
            }
        }
        let sum = dcs.as_ref().map(|all: &Vec<Dc>| all.iter().map(|dc| u32::from(dc.nodes)).sum::<u32>());
        let all = nodes.map_or(sum.unwrap_or(3), u32::from);
        let span = item.span.clone();
        if all > u32::from(NODES_MAX) {
            let known = format!("the limit is {} nodes", NODES_MAX);
            self.fault(span, format!("the data centres have {all} nodes"), known);
            return;
        }
        if sum.is_some_and(|sum| sum != all) {
            let so = format!("nodes={all}, but the data centres have {}", sum.unwrap_or(0));
            self.fault(span, so, "the two must agree; dcs= alone is enough");
            return;
        }
        cluster.nodes = all as u16;
        cluster.dcs = dcs.unwrap_or_else(|| alloc::vec![Dc { name: "dc1".into(), nodes: all as u16 }]);
        let least = cluster.dcs.iter().map(|dc| dc.nodes).max().unwrap_or(1);
        cluster.rf = rf.unwrap_or(3.min(least));
        self.known.nodes = cluster.nodes;
        if let Some(rf) = rf.filter(|rf| *rf > least) {
            let known = format!("a data centre has at most {least} nodes to hold them");
            self.fault(item.span.clone(), format!("rf={rf} asks for {rf} replicas"), known);
        }
    }

    fn client(&mut self, line: &Line, item: &Item) {
        let Some(Value::Text(name)) = line.arg(0) else { return };
        if self.known.clients.contains(name) {
            self.fault(
                item.span.clone(),
                format!("there are two clients named {name}"),
                "each needs a name of its own",
            );
            return;
        }
        if self.known.clients.len() >= usize::from(CLIENTS_MAX) {
            self.fault(item.span.clone(), "one client too many", format!("the limit is {CLIENTS_MAX} clients"));
            return;
        }
        let mut client = ClientSpec::named(name);
        for (key, value) in &line.keys {
            match (key.name, value) {
                ("driver", Value::Word(driver)) => client.driver = Some(driver),
                ("clock", Value::Offset(us)) => client.clock = *us,
                ("drift", Value::Drift(ppm)) => client.drift_ppm = *ppm,
                ("step", Value::Jump(by, every)) => client.step = Some((*by, *every)),
                ("stamps", Value::Word("server")) => client.stamps = Some(Stamps::Server),
                ("stamps", Value::Word(_)) => client.stamps = Some(Stamps::Client),
                ("resolution", Value::Span(span)) => client.resolution = Some(*span),
                ("node", Value::Node(node)) => client.node = Some(*node),
                _ => {}
            }
        }
        self.known.clients.push(name.clone());
        self.scenario.setup.clients.push(client);
    }
}
