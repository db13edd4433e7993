//! Groups: who is judged, by which criteria, each with the members that its kind needs. PURE.

use std::collections::BTreeMap;

use super::{
    checks::{Members, codes, reserved, text, whole, word, words},
    conditions, frame, frequency, headings, period, scale, sets, weighed,
};
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::plan::{CandidateKind, Criterion, CriterionKind, Group, Named, Plan, Source, Stage},
};

/// Paths beside `…/assessments/{criterion}`.
const RESERVED: [&str; 1] = ["adopt"];

pub(super) fn check(plan: &Plan, out: &mut Vec<Finding>) {
    codes("/groups", "/code", plan.groups.iter().map(|group| group.code.as_str()), out);
    for (i, group) in plan.groups.iter().enumerate() {
        let base = format!("/groups/{i}");
        words(format!("{base}/section"), &group.section, out);
        text(&format!("{base}/name"), &group.name, out);
        kinds(&base, plan, group, out);
        window(&base, plan, group, out);
        if group.criteria.is_empty() {
            out.push(Finding::warning(format!("{base}/criteria"), "group_without_criteria").with("group", &group.code));
        } else if !plan.awards.iter().any(|award| award.groups.contains(&group.code)) {
            out.push(Finding::warning(&base, "group_in_no_award").with("group", &group.code));
        }
        codes(
            &format!("{base}/criteria"),
            "/code",
            group.criteria.iter().map(|criterion| criterion.code.as_str()),
            out,
        );
        headings::check(&format!("{base}/criteria"), &group.criteria, out);
        conditions::of_criteria(&format!("{base}/criteria"), plan, group, out);
        for (j, criterion) in group.criteria.iter().enumerate() {
            let pointer = format!("{base}/criteria/{j}");
            reserved(&pointer, &criterion.code, &RESERVED, out);
            members(&pointer, criterion, out);
            points(&pointer, criterion, out);
            levels(&pointer, criterion, out);
            council(&pointer, plan, group, criterion, out);
            of_household(&pointer, group, criterion, out);
            criterion_window(&pointer, plan, group, criterion, out);
            if let Some(code) = &criterion.period {
                let pointer = format!("{pointer}/period");
                let span = period::check(&pointer, plan, code, out);
                span.into_iter().for_each(|span| frequency::owed(&pointer, plan, criterion, span, out));
            }
            if criterion.kind == CriterionKind::Indicators {
                weights(&pointer, plan, criterion, out);
                weighed::check(&pointer, plan, group, criterion, out);
            }
            if let Some((indicator, scale)) = criterion.measure() {
                scale::check(&pointer, plan, group, criterion, (indicator, scale), out);
            }
        }
    }
}

fn kinds(base: &str, plan: &Plan, group: &Group, out: &mut Vec<Finding>) {
    let (known, unknown): (&[Named], _) = match group.candidates {
        CandidateKind::Unit => (&plan.unit_kinds, "unit_kind_unknown"),
        CandidateKind::Person => (&plan.person_kinds, "person_kind_unknown"),
        CandidateKind::Household => (&[], "kind_of_household"),
    };
    group.sets.iter().enumerate().for_each(|(i, set)| sets::known(&format!("{base}/sets/{i}"), plan, set, out));
    codes(&format!("{base}/sets"), "", group.sets.iter().map(String::as_str), out);
    if group.kinds.is_empty() && group.sets.is_empty() && group.candidates != CandidateKind::Household {
        out.push(Finding::new(format!("{base}/kinds"), "group_without_kinds").with("group", &group.code));
    }
    codes(&format!("{base}/kinds"), "", group.kinds.iter().map(String::as_str), out);
    for (i, kind) in group.kinds.iter().enumerate().filter(|(_, kind)| !known.iter().any(|known| known.code == **kind))
    {
        out.push(Finding::new(format!("{base}/kinds/{i}"), unknown).with("kind", kind));
    }
}

fn window(base: &str, plan: &Plan, group: &Group, out: &mut Vec<Finding>) {
    let Some(window) = &group.window else { return };
    let pointer = format!("{base}/window");
    frame::span(&pointer, window, out);
    if window.from > plan.span.from || window.to < plan.span.to {
        out.push(Finding::warning(pointer, "window_narrower_than_span").with("group", &group.code));
    }
}

/// What a household is judged by: it reports nothing, and figures of the unit that it lives in are not its own.
fn of_household(pointer: &str, group: &Group, criterion: &Criterion, out: &mut Vec<Finding>) {
    use CriterionKind::*;
    let by_reports = matches!(criterion.kind, Indicators | Measured | Reporting) || criterion.measure().is_some();
    if group.candidates == CandidateKind::Household && by_reports {
        let finding = Finding::new(format!("{pointer}/kind"), "criterion_of_household");
        out.push(finding.with("criterion", &criterion.code).with("kind", word(&criterion.kind)));
    }
}

/// The days of a criterion overlap those of its group, else nothing could count.
fn criterion_window(pointer: &str, plan: &Plan, group: &Group, criterion: &Criterion, out: &mut Vec<Finding>) {
    let Some(window) = &criterion.window else { return };
    let pointer = format!("{pointer}/window");
    frame::span(&pointer, window, out);
    let whole = group.window.as_ref().unwrap_or(&plan.span);
    if window.from <= window.to && (window.to < whole.from || window.from > whole.to) {
        let finding = Finding::new(pointer, "window_outside").with("criterion", &criterion.code);
        out.push(finding.with("from", whole.from).with("to", whole.to));
    }
}

