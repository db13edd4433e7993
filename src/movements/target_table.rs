//! Which target judges whom over which span (bảng giao chỉ tiêu). One's own come before those of one's sets, and those before
//! the whole's; of these the exact span, then spans that make it up, then what is undated. PURE.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap};

use chrono::NaiveDate;
use num_traits::{Signed, Zero};

use super::{
    membership::sets_of,
    periods::{self, Window},
    plan::{
        BaseTarget, Indicator, IndicatorKind, OverTime, OverUnits, Plan, Target, TargetEntry, TargetValue, Unassigned,
        UnitsJudged,
    },
    target::{read_number, target_of},
};
use crate::{
    exact::{BigRational, ratio},
    units::Node,
};

/// Who is held against a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged<'a> {
    Whole,
    /// A unit by its code, with the codes of its sets on the span's last day; none where it has ended by then.
    Unit(&'a str, Option<Vec<&'a str>>),
    /// Several units, and not all.
    Several,
}

/// The days judged, and those of the whole movement.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    pub span: Window,
    pub movement: Window,
}

/// Why a figure has no target.
///
/// - `no_target_for_unit`: The table has none for the unit, and the whole's is not everybody's.
/// - `no_target_for_span`: The table has none for the span.
/// - `no_base`: The base that the target is made of was not reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoTarget {
    NoTargetForUnit,
    NoTargetForSpan,
    NoBase,
}

/// What was taken of the table, and what it beat: each the entries whose sum it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub taken: Result<Vec<TargetEntry>, NoTarget>,
    pub beaten: Vec<TargetEntry>,
}

/// What the choice asks of the movement.
pub struct Sources<'a> {
    /// The days of a period code; none for what is no period.
    pub window: &'a dyn Fn(&str) -> Option<Window>,
    /// The indicator as the version in force on a window's last day states it.
    pub stated: &'a dyn Fn(Window) -> Option<&'a Indicator>,
}

/// Whether targets differ by whom or by when: else the indicator's own judges everybody.
pub fn has_table(indicator: &Indicator) -> bool {
    !indicator.targets.is_empty() || indicator.unassigned == Some(Unassigned::None)
}

/// Whether the whole is as good as its worst unit.
pub fn judges_units(indicator: &Indicator) -> bool {
    indicator.units_judged == Some(UnitsJudged::Each)
}

/// Whether one unit answers for the whole.
pub fn has_one_reporter(indicator: &Indicator) -> bool {
    indicator.over_units == OverUnits::Locality
        || matches!(&indicator.reported_by[..], [one] if one.starts_with("unit:"))
}

/// Whether the whole's target is that of a unit without one.
fn is_everybodys(indicator: &Indicator) -> bool {
    match indicator.unassigned {
        Some(unassigned) => unassigned == Unassigned::Same,
        None => indicator.targets.is_empty() || has_one_reporter(indicator),
    }
}

/// The target of an indicator, or of one of its fields, for somebody over some days.
pub fn choose(
    indicator: &Indicator,
    field: Option<&str>,
    judged: &Judged,
    days: Days,
    sources: &Sources<'_>,
) -> Choice {
    let none = |why| Choice { taken: Err(why), beaten: Vec::new() };
    let whole = whole_of(indicator, field);
    let levels: Vec<Vec<TargetEntry>> = match judged {
        Judged::Whole => vec![whole],
        Judged::Several => vec![if is_everybodys(indicator) { whole } else { Vec::new() }],
        Judged::Unit(_, None) => return none(NoTarget::NoTargetForSpan),
        Judged::Unit(code, Some(sets)) => {
            let own = of_field(indicator, field, |entry| entry.unit.as_deref() == Some(*code));
            let of_sets =
                of_field(indicator, field, |entry| entry.set.as_deref().is_some_and(|set| sets.contains(&set)));
            let rest = if is_everybodys(indicator) { whole } else { Vec::new() };
            vec![own, of_sets, rest]
        }
    };
    let mut levels = levels.into_iter().filter(|level| !level.is_empty());
    let Some(first) = levels.next() else {
        return none(if *judged == Judged::Whole { NoTarget::NoTargetForSpan } else { NoTarget::NoTargetForUnit });
    };
    let mut fits = fitting(indicator, &first, days, sources).into_iter();
    let taken = fits.next().map(|parts| parts.into_iter().map(|part| in_force(part, sources)).collect());
    let later: Vec<_> =
        levels.filter_map(|level| fitting(indicator, &level, days, sources).into_iter().next()).collect();
    let beaten = fits.chain(later).flatten().collect();
    Choice { taken: taken.ok_or(NoTarget::NoTargetForSpan), beaten }
}

