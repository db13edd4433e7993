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
/// So often is a key moved past another, on average, before all are sorted as any others.
const STEPS: usize = 4;
/// Above every total: the greatest total has the smallest key.
const ABOVE: u64 = 1 << 43;

/// What one weighing of a block gives, and the room for it.
pub struct Weighed {
    /// By row; from 1.
    pub ranks: Vec<u32>,
    /// Rows within the quota or tied at its line.
    pub seated: Vec<(u32, Seat)>,
    sums: Vec<i64>,
    keys: Vec<u64>,
    sorted: Vec<u64>,
    /// Where the keys with each value of a digit end.
    ends: [Vec<u32>; 2],
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
            ends: [(); 2].map(|()| vec![0; rows.next_power_of_two()]),
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
    let mut range = (u64::MAX, 0);
    for pattern in &block.patterns {
        let out_of: i64 = pattern.maxima.iter().zip(weights).map(|(maximum, weight)| maximum * weight).sum();
        // A group of bonus and penalty alone is out of nothing.
        if out_of == 0 && pattern.full != 0 {
            return false;
        }
        let factor = ((i128::from(pattern.full) << SHIFT) / i128::from(out_of.max(1))) as i64;
        let rows = pattern.rows.clone();
        let own = out.keys[rows.clone()].iter_mut().zip(&out.sums[rows.clone()]).zip(&fixed[rows.clone()]);
        for (((key, sum), fixed), row) in own.zip(rows.start as u64..) {
            let weighed = (i128::from(*sum) * i128::from(factor) + (1 << (SHIFT - 1))) >> SHIFT;
            let total = (weighed as i64).saturating_add(*fixed).clamp(0, ABOVE as i64 - 1);
            let total = block.rounding.map_or(total, |digit| (total + block.slack + digit / 2) / digit);
            *key = ((ABOVE - total as u64) << ROW_BITS) | row;
            range = (range.0.min(*key), range.1.max(*key));
        }
    }
    sort(out, range);
    place(block, out);
    true
}

/// The sums of weights and parts: of the lower halves of the parts, whose products are single steps of the processor, and of
/// the upper halves where there are any.
fn add_up(block: &Block, weights: &[i64], sums: &mut [i64]) {
    let rows = sums.len().max(1);
    sums.fill(0);
    for (halves, shift) in [(&block.upper, 32), (&block.lower, 0)] {
        for (column, weight) in halves.chunks_exact(rows).zip(weights) {
            let weight = *weight as u32;
            for (sum, half) in sums.iter_mut().zip(column) {
                *sum = sum.wrapping_add(((u64::from(*half) * u64::from(weight)) << shift) as i64);
            }
        }
    }
}

/// Sorts the keys by two digits of their range, each of as many values as there are keys: a radix sort, after which hardly a
/// key stands before a smaller one, and those are moved. Where very many do, all are sorted as any others.
fn sort(out: &mut Weighed, (least, most): (u64, u64)) {
    let (keys, sorted, [low, high]) = (&mut out.keys[..], &mut out.sorted[..], &mut out.ends);
    let width = low.len().trailing_zeros();
    let bits = u64::BITS - most.saturating_sub(least).leading_zeros();
    let shift = bits.saturating_sub(2 * width);
    let last = low.len() - 1;
    let digits = |key: u64| {
        let place = ((key - least) >> shift) as usize;
        (place & last, (place >> width) & last)
    };
    low.fill(0);
    high.fill(0);
    for key in keys.iter() {
        let (l, h) = digits(*key);
        low[l] += 1;
        high[h] += 1;
    }
    let (mut l, mut h) = (0, 0);
    for (low, high) in low.iter_mut().zip(high.iter_mut()) {
        (l, h) = (l + *low, h + *high);
        (*low, *high) = (l, h);
    }
    for key in keys.iter().rev() {
        let end = &mut low[digits(*key).0];
        *end -= 1;
        sorted[*end as usize] = *key;
    }
    for key in sorted.iter().rev() {
        let end = &mut high[digits(*key).1];
        *end -= 1;
        keys[*end as usize] = *key;
    }
    let mut room = STEPS * keys.len();
    for at in 1..keys.len() {
        let (key, mut to) = (keys[at], at);
        while to > 0 && keys[to - 1] > key {
            keys[to] = keys[to - 1];
            to -= 1;
        }
        keys[to] = key;
        if at - to > room {
            return keys.sort_unstable();
        }
        room -= at - to;
    }
}

/// All weights alike: the run itself.
pub fn alike(criteria: usize) -> Vec<i64> {
    vec![ONE; criteria]
}

fn place(block: &Block, out: &mut Weighed) {
    let Weighed { seated, of_unit, sent, .. } = out;
    let (ranks, keys) = (&mut out.ranks[..], &mut out.keys[..]);
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
