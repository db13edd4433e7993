//! What only the organisation tree can tell of sets and tables of targets: units that are not there, that have two targets
//! for one span, or belong to two groups. PURE.

use std::collections::BTreeMap;

use super::{
    membership::{candidates, owes, sets_of},
    periods::{extent, window_of},
    plan::{Criterion, Group, Indicator, Plan, TargetEntry},
    target_table::choose_for_unit,
};
use crate::{
    finding::Finding,
    units::{Node, Tree},
};

pub fn check(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (i, set) in plan.unit_sets.iter().enumerate() {
        let units = set.units.iter().enumerate().map(|(j, unit)| (format!("/unit_sets/{i}/units/{j}"), unit));
        found.extend(units.filter_map(|(at, unit)| unknown(at, tree, unit)));
    }
    for (i, indicator) in plan.indicators.iter().enumerate() {
        let list = format!("/indicators/{i}/targets");
        for (j, entry) in indicator.targets.iter().enumerate() {
            let Some(code) = &entry.unit else { continue };
            let at = format!("{list}/{j}/unit");
            found.extend(unknown(at.clone(), tree, code).or_else(|| idle(at, plan, indicator, tree, code)));
        }
        let reporting = tree.iter().filter(|unit| owes(indicator, &plan.unit_sets, unit));
        found.extend(reporting.filter_map(|unit| twice(&list, plan, indicator, unit)));
    }
    found.extend(in_two_groups(plan, tree));
    found.extend(without_target(plan, tree));
    found
}

fn unknown(at: String, tree: &Tree, code: &str) -> Option<Finding> {
    let known = tree.iter().any(|unit| unit.answers_to(code));
    (!known).then(|| Finding::new(at, "unit_unknown").with("unit", code))
}

/// A target of a unit that does not report.
fn idle(at: String, plan: &Plan, indicator: &Indicator, tree: &Tree, code: &str) -> Option<Finding> {
    let unit = tree.by_code(code)?;
    let finding = || Finding::new(at, "target_unit_idle").with("unit", code).with("indicator", &indicator.code);
    (!owes(indicator, &plan.unit_sets, unit)).then(finding)
}

/// Two sets that give a unit a target for the same span.
fn twice(list: &str, plan: &Plan, indicator: &Indicator, unit: &Node) -> Option<Finding> {
    let sets = sets_of(&plan.unit_sets, unit);
    let own = indicator.targets.iter().any(|entry| entry.unit.as_ref() == Some(&unit.code));
    let mut seen: BTreeMap<_, &TargetEntry> = BTreeMap::new();
    for (i, entry) in indicator.targets.iter().enumerate().filter(|_| !own) {
        if entry.set.as_deref().is_some_and(|set| sets.contains(&set))
            && let Some(other) = seen.insert((&entry.period, &entry.through, &entry.field), entry)
        {
            let finding = Finding::new(format!("{list}/{i}"), "target_of_two_sets").with("unit", &unit.code);
            let named = |entry: &TargetEntry| entry.set.clone().unwrap_or_default();
            return Some(finding.with("indicator", &indicator.code).with("a", named(other)).with("b", named(entry)));
        }
    }
    None
}

fn in_two_groups(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (i, award) in plan.awards.iter().enumerate() {
        let mut of: BTreeMap<&str, &str> = BTreeMap::new();
        for (j, code) in award.groups.iter().enumerate() {
            for group in plan.groups.iter().filter(|group| group.code == *code) {
                for unit in candidates(group, &plan.unit_sets, tree.iter()) {
                    if let Some(other) = of.insert(&unit.code, &group.code).filter(|other| *other != group.code) {
                        let finding = Finding::new(format!("/awards/{i}/groups/{j}"), "unit_in_two_groups");
                        found.push(finding.with("unit", &unit.code).with("group", &group.code).with("other", other));
                    }
                }
            }
        }
    }
    found
}

/// Units of a group whose scale reads percent of a target that they do not have.
fn without_target(plan: &Plan, tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (i, group) in plan.groups.iter().enumerate() {
        for (j, criterion) in group.criteria.iter().enumerate() {
            let none = missing(plan, group, criterion, tree);
            if !none.is_empty() {
                let at = format!("/groups/{i}/criteria/{j}/scale/of");
                let finding = Finding::warning(at, "scale_without_target").with("criterion", &criterion.code);
                found.push(finding.with("units", none.join(", ")));
            }
        }
    }
    found
}

fn missing<'a>(plan: &'a Plan, group: &'a Group, criterion: &Criterion, tree: &'a Tree) -> Vec<&'a str> {
    let measured = criterion.measure().filter(|(_, scale)| scale.of.is_some());
    let Some(indicator) = measured.and_then(|(code, _)| plan.indicators.iter().find(|known| known.code == code)) else {
        return Vec::new();
    };
    let movement = extent(&plan.reporting, &plan.span);
    let span = criterion.period.as_ref().and_then(|code| window_of(&plan.reporting, code)).unwrap_or(movement);
    let units = candidates(group, &plan.unit_sets, tree.iter()).filter(|unit| owes(indicator, &plan.unit_sets, unit));
    let has_none = |unit: &&Node| choose_for_unit(plan, indicator, None, unit, span).taken.is_err();
    units.filter(has_none).map(|unit| unit.code.as_str()).collect()
}

/// The entries of tables that judge nobody any more, because their units are gone.
pub fn orphaned(plan: &Plan, before: &Tree, after: &Tree) -> Vec<Finding> {
    let gone = |code: &str| before.by_code(code).is_some() && after.by_code(code).is_none();
    let mut found = Vec::new();
    for (i, indicator) in plan.indicators.iter().enumerate() {
        for (j, entry) in indicator.targets.iter().enumerate() {
            let Some(unit) = entry.unit.as_deref().filter(|unit| gone(unit)) else { continue };
            let at = format!("/indicators/{i}/targets/{j}");
            let finding = Finding::warning(&at, "target_orphaned").with("entry", &at);
            found.push(finding.with("unit", unit).with("indicator", &indicator.code));
        }
    }
    found
}
