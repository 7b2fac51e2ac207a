//! An immutable sorted table: what a flush or a compaction wrote.

use crate::{Bytes, Mutation, PartitionKey, Slice, Stats, bloom::Bloom};
use alloc::{rc::Rc, vec::Vec};

/// Partitions in ring order, with what lets a read skip them.
#[derive(Clone, Debug)]
pub struct SsTable {
    /// Numbered by the engine, never reused.
    pub id: u64,
    /// Bounds and counts of its contents.
    pub stats: Stats,
    /// Whether an incremental repair has seen all of it.
    pub repaired: bool,
    /// The smallest and the largest clustering key of its rows, if it has any.
    pub clustering: Option<(Bytes, Bytes)>,
    /// Whether it holds deletions or statics, which concern a read of any slice.
    wide: bool,
    partitions: Vec<Rc<Mutation>>,
    /// Their tokens once more, side by side: a search touches few cache lines.
    tokens: Vec<i64>,
    bloom: Bloom,
}

impl SsTable {
    /// Writes partitions that are already in ring order.
    pub(crate) fn write(id: u64, partitions: Vec<Rc<Mutation>>, repaired: bool) -> Self {
        let mut stats = Stats::default();
        let mut bloom = Bloom::with_capacity(partitions.len());
        let (mut clustering, mut wide): (Option<(Bytes, Bytes)>, bool) = (None, false);
        for partition in &partitions {
            let delta = &partition.delta;
            stats.add(delta);
            bloom.insert(partition.key.token);
            wide |= delta.tombstone.is_some() || !delta.ranges.is_empty() || delta.static_row.is_some();
            let mut keys = delta.rows.iter().map(|(key, _)| key);
            if let Some(first) = keys.next() {
                let last = keys.next_back().unwrap_or(first);
                match &mut clustering {
                    None => clustering = Some((first.clone(), last.clone())),
                    Some((min, max)) => {
                        if first < min {
                            *min = first.clone();
                        }
                        if last > max {
                            *max = last.clone();
                        }
                    }
                }
            }
        }
        let tokens = partitions.iter().map(|partition| partition.key.token).collect();
        Self { id, stats, repaired, clustering, wide, partitions, tokens, bloom }
    }

    /// Partitions in ring order.
    pub fn partitions(&self) -> &[Rc<Mutation>] {
        &self.partitions
    }

    /// Whether the bloom filter lets the key pass.
    pub fn may_have(&self, key: &PartitionKey) -> bool {
        self.bloom.may_have(key.token)
    }

    /// Whether it may hold something that concerns these slices.
    pub(crate) fn concerns(&self, slices: &[Slice]) -> bool {
        self.wide
            || self.clustering.as_ref().is_some_and(|(min, max)| {
                slices.iter().any(|slice| slice.start <= *max && slice.end.as_ref().is_none_or(|end| min < end))
            })
    }

    /// The partition under `key`.
    pub fn get(&self, key: &PartitionKey) -> Option<&Rc<Mutation>> {
        if !self.may_have(key) {
            return None;
        }
        let from = lower_bound(&self.tokens, key.token);
        let same = self.partitions.get(from..)?.iter();
        same.take_while(|have| have.key.token == key.token).find(|have| have.key.bytes == key.bytes)
    }

    /// The index of the first partition at or behind `key`.
    pub(crate) fn index_of(&self, key: &PartitionKey) -> usize {
        let from = lower_bound(&self.tokens, key.token);
        let rest = self.partitions.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|have| have.key < *key).count()
    }
}

/// The index of the first token at or above `token`. Tokens are hashes, evenly spread: a few guesses by interpolation find
/// the neighbourhood, then it is halved.
fn lower_bound(tokens: &[i64], token: i64) -> usize {
    let (mut low, mut high) = (0, tokens.len());
    // tokens[..low] < token <= tokens[high..]
    while high - low > 64 {
        let (Some(&first), Some(&last)) = (tokens.get(low), tokens.get(high - 1)) else { break };
        if token <= first {
            return low;
        }
        if token > last {
            return high;
        }
        let (part, whole) = (token.abs_diff(first), last.abs_diff(first));
        let guess = low + (u128::from(part) * (high - 1 - low) as u128 / u128::from(whole.max(1))) as usize;
        // A margin on both sides catches the token in most cases.
        let margin = (high - low) / 32;
        let (left, right) = (guess.saturating_sub(margin).max(low), (guess + margin).min(high - 1));
        let before = (high, low);
        if tokens.get(left).is_some_and(|have| *have < token) {
            low = left + 1;
        } else {
            high = left;
        }
        if right >= low && right < high {
            if tokens.get(right).is_some_and(|have| *have < token) {
                low = right + 1;
            } else {
                high = right;
            }
        }
        if before == (high, low) {
            break;
        }
    }
    low + tokens.get(low..high).unwrap_or_default().partition_point(|have| *have < token)
}

#[cfg(test)]
mod tests {
    use super::lower_bound;
    use alloc::vec::Vec;

    #[test]
    fn lower_bound_is_partition_point() {
        let mut x = 1u64;
        for spread in [0, 20, 40, 60, 63] {
            let mut tokens: Vec<i64> = (0..3000)
                .map(|_| {
                    x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    (x as i64) >> spread
                })
                .collect();
            tokens.sort_unstable();
            let beside = tokens.iter().flat_map(|t| [t.saturating_sub(1), *t, t.saturating_add(1)]);
            for token in beside.chain([i64::MIN, 0, i64::MAX]) {
                assert_eq!(lower_bound(&tokens, token), tokens.partition_point(|have| *have < token));
            }
        }
    }
}