fn members(pointer: &str, criterion: &Criterion, out: &mut Vec<Finding>) {
    use CriterionKind::*;
    let members = match criterion.kind {
        Gate if criterion.when.is_some() => Members { required: &[], optional: &["text", "when"] },
        Gate | Check => Members { required: &["text"], optional: &["window"] },
        Assessed => Members {
            required: &["text", "max", "from"],
            optional: &["points_source", "in", "may_drop", "levels", "when", "window"],
        },
        Sum => Members { required: &["text", "max"], optional: &["points_source", "in", "rescale"] },
        Indicators => Members {
            required: &["max", "period", "missing"],
            optional: &["text", "points_source", "weights", "otherwise", "in", "when"],
        },
        Initiatives => {
            Members { required: &["max", "points"], optional: &["text", "points_source", "in", "when", "window"] }
        }
        Reporting => Members { required: &["max"], optional: &["text", "points_source", "in", "when"] },
        Bonus | Penalty if criterion.indicator.is_none() && criterion.scale.is_none() => {
            Members { required: &["max"], optional: &["text", "points_source", "when", "window"] }
        }
        Bonus | Penalty => {
            Members { required: &["max", "indicator", "scale"], optional: &["text", "points_source", "period", "when"] }
        }
        Measured => Members {
            required: &["max", "indicator", "scale", "missing"],
            optional: &["text", "points_source", "period", "in", "when"],
        },
    };
    let present = [
        ("text", criterion.text.is_some()),
        ("points_source", criterion.points_source.is_some()),
        ("max", criterion.max.is_some()),
        ("from", criterion.from.is_some()),
        ("period", criterion.period.is_some()),
        ("weights", !criterion.weights.is_empty()),
        ("otherwise", criterion.otherwise.is_some()),
        ("missing", criterion.missing.is_some()),
        ("points", !criterion.points.is_empty()),
        ("indicator", criterion.indicator.is_some()),
        ("scale", criterion.scale.is_some()),
        ("in", criterion.within.is_some()),
        ("rescale", criterion.rescale),
        ("may_drop", criterion.may_drop),
        ("levels", !criterion.levels.is_empty()),
        ("when", criterion.when.is_some()),
        ("window", criterion.window.is_some()),
    ];
    members.check(pointer, &word(&criterion.kind), &present, out);
    criterion.text.iter().for_each(|words| text(&format!("{pointer}/text"), words, out));
    if criterion.kind == Indicators && criterion.weights.is_empty() && criterion.otherwise.is_none() {
        let finding = Finding::new(format!("{pointer}/weights"), "member_missing").with("member", "weights");
        out.push(finding.with("kind", word(&criterion.kind)));
    }
    if criterion.source == Source::Plan && criterion.max.is_some() && criterion.points_source.is_none() {
        out.push(Finding::warning(pointer, "points_source_missing").with("criterion", &criterion.code));
    }
}

/// Points are never negative: a penalty is subtracted, not a bonus below zero.
fn points(pointer: &str, criterion: &Criterion, out: &mut Vec<Finding>) {
    let keyed = |map: &BTreeMap<String, Decimal>, name: &str| -> Vec<(String, Decimal)> {
        map.iter().map(|(key, figure)| (format!("{pointer}/{name}/{}", crate::finding::escape(key)), *figure)).collect()
    };
    let mut figures = keyed(&criterion.weights, "weights");
    figures.extend(criterion.otherwise.map(|figure| (format!("{pointer}/otherwise"), figure)));
    let weightless = !figures.is_empty() && figures.iter().all(|(_, figure)| *figure == whole(0));
    figures.extend(keyed(&criterion.points, "points"));
    figures.extend(criterion.max.map(|figure| (format!("{pointer}/max"), figure)));
    for (pointer, figure) in figures.into_iter().filter(|(_, figure)| *figure < whole(0)) {
        out.push(Finding::new(pointer, "points_negative").with("points", figure));
    }
    if criterion.max == Some(whole(0)) {
        out.push(Finding::warning(format!("{pointer}/max"), "max_zero").with("criterion", &criterion.code));
    }
    if weightless {
        out.push(Finding::warning(format!("{pointer}/weights"), "weights_zero").with("criterion", &criterion.code));
    }
}

/// Anchors lie within the criterion's points, and ascend.
fn levels(pointer: &str, criterion: &Criterion, out: &mut Vec<Finding>) {
    let max = criterion.max.unwrap_or(whole(0));
    for (i, level) in criterion.levels.iter().enumerate() {
        let pointer = format!("{pointer}/levels/{i}");
        text(&format!("{pointer}/text"), &level.text, out);
        let before = i.checked_sub(1).map(|before| criterion.levels[before].points);
        let code = if level.points < whole(0) || level.points > max {
            "level_out_of_range"
        } else if before.is_some_and(|before| before >= level.points) {
            "levels_unordered"
        } else {
            continue;
        };
        out.push(Finding::new(format!("{pointer}/points"), code).with("points", level.points).with("max", max));
    }
}

/// Points that a council gives need a council in every award that uses them.
fn council(pointer: &str, plan: &Plan, group: &Group, criterion: &Criterion, out: &mut Vec<Finding>) {
    let using = plan.awards.iter().filter(|award| award.groups.contains(&group.code) && award.council.is_none());
    for award in using.filter(|_| criterion.from == Some(Stage::Council)) {
        out.push(Finding::new(format!("{pointer}/from"), "council_missing").with("award", &award.code));
    }
}

/// Weights name indicators of the plan.
fn weights(pointer: &str, plan: &Plan, criterion: &Criterion, out: &mut Vec<Finding>) {
    for key in criterion.weights.keys().filter(|key| !plan.indicators.iter().any(|known| known.code == **key)) {
        let pointer = format!("{pointer}/weights/{}", crate::finding::escape(key));
        out.push(Finding::new(pointer, "indicator_unknown").with("indicator", key));
    }
}
