//! True time on a line: long idle spans are cut out, so that ten days between two statements do not push both to the edges.

/// A stretch of time without a cut, and where it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    from: u64,
    to: u64,
    at: f32,
    long: f32,
}

/// Places times (microseconds) on a line of a given length (px).
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pieces: Vec<Piece>,
    /// The width of a cut, px.
    cut: f32,
    /// The length of the line, px.
    pub length: f32,
}

/// The width of a cut, px: where there are few, and at least.
const CUT: (f32, f32) = (26.0, 6.0);
/// A gap so many times longer than half of the others is cut.
const LONG: u64 = 12;

/// Sorts a short list that is nearly sorted. The library's sorts are faster for others, and kilobytes each.
pub fn sort(list: &mut [u64]) {
    for end in 1..list.len() {
        let mut at = end;
        while at > 0 && list[at - 1] > list[at] {
            list.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The number that would stand at this place if the list were sorted; the list is stirred.
fn ranked(list: &mut [u64], rank: usize) -> Option<u64> {
    let (mut low, mut high) = (0, list.len().checked_sub(1)?);
    while low < high {
        let pivot = list[low + (high - low) / 2];
        let (mut left, mut right) = (low, high);
        loop {
            while list[left] < pivot {
                left += 1;
            }
            while list[right] > pivot {
                right -= 1;
            }
            if left >= right {
                break;
            }
            list.swap(left, right);
            (left, right) = (left + 1, right - 1);
        }
        (low, high) = if rank <= right { (low, right) } else { (right + 1, high) };
    }
    list.get(rank).copied()
}

impl Axis {
    /// A line of `length` px for these times, sorted.
    pub fn new(times: &[u64], length: f32) -> Self {
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else {
            return Self { pieces: Vec::new(), cut: CUT.0, length };
        };
        let mut gaps: Vec<u64> =
            times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.saturating_sub(*a)).filter(|gap| *gap > 0).collect();
        let half = gaps.len().saturating_sub(1) / 2;
        let usual = ranked(&mut gaps, half).unwrap_or(1).max(100);
        // Cuts take no more than a third of the line: of more, the longest are made.
        gaps.retain(|gap| *gap > usual.saturating_mul(LONG));
        let most = (length / CUT.1 / 3.0).max(1.0) as usize;
        let least = gaps.len().checked_sub(most + 1).and_then(|rank| ranked(&mut gaps, rank)).unwrap_or(0);
        let cut = usual.saturating_mul(LONG).max(least);
        let mut spans = Vec::new();
        let mut from = first;
        for (a, b) in times.iter().zip(times.iter().skip(1)) {
            if b.saturating_sub(*a) > cut {
                spans.push((from, *a));
                from = *b;
            }
        }
        spans.push((from, last));
        let cuts = (spans.len() - 1) as f32;
        let wide = (length / 3.0 / cuts.max(1.0)).clamp(CUT.1, CUT.0);
        // Each piece gets room for its time, and a little even when it is one moment only.
        let least = usual.max(1);
        let total: u64 = spans.iter().map(|(from, to)| (to - from).max(least)).sum();
        let room = (length - wide * cuts).max(1.0);
        let mut at = 0.0;
        let pieces = spans
            .iter()
            .map(|&(from, to)| {
                let long = room * ((to - from).max(least) as f32 / total as f32);
                let piece = Piece { from, to, at, long };
                at += long + wide;
                piece
            })
            .collect();
        Self { pieces, cut: wide, length }
    }

    /// Where a time lies, px.
    pub fn place(&self, time: u64) -> f32 {
        let mut before: Option<&Piece> = None;
        for piece in &self.pieces {
            if time < piece.from {
                // In a cut, or before everything.
                return before.map_or(piece.at, |last| (last.at + last.long + piece.at) / 2.0);
            }
            if time <= piece.to {
                let span = (piece.to - piece.from) as f32;
                return piece.at + if span > 0.0 { piece.long * ((time - piece.from) as f32 / span) } else { 0.0 };
            }
            before = Some(piece);
        }
        before.map_or(0.0, |last| last.at + if last.to > last.from { last.long } else { 0.0 })
    }

    /// Where the line is cut, px.
    pub fn cuts(&self) -> impl Iterator<Item = f32> + '_ {
        self.pieces.iter().skip(1).map(|piece| piece.at - self.cut / 2.0)
    }

    /// Round times and where they lie, at least `apart` px from one another.
    pub fn ticks(&self, apart: f32) -> Vec<(u64, f32)> {
        let mut out: Vec<(u64, f32)> = Vec::new();
        for piece in &self.pieces {
            let span = piece.to - piece.from;
            if span == 0 || piece.long < apart / 2.0 {
                if out.last().is_none_or(|(_, at)| piece.at - at >= apart) {
                    out.push((piece.from, piece.at));
                }
                continue;
            }
            let step = round(span as f32 * apart / piece.long);
            let mut time = piece.from.div_ceil(step) * step;
            while time <= piece.to {
                let at = self.place(time);
                if out.last().is_none_or(|(_, last)| at - last >= apart * 0.9) {
                    out.push((time, at));
                }
                time += step;
            }
        }
        out
    }
}

/// The next round number of microseconds: 1, 2 or 5 with zeros.
fn round(least: f32) -> u64 {
    let mut step = 1_u64;
    loop {
        for times in [1, 2, 5] {
            if (step * times) as f32 >= least {
                return step * times;
            }
        }
        if step > u64::MAX / 100 {
            return step;
        }
        step *= 10;
    }
}

/// A moment as readers see it: `1.009_600` s, with days before it where there are any; whole milliseconds shortly.
pub fn moment(micros: u64) -> String {
    let (days, rest) = (micros / 86_400_000_000, micros % 86_400_000_000);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let day = if days > 0 { format!("{days} d ") } else { String::new() };
    if fraction % 1_000 == 0 {
        format!("{day}{seconds}.{:03}", fraction / 1_000)
    } else {
        format!("{day}{seconds}.{:03}_{:03}", fraction / 1_000, fraction % 1_000)
    }
}

/// As [`moment`], always with its microseconds.
pub fn exact(micros: u64) -> String {
    let text = moment(micros);
    if text.contains('_') { text } else { format!("{text}_000") }
}

/// A span with its sign and unit: `+20 ms`, `−350 µs`, `+5 s`.
pub fn signed(micros: i64) -> String {
    let sign = if micros < 0 { "−" } else { "+" };
    format!("{sign}{}", span(micros.unsigned_abs()))
}

/// A span in the unit that fits it: `11.3 ms`.
pub fn span(micros: u64) -> String {
    match micros {
        0 => "0 ms".into(),
        // The verdict's own words: a number looks the same wherever it appears.
        micros => trace::Length(micros).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_idle_days_take_no_room() {
        let day = 86_400_000_000;
        let axis = Axis::new(&[1_000_000, 1_000_700, 1_001_500, 10 * day, 10 * day + 900], 400.0);
        assert_eq!(axis.cuts().count(), 1);
        assert!(axis.place(1_001_500) > 150.0, "{}", axis.place(1_001_500));
        assert!((axis.place(10 * day + 900) - 400.0).abs() < 0.5);
        assert!(axis.place(5 * day) > axis.place(1_001_500) && axis.place(5 * day) < axis.place(10 * day));
    }

    #[test]
    fn the_number_of_a_rank_is_that_of_the_sorted_list() {
        for count in 1..40_u64 {
            let list: Vec<u64> = (0..count).map(|at| at * 7_919 % 23).collect();
            let mut sorted = list.clone();
            sorted.sort_unstable();
            for (rank, value) in sorted.iter().enumerate() {
                assert_eq!(ranked(&mut list.clone(), rank), Some(*value), "{list:?} {rank}");
            }
        }
        assert_eq!(ranked(&mut [], 0), None);
    }

    #[test]
    fn many_idle_spans_leave_room_for_what_happens() {
        let times: Vec<u64> = (0..100).flat_map(|at| [0, 300, 900].map(|more| at * 10_000_000 + more)).collect();
        let axis = Axis::new(&times, 600.0);
        assert!(axis.cuts().count() as f32 * axis.cut <= 200.0);
        let axis = Axis::new(&times[..60], 600.0);
        assert_eq!(axis.cuts().count(), 19, "many cuts are narrow");
        assert!(axis.cuts().count() as f32 * axis.cut <= 201.0);
        assert!(axis.place(times[299]) <= 600.5);
    }

    #[test]
    fn places_grow_with_time() {
        let times: Vec<u64> = (0..50).map(|at| at * at * 317).collect();
        let axis = Axis::new(&times, 500.0);
        let places: Vec<f32> = times.iter().map(|&time| axis.place(time)).collect();
        assert!(places.is_sorted());
        assert!(axis.ticks(60.0).iter().map(|tick| tick.0).is_sorted());
        assert_eq!(Axis::new(&[], 10.0).ticks(5.0), []);
        assert_eq!(Axis::new(&[7], 10.0).place(7), 0.0);
    }

    #[test]
    fn spans_have_signs_and_units() {
        assert_eq!(signed(20_000), "+20 ms");
        assert_eq!(signed(-350), "−350 µs");
        assert_eq!(span(11_300), "11.3 ms");
        assert_eq!(span(5_000_000), "5 s");
        assert_eq!(moment(1_009_600), "1.009_600");
        assert_eq!(moment(1_004_000), "1.004");
        assert_eq!(moment(864_000_000_000 + 1_004_000), "10 d 1.004");
        assert_eq!(exact(1_004_000), "1.004_000");
    }
}
