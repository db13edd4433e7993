//! One target or floor: a number that the indicator can come to. PURE.

use super::checks::{of_kind, whole, word};
use crate::{
    exact::Decimal,
    finding::Finding,
    labels::labels,
    movements::plan::{Comparator, Direction, Indicator, IndicatorKind, Target},
};

/// Checks one target or floor and answers its figure; a level's is its place among the levels.
pub(super) fn figure(pointer: &str, indicator: &Indicator, target: &Target, out: &mut Vec<Finding>) -> Option<Decimal> {
    let upward = matches!(target.comparator, Comparator::AtLeast | Comparator::Above);
    if upward != (indicator.direction == Direction::Up) {
        let finding = Finding::new(format!("{pointer}/comparator"), "comparator_against_direction");
        out.push(finding.with("comparator", word(&target.comparator)).with("direction", word(&indicator.direction)));
    }
    let value = target.value.as_deref()?;
    let (read, most) = match indicator.kind {
        IndicatorKind::Level => {
            let place = indicator.levels.iter().position(|level| level == value);
            (place.and_then(|place| i64::try_from(place).ok()).map(whole), None)
        }
        IndicatorKind::Ratio => (value.parse().ok(), (!indicator.may_exceed).then(|| whole(100))),
        IndicatorKind::Index => (value.parse().ok(), None),
        IndicatorKind::Count | IndicatorKind::Rank => {
            (value.parse::<Decimal>().ok().filter(|figure| is_step(indicator, figure)), None)
        }
    };
    let least = whole(i64::from(indicator.kind == IndicatorKind::Rank));
    let code = match read {
        // That there are no levels is told for itself.
        None if indicator.kind == IndicatorKind::Level && indicator.levels.is_empty() => return None,
        None if indicator.kind == IndicatorKind::Level => "level_unknown",
        None if indicator.decimals() > 0 && value.parse::<Decimal>().is_ok() => "decimals_too_many",
        None => "target_malformed",
        Some(figure) if figure < least || most.is_some_and(|most| figure > most) => "target_out_of_range",
        Some(_) => return read,
    };
    let finding = Finding::new(format!("{pointer}/value"), code).with("value", value);
    let (vi, en) = labels("level", indicator.levels.iter().map(String::as_str));
    let finding = finding.with("levels", indicator.levels.join(", ")).with("levels_vi", vi).with("levels_en", en);
    let finding = finding.with("indicator", &indicator.code).with("most", indicator.decimals());
    out.push(of_kind(finding, indicator.kind));
    None
}

/// Whether a figure of the indicator can come to a number exactly.
pub(super) fn is_step(indicator: &Indicator, figure: &Decimal) -> bool {
    rust_decimal::Decimal::from(*figure).normalize().scale() <= indicator.decimals()
}
