//! Which criteria a criterion waits for: those that its condition asks for and, of a heading, those in it. PURE.

use super::{
    awards::Criterion,
    condition::{Condition, Term},
};

/// The places of the criteria that one waits for.
fn awaited(criteria: &[Criterion], place: usize) -> impl Iterator<Item = usize> {
    let one = &criteria[place];
    let atoms = one.when.iter().flat_map(Condition::atoms).map(|(_, atom)| atom);
    let asked: Vec<&str> = atoms
        .filter_map(|atom| match atom.read()? {
            Term::Check { code, .. } | Term::Criterion { code, .. } => Some(code),
            _ => None,
        })
        .collect();
    let is_awaited = move |other: &Criterion| {
        asked.contains(&other.code.as_str()) || other.within.as_ref().is_some_and(|within| *within == one.code)
    };
    (0..criteria.len()).filter(move |place| is_awaited(&criteria[*place]))
}

/// The places of the criteria, each after those that it waits for; the ones in circles last, in the plan's order.
pub fn in_order(criteria: &[Criterion]) -> Vec<usize> {
    let (mut done, mut left): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..criteria.len()).collect());
    while let Some(at) = left.iter().position(|place| awaited(criteria, *place).all(|other| done.contains(&other))) {
        done.push(left.remove(at));
    }
    done.extend(left);
    done
}

/// Whether a criterion waits for itself.
pub fn is_in_circle(criteria: &[Criterion], place: usize) -> bool {
    let (mut seen, mut ahead) = (Vec::new(), vec![place]);
    while let Some(next) = ahead.pop() {
        let fresh: Vec<usize> = awaited(criteria, next).filter(|other| !seen.contains(other)).collect();
        seen.extend(&fresh);
        ahead.extend(fresh);
    }
    seen.contains(&place)
}
