//! Awards: groups that can be compared, quota, deadline and classes. PURE.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{
    checks::{codes, text, well_formed, whole, words},
    method,
};
use crate::{
    clock::day,
    exact::Decimal,
    finding::Finding,
    movements::plan::{Award, Criterion, Group, Plan},
};

pub(super) fn check(plan: &Plan, out: &mut Vec<Finding>) {
    codes("/awards", "/code", plan.awards.iter().map(|award| award.code.as_str()), out);
    for (i, award) in plan.awards.iter().enumerate() {
        let base = format!("/awards/{i}");
        words(format!("{base}/section"), &award.section, out);
        words(format!("{base}/decided_by"), &award.decided_by, out);
        if !well_formed(&award.form) {
            out.push(Finding::new(format!("{base}/form"), "code_malformed").with("code", &award.form));
        }
        if award.quota == 0 {
            out.push(Finding::new(format!("{base}/quota"), "quota_zero").with("award", &award.code));
        }
        let groups = groups(&base, plan, award, out);
        maxima(&base, &groups, out);
        deadline(&base, plan, award, out);
        classes(&base, award, &groups, out);
        let groups: Vec<&Group> = groups.into_iter().map(|(_, group)| group).collect();
        method::check(&base, award, &groups, out);
    }
}

/// The award's known groups beside their pointers; each kind of candidate belongs to one of them.
fn groups<'a>(base: &str, plan: &'a Plan, award: &Award, out: &mut Vec<Finding>) -> Vec<(String, &'a Group)> {
    let list = format!("{base}/groups");
    if award.groups.is_empty() {
        out.push(Finding::new(&list, "award_without_groups").with("award", &award.code));
    }
    codes(&list, "", award.groups.iter().map(String::as_str), out);
    let (mut known, mut kinds) = (Vec::new(), BTreeMap::new());
    for (i, code) in award.groups.iter().enumerate().filter(|(i, code)| !award.groups[..*i].contains(code)) {
        let pointer = format!("{list}/{i}");
        let Some(group) = plan.groups.iter().find(|group| group.code == *code) else {
            out.push(Finding::new(pointer, "group_unknown").with("group", code));
            continue;
        };
        if group.candidates != award.candidates {
            out.push(Finding::new(&pointer, "candidates_differ").with("group", code).with("award", &award.code));
        }
        // Groups of sets share kinds: a launch shows whether they share units.
        for kind in group.kinds.iter().filter(|_| group.sets.is_empty()) {
            let first = *kinds.entry(kind).or_insert(code);
            if first != code {
                let finding = Finding::new(&pointer, "kind_in_two_groups").with("kind", kind);
                out.push(finding.with("group", code).with("other", first));
            }
        }
        known.push((pointer, group));
    }
    known
}

/// Totals are compared across the groups of an award, so that all must be out of the same. A group without criteria
/// ranks nobody.
fn maxima(base: &str, groups: &[(String, &Group)], out: &mut Vec<Finding>) {
    let judged: Vec<_> = groups.iter().filter(|(_, group)| !group.criteria.is_empty()).collect();
    if let Some((_, first)) = judged.first().filter(|(_, first)| maximum(first) == whole(0)) {
        out.push(Finding::warning(format!("{base}/groups"), "maximum_zero").with("group", &first.code));
    }
    for pair in judged.windows(2) {
        let ((_, first), (pointer, group)) = (judged[0], pair[1]);
        let (max, expected) = (maximum(group), maximum(first));
        if max != expected {
            let finding = Finding::new(pointer, "maxima_differ").with("group", &group.code).with("max", max);
            out.push(finding.with("other", &first.code).with("other_max", expected));
        }
    }
}

/// The most points that a group's criteria give. Bonus and penalty stand outside.
fn maximum(group: &Group) -> Decimal {
    // What is in a heading counts in its maximum.
    let counted = |criterion: &&Criterion| criterion.kind.within_maximum() && criterion.within.is_none();
    let maxima = group.criteria.iter().filter(counted).filter_map(|criterion| criterion.max);
    let sum = |sum: rust_decimal::Decimal, max: Decimal| sum.saturating_add(max.into());
    maxima.fold(rust_decimal::Decimal::ZERO, sum).into()
}

fn deadline(base: &str, plan: &Plan, award: &Award, out: &mut Vec<Finding>) {
    let last = award.propose_before.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(award.propose_before);
    let last_day = day(last);
    let pointer = format!("{base}/propose_before");
    if last_day < plan.span.from {
        out.push(Finding::new(pointer, "proposal_before_span").with("day", last_day).with("from", plan.span.from));
    } else if last_day > plan.span.to {
        out.push(Finding::warning(pointer, "proposal_after_span").with("day", last_day).with("to", plan.span.to));
    }
}

fn classes(base: &str, award: &Award, groups: &[(String, &Group)], out: &mut Vec<Finding>) {
    let list = format!("{base}/classes");
    codes(&list, "/code", award.classes.iter().map(|class| class.code.as_str()), out);
    let most = groups.iter().map(|(_, group)| maximum(group)).max();
    for (i, class) in award.classes.iter().enumerate() {
        text(&format!("{list}/{i}/name"), &class.name, out);
        let pointer = format!("{list}/{i}/from");
        if class.from < whole(0) {
            out.push(Finding::new(&pointer, "points_negative").with("points", class.from));
        }
        if i > 0 && award.classes[i - 1].from <= class.from {
            out.push(Finding::new(&pointer, "classes_not_descending").with("class", &class.code));
        }
        if let Some(most) = most.filter(|most| class.from > *most) {
            out.push(Finding::warning(pointer, "class_out_of_reach").with("class", &class.code).with("max", most));
        }
    }
}
