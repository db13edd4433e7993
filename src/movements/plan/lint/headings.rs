//! Headings: each names its own, holds what adds up to its maximum, and is in no ring. PURE.

use std::iter::successors;

use super::checks::whole;
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::plan::{Criterion, CriterionKind},
};

/// A criterion and the headings above it.
const DEEPEST: usize = 4;

pub(super) fn check(list: &str, criteria: &[Criterion], out: &mut Vec<Finding>) {
    let heading = |code: &str| criteria.iter().find(|one| one.code == code && one.kind == CriterionKind::Sum);
    for (i, criterion) in criteria.iter().enumerate() {
        let Some(within) = &criterion.within else { continue };
        let finding = |code| Finding::new(format!("{list}/{i}/in"), code).with("heading", within);
        // One more than there are: a ring never ends.
        let above =
            successors(heading(within), |above| heading(above.within.as_ref()?)).take(criteria.len() + 1).count();
        if heading(within).is_none() {
            out.push(finding("heading_unknown"));
        } else if above > criteria.len() {
            out.push(finding("heading_ring"));
        } else if above >= DEEPEST {
            out.push(finding("heading_too_deep").with("most", DEEPEST));
        }
    }
    for (i, heading) in criteria.iter().enumerate().filter(|(_, one)| one.kind == CriterionKind::Sum) {
        let own = || criteria.iter().filter(|one| one.within.as_ref() == Some(&heading.code));
        let finding = |code| Finding::new(format!("{list}/{i}/max"), code).with("heading", &heading.code);
        let sum = own()
            .filter_map(|one| one.max)
            .fold(rust_decimal::Decimal::ZERO, |sum, max| sum.saturating_add(max.into()));
        let (sum, max) = (Decimal::from(sum), heading.max.unwrap_or(whole(0)));
        match own().count() {
            0 => out.push(finding("heading_empty")),
            _ if sum != max => out.push(finding("heading_max_differs").with("max", max).with("sum", sum)),
            _ => {}
        }
    }
}