/// The target of a unit over a span, as a plan alone states it.
pub fn choose_for_unit(plan: &Plan, indicator: &Indicator, field: Option<&str>, unit: &Node, span: Window) -> Choice {
    let judged = Judged::Unit(&unit.code, Some(sets_of(&plan.unit_sets, unit)));
    let days = Days { span, movement: periods::extent(&plan.reporting, &plan.span) };
    let sources = Sources { window: &|code| periods::window_of(&plan.reporting, code), stated: &|_| None };
    choose(indicator, field, &judged, days, &sources)
}

/// An indicator as a unit reads it for a period: with its own target in place of the whole's. A target that a base makes is
/// no number yet.
pub fn for_unit<'a>(plan: &'a Plan, indicator: &'a Indicator, unit: &Node, span: Window) -> Cow<'a, Indicator> {
    if !has_table(indicator) {
        return Cow::Borrowed(indicator);
    }
    let stated = |field: Option<&str>| match &choose_for_unit(plan, indicator, field, unit, span).taken.ok()?[..] {
        [TargetEntry { value: TargetValue::Stated(text), .. }] => Some(text.clone()),
        _ => None,
    };
    let target = |field: Option<&str>| Target { value: stated(field), ..target_of(indicator, field).clone() };
    let mut own = Indicator { target: target(None), ..indicator.clone() };
    own.fields.iter_mut().for_each(|field| field.target = Some(target(Some(&field.code))));
    Cow::Owned(own)
}

/// Entries of some kind: for a field its own where it has any, else those of the indicator.
fn of_field(indicator: &Indicator, field: Option<&str>, is_meant: impl Fn(&TargetEntry) -> bool) -> Vec<TargetEntry> {
    let of = |field: Option<&str>| -> Vec<TargetEntry> {
        let entries = indicator.targets.iter().filter(|entry| is_meant(entry) && entry.field.as_deref() == field);
        entries.cloned().collect()
    };
    let own = of(field);
    if own.is_empty() && field.is_some() { of(None) } else { own }
}

/// The whole's entries, with the indicator's own target as the undated one.
fn whole_of(indicator: &Indicator, field: Option<&str>) -> Vec<TargetEntry> {
    let mut entries = of_field(indicator, field, TargetEntry::is_of_whole);
    let Target { value, source, .. } = target_of(indicator, field);
    if let Some(value) = value.clone().filter(|_| entries.iter().all(TargetEntry::is_dated)) {
        let (value, source) = (TargetValue::Stated(value), Some(*source));
        entries.push(TargetEntry { unit: None, set: None, period: None, through: None, field: None, value, source });
    }
    entries
}

/// What of a level judges the days, the narrowest first.
fn fitting(indicator: &Indicator, level: &[TargetEntry], days: Days, sources: &Sources) -> Vec<Vec<TargetEntry>> {
    let Days { span, movement } = days;
    let is_whole = span == movement;
    let window = |code: &Option<String>| (sources.window)(code.as_deref()?);
    let dated: Vec<(Window, &TargetEntry)> = level
        .iter()
        .filter_map(|entry| Some((window(&entry.period)?, entry)))
        .filter(|(window, _)| movement.contains(window))
        .collect();
    let through = level.iter().filter(|entry| {
        let ends = window(&entry.through).map(|window| window.cutoff_on);
        span.starts_on == movement.starts_on && ends == Some(span.cutoff_on)
    });
    let exact = dated.iter().filter(|(window, _)| *window == span).map(|(_, entry)| *entry);
    let inside: Vec<(Window, &TargetEntry)> =
        dated.iter().copied().filter(|(window, _)| span.contains(window) && *window != span).collect();
    let undated = level.iter().filter(|entry| !entry.is_dated());
    let undated: Vec<&TargetEntry> = undated.filter(|_| is_whole || !level.iter().any(TargetEntry::is_dated)).collect();
    let one = |entry: &TargetEntry| vec![entry.clone()];
    let mut fits: Vec<Vec<TargetEntry>> = exact.chain(through).map(one).collect();
    if adds_up(indicator) {
        let tiles = tiling(span, &inside);
        fits.extend(tiles.map(|tiles| tiles.into_iter().cloned().collect()));
        fits.extend(undated.into_iter().map(one));
    } else if indicator.over_time == OverTime::Last {
        let newest = inside.iter().max_by_key(|(window, _)| (window.cutoff_on, Reverse(window.starts_on)));
        let (ending, earlier) = match newest {
            Some((window, entry)) if window.cutoff_on == span.cutoff_on => (Some(*entry), None),
            other => (None, other.map(|(_, entry)| *entry)),
        };
        // The target of the whole movement is no milestone that lies behind.
        fits.extend(ending.into_iter().chain(undated).chain(earlier).map(one));
    } else {
        fits.extend(undated.into_iter().map(one));
    }
    fits
}

