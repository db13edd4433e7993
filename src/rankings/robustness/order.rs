//! One block put in order by given weights: totals, ranks, and who has a seat. It allocates nothing. PURE.

use std::cmp::Reverse;

use super::{
    table::{Block, Seat},
    weights::ONE,
};

/// Totals are whole multiples of weights and parts by a factor with so many binary digits.
const SHIFT: u32 = 62;
/// Keys of sorting: the total above the row's number.
const ROW_BITS: u32 = 20;
const ROW: u64 = (1 << ROW_BITS) - 1;
/// Most keys of a bucket that are sorted by moving them one by one.
const CROWD: u32 = 32;
/// Above every total: the greatest total has the smallest key.
const ABOVE: u64 = 1 << 43;

/// What one weighing of a block gives, and the room for it.
pub struct Weighed {
    /// By row; from 1.
    pub ranks: Vec<u32>,
    /// Rows within the quota or tied at its line.
    pub seated: Vec<(u32, Seat)>,
    sums: Vec<u64>,
    keys: Vec<u64>,
    sorted: Vec<u64>,
    /// Where each bucket of keys ends.
    ends: Vec<u32>,
    of_unit: Vec<u32>,
    sent: Vec<u32>,
}

impl Weighed {
    pub fn room(block: &Block) -> Self {
        let (rows, units) = (block.rows(), block.units.iter().flatten().max().map_or(0, |most| *most as usize + 1));
        Self {
            ranks: vec![0; rows],
            seated: Vec::with_capacity(rows),
            sums: vec![0; rows],
            keys: vec![0; rows],
            sorted: vec![0; rows],
            ends: vec![0; (4 * rows).next_power_of_two()],
            of_unit: vec![0; units],
            sent: vec![0; units],
        }
    }

    /// Whether the same rows are within the quota, and the same tied at its line, as in the run.
    pub fn keeps(&self, block: &Block) -> bool {
        let seated = block.base.iter().filter(|seat| **seat != Seat::None).count();
        self.seated.len() == seated && self.seated.iter().all(|(row, seat)| block.base[*row as usize] == *seat)
    }
}

/// Puts a block in order. A total is `full × Σ weight × part / Σ weight × maximum`, to the nearest unit, and what bonus and
/// penalty come to; never below 0. False where a weight of 0 leaves nothing to be weighed.
pub fn weigh(block: &Block, weights: &[i64], fixed: &[i64], out: &mut Weighed) -> bool {
    add_up(block, weights, &mut out.sums);
    let (mut least, mut most) = (u64::MAX, 0);
    for pattern in &block.patterns {
        let out_of: i64 = pattern.maxima.iter().zip(weights).map(|(maximum, weight)| maximum * weight).sum();
        // A group of bonus and penalty alone is out of nothing.
        if out_of == 0 && pattern.full != 0 {
            return false;
        }
        let factor = ((i128::from(pattern.full) << SHIFT) / i128::from(out_of.max(1))) as i64;
        let rows = pattern.rows.clone();
        let own = out.keys[rows.clone()].iter_mut().zip(&out.sums[rows.clone()]).zip(&fixed[rows.clone()]);
        for (row, ((key, sum), fixed)) in (rows.start as u64..).zip(own) {
            let weighed = (i128::from(*sum as i64) * i128::from(factor) + (1 << (SHIFT - 1))) >> SHIFT;
            let total = (weighed as i64).saturating_add(*fixed).clamp(0, ABOVE as i64 - 1);
            let total = block.rounding.map_or(total, |digit| (total + block.slack + digit / 2) / digit);
            *key = ((ABOVE - total as u64) << ROW_BITS) | row;
            (least, most) = (least.min(*key), most.max(*key));
        }
    }
    sort(out, least, most);
    place(block, out);
    true
}

/// The sums of weights and parts: of the lower halves of the parts, whose products are single steps of the processor, and of
/// the upper halves where there are any.
fn add_up(block: &Block, weights: &[i64], sums: &mut [u64]) {
    let rows = sums.len().max(1);
    sums.fill(0);
    for (halves, shift) in [(&block.upper, 32), (&block.lower, 0)] {
        for (column, weight) in halves.chunks_exact(rows).zip(weights) {
            let weight = *weight as u32;
            for (sum, half) in sums.iter_mut().zip(column) {
                *sum = sum.wrapping_add(u64::from(*half) * u64::from(weight) << shift);
            }
        }
    }
}

