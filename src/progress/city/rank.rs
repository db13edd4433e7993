//! Places among localities of one kind: by the exact figure, and the same for the same. PURE.

use std::collections::BTreeMap;

use crate::{exact::BigRational, movements::plan::Direction};

/// The place of each figure among those of its kind; none for one without a number. Equal figures share a place, and the next one is left out.
pub fn ranks<Kind: Ord>(figures: &[(Kind, Option<BigRational>)], direction: Direction) -> Vec<Option<u32>> {
    let better = |a: &BigRational, b: &BigRational| match direction {
        Direction::Up => a > b,
        Direction::Down => a < b,
    };
    let mut of_kind: BTreeMap<&Kind, Vec<&BigRational>> = BTreeMap::new();
    for (kind, figure) in figures {
        of_kind.entry(kind).or_default().extend(figure);
    }
    for figures in of_kind.values_mut() {
        figures.sort();
        if direction == Direction::Up {
            figures.reverse();
        }
    }
    let place = |(kind, figure): &(Kind, Option<BigRational>)| {
        let figure = figure.as_ref()?;
        let ahead = of_kind[kind].partition_point(|other| better(other, figure));
        u32::try_from(ahead + 1).ok()
    };
    figures.iter().map(place).collect()
}
