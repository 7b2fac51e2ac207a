//! What a server warns of beside a SELECT's rows, as Cassandra 5.0.6 words it.

use super::{Read, SelectPlan};
use crate::plan::{keys::Part, restrict::Terms};

impl Read {
    /// An aggregate over more than one partition.
    pub fn warning(&self) -> Option<&'static str> {
        self.plan.warning()
    }
}

impl SelectPlan {
    fn warning(&self) -> Option<&'static str> {
        let several = |part: &Part| match part {
            Part::Many(Terms::Listed(terms)) => terms.len() > 1,
            Part::Many(Terms::Marker(_)) | Part::Tuples(..) => true,
            Part::One(_) => false,
        };
        if self.gathers.is_empty() && self.group.is_none() {
            None
        } else if !self.keyed {
            Some("Aggregation query used without partition key")
        } else if self.partition.iter().flatten().any(several) {
            Some("Aggregation query used on multiple partition keys (IN restriction)")
        } else {
            None
        }
    }
}
