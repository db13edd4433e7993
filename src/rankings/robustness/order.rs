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
    let rows = block.rows();
    out.sums.fill(0);
    for (column, weight) in block.points.chunks_exact(rows.max(1)).zip(weights) {
        out.sums.iter_mut().zip(column).for_each(|(sum, part)| *sum += part * weight);
    }
    for pattern in &block.patterns {
        let out_of: i64 = pattern.maxima.iter().zip(weights).map(|(maximum, weight)| maximum * weight).sum();
        // A group of bonus and penalty alone is out of nothing.
        if out_of == 0 && pattern.full != 0 {
            return false;
        }
        let factor = ((i128::from(pattern.full) << SHIFT) / i128::from(out_of.max(1))) as i64;
        for row in pattern.rows.clone() {
            let weighed = (i128::from(out.sums[row]) * i128::from(factor) + (1 << (SHIFT - 1))) >> SHIFT;
            let total = (weighed as i64).saturating_add(fixed[row]).clamp(0, ABOVE as i64 - 1);
            let total = block.rounding.map_or(total, |digit| (total + block.slack + digit / 2) / digit);
            out.keys[row] = ((ABOVE - total as u64) << ROW_BITS) | row as u64;
        }
    }
    out.keys.sort_unstable();
    place(block, out);
    true
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
        let is_level = |pair: &&[u64]| (pair[1] >> ROW_BITS) - (pair[0] >> ROW_BITS) <= slack;
        let level = 1 + keys[from..].windows(2).take_while(is_level).count();
        if level == 1 {
            ranks[(keys[from] & ROW) as usize] = from as u32 + 1;
            seats.give(&keys[from..=from]);
            from += 1;
            continue;
        }
        let level = &mut keys[from..from + level];
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
    fn give(&mut self, equals: &[u64]) {
        let Some(most) = self.block.places.filter(|most| self.taken < *most) else { return };
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
