//! What an initiative must say, and at which levels one may be recognised. PURE.

use std::collections::BTreeSet;

use crate::{
    finding::Finding,
    movements::plan::{CriterionKind, Plan},
};

pub const OWNERS_MOST: usize = 20;

/// The words of a proposal.
pub fn check_words(title: &str, summary: &str, owners: usize) -> Vec<Finding> {
    let words = [Finding::length("/title", title, 1, 300), Finding::length("/summary", summary, 1, 10_000)];
    let count = (!(1..=OWNERS_MOST).contains(&owners))
        .then(|| Finding::new("/owners", "owners_out_of_range").with("most", OWNERS_MOST));
    words.into_iter().flatten().chain(count).collect()
}

/// The levels of recognition that some criterion of the plan gives points for.
pub fn levels(plan: &Plan) -> BTreeSet<&str> {
    let criteria = plan.groups.iter().flat_map(|group| &group.criteria);
    let initiatives = criteria.filter(|criterion| criterion.kind == CriterionKind::Initiatives);
    initiatives.flat_map(|criterion| criterion.points.keys().map(String::as_str)).collect()
}

/// A level that no criterion names would count nowhere.
pub fn check_level(plan: &Plan, level: &str) -> Vec<Finding> {
    let known = levels(plan);
    if known.contains(level) {
        return Vec::new();
    }
    let known: Vec<&str> = known.into_iter().collect();
    vec![Finding::new("/level", "recognition_level_unknown").with("level", level).with("known", known.join(", "))]
}
