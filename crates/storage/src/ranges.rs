//! Range tombstones, kept in one normal form: sorted, never overlapping, none empty, neighbours of equal tombstone
//! merged. Equal deletions are therefore equal bytes, however they were written.
//!
//! ```text
//! held      [--- 5 ---)      [-- 5 --)
//! incoming        [---- 7 -----)
//! joined    [- 5 -[---- 7 -----[- 5 -)
//! ```

use crate::{Bytes, RangeTombstone, Slice, Tombstone, key::before_end};
use alloc::vec::Vec;

/// Joins `incoming` into `held`; both in normal form. Only the part of `held` that `incoming` touches is rebuilt.
pub(crate) fn join(held: &mut Vec<RangeTombstone>, incoming: &[RangeTombstone]) {
    let (Some(first), Some(last)) = (incoming.first(), incoming.last()) else { return };
    // Neighbours that only touch are part of the window too: they may merge.
    let from = held.partition_point(|range| ends_before(range, &first.start));
    let to = held.partition_point(|range| starts_by(range, &last.end)).max(from);
    let joined = sweep(held.get(from..to).unwrap_or_default(), incoming);
    held.splice(from..to, joined);
}

/// Brings arbitrary ranges, as a statement or a decoder gives them, into normal form.
pub fn normalise(ranges: &mut Vec<RangeTombstone>) {
    if is_normal(ranges) {
        return;
    }
    let loose = core::mem::take(ranges);
    for range in &loose {
        if !is_empty(range) {
            join(ranges, core::slice::from_ref(range));
        }
    }
}

/// Whether the ranges are in normal form.
pub(crate) fn is_normal(ranges: &[RangeTombstone]) -> bool {
    !ranges.iter().any(is_empty)
        && ranges.windows(2).all(|pair| match pair {
            [a, b] => {
                a.end.as_ref().is_some_and(|end| *end < b.start || (*end == b.start && a.tombstone != b.tombstone))
            }
            _ => true,
        })
}

/// The range tombstone at `position`.
pub(crate) fn at<'a>(ranges: &'a [RangeTombstone], position: &[u8]) -> Option<&'a RangeTombstone> {
    let next = ranges.partition_point(|range| *range.start <= *position);
    ranges.get(next.checked_sub(1)?).filter(|range| before_end(position, &range.end))
}

/// The parts of the ranges inside `slice`.
pub(crate) fn clip(ranges: &[RangeTombstone], slice: &Slice) -> impl Iterator<Item = RangeTombstone> {
    let from = ranges.partition_point(|range| range.end.as_ref().is_some_and(|end| *end <= slice.start));
    ranges.iter().skip(from).map_while(|range| {
        before_end(&range.start, &slice.end).then(|| RangeTombstone {
            start: range.start.clone().max(slice.start.clone()),
            end: earlier(&range.end, &slice.end).clone(),
            tombstone: range.tombstone,
        })
    })
}

/// What of `wanted` is not already deleted as strongly by `held` or by `above`; both in normal form.
pub(crate) fn missing(
    wanted: &[RangeTombstone],
    held: &[RangeTombstone],
    above: Option<Tombstone>,
) -> Vec<RangeTombstone> {
    let mut out = Vec::new();
    for range in wanted.iter().filter(|range| above < Some(range.tombstone)) {
        let mut start = range.start.clone();
        let inside = Slice { start: range.start.clone(), end: range.end.clone() };
        for has in clip(held, &inside).filter(|has| has.tombstone >= range.tombstone) {
            if start < has.start {
                out.push(RangeTombstone { start, end: Some(has.start), tombstone: range.tombstone });
            }
            match has.end {
                Some(end) => start = end,
                None => return out,
            }
        }
        if before_end(&start, &range.end) {
            out.push(RangeTombstone { start, end: range.end.clone(), tombstone: range.tombstone });
        }
    }
    out
}

/// Appends a range that starts at or behind the end of the last, merging neighbours of equal tombstone.
fn push(out: &mut Vec<RangeTombstone>, range: RangeTombstone) {
    match out.last_mut() {
        Some(last) if last.tombstone == range.tombstone && last.end.as_ref() == Some(&range.start) => {
            last.end = range.end
        }
        _ => out.push(range),
    }
}

/// Walks both lists from left to right, writing the newer tombstone of each stretch.
fn sweep(a: &[RangeTombstone], b: &[RangeTombstone]) -> Vec<RangeTombstone> {
    let mut out = Vec::with_capacity(a.len() + 2 * b.len());
    let (mut rest_a, mut rest_b) = (a.iter().cloned(), b.iter().cloned());
    let (mut next_a, mut next_b) = (rest_a.next(), rest_b.next());
    loop {
        let (mut left, mut right) = match (next_a.take(), next_b.take()) {
            (Some(a), Some(b)) => (a, b),
            (Some(only), None) => {
                push(&mut out, only);
                rest_a.for_each(|range| push(&mut out, range));
                return out;
            }
            (None, Some(only)) => {
                push(&mut out, only);
                rest_b.for_each(|range| push(&mut out, range));
                return out;
            }
            (None, None) => return out,
        };
        if left.start != right.start {
            // The stretch in which only one of them holds.
            let (early, late) = if left.start < right.start { (&mut left, &right) } else { (&mut right, &left) };
            let end = earlier(&early.end, &Some(late.start.clone())).clone();
            push(&mut out, RangeTombstone { start: early.start.clone(), end: end.clone(), tombstone: early.tombstone });
            early.start = end.unwrap_or_else(|| late.start.clone());
        } else {
            let end = earlier(&left.end, &right.end).clone();
            let tombstone = left.tombstone.max(right.tombstone);
            push(&mut out, RangeTombstone { start: left.start.clone(), end: end.clone(), tombstone });
            let Some(end) = end else { return out };
            left.start = end.clone();
            right.start = end;
        }
        next_a = if is_empty(&left) { rest_a.next() } else { Some(left) };
        next_b = if is_empty(&right) { rest_b.next() } else { Some(right) };
    }
}

fn is_empty(range: &RangeTombstone) -> bool {
    !before_end(&range.start, &range.end)
}

fn earlier<'a>(a: &'a Option<Bytes>, b: &'a Option<Bytes>) -> &'a Option<Bytes> {
    match (a, b) {
        (Some(x), Some(y)) if y < x => b,
        (None, Some(_)) => b,
        (Some(_) | None, _) => a,
    }
}

fn ends_before(range: &RangeTombstone, start: &Bytes) -> bool {
    range.end.as_ref().is_some_and(|end| end < start)
}

fn starts_by(range: &RangeTombstone, end: &Option<Bytes>) -> bool {
    end.as_ref().is_none_or(|end| range.start <= *end)
}