/// Whether targets of spans that make up another are its target together: those of counts that add up over time.
pub fn adds_up(indicator: &Indicator) -> bool {
    indicator.over_time == OverTime::Sum && indicator.kind == IndicatorKind::Count
}

/// The fewest windows that make up a span without a gap.
pub fn tiling<'a, T>(span: Window, windows: &[(Window, &'a T)]) -> Option<Vec<&'a T>> {
    let mut windows: Vec<_> = windows.iter().filter(|(window, _)| span.contains(window)).collect();
    windows.sort_by_key(|(window, _)| Reverse(window.starts_on));
    // From a day on to the end of the span: the first window, and how many it takes.
    let mut best: BTreeMap<NaiveDate, (usize, Window, &'a T)> = BTreeMap::new();
    for (window, part) in windows {
        let rest = match window.cutoff_on == span.cutoff_on {
            true => Some(0),
            false => window.cutoff_on.succ_opt().and_then(|next| Some(best.get(&next)?.0)),
        };
        let Some(rest) = rest else { continue };
        if best.get(&window.starts_on).is_none_or(|(count, ..)| rest + 1 < *count) {
            best.insert(window.starts_on, (rest + 1, *window, part));
        }
    }
    let mut parts = Vec::new();
    let mut at = Some(span.starts_on);
    while let Some((_, window, part)) = at.and_then(|at| best.get(&at)) {
        parts.push(*part);
        at = window.cutoff_on.succ_opt();
    }
    (!parts.is_empty()).then_some(parts)
}

/// The same entry as the version in force at its period's end states it.
fn in_force(entry: TargetEntry, sources: &Sources) -> TargetEntry {
    let window = entry.period.as_deref().and_then(|code| (sources.window)(code));
    let stated = window.and_then(|window| (sources.stated)(window));
    let same = stated.and_then(|indicator| indicator.targets.iter().find(|other| other.key() == entry.key()).cloned());
    same.unwrap_or(entry)
}

/// The number of some entries together, and whether it was cut to all that can be; `base` finds the figure of whoever is
/// judged in a base period.
pub fn value(
    indicator: &Indicator,
    entries: &[TargetEntry],
    base: &dyn Fn(&str) -> Option<BigRational>,
) -> Result<(BigRational, bool), NoTarget> {
    let (mut sum, mut is_cut) = (BigRational::zero(), false);
    for entry in entries {
        sum += match &entry.value {
            TargetValue::Stated(text) => read_number(indicator, text).ok_or(NoTarget::NoTargetForSpan)?,
            TargetValue::Derived(derived) => {
                let made = derive(derived, base(&derived.base).ok_or(NoTarget::NoBase)?);
                let all = ratio(100, 1);
                let beyond = indicator.kind == IndicatorKind::Ratio && !indicator.may_exceed && made > all;
                is_cut |= beyond;
                if beyond { all } else { made }
            }
        };
    }
    Ok((sum, is_cut))
}

/// What a base makes: never less than nothing.
fn derive(by: &BaseTarget, figure: BigRational) -> BigRational {
    let made = match by.times {
        Some(times) => figure * BigRational::from(times),
        None => figure + by.plus.map(BigRational::from).unwrap_or_default(),
    };
    if made.is_negative() { BigRational::zero() } else { made }
}
