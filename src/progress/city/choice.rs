//! Which movement stands for a locality, and which statement of an indicator for all. PURE.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::NaiveDate;

use crate::{
    movements::plan::Indicator,
    progress::{Covers, differing},
};

/// Of each locality, in their order, the place of the movement that began last, or begins next; those that share no day with
/// the newest of all are left out. `movements` are in the order of their launches.
pub fn newest(movements: &[(&str, Covers)], today: NaiveDate) -> Vec<usize> {
    // What has begun comes after what has not; nearer to today comes after farther from it.
    let rank = |covers: Covers| (covers.from <= today, Reverse((today - covers.from).num_days().abs()));
    let Some((_, latest)) = movements.iter().max_by_key(|(_, covers)| rank(*covers)) else { return Vec::new() };
    let meets = |covers: &Covers| covers.from <= latest.to && covers.to >= latest.from;
    let mut chosen: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, (locality, covers)) in movements.iter().enumerate().filter(|(_, (_, covers))| meets(covers)) {
        let held = chosen.entry(locality).or_insert(place);
        if rank(*covers) >= rank(movements[*held].1) {
            *held = place;
        }
    }
    chosen.into_values().collect()
}

/// The places of those that state an indicator as most do; of equally many the first.
pub fn alike(stated: &[&Indicator]) -> BTreeSet<usize> {
    let like = |of: &Indicator| -> BTreeSet<usize> {
        let places = stated.iter().enumerate();
        places.filter(|(_, one)| differing(of, one).next().is_none()).map(|(place, _)| place).collect()
    };
    stated.iter().map(|indicator| like(indicator)).rev().max_by_key(BTreeSet::len).unwrap_or_default()
}