/// Sorts the keys: into buckets of equal ranges, then each among its neighbours. Totals are spread, so that this takes as
/// many steps as there are keys; where many crowd into one bucket, they are sorted as any others.
fn sort(out: &mut Weighed, least: u64, most: u64) {
    let Weighed { keys, sorted, ends, .. } = out;
    let bits = u64::BITS - most.saturating_sub(least).leading_zeros();
    let shift = bits.saturating_sub(ends.len().trailing_zeros());
    let last = ends.len() - 1;
    let bucket = |key: u64| ((key - least) >> shift) as usize & last;
    ends.fill(0);
    keys.iter().for_each(|key| ends[bucket(*key)] += 1);
    let (mut end, mut crowd) = (0, 0);
    for bucket in ends.iter_mut() {
        crowd = crowd.max(*bucket);
        end += *bucket;
        *bucket = end;
    }
    if crowd > CROWD {
        return keys.sort_unstable();
    }
    for key in keys.iter() {
        let end = &mut ends[bucket(*key)];
        *end -= 1;
        sorted[*end as usize] = *key;
    }
    for at in 1..sorted.len() {
        let (key, mut to) = (sorted[at], at);
        while to > 0 && sorted[to - 1] > key {
            sorted[to] = sorted[to - 1];
            to -= 1;
        }
        sorted[to] = key;
    }
    std::mem::swap(keys, sorted);
}

/// All weights alike: the run itself.
pub fn alike(criteria: usize) -> Vec<i64> {
    vec![ONE; criteria]
}

fn place(block: &Block, out: &mut Weighed) {
    let Weighed { ranks, seated, keys, of_unit, sent, .. } = out;
    let slack = if block.rounding.is_some() { 0 } else { block.slack as u64 };
    let mut seats = Seats { block, taken: 0, seated, of_unit, sent };
    seats.seated.clear();
    seats.of_unit.fill(0);
    let mut from = 0;
    while from < keys.len() {
        let mut to = from + 1;
        while to < keys.len() && (keys[to] >> ROW_BITS) - (keys[to - 1] >> ROW_BITS) <= slack {
            to += 1;
        }
        if to == from + 1 {
            ranks[(keys[from] & ROW) as usize] = from as u32 + 1;
            seats.give(&keys[from..to]);
            from = to;
            continue;
        }
        let level = &mut keys[from..to];
        let of = |key: &u64| block.ties[(key & ROW) as usize];
        level.sort_unstable_by_key(|key| Reverse(of(key).before));
        for same in level.chunk_by_mut(|a, b| of(a).before == of(b).before) {
            let known = same.iter().all(|key| of(key).female.is_some());
            let parted = |key: &u64| (of(key).female.filter(|_| known), of(key).after);
            same.sort_unstable_by_key(|key| Reverse(parted(key)));
            for equals in same.chunk_by(|a, b| parted(a) == parted(b)) {
                equals.iter().for_each(|key| ranks[(key & ROW) as usize] = from as u32 + 1);
                seats.give(equals);
                from += equals.len();
            }
        }
    }
}

/// The seats of a block as they are given, the best first: the rule of `rank/seats`.
struct Seats<'a> {
    block: &'a Block,
    taken: u32,
    seated: &'a mut Vec<(u32, Seat)>,
    of_unit: &'a mut [u32],
    sent: &'a mut [u32],
}

impl Seats<'_> {
    #[inline]
    fn give(&mut self, equals: &[u64]) {
        if let Some(most) = self.block.places.filter(|most| self.taken < *most) {
            self.seat(equals, most);
        }
    }

    fn seat(&mut self, equals: &[u64], most: u32) {
        let unit = |key: &u64| self.block.units[(key & ROW) as usize];
        let mut wanted = 0;
        for key in equals {
            match unit(key) {
                None => wanted += 1,
                Some(unit) => {
                    self.sent[unit as usize] += 1;
                    let room = self.block.per_unit.saturating_sub(self.of_unit[unit as usize]);
                    wanted += u32::from(self.sent[unit as usize] <= room);
                }
            }
        }
        let fits = self.taken + wanted <= most;
        let one_place = self.place(self.taken) == self.place(self.taken + wanted.max(1) - 1);
        for key in equals {
            let (room, sent) = match unit(key) {
                None => (1, 1),
                Some(unit) => {
                    (self.block.per_unit.saturating_sub(self.of_unit[unit as usize]), self.sent[unit as usize])
                }
            };
            let seat = if sent <= room && fits && one_place { Seat::Within } else { Seat::Tied };
            if room > 0 {
                self.seated.push(((key & ROW) as u32, seat));
            }
        }
        for unit in equals.iter().filter_map(unit) {
            let sent = std::mem::take(&mut self.sent[unit as usize]);
            if fits {
                self.of_unit[unit as usize] += sent;
            }
        }
        self.taken = (self.taken + wanted).min(most);
    }

    fn place(&self, seat: u32) -> Option<usize> {
        self.block.edges.iter().position(|end| seat < *end)
    }
}
