//! Who of a sorted block has a seat: the quota's line, the limit of a unit, and the edges of places. Equals share what they
//! get, so that none of them is chosen where they do not all fit. PURE.

use std::collections::BTreeMap;

use super::{contender::Contender, entry::Standing};
use crate::movements::plan::Award;

/// What an entry gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seat {
    pub standing: Standing,
    /// The place, as a position among the award's.
    pub place: Option<usize>,
}

pub(super) struct Seats {
    pub of_each: Vec<Seat>,
    /// Where the equals begin who take the last seat, if others are behind or do not fit.
    pub line: Option<usize>,
}

/// Seats the equals of a sorted block, level by level.
pub(super) fn seats(award: &Award, block: &[Contender], most: usize) -> Seats {
    let limit = award.per_unit.map_or(usize::MAX, |limit| limit as usize);
    let (mut taken, mut line) = (0, None);
    let mut of_unit: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of_each: Vec<Seat> = Vec::with_capacity(block.len());
    for level in block.chunk_by(|a, b| a.compared == b.compared) {
        let mut sent: BTreeMap<&str, usize> = BTreeMap::new();
        level.iter().filter_map(|one| one.candidate.home()).for_each(|unit| *sent.entry(unit).or_default() += 1);
        let room = |unit: &str| limit.saturating_sub(of_unit.get(unit).copied().unwrap_or(0));
        let residents = level.iter().filter(|one| one.candidate.home().is_none()).count();
        let wanted = residents + sent.iter().map(|(unit, sent)| room(unit).min(*sent)).sum::<usize>();
        let (fits, first) = (taken + wanted <= most, place(award, taken));
        let last = if wanted > 0 { place(award, taken + wanted - 1) } else { first };
        let seat = |unit: Option<&str>| {
            let standing = match unit.map(|unit| (room(unit), sent[unit])) {
                Some((0, _)) => Standing::OverUnitLimit,
                _ if taken >= most => Standing::BelowQuota,
                Some((room, sent)) if room < sent => Standing::TiedAtCutoff,
                _ if fits && first == last => Standing::WithinQuota,
                _ => Standing::TiedAtCutoff,
            };
            let seated = matches!(standing, Standing::WithinQuota | Standing::TiedAtCutoff);
            Seat { standing, place: first.filter(|_| seated) }
        };
        let seated: Vec<Seat> = level.iter().map(|one| seat(one.candidate.home())).collect();
        let behind = of_each.len() + level.len() < block.len();
        if taken < most && taken + wanted >= most && (!fits || behind) {
            line = Some(of_each.len());
        }
        if fits {
            sent.iter().for_each(|(unit, sent)| *of_unit.entry(unit).or_default() += sent);
        }
        of_each.extend(seated);
        taken = (taken + wanted).min(most);
    }
    Seats { of_each, line }
}

/// The place that a seat belongs to.
fn place(award: &Award, seat: usize) -> Option<usize> {
    let mut end = 0;
    award.places.iter().position(|place| {
        end += place.count as usize;
        seat < end
    })
}
