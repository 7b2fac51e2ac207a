//! Anti-entropy: for each stretch that a node keeps, all replicas are read whole, joined, and made equal.

use crate::Home;
use crate::message::{Question, Target};
use crate::node::{Cx, Node, seconds};
use crate::ops::Op;
use crate::read::{Purpose, ReadOp};
use alloc::vec::Vec;
use storage::{KeyRange, ReadCommand, TableId};
use trace::Fact;

impl Node {
    /// `nodetool repair -full` on this node. A replica that is down is left out, as it would be there: what it lacks it
    /// goes on lacking.
    pub(crate) fn repair(&mut self, cx: &mut Cx<'_>) {
        let homes: Vec<Home> = self.catalog.homes().cloned().collect();
        for home in homes {
            let table = home.table.id;
            let parts = home.placement.parts(&KeyRange::tokens(i64::MIN, i64::MAX)).into_iter();
            let kept = parts.filter(|(_, replicas)| replicas.contains(&self.id));
            let question = |(range, _)| Question {
                table,
                target: Target::Range(range),
                command: ReadCommand::all(seconds(cx.now)),
                rows_max: u32::MAX,
                whole: true,
            };
            let todo = kept.map(question).collect();
            let purpose = Purpose::Repair { differing: 0 };
            self.begin_read(cx, ReadOp::new(purpose, cql::Consistency::One, table, todo, u64::MAX));
        }
    }

    /// Every stretch of one table is equal now.
    pub(crate) fn repair_done(&mut self, cx: &mut Cx<'_>, table: TableId, differing: u32) {
        let with = self.id;
        cx.note(|| Fact::Repair { table, with, differing });
    }

    /// Whether a repair that this node began is not over.
    #[must_use]
    pub fn repairing(&self) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::Read(read) if read.repairs()))
    }
}
