//! Scales: knots that rise, points within the maximum, and figures that can be read so. PURE.

use super::checks::whole;
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::plan::{
        Against, Between, CandidateKind, Criterion, CriterionKind, Direction, Group, Indicator, IndicatorKind, Knot,
        Plan, PointScale, TargetValue,
    },
};

pub(super) fn check(
    pointer: &str,
    plan: &Plan,
    group: &Group,
    criterion: &Criterion,
    (indicator, scale): (&str, &PointScale),
    out: &mut Vec<Finding>,
) {
    let found = plan.indicators.iter().find(|known| known.code == indicator);
    let Some(found) = found else {
        out.push(Finding::new(format!("{pointer}/indicator"), "indicator_not_in_plan").with("indicator", indicator));
        return;
    };
    if found.counts.is_some() {
        out.push(Finding::new(format!("{pointer}/indicator"), "indicator_counted").with("indicator", indicator));
    }
    let pointer = format!("{pointer}/scale");
    knots(&pointer, criterion, scale, out);
    members(&pointer, scale, out);
    target(&pointer, found, scale, out);
    against(&pointer, plan, group, found, scale, out);
    direction(&pointer, criterion, found, scale, out);
}

fn knots(pointer: &str, criterion: &Criterion, scale: &PointScale, out: &mut Vec<Finding>) {
    let list = format!("{pointer}/knots");
    let least = if scale.between == Between::Line { 2 } else { 1 };
    if scale.knots.len() < least {
        out.push(Finding::new(&list, "knots_too_few").with("least", least));
    }
    let max = criterion.max.unwrap_or(whole(0));
    let mut last: Option<(Decimal, bool)> = None;
    for (i, knot) in scale.knots.iter().enumerate() {
        let at = format!("{list}/{i}");
        let Some(edge) = knot.edge() else {
            out.push(Finding::new(at, "knot_edge"));
            continue;
        };
        if edge.1 && scale.between == Between::Line {
            out.push(Finding::new(format!("{at}/above"), "knot_above_on_line"));
        }
        if last.is_some_and(|last| last >= edge) {
            out.push(Finding::new(&at, "knots_not_rising").with("figure", edge.0));
        }
        last = Some(edge);
    }
    let points = scale.knots.iter().enumerate().map(|(i, knot)| (format!("{list}/{i}/points"), knot.points));
    let below = scale.below.map(|points| (format!("{pointer}/below"), points));
    let points: Vec<(String, Decimal)> = points.chain(below).collect();
    for (at, points) in points.iter().filter(|(_, points)| *points < whole(0) || *points > max) {
        out.push(Finding::new(at, "scale_points_out_of_range").with("points", points).with("max", max));
    }
    if !points.iter().any(|(_, points)| *points >= max) {
        out.push(Finding::warning(list, "scale_never_full").with("criterion", &criterion.code).with("max", max));
    }
}

/// Members that another one needs.
fn members(pointer: &str, scale: &PointScale, out: &mut Vec<Finding>) {
    if scale.below.is_some() && scale.between == Between::Line {
        out.push(Finding::new(format!("{pointer}/below"), "scale_below_on_line"));
    }
    if scale.origin.is_some() && scale.read_against() != Some(Against::Best) {
        out.push(Finding::new(format!("{pointer}/origin"), "scale_origin_foreign"));
    }
}

/// What is read in percent of a target needs one that divides.
fn target(pointer: &str, indicator: &Indicator, scale: &PointScale, out: &mut Vec<Finding>) {
    if scale.of.is_none() {
        return;
    }
    let finding = |code| Finding::new(format!("{pointer}/of"), code).with("indicator", &indicator.code);
    if indicator.target.value.is_none() && indicator.targets.is_empty() {
        out.push(finding("scale_target_open"));
    }
    let stated = indicator.targets.iter().filter_map(|entry| match &entry.value {
        TargetValue::Stated(text) => Some(text),
        TargetValue::Derived(_) => None,
    });
    let is_zero = |value: &String| match indicator.kind {
        IndicatorKind::Level => indicator.levels.first() == Some(value),
        _ => value.parse::<Decimal>().is_ok_and(|value| value == whole(0)),
    };
    // Nothing of a target 0 where less is better is all of it.
    if stated.chain(&indicator.target.value).any(is_zero) {
        out.push(finding("scale_target_zero"));
    }
}

fn against(
    pointer: &str,
    plan: &Plan,
    group: &Group,
    indicator: &Indicator,
    scale: &PointScale,
    out: &mut Vec<Finding>,
) {
    let Some(text) = &scale.against else { return };
    let finding = |code| Finding::new(format!("{pointer}/against"), code).with("against", text);
    match scale.read_against() {
        None => out.push(finding("scale_against_malformed")),
        Some(Against::Indicator(code)) if !plan.indicators.iter().any(|known| known.code == code) => {
            out.push(finding("indicator_not_in_plan").with("indicator", code));
        }
        Some(Against::Indicator(code))
            if !plan.indicators.iter().any(|known| known.code == code && fits(known, indicator)) =>
        {
            out.push(finding("scale_against_unfit").with("indicator", &indicator.code));
        }
        Some(Against::Best | Against::Mean) if group.candidates != CandidateKind::Unit => {
            out.push(finding("scale_against_persons"));
        }
        Some(_) => {}
    }
    if indicator.direction == Direction::Down {
        out.push(finding("scale_against_downward").with("indicator", &indicator.code));
    }
}

/// Whether a figure of one indicator can be a measure of another's: numbers of one kind, of which more is better.
fn fits(published: &Indicator, indicator: &Indicator) -> bool {
    let counts = |one: &Indicator| one.kind == IndicatorKind::Count;
    let number = |one: &Indicator| !matches!(one.kind, IndicatorKind::Level | IndicatorKind::Rank);
    let alike = number(published) && number(indicator) && counts(published) == counts(indicator);
    alike && published.counts.is_none() && published.direction == Direction::Up
}

/// More of what is good gives more points, and of what is bad fewer; a penalty the other way.
fn direction(pointer: &str, criterion: &Criterion, indicator: &Indicator, scale: &PointScale, out: &mut Vec<Finding>) {
    let rises = (indicator.direction == Direction::Up) != (criterion.kind == CriterionKind::Penalty);
    // What is counted is never below 0.
    let first = scale.knots.first().and_then(Knot::edge).map(|(edge, _)| edge);
    let has_below = indicator.kind == IndicatorKind::Index || first.is_none_or(|first| first > whole(0));
    let below = (scale.between == Between::Step && has_below).then(|| scale.below.unwrap_or(whole(0)));
    let points: Vec<Decimal> = below.into_iter().chain(scale.knots.iter().map(|knot| knot.points)).collect();
    let fits = |pair: &[Decimal]| if rises { pair[0] <= pair[1] } else { pair[0] >= pair[1] };
    if !points.windows(2).all(fits) {
        let finding = Finding::warning(format!("{pointer}/knots"), "scale_other_direction");
        out.push(finding.with("criterion", &criterion.code).with("indicator", &indicator.code));
    }
}
