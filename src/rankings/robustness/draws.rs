//! What many draws make of a run: where each entry comes to stand, and whether the line stays. PURE.

use std::ops::RangeInclusive;

use super::{
    order::{Weighed, weigh},
    table::{Seat, Table},
    weights::draw,
};
use crate::movements::plan::Robustness;

/// Of the draws, in percent: the ranks between which an entry stands in nine tenths of them.
const LOW: u64 = 5;
const HIGH: u64 = 95;

/// Most entries: a count for each entry and rank is held.
pub const ENTRIES_MOST: usize = 2_000;
/// Most ranks that one answer counts: some tenths of a second of one core.
pub const RANKS_MOST: u64 = 20_000_000;

/// What the draws counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// By the output's entries.
    pub entries: Vec<CountedEntry>,
    /// How many draws leave the same within the quota and the same tied at its line; none without a line.
    pub kept: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CountedEntry {
    pub low: u32,
    pub high: u32,
    /// How many draws have it within the quota; none where people split the quota.
    pub within: Option<u32>,
}

/// Whether so many draws of so many entries can be counted.
pub fn fits(entries: usize, draws: u32) -> bool {
    entries <= ENTRIES_MOST && u64::from(draws) <= most(entries)
}

/// How many draws of so many entries can be counted.
pub fn most(entries: usize) -> u64 {
    RANKS_MOST / entries.max(1) as u64
}

/// Makes all draws.
pub fn count(table: &Table, rules: &Robustness) -> Counted {
    Counting::of(table, rules.clone()).go_on(table, usize::MAX).counted(table)
}

/// Draws that are made and counted piece by piece.
pub struct Counting {
    rules: Robustness,
    numbers: RangeInclusive<u32>,
    weights: Vec<i64>,
    kept: u32,
    blocks: Vec<Tally>,
}

impl Counting {
    pub fn of(table: &Table, rules: Robustness) -> Self {
        let blocks = table.blocks.iter().map(|block| Tally::room(block.rows(), Weighed::room(block)));
        let (numbers, weights) = (numbers(&rules), vec![0; table.criteria.len()]);
        Self { rules, numbers, weights, kept: 0, blocks: blocks.collect() }
    }

    /// Counts about so many ranks more, of a draw at least.
    pub fn go_on(mut self, table: &Table, ranks: usize) -> Self {
        let rows: usize = table.blocks.iter().map(|block| block.rows()).sum();
        for number in self.numbers.by_ref().take((ranks / rows.max(1)).max(1)) {
            draw(&self.rules, number, &mut self.weights);
            let mut keeps = true;
            for (block, tally) in table.blocks.iter().zip(&mut self.blocks) {
                weigh(block, &self.weights, &block.fixed, &mut tally.weighed);
                tally.add();
                keeps &= !block.has_places() || tally.weighed.keeps(block);
            }
            self.kept += u32::from(keeps);
        }
        self
    }

    /// Whether all draws are made.
    pub fn is_done(&self) -> bool {
        self.numbers.is_empty()
    }

    /// What the draws made so far, which are all of them, came to.
    pub fn counted(&self, table: &Table) -> Counted {
        let rows: usize = table.blocks.iter().map(|block| block.rows()).sum();
        let mut entries = vec![CountedEntry::default(); rows];
        for (block, tally) in table.blocks.iter().zip(&self.blocks) {
            for (row, entry) in block.entries.iter().enumerate() {
                entries[*entry] = tally.of(row, self.rules.draws, block.has_places());
            }
        }
        let has_line = table.blocks.iter().any(|block| block.has_places());
        Counted { entries, kept: has_line.then_some(self.kept) }
    }
}

/// The draws of a ranking have numbers from 1.
pub fn numbers(rules: &Robustness) -> RangeInclusive<u32> {
    1..=rules.draws
}

/// How often each row of a block had each rank.
struct Tally {
    weighed: Weighed,
    ranks: Vec<u32>,
    within: Vec<u32>,
}

impl Tally {
    fn room(rows: usize, weighed: Weighed) -> Self {
        Self { weighed, ranks: vec![0; rows * rows], within: vec![0; rows] }
    }

    fn add(&mut self) {
        let rows = self.within.len();
        for (own, rank) in self.ranks.chunks_exact_mut(rows.max(1)).zip(&self.weighed.ranks) {
            own[*rank as usize - 1] += 1;
        }
        for (row, _) in self.weighed.seated.iter().filter(|(_, seat)| *seat == Seat::Within) {
            self.within[*row as usize] += 1;
        }
    }

    fn of(&self, row: usize, draws: u32, has_places: bool) -> CountedEntry {
        let rows = self.within.len();
        let own = &self.ranks[row * rows..][..rows];
        let rank = |percent: u64| {
            let mut so_far = 0;
            let reached = own.iter().position(|times| {
                so_far += u64::from(*times);
                so_far * 100 >= u64::from(draws) * percent
            });
            reached.unwrap_or_default() as u32 + 1
        };
        CountedEntry { low: rank(LOW), high: rank(HIGH), within: has_places.then_some(self.within[row]) }
    }
}
