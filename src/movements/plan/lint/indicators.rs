//! Indicators: members by kind, operators, targets, who reports. PURE.

use super::{
    checks::{Members, codes, of_kind, reserved, text, well_formed, whole, word, words},
    frequency, sets, table,
    target::{figure, is_step},
};
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::{
        plan::{Comparator, Direction, FieldsJudged, Indicator, IndicatorKind, OverTime, OverUnits, Plan, Target},
        target::Bound,
    },
    quantity::DECIMALS_MOST,
};

/// Paths beside `…/progress/{indicator}`.
const RESERVED: [&str; 2] = ["summary", "trend"];

pub(super) fn check(plan: &Plan, out: &mut Vec<Finding>) {
    codes("/indicators", "/code", plan.indicators.iter().map(|indicator| indicator.code.as_str()), out);
    for (i, indicator) in plan.indicators.iter().enumerate() {
        let base = format!("/indicators/{i}");
        reserved(&base, &indicator.code, &RESERVED, out);
        words(format!("{base}/section"), &indicator.section, out);
        let texts =
            [("numerator", &indicator.numerator), ("denominator", &indicator.denominator), ("note", &indicator.note)];
        text(&format!("{base}/name"), &indicator.name, out);
        texts
            .iter()
            .for_each(|(member, held)| held.iter().for_each(|held| text(&format!("{base}/{member}"), held, out)));
        members(&base, indicator, out);
        operators(&base, indicator, out);
        targets(&base, indicator, out);
        table::check(&base, plan, indicator, out);
        plausible(&base, indicator, out);
        reporters(&base, plan, indicator, out);
        frequency::check(&base, plan, indicator, out);
        fields(&base, plan, indicator, out);
    }
}

fn members(base: &str, indicator: &Indicator, out: &mut Vec<Finding>) {
    let members = match indicator.kind {
        IndicatorKind::Ratio => {
            let optional = &["may_exceed", "fields", "bounds", "jump_warning", "decimals"];
            Members { required: &["numerator", "denominator"], optional }
        }
        IndicatorKind::Count => {
            Members { required: &[], optional: &["counts", "fields", "bounds", "jump_warning", "decimals"] }
        }
        IndicatorKind::Level => Members { required: &["levels"], optional: &[] },
        IndicatorKind::Index => Members { required: &[], optional: &["bounds", "jump_warning"] },
        IndicatorKind::Rank => Members { required: &[], optional: &["bounds"] },
    };
    let present = [
        ("numerator", indicator.numerator.is_some()),
        ("denominator", indicator.denominator.is_some()),
        ("levels", !indicator.levels.is_empty()),
        ("decimals", indicator.decimals.is_some()),
        ("counts", indicator.counts.is_some()),
        ("may_exceed", indicator.may_exceed),
        ("fields", !indicator.fields.is_empty()),
        ("bounds", indicator.bounds.is_some()),
        ("jump_warning", indicator.jump_warning.is_some()),
    ];
    members.check(base, &word(&indicator.kind), &present, out);
    codes(&format!("{base}/levels"), "", indicator.levels.iter().map(String::as_str), out);
    if indicator.decimals.is_some_and(|decimals| decimals > DECIMALS_MOST)
        || indicator.decimals() > 0 && indicator.counts.is_some()
    {
        let finding = Finding::new(format!("{base}/decimals"), "decimals_out_of_range");
        out.push(finding.with("indicator", &indicator.code).with("most", DECIMALS_MOST));
    }
    if indicator.levels.len() == 1 {
        out.push(Finding::new(format!("{base}/levels"), "levels_too_few"));
    }
}

