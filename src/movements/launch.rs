//! What only the organisation tree can tell of a plan: who owes what, checked when a movement is launched
//! and whenever the tree or the plan changes after. PURE.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{
    Movement, Period, State, assigned,
    membership::{candidates, owes},
    plan::{Against, Indicator, OverUnits, Plan, UnitSet},
};
use crate::{
    clock::day,
    finding::Finding,
    units::{History, Node, Tree, TreeChange, newly_broken},
};

/// Everything that stops a launch on `today`, with warnings.
pub fn check(plan: &Plan, tree: &Tree, today: NaiveDate) -> Vec<Finding> {
    let late = Finding::warning("/span/to", "launched_after_span").with("to", plan.span.to);
    (today > plan.span.to).then_some(late).into_iter().chain(check_tree(plan, tree)).collect()
}

/// The years in which reports are due and of which the locality wrote no calendar down.
pub fn check_calendar(due: impl IntoIterator<Item = DateTime<Utc>>, known: &BTreeSet<i32>) -> Option<Finding> {
    let due: BTreeSet<i32> = due.into_iter().map(|due_at| day(due_at).year()).collect();
    let missing: Vec<String> = due.difference(known).map(i32::to_string).collect();
    let first = missing.first()?.clone();
    let finding = Finding::warning("/reporting/due", "calendar_missing").with("year", first);
    Some(finding.with("missing", missing.join(", ")))
}

/// What a launch would find on this day, as warnings for who checks the plan before.
pub fn foreseen(
    plan: &Plan,
    tree: &Tree,
    due: impl IntoIterator<Item = DateTime<Utc>>,
    known: &BTreeSet<i32>,
) -> Vec<Finding> {
    let of_tree = check_tree(plan, tree).into_iter().map(|found| Finding { warning: true, ..found });
    check_calendar(due, known).into_iter().chain(of_tree).collect()
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
        findings.extend(check_reporters(indicator, &plan.unit_sets, tree, &at));
    }
    findings.extend(check_rivals(plan, tree));
    findings.extend(assigned::check(plan, tree));
    findings
}

/// Fewer units than this are hardly a group to be the best or the mean of.
const RIVALS_LEAST: usize = 3;

/// Scales that read figures against those of a few units.
fn check_rivals(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, group) in plan.groups.iter().enumerate() {
        let units = candidates(group, &plan.unit_sets, tree.iter()).count();
        let scales = group.criteria.iter().enumerate().filter_map(|(j, one)| Some((j, one.measure()?.1)));
        let compared = scales.filter(|(_, scale)| matches!(scale.read_against(), Some(Against::Best | Against::Mean)));
        for (j, _) in compared.filter(|_| units < RIVALS_LEAST) {
            let at = format!("/groups/{i}/criteria/{j}/scale/against");
            findings.push(Finding::warning(at, "scale_against_few").with("group", &group.code).with("count", units));
        }
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

/// Nobody left to report is what reorganisations bring, and a figure that is missing shows; one counted or judged twice does
/// not.
pub fn counts_twice(finding: &Finding) -> bool {
    match finding.code {
        "counted_twice" | "target_of_two_sets" | "unit_in_two_groups" => true,
        "one_reporter_needed" => finding.args.get("count").is_some_and(|count| count != "0"),
        _ => false,
    }
}

fn check_reporters(indicator: &Indicator, sets: &[UnitSet], tree: &Tree, at: &str) -> Vec<Finding> {
    if indicator.counts.is_some() {
        return Vec::new();
    }
    let owing: Vec<&Node> = tree.iter().filter(|unit| owes(indicator, sets, unit)).collect();
    let named = |finding: Finding| finding.with("indicator", &indicator.code);
    let against = |finding: Finding| {
        let kinds: BTreeSet<&str> = tree.iter().map(|unit| unit.kind.as_str()).collect();
        let known = if kinds.is_empty() { "–".to_owned() } else { Vec::from_iter(kinds).join(", ") };
        finding.with("asked", indicator.reported_by.join(", ")).with("known", known)
    };
    if indicator.over_units == OverUnits::Locality && owing.len() != 1 {
        return vec![against(named(Finding::new(at, "one_reporter_needed").with("count", owing.len())))];
    }
    if owing.is_empty() {
        return vec![against(named(Finding::new(at, "no_unit_reports")))];
    }
    let above = |unit: &Node| tree.ancestors(unit.id).skip(1).find(|upper| owes(indicator, sets, upper)).cloned();
    owing
        .iter()
        .filter_map(|unit| Some((unit, above(unit)?)))
        .map(|(unit, upper)| {
            named(Finding::new(at, "counted_twice").with("unit", &unit.code).with("above", &upper.code))
        })
        .collect()
}

/// What a change of the tree breaks in a movement once launched, at the cut-offs on which units differ: no unit may come to
/// report what one below it reports, and what is given once for the locality keeps its one reporter. What a concluded
/// movement came to is told again long after, so that its trees stay as they are.
pub fn check_change(movement: &Movement, periods: &[Period], change: &TreeChange) -> Vec<Finding> {
    let cutoffs: BTreeSet<NaiveDate> = periods.iter().map(|period| period.dates.cutoff_on).collect();
    let differ: Vec<NaiveDate> =
        cutoffs.iter().copied().filter(|cutoff| !change.units_that_differ(*cutoff).is_empty()).collect();
    if movement.state == State::Concluded {
        let concluded = |day: NaiveDate| Finding::new("", "tree_concluded").with("day", day);
        return differ.into_iter().map(|day| concluded(day).with("movement", &movement.code)).collect();
    }
    let orphaned = check_orphans(movement, &differ, change);
    let broken = check_launched(movement, &differ, &change.after);
    if broken.is_empty() {
        return orphaned;
    }
    // What is broken on one cut-off may come to be so on another.
    let cutoffs: Vec<NaiveDate> = cutoffs.into_iter().collect();
    let mut found = newly_broken(&check_launched(movement, &cutoffs, &change.before), broken);
    found.extend(orphaned);
    found
}

/// The targets that judge nobody any more after a change, each once.
fn check_orphans(movement: &Movement, days: &[NaiveDate], change: &TreeChange) -> Vec<Finding> {
    let mut orphaned: Vec<Finding> = Vec::new();
    for day in days {
        let (plan, before, after) = (&movement.on(*day).plan, change.before.on(*day), change.after.on(*day));
        for finding in assigned::orphaned(plan, &before, &after) {
            let finding = Finding { pointer: String::new(), ..finding }.with("movement", &movement.code);
            if !orphaned.contains(&finding) {
                orphaned.push(finding);
            }
        }
    }
    orphaned
}

/// What counts twice in a movement on some days. The pointers lead nowhere: they are the plan's, and the change is a unit's.
pub fn check_launched(movement: &Movement, days: &[NaiveDate], history: &History) -> Vec<Finding> {
    let mut broken: Vec<Finding> = Vec::new();
    for day in days {
        let found = check_tree(&movement.on(*day).plan, &history.on(*day)).into_iter().filter(counts_twice);
        for finding in found {
            let finding = Finding { pointer: String::new(), ..finding }.with("movement", &movement.code);
            if !broken.contains(&finding) {
                broken.push(finding);
            }
        }
    }
    broken
}
