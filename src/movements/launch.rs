//! What only the organisation tree can tell of a plan: who owes what, checked when a movement is launched
//! and whenever the tree or the plan changes after. PURE.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{
    Movement, Period, State,
    plan::{Against, CandidateKind, Condition, Group, Indicator, OverUnits, Plan, QuotaBy, ShareOf, Term, part},
};
use crate::{
    clock::day,
    finding::Finding,
    units::{History, Node, Tree, TreeChange, newly_broken},
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
        findings.extend(check_reporters(indicator, tree, &at));
    }
    findings.extend(check_rivals(plan, tree));
    findings.extend(check_conditions(plan, tree));
    findings.extend(check_shares(plan, tree));
    findings
}

/// Fewer units than this are hardly a group to be the best or the mean of.
const RIVALS_LEAST: usize = 3;

/// Scales that read figures against those of a few units.
fn check_rivals(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, group) in plan.groups.iter().enumerate() {
        let units = tree.iter().filter(|unit| group.kinds.contains(&unit.kind)).count();
        let scales = group.criteria.iter().enumerate().filter_map(|(j, one)| Some((j, one.measure()?.1)));
        let compared = scales.filter(|(_, scale)| matches!(scale.read_against(), Some(Against::Best | Against::Mean)));
        for (j, _) in compared.filter(|_| units < RIVALS_LEAST) {
            let at = format!("/groups/{i}/criteria/{j}/scale/against");
            findings.push(Finding::warning(at, "scale_against_few").with("group", &group.code).with("count", units));
        }
    }
    findings
}

/// Conditions on what units of a group do not report, and that so never hold for them.
fn check_conditions(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, condition, group) in conditions(plan) {
        for (way, atom) in condition.atoms() {
            let Some(Term::Indicator { code, verdicts, .. }) = atom.read() else { continue };
            let indicator = plan.indicators.iter().find(|one| one.code == code && one.counts.is_none());
            let Some(indicator) = indicator.filter(|_| !verdicts.iter().any(|one| one == "not_applicable")) else {
                continue;
            };
            let units = tree.iter().filter(|unit| group.kinds.contains(&unit.kind));
            let count = units.filter(|unit| !owes(indicator, unit)).count();
            if count > 0 {
                let finding = Finding::warning(format!("{at}{way}/indicator"), "condition_not_owed");
                findings.push(finding.with("indicator", code).with("group", &group.code).with("count", count));
            }
        }
    }
    findings
}

/// Every condition with its pointer, once for each group of units that it is asked of.
fn conditions(plan: &Plan) -> Vec<(String, &Condition, &Group)> {
    let of_units = |group: &&Group| group.candidates == CandidateKind::Unit && !group.criteria.is_empty();
    let mut found = Vec::new();
    for (i, group) in plan.groups.iter().enumerate().filter(|(_, group)| of_units(group)) {
        let criteria = group.criteria.iter().enumerate();
        let at = |j| format!("/groups/{i}/criteria/{j}/when");
        found.extend(criteria.filter_map(|(j, one)| Some((at(j), one.when.as_ref()?, group))));
    }
    for (i, award) in plan.awards.iter().enumerate() {
        let classes = award.classes.iter().enumerate();
        let classes =
            classes.filter_map(|(j, one)| Some((format!("/awards/{i}/classes/{j}/when"), one.when.as_ref()?)));
        let eligible = award.eligible.iter().map(|eligible| (format!("/awards/{i}/eligible"), eligible));
        let groups = || plan.groups.iter().filter(|group| award.groups.contains(&group.code)).filter(of_units);
        found.extend(classes.chain(eligible).flat_map(|(at, one)| groups().map(move |group| (at.clone(), one, group))));
    }
    found
}

/// Shares of so few units that they take nobody.
fn check_shares(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, award) in plan.awards.iter().enumerate() {
        let Some(QuotaBy::Share(share, ShareOf::Units)) = award.quota.read() else { continue };
        let groups = plan.groups.iter().filter(|group| award.groups.contains(&group.code));
        let kinds: BTreeSet<&String> = groups.flat_map(|group| &group.kinds).collect();
        let units = tree.iter().filter(|unit| kinds.contains(&unit.kind)).count();
        if part(units as u64, share) == 0 {
            let finding = Finding::warning(format!("/awards/{i}/quota/share"), "share_takes_nobody");
            findings.push(finding.with("award", &award.code).with("share", share).with("units", units));
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
    let above = |unit: &Node| tree.ancestors(unit.id).skip(1).find(|upper| owes(indicator, upper)).cloned();
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
    let broken = check_launched(movement, &differ, &change.after);
    if broken.is_empty() {
        return broken;
    }
    // What is broken on one cut-off may come to be so on another.
    let cutoffs: Vec<NaiveDate> = cutoffs.into_iter().collect();
    newly_broken(&check_launched(movement, &cutoffs, &change.before), broken)
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