/// An outside body's figure is given once for all and is never summed; a level cannot be summed over time; a rank is
/// better when lower, a level when higher.
fn operators(base: &str, indicator: &Indicator, out: &mut Vec<Finding>) {
    let kind = indicator.kind;
    let outside = matches!(kind, IndicatorKind::Index | IndicatorKind::Rank);
    let wrong = [
        ("over_time", "last", (outside || kind == IndicatorKind::Level) && indicator.over_time != OverTime::Last),
        ("over_units", "locality", outside && indicator.over_units != OverUnits::Locality),
        ("direction", "down", kind == IndicatorKind::Rank && indicator.direction != Direction::Down),
        ("direction", "up", kind == IndicatorKind::Level && indicator.direction != Direction::Up),
    ];
    for (member, expected, _) in wrong.iter().filter(|(_, _, wrong)| *wrong) {
        let finding = Finding::new(format!("{base}/{member}"), "operator_unfit").with("kind", word(&kind));
        out.push(finding.with("expected", expected));
    }
}

fn targets(base: &str, indicator: &Indicator, out: &mut Vec<Finding>) {
    let pointer = format!("{base}/target");
    if indicator.target.value.is_none() && indicator.targets.is_empty() {
        let open = Finding::warning(format!("{pointer}/value"), "target_open");
        out.push(open.with("indicator", &indicator.code));
    }
    let aimed = figure(&pointer, indicator, &indicator.target, out);
    let Some(floor) = &indicator.floor else { return };
    let pointer = format!("{base}/floor");
    if floor.value.is_none() {
        out.push(Finding::new(format!("{pointer}/value"), "floor_open").with("indicator", &indicator.code));
    }
    let Some(least) = figure(&pointer, indicator, floor, out) else { return };
    let aims = aimed.map(|aimed| (aimed, &indicator.target, None)).into_iter().chain(field_aims(indicator));
    for (aimed, target, field) in aims {
        if is_stricter(indicator, (least, floor), (aimed, target)) {
            let aim = format!("{} {}", word(&target.comparator), target.value.as_deref().unwrap_or_default());
            let aim = field.map_or(aim.clone(), |field| format!("{aim} ({field})"));
            let finding = Finding::new(format!("{pointer}/value"), "floor_beyond_target");
            out.push(finding.with("indicator", &indicator.code).with("target", aim));
        }
    }
}

/// The targets of fields that are judged each by itself. What is wrong with one is found where the fields are checked.
fn field_aims(indicator: &Indicator) -> impl Iterator<Item = (Decimal, &Target, Option<&str>)> {
    let each = indicator.fields_judged == FieldsJudged::Each;
    indicator.fields.iter().filter(move |_| each).filter_map(|field| {
        let target = field.target.as_ref()?;
        Some((figure("", indicator, target, &mut Vec::new())?, target, Some(field.code.as_str())))
    })
}

/// Whether a figure may meet a target and miss the floor.
fn is_stricter(indicator: &Indicator, floor: (Decimal, &Target), target: (Decimal, &Target)) -> bool {
    let ((floor, floor_open), (target, target_open)) = (edge(indicator, floor), edge(indicator, target));
    let beyond = if indicator.direction == Direction::Up { floor > target } else { floor < target };
    beyond || floor == target && floor_open && !target_open
}

/// Where the good figures begin, and whether the edge itself is none of them. Whole numbers have a next one.
fn edge(indicator: &Indicator, (value, target): (Decimal, &Target)) -> (Decimal, bool) {
    let value = rust_decimal::Decimal::from(value);
    let steps = matches!(indicator.kind, IndicatorKind::Level | IndicatorKind::Count | IndicatorKind::Rank);
    let next = match target.comparator {
        Comparator::Above if steps => value.saturating_add(rust_decimal::Decimal::ONE),
        Comparator::Below if steps => value.saturating_sub(rust_decimal::Decimal::ONE),
        comparator => return (value.into(), matches!(comparator, Comparator::Above | Comparator::Below)),
    };
    (next.into(), false)
}

