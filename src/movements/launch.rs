//! What only the organisation tree can tell of a plan: who owes what, checked when a movement is launched
//! and whenever the tree or the plan changes after. PURE.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;

use super::{
    Movement, Period, State,
    plan::{Indicator, OverUnits, Plan},
};
use crate::{
    finding::Finding,
    units::{History, Node, Tree},
};

/// Whether a unit reports an indicator. What is counted by itself nobody reports.
pub fn owes(indicator: &Indicator, unit: &Node) -> bool {
    indicator.counts.is_none()
        && indicator.reported_by.iter().any(|by| match by.strip_prefix("unit:") {
            Some(code) => unit.answers_to(code),
            None => *by == unit.kind,
        })
}

/// Everything that stops a launch on `today`, with warnings.
pub fn check(plan: &Plan, tree: &Tree, today: NaiveDate) -> Vec<Finding> {
    let late = Finding::warning("/span/to", "launched_after_span").with("to", plan.span.to);
    (today > plan.span.to).then_some(late).into_iter().chain(check_tree(plan, tree)).collect()
}

/// What in a tree does not go with a plan.
pub fn check_tree(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, indicator) in plan.indicators.iter().enumerate() {
        let at = format!("/indicators/{i}/reported_by");
        for (j, by) in indicator.reported_by.iter().enumerate() {
            if let Some(code) = by.strip_prefix("unit:")
                && !tree.iter().any(|unit| unit.answers_to(code))
            {
                findings.push(Finding::new(format!("{at}/{j}"), "unit_unknown").with("unit", code));
            }
        }
        findings.extend(check_reporters(indicator, tree, &at));
    }
    findings
}

/// What counts twice on a cut-off day, beyond what is `found` already.
pub fn check_cutoffs(
    plan: &Plan,
    history: &History,
    cutoffs: impl IntoIterator<Item = NaiveDate>,
    found: &[Finding],
) -> Vec<Finding> {
    let mut twice: Vec<Finding> = Vec::new();
    for cutoff in cutoffs {
        for finding in check_tree(plan, &history.on(cutoff)).into_iter().filter(counts_twice) {
            if !found.contains(&finding) && !twice.contains(&finding) {
                twice.push(finding);
            }
        }
    }
    twice
}

/// Nobody left to report is what reorganisations bring, and a figure that is missing shows; one counted twice does not.
pub fn counts_twice(finding: &Finding) -> bool {
    match finding.code {
        "counted_twice" => true,
        "one_reporter_needed" => finding.args.get("count").is_some_and(|count| count != "0"),
        _ => false,
    }
}

fn check_reporters(indicator: &Indicator, tree: &Tree, at: &str) -> Vec<Finding> {
    if indicator.counts.is_some() {
        return Vec::new();
    }
    let owing: Vec<&Node> = tree.iter().filter(|unit| owes(indicator, unit)).collect();
    let named = |finding: Finding| finding.with("indicator", &indicator.code);
    if indicator.over_units == OverUnits::Locality && owing.len() != 1 {
        return vec![named(Finding::new(at, "one_reporter_needed").with("count", owing.len()))];
    }
    if owing.is_empty() {
        return vec![named(Finding::new(at, "no_unit_reports"))];
    }
    let above = |unit: &Node| tree.ancestors(unit.id).skip(1).find(|upper| owes(indicator, upper)).cloned();
    owing
        .iter()
        .filter_map(|unit| Some((unit, above(unit)?)))
        .map(|(unit, upper)| {
            named(Finding::new(at, "counted_twice").with("unit", &unit.code).with("above", &upper.code))
        })
        .collect()
}

/// What in the tree does not go with a movement once launched, held at every period's cut-off: no unit may come to report
/// what one below it reports, and what is given once for the locality keeps its one reporter. What a concluded one came
/// to is told again long after: each cut-off's tree bears a mark, and another mark is what a change broke. The pointers
/// lead nowhere: they are the plan's, and the change is a unit's.
pub fn check_launched(movement: &Movement, periods: &[Period], history: &History) -> Vec<Finding> {
    let mut broken: Vec<Finding> = Vec::new();
    for cutoff in periods.iter().map(|period| period.window.cutoff_on) {
        let tree = history.on(cutoff);
        let found = match movement.state {
            State::Concluded => {
                vec![Finding::new("", "tree_concluded").with("day", cutoff).with("mark", mark(&tree))]
            }
            _ => check_tree(&movement.on(cutoff).plan, &tree).into_iter().filter(counts_twice).collect(),
        };
        for finding in found {
            let finding = Finding { pointer: String::new(), ..finding }.with("movement", &movement.code);
            if !broken.contains(&finding) {
                broken.push(finding);
            }
        }
    }
    broken
}

/// What figures take from a tree: who is there, of what kind, below whom, and for whom they go on.
fn mark(tree: &Tree) -> u64 {
    let mut hasher = DefaultHasher::new();
    tree.iter().for_each(|unit| (unit.id, &unit.kind, unit.parent, &unit.absorbed).hash(&mut hasher));
    hasher.finish()
}
