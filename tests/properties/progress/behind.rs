//! What stands behind figures: sources add up to them, outlooks follow their rule, changes are exact.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;
use thidua::{
    exact::ratio as fraction,
    movements::{
        periods::{Window, before, year_before},
        plan::{CutOff, Windows},
    },
    progress::{
        Figure, Likely, NotCompared, OutlookReason, OutlookRule, SourceState, Tendency, change, difference_shown,
        differs, outlook, sources, tally,
    },
};

use super::fixtures::*;

/// Within the quarter of the fixtures, so many days after it began.
fn after(days: i64) -> DateTime<Utc> {
    instant("2025-06-15T02:00:00Z") + TimeDelta::days(days)
}

fn counted(n: i64) -> serde_json::Value {
    json!({"state": "reported", "count": n})
}

fn count_up_to(comparator: &str, limit: i64) -> thidua::movements::plan::Indicator {
    let direction = if comparator.starts_with('>') { "up" } else { "down" };
    indicator(json!({"kind": "count", "direction": direction, "target": target(comparator, &limit.to_string())}))
}

fn outlook_of(
    indicator: &thidua::movements::plan::Indicator,
    figure: &Figure,
    days: i64,
) -> (Likely, Option<OutlookReason>) {
    let said = outlook(indicator, figure, after(days));
    (said.likely, said.reason)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_values_of_the_sources_add_up_to_the_sums(entries in any_entries(true), last in any::<bool>()) {
        let indicator = two_fields(json!({"over_time": if last { "last" } else { "sum" }}));
        let leaves = quarter();
        let (last_day, all) = (leaves[2].cutoff_on, slots(&entries, &leaves));
        let (found, counts) = (sources(&indicator, last_day, &all), tally(&indicator, last_day, &all));
        for (field, sum) in indicator.fields.iter().zip(&counts.sums) {
            let values = found.iter().flat_map(|source| &source.counted);
            let own: Vec<_> = values.filter(|value| value.field.as_ref() == Some(&field.code)).collect();
            let total = |of: &dyn Fn(&thidua::submissions::Value) -> Option<i128>| own.iter().filter_map(|value| of(value)).sum::<i128>();
            prop_assert_eq!(total(&|value| units(value.numerator)), sum.numerator);
            prop_assert_eq!(total(&|value| units(value.denominator)), sum.denominator);
            prop_assert_eq!(own.len() as u64, sum.reported + sum.none_arose + sum.not_applicable);
        }
        let complete = found.iter().filter(|source| source.slot.covered && source.complete).count();
        prop_assert_eq!((found.len() as u64, complete as u64), (counts.counts.expected, counts.counts.reported));
        let stale = found.iter().filter(|source| source.stale).count();
        prop_assert_eq!(stale, counts.stale.len());
        for source in &found {
            prop_assert_eq!(source.state == SourceState::Counted, !source.counted.is_empty());
            prop_assert!(last || source.state != SourceState::Superseded);
        }
    }

    #[test]
    fn a_count_is_likely_met_where_both_rates_reach_the_target(
        reported in 1..=4usize, n in 0..50i64, target in 0..400i64, days in 1..92i64, up in any::<bool>(),
    ) {
        let indicator = count_up_to(if up { ">=" } else { "<=" }, target);
        let entry_of = |unit: usize| {
            let name = format!("u{unit}");
            if unit < reported { entry(&name, 0, &[counted(n)]) } else { unreported(&name, 0) }
        };
        let figure = figure_at(&indicator, &(0..4).map(entry_of).collect::<Vec<_>>(), "2025-06-15T02:00:00Z");
        let sum = n * reported as i64;
        // Crosswise: sum × days of the span ÷ days elapsed, and sum × owed ÷ reported, against the target.
        let holds = |left: i64, right: i64| if up { left >= right } else { left <= right };
        let rates = (holds(sum * 92, target * days), holds(sum * 4, target * reported as i64));
        let expected = match rates {
            (true, true) => (Likely::LikelyMet, None),
            (false, false) => (Likely::LikelyNotMet, None),
            _ => (Likely::Undetermined, Some(OutlookReason::RatesDisagree)),
        };
        prop_assert_eq!(outlook_of(&indicator, &figure, days), expected);
    }

    #[test]
    fn a_ratio_is_likely_to_stay_what_it_is(n in 0..200i64, d in 1..200i64, goal in 0..100i64, days in 1..92i64) {
        let n = n.min(d);
        let indicator = indicator(json!({"target": target(">=", &goal.to_string())}));
        let figure = figure_at(&indicator, &[entry("a", 0, &[ratio(n, d)]), unreported("b", 0)], "2025-06-15T02:00:00Z");
        let expected = if n * 100 >= goal * d { Likely::LikelyMet } else { Likely::LikelyNotMet };
        prop_assert_eq!(outlook_of(&indicator, &figure, days), (expected, None));
        prop_assert_eq!(outlook(&indicator, &figure, after(days)).rule, Some(OutlookRule::RatioSoFar));
    }

    #[test]
    fn a_change_is_exact_and_never_shown_as_none(a in 0..1_000_000i64, b in 0..1_000_000i64, d in 1..1_000_000i64, up in any::<bool>()) {
        let indicator = indicator(json!({"direction": if up { "up" } else { "down" }}));
        let (then, now) = (fraction(a, d), fraction(b, d));
        let made = change(&indicator, &then, &now);
        prop_assert_eq!(&then + &made.difference, now);
        let tendency = if a == b { Tendency::Same } else if (b > a) == up { Tendency::Better } else { Tendency::Worse };
        prop_assert_eq!((made.tendency, made.percent), (tendency, None));
        let shown: f64 = difference_shown(&indicator, &made.difference).parse().expect("a decimal");
        prop_assert_eq!(shown == 0.0, a == b);
    }

    #[test]
    fn of_a_count_the_change_is_told_in_percent_too(a in 0..1_000i64, b in 0..1_000i64) {
        let indicator = count_up_to(">=", 1);
        let percent = change(&indicator, &fraction(a, 1), &fraction(b, 1)).percent;
        prop_assert_eq!(percent, (a > 0).then(|| fraction((b - a) * 100, a)));
    }

    #[test]
    fn the_days_before_end_where_the_span_begins_and_are_as_many_months(
        first in 0..36i32, months in 1..13u32, cut in prop::option::of(1..=28u32),
    ) {
        let windows = match cut {
            None => Windows::CALENDAR,
            Some(cutoff_day) => CutOff { cutoff_day, year_end: serde_json::from_value(json!("12-31")).expect("a day") }.into(),
        };
        let day = |month: i32| NaiveDate::from_ymd_opt(2020 + month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 15).unwrap();
        let month = |at: i32| thidua::movements::periods::PeriodCode::around(thidua::movements::plan::Every::Month, day(at)).unwrap().window(windows);
        let span = |first: i32| Window { starts_on: month(first).starts_on, cutoff_on: month(first + months as i32 - 1).cutoff_on };
        prop_assert_eq!(before(span(first), windows), Some(span(first - months as i32)));
        prop_assert_eq!(year_before(span(first), windows), Some(span(first - 12)));
    }
}