/// The figures that are taken without a question: bounds within what the kind can say, and a factor above one.
fn plausible(base: &str, indicator: &Indicator, out: &mut Vec<Finding>) {
    if indicator.jump_warning.is_some_and(|factor| factor <= Decimal::ONE) {
        out.push(Finding::new(format!("{base}/jump_warning"), "jump_out_of_range"));
    }
    let Some(bounds) = &indicator.bounds else { return };
    let pointer = format!("{base}/bounds");
    if bounds.from.is_none() && bounds.to.is_none() {
        out.push(Finding::new(&pointer, "bounds_open").with("indicator", &indicator.code));
    }
    if let (Some(from), Some(to)) = (bounds.from, bounds.to)
        && to < from
    {
        out.push(Finding::new(&pointer, "bounds_reversed").with("from", from).with("to", to));
    }
    let (least, most) = match indicator.kind {
        IndicatorKind::Ratio => (Some(whole(0)), (!indicator.may_exceed).then(|| whole(100))),
        IndicatorKind::Count => (Some(whole(0)), None),
        IndicatorKind::Rank => (Some(whole(1)), None),
        IndicatorKind::Index | IndicatorKind::Level => (None, None),
    };
    let steps = matches!(indicator.kind, IndicatorKind::Count | IndicatorKind::Rank);
    for (member, end) in [("from", bounds.from), ("to", bounds.to)] {
        let outside = |end: &Decimal| least.is_some_and(|least| *end < least) || most.is_some_and(|most| *end > most);
        if let Some(end) = end.filter(|end| outside(end) || steps && !is_step(indicator, end)) {
            let finding = Finding::new(format!("{pointer}/{member}"), "bounds_out_of_range");
            out.push(of_kind(finding.with("value", end), indicator.kind));
        }
    }
    let aimed = Bound::read(indicator, &indicator.target).filter(|aimed| !bounds.hold(&aimed.value));
    if aimed.is_some() {
        out.push(Finding::warning(&pointer, "target_outside_bounds").with("indicator", &indicator.code));
    }
}

/// Somebody reports every indicator, but one that the service counts by itself.
fn reporters(base: &str, plan: &Plan, indicator: &Indicator, out: &mut Vec<Finding>) {
    let list = format!("{base}/reported_by");
    let counted = indicator.counts.is_some();
    let code = match (indicator.reported_by.len(), counted) {
        (0, false) => Some("nobody_reports"),
        (1.., true) => Some("counted_and_reported"),
        (2.., false) if indicator.over_units == OverUnits::Locality => Some("locality_reported_by_many"),
        _ => None,
    };
    out.extend(code.map(|code| Finding::new(&list, code).with("indicator", &indicator.code)));
    for (i, reporter) in indicator.reported_by.iter().enumerate() {
        let pointer = format!("{list}/{i}");
        match reporter.split_once(':') {
            Some(("unit", unit)) if !well_formed(unit) => {
                out.push(Finding::new(&pointer, "code_malformed").with("code", unit));
            }
            Some(("set", set)) => sets::known(&pointer, plan, set, out),
            Some(("unit", _)) => {}
            _ if !plan.unit_kinds.iter().any(|kind| kind.code == *reporter) => {
                out.push(Finding::new(&pointer, "unit_kind_unknown").with("kind", reporter));
            }
            _ => {}
        }
        if indicator.reported_by[..i].contains(reporter) {
            out.push(Finding::new(&pointer, "code_duplicate").with("code", reporter));
        }
    }
}

fn fields(base: &str, plan: &Plan, indicator: &Indicator, out: &mut Vec<Finding>) {
    let list = format!("{base}/fields");
    codes(&list, "/code", indicator.fields.iter().map(|field| field.code.as_str()), out);
    for (i, field) in indicator.fields.iter().enumerate() {
        if !plan.fields.iter().any(|known| known.code == field.code) {
            out.push(Finding::new(format!("{list}/{i}/code"), "field_unknown").with("field", &field.code));
        }
        let Some(target) = &field.target else { continue };
        let pointer = format!("{list}/{i}/target");
        figure(&pointer, indicator, target, out);
        if indicator.fields_judged == FieldsJudged::Pooled {
            out.push(Finding::warning(pointer, "field_target_unused").with("field", &field.code));
        }
    }
}
