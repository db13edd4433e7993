//! What only the organisation tree can tell of awards: conditions that hold for nobody, and shares that take nobody. PURE.

use super::{
    membership::{candidates, owes},
    plan::{CandidateKind, Condition, Group, Plan, QuotaBy, ShareOf, Term, part},
};
use crate::{finding::Finding, units::Tree};

pub fn check(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut findings = check_conditions(plan, tree);
    findings.extend(check_shares(plan, tree));
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
            let units = candidates(group, &plan.unit_sets, tree.iter());
            let count = units.filter(|unit| !owes(indicator, &plan.unit_sets, unit)).count();
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
        let units = groups.map(|group| candidates(group, &plan.unit_sets, tree.iter()).count()).sum::<usize>();
        if part(units as u64, share) == 0 {
            let finding = Finding::warning(format!("/awards/{i}/quota/share"), "share_takes_nobody");
            findings.push(finding.with("award", &award.code).with("share", share).with("units", units));
        }
    }
    findings
}