#[rstest]
#[case(json!({"over_time": "last"}), OutlookReason::Stock)]
#[case(json!({"kind": "index"}), OutlookReason::Stock)]
#[case(json!({"units_judged": "each"}), OutlookReason::JudgedByUnits)]
#[case(json!({"target": {"comparator": ">=", "value": null, "source": "plan"}}), OutlookReason::NoTarget)]
fn where_the_rate_says_nothing_the_reason_stands(#[case] changes: serde_json::Value, #[case] reason: OutlookReason) {
    let indicator = indicator(changes);
    let figure = figure_at(&indicator, &[entry("a", 0, &[ratio(1, 2)])], "2025-06-15T02:00:00Z");
    assert_eq!(outlook_of(&indicator, &figure, 10), (Likely::Undetermined, Some(reason)));
}

#[test]
fn before_the_first_day_after_the_last_and_without_reports_nothing_is_said() {
    let (indicator, nothing) = (count_up_to(">=", 10), [unreported("a", 0)]);
    let some = figure(&indicator, &[entry("a", 0, &[counted(1)])]);
    for (figure, days, reason) in [
        (&some, 0, OutlookReason::NotBegun),
        (&some, 92, OutlookReason::SpanOver),
        (&figure(&indicator, &nothing), 10, OutlookReason::NothingReported),
    ] {
        assert_eq!(outlook_of(&indicator, figure, days), (Likely::Undetermined, Some(reason)));
    }
}

#[test]
fn one_field_that_misses_decides_and_one_that_is_unknown_leaves_it_open() {
    let indicator = two_fields(json!({}));
    let of = |one, other| {
        figure_at(
            &indicator,
            &[entry("a", 0, &[of_field("tnmt", one), of_field("khac", other)])],
            "2025-06-15T02:00:00Z",
        )
    };
    let said = |figure: &Figure| outlook_of(&indicator, figure, 10);
    assert_eq!(said(&of(ratio(1, 2), state("absent"))), (Likely::LikelyNotMet, None));
    assert_eq!(said(&of(ratio(2, 2), state("none_arose"))), (Likely::LikelyMet, None));
    let open = (Likely::Undetermined, Some(OutlookReason::NothingReported));
    assert_eq!(said(&of(ratio(2, 2), state("absent"))), open);
    assert_eq!(said(&of(state("none_arose"), state("none_arose"))), open);
}

#[rstest]
#[case(json!({"kind": "count"}), NotCompared::KindDiffers)]
#[case(json!({"unit": "km"}), NotCompared::UnitDiffers)]
#[case(json!({"decimals": 2}), NotCompared::DecimalsDiffer)]
#[case(json!({"over_time": "last"}), NotCompared::OverTimeDiffers)]
#[case(json!({"direction": "down"}), NotCompared::DirectionDiffers)]
fn figures_of_another_meaning_are_not_compared(#[case] changes: serde_json::Value, #[case] reason: NotCompared) {
    assert_eq!(differs(&indicator(json!({})), &indicator(changes)), Some(reason));
    assert_eq!(
        differs(&indicator(json!({})), &indicator(json!({"name": {"vi": "Tên khác"}, "target": target(">=", "1")}))),
        None
    );
}

#[test]
fn days_that_are_no_months_go_back_by_days() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let span = |from: &str, to: &str| Window { starts_on: day(from), cutoff_on: day(to) };
    let campaign = span("2024-02-20", "2024-02-29");
    assert_eq!(before(campaign, Windows::CALENDAR), Some(span("2024-02-10", "2024-02-19")));
    assert_eq!(year_before(campaign, Windows::CALENDAR), Some(span("2023-02-20", "2023-02-28")));
    let quarter = span("2025-06-15", "2025-09-14");
    assert_eq!(before(quarter, Windows::ND09), Some(span("2025-03-15", "2025-06-14")));
    assert_eq!(year_before(quarter, Windows::ND09), Some(span("2024-06-15", "2024-09-14")));
}
