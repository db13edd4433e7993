//! The table of an indicator's targets: whose and when, each once, and adding up. PURE.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    checks::{whole, word},
    sets,
    target::figure,
};
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::{
        periods::{Window, extent, window_of},
        plan::{BaseTarget, Indicator, IndicatorKind, OverUnits, Plan, Target, TargetEntry, TargetValue, Unassigned},
        target_table::{adds_up, has_one_reporter, judges_units, tiling},
    },
};

pub(super) fn check(base: &str, plan: &Plan, indicator: &Indicator, out: &mut Vec<Finding>) {
    let list = format!("{base}/targets");
    let mut seen = BTreeSet::new();
    if indicator.target.value.is_some() {
        // The indicator's own target is the undated one of the whole.
        seen.insert([None; 5]);
    }
    for (i, entry) in indicator.targets.iter().enumerate() {
        let pointer = format!("{list}/{i}");
        members(&pointer, plan, indicator, entry, out);
        match &entry.value {
            TargetValue::Derived(derived) => made_of_base(&pointer, plan, indicator, derived, out),
            TargetValue::Stated(text) => {
                let Target { comparator, source, .. } = indicator.target;
                figure(&pointer, indicator, &Target { comparator, value: Some(text.clone()), source }, out);
            }
        }
        if !seen.insert(entry.key()) {
            out.push(
                Finding::new(&pointer, "target_twice").with("indicator", &indicator.code).with("of", named(entry)),
            );
        }
    }
    shared(base, indicator, out);
    if judges_units(indicator) && indicator.over_units == OverUnits::Locality {
        let finding = Finding::new(format!("{base}/units_judged"), "units_judged_unfit");
        out.push(finding.with("indicator", &indicator.code));
    }
    if adds_up(indicator) && indicator.over_units == OverUnits::Sum {
        sums(&list, indicator, out);
    }
    if adds_up(indicator) {
        parts(&list, plan, indicator, out);
    }
}

/// Whose it is and when, in words.
fn named(entry: &TargetEntry) -> String {
    let parts: Vec<&str> = entry.key().into_iter().flatten().collect();
    if parts.is_empty() { "–".to_owned() } else { parts.join(", ") }
}

fn members(pointer: &str, plan: &Plan, indicator: &Indicator, entry: &TargetEntry, out: &mut Vec<Finding>) {
    let both = [("set", &entry.unit, "unit", &entry.set), ("through", &entry.period, "period", &entry.through)];
    for (member, one, other, two) in both {
        if one.is_some() && two.is_some() {
            let finding = Finding::new(format!("{pointer}/{member}"), "target_named_twice");
            out.push(finding.with("a", other).with("b", member));
        }
    }
    entry.set.iter().for_each(|set| sets::known(&format!("{pointer}/set"), plan, set, out));
    for (member, code) in [("period", &entry.period), ("through", &entry.through)] {
        let Some(code) = code else { continue };
        if plan.reporting.is_base(code) || window_of(&plan.reporting, code).is_none() {
            out.push(Finding::new(format!("{pointer}/{member}"), "target_period_unknown").with("period", code));
        }
    }
    if let Some(field) =
        entry.field.as_ref().filter(|field| !indicator.fields.iter().any(|known| known.code == **field))
    {
        out.push(Finding::new(format!("{pointer}/field"), "field_unknown").with("field", field));
    }
}

/// A target that is made of a base: of a figure that can be multiplied, reported before the movement.
fn made_of_base(pointer: &str, plan: &Plan, indicator: &Indicator, by: &BaseTarget, out: &mut Vec<Finding>) {
    let pointer = format!("{pointer}/value");
    let BaseTarget { base, times, plus } = by;
    if !plan.reporting.is_base(base) {
        out.push(Finding::new(format!("{pointer}/base"), "base_unknown").with("base", base));
    }
    if times.is_some() == plus.is_some() {
        out.push(Finding::new(&pointer, "base_by_one"));
    }
    if let Some(times) = times.filter(|times| *times <= whole(0)) {
        out.push(Finding::new(format!("{pointer}/times"), "base_factor").with("value", times));
    }
    if !matches!(indicator.kind, IndicatorKind::Ratio | IndicatorKind::Count | IndicatorKind::Index) {
        let finding = Finding::new(&pointer, "base_unfit").with("indicator", &indicator.code);
        out.push(finding.with("kind", word(&indicator.kind)));
    }
}

