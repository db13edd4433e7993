//! Rows that say one value more than once: equal ones count once, and of those that contradict one another none wins.
//! PURE.

use std::collections::HashMap;

use super::rows::Row;
use crate::finding::Finding;

/// The rows of one report, each value once.
#[derive(Debug, Default)]
pub struct Repeats {
    pub rows: Vec<(usize, Row)>,
    /// Rows that say what an earlier one said, refused.
    pub equal: Vec<(usize, Vec<Finding>)>,
    /// Rows that contradict one another, all of them refused.
    pub contradictory: Vec<(usize, Vec<Finding>)>,
}

pub fn once(rows: Vec<(usize, Row)>) -> Repeats {
    let mut by_value: HashMap<(&str, Option<&str>), Vec<usize>> = HashMap::with_capacity(rows.len());
    for (at, (_, row)) in rows.iter().enumerate() {
        by_value.entry((&row.indicator, row.field.as_deref())).or_default().push(at);
    }
    // The row that is named in the finding of another, by that one's place.
    let (mut equal, mut contradictory) = (HashMap::new(), HashMap::new());
    for same in by_value.values().filter(|same| same.len() > 1) {
        let (first, second) = (same[0], same[1]);
        if same.iter().all(|at| rows[*at].1 == rows[first].1) {
            equal.extend(same[1..].iter().map(|at| (*at, rows[first].0)));
        } else {
            let other = |at: usize| if at == first { rows[second].0 } else { rows[first].0 };
            contradictory.extend(same.iter().map(|at| (*at, other(*at))));
        }
    }
    let twice = |other: usize| vec![Finding::new("", "row_twice").with("first", other)];
    let mut repeats = Repeats::default();
    for (at, (number, row)) in rows.into_iter().enumerate() {
        match (equal.get(&at), contradictory.get(&at)) {
            (Some(other), _) => repeats.equal.push((number, twice(*other))),
            (_, Some(other)) => repeats.contradictory.push((number, twice(*other))),
            _ => repeats.rows.push((number, row)),
        }
    }
    repeats
}