/// A number that all units are to reach together is not each one's.
fn shared(base: &str, indicator: &Indicator, out: &mut Vec<Finding>) {
    let together = indicator.kind == IndicatorKind::Count && indicator.over_units == OverUnits::Sum;
    let same = indicator.unassigned == Some(Unassigned::Same) && !indicator.targets.is_empty();
    if together && same && !has_one_reporter(indicator) {
        let finding = Finding::new(format!("{base}/unassigned"), "unassigned_shares_whole");
        out.push(finding.with("indicator", &indicator.code));
    }
}

/// What is assigned to units beside what the whole is to reach, span by span.
fn sums(list: &str, indicator: &Indicator, out: &mut Vec<Finding>) {
    let when = |entry: &TargetEntry| [entry.period.clone(), entry.through.clone(), entry.field.clone()];
    let mut by: BTreeMap<[Option<String>; 3], rust_decimal::Decimal> = BTreeMap::new();
    for entry in indicator.targets.iter().filter(|entry| entry.unit.is_some()) {
        let Some(value) = stated(entry) else { return };
        let sum = by.entry(when(entry)).or_default();
        *sum = sum.saturating_add(value.into());
    }
    let undated = indicator.target.value.as_ref().and_then(|value| value.parse::<Decimal>().ok());
    for (span, sum) in by {
        let own = indicator.targets.iter().filter(|entry| entry.is_of_whole()).find(|entry| when(entry) == span);
        let own = own.and_then(stated).or(undated.filter(|_| span.iter().all(Option::is_none)));
        if let Some(own) = own.filter(|own| rust_decimal::Decimal::from(*own) != sum) {
            let finding = Finding::warning(list, "targets_sum_differs").with("indicator", &indicator.code);
            out.push(finding.with("sum", Decimal::from(sum)).with("target", own));
        }
    }
}

/// The number of an entry that states one.
fn stated(entry: &TargetEntry) -> Option<Decimal> {
    match &entry.value {
        TargetValue::Stated(text) => text.parse().ok(),
        TargetValue::Derived(_) => None,
    }
}

/// The targets of parts of a span beside the one of the span.
fn parts(list: &str, plan: &Plan, indicator: &Indicator, out: &mut Vec<Finding>) {
    let mut owners: Vec<[Option<&str>; 3]> = Vec::new();
    for entry in &indicator.targets {
        let owner = owner(entry);
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    for of in owners {
        let own: Vec<&TargetEntry> = indicator.targets.iter().filter(|entry| owner(entry) == of).collect();
        let window = |entry: &TargetEntry| window_of(&plan.reporting, entry.period.as_deref()?);
        let dated: Vec<(Window, &TargetEntry)> =
            own.iter().filter_map(|entry| Some((window(entry)?, *entry))).collect();
        let whole = extent(&plan.reporting, &plan.span);
        let undated = own.iter().find(|entry| !entry.is_dated()).and_then(|entry| stated(entry));
        let target = indicator.target.value.as_ref().and_then(|value| value.parse::<Decimal>().ok());
        let undated = undated.or(target.filter(|_| of.iter().all(Option::is_none)));
        let spans = dated.iter().filter_map(|(window, entry)| Some((*window, stated(entry)?)));
        for (span, value) in spans.chain(undated.map(|value| (whole, value))) {
            let inside: Vec<_> = dated.iter().copied().filter(|(window, _)| *window != span).collect();
            let Some(tiles) = tiling(span, &inside) else { continue };
            let Some(numbers) = tiles.iter().map(|entry| stated(entry)).collect::<Option<Vec<_>>>() else { continue };
            let add = |sum: rust_decimal::Decimal, one: Decimal| sum.saturating_add(one.into());
            let sum = numbers.into_iter().fold(rust_decimal::Decimal::ZERO, add);
            if sum != rust_decimal::Decimal::from(value) {
                let finding = Finding::warning(list, "dated_targets_differ").with("indicator", &indicator.code);
                let finding = finding.with("sum", Decimal::from(sum)).with("target", value);
                out.push(finding.with("from", span.starts_on).with("to", span.cutoff_on));
            }
        }
    }
}

/// Whose it is.
fn owner(entry: &TargetEntry) -> [Option<&str>; 3] {
    [entry.unit.as_deref(), entry.set.as_deref(), entry.field.as_deref()]
}
