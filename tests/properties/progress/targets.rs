//! Which target of a table judges whom, and over which days.

use chrono::NaiveDate;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value as Json, json};
use thidua::{
    exact::{BigRational, Decimal, ratio as rational},
    movements::{
        periods::{PeriodCode, Window},
        plan::{Indicator, Windows},
        target_table::{Choice, Days, Judged, NoTarget, Sources, choose, tiling, value},
    },
    progress::{Figure, Question, Targets, Verdict, Wanted, aggregate},
};

use super::fixtures::{AFTER, entry, indicator, quarter, question, ratio, slots};

fn window(code: &str) -> Option<Window> {
    Some(code.parse::<PeriodCode>().ok()?.window(Windows::CALENDAR))
}

fn days(span: &str) -> Days {
    let movement = window("2026").unwrap();
    let span = match span.strip_prefix("..") {
        Some(end) => Window { cutoff_on: window(end).unwrap().cutoff_on, ..movement },
        None => window(span).unwrap(),
    };
    Days { span, movement }
}

fn sources<'a>() -> Sources<'a> {
    Sources { window: &window, stated: &|_| None }
}

/// A count summed over time and units, with a target of 100 for all.
fn doses(changes: Json) -> Indicator {
    let mut members = json!({
        "kind": "count", "unit": "doses", "numerator": null, "denominator": null,
        "target": {"comparator": ">=", "value": "100", "source": "plan"}
    });
    changes.as_object().unwrap().iter().for_each(|(name, value)| members[name] = value.clone());
    indicator(members)
}

fn a_unit<'a>(code: &'a str, sets: &[&'a str]) -> Judged<'a> {
    Judged::Unit(code, Some(sets.to_vec()))
}

fn asked(indicator: &Indicator, judged: &Judged, span: &str) -> Result<String, NoTarget> {
    let Choice { taken, .. } = choose(indicator, None, judged, days(span), &sources());
    let (number, _) = value(indicator, &taken?, &|base| (base == "2025").then(|| rational(5700, 61)))?;
    Ok(thidua::exact::fraction(&number))
}

#[rstest]
#[case::its_own(json!([{"unit": "a", "value": "31"}, {"set": "north", "value": "20"}]), a_unit("a", &["north"]), "2026", Ok("31"))]
#[case::its_sets(json!([{"unit": "b", "value": "31"}, {"set": "north", "value": "20"}]), a_unit("a", &["north"]), "2026", Ok("20"))]
#[case::nothing_of_its_own(json!([{"unit": "b", "value": "31"}]), a_unit("a", &[]), "2026", Err(NoTarget::NoTargetForUnit))]
#[case::the_whole_keeps_its_own(json!([{"unit": "b", "value": "31"}]), Judged::Whole, "2026", Ok("100"))]
#[case::several_units_are_not_the_whole(json!([{"unit": "b", "value": "31"}]), Judged::Several, "2026", Err(NoTarget::NoTargetForUnit))]
#[case::only_its_own_entries_count(json!([{"unit": "a", "value": "31", "period": "2026-Q1"}, {"set": "north", "value": "20"}]), a_unit("a", &["north"]), "2026-Q2", Err(NoTarget::NoTargetForSpan))]
#[case::the_exact_span(json!([{"value": "20", "period": "2026-Q1"}]), Judged::Whole, "2026-Q1", Ok("20"))]
#[case::not_another_span(json!([{"value": "20", "period": "2026-Q1"}]), Judged::Whole, "2026-Q2", Err(NoTarget::NoTargetForSpan))]
#[case::the_undated_judges_the_whole_movement(json!([{"value": "20", "period": "2026-Q1"}]), Judged::Whole, "2026", Ok("100"))]
#[case::parts_add_up(json!([{"value": "20", "period": "2026-Q1"}, {"value": "25", "period": "2026-Q2"}]), Judged::Whole, "2026-H1", Ok("45"))]
#[case::the_coarsest_parts(json!([{"value": "20", "period": "2026-Q1"}, {"value": "25", "period": "2026-Q2"}, {"value": "7", "period": "2026-04"}, {"value": "7", "period": "2026-05"}, {"value": "7", "period": "2026-06"}]), Judged::Whole, "2026-H1", Ok("45"))]
#[case::a_gap_is_no_sum(json!([{"value": "20", "period": "2026-Q1"}, {"value": "25", "period": "2026-Q4"}]), Judged::Whole, "2026-H1", Err(NoTarget::NoTargetForSpan))]
#[case::through_a_period(json!([{"value": "60", "through": "2026-Q2"}]), Judged::Whole, "..2026-Q2", Ok("60"))]
#[case::the_first_half_ends_there(json!([{"value": "60", "through": "2026-Q2"}]), Judged::Whole, "2026-H1", Ok("60"))]
#[case::through_is_no_span_of_its_own(json!([{"value": "60", "through": "2026-Q2"}]), Judged::Whole, "2026-Q2", Err(NoTarget::NoTargetForSpan))]
#[case::a_period_beats_through(json!([{"value": "60", "through": "2026-Q2"}, {"value": "50", "period": "2026-H1"}]), Judged::Whole, "2026-H1", Ok("50"))]
#[case::another_year_is_never_judged(json!([{"value": "900", "period": "2030"}]), Judged::Whole, "2030", Err(NoTarget::NoTargetForSpan))]
#[case::an_ended_unit(json!([{"unit": "a", "value": "31"}]), Judged::Unit("a", None), "2026", Err(NoTarget::NoTargetForSpan))]
#[case::a_base_times(json!([{"unit": "a", "value": {"base": "2025", "times": "1.05"}}]), a_unit("a", &[]), "2026", Ok("5985/61"))]
#[case::a_base_less(json!([{"unit": "a", "value": {"base": "2025", "plus": "-0.5"}}]), a_unit("a", &[]), "2026", Ok("11339/122"))]
#[case::an_unreported_base(json!([{"unit": "a", "value": {"base": "2024", "times": "1.05"}}]), a_unit("a", &[]), "2026", Err(NoTarget::NoBase))]
fn a_table_answers(
    #[case] targets: Json,
    #[case] judged: Judged,
    #[case] span: &str,
    #[case] expected: Result<&str, NoTarget>,
) {
    assert_eq!(asked(&doses(json!({"targets": targets})), &judged, span), expected.map(str::to_owned));
}

#[rstest]
#[case::the_newest_that_has_come("2026-Q3", Ok("90"))]
#[case::the_newest_within("2026-H1", Ok("85"))]
#[case::the_end_of_the_year("2026", Ok("100"))]
#[case::none_yet("2026-Q4", Err(NoTarget::NoTargetForSpan))]
fn milestones_of_a_stock(#[case] span: &str, #[case] expected: Result<&str, NoTarget>) {
    let milestones = json!([{"value": "80", "period": "2026-Q1"}, {"value": "85", "period": "2026-Q2"}, {"value": "90", "period": "2026-Q3"}]);
    let insured = indicator(json!({"over_time": "last", "targets": milestones}));
    assert_eq!(asked(&insured, &Judged::Whole, span), expected.map(str::to_owned));
}

#[test]
fn what_was_beaten_is_said() {
    let targets = json!([
        {"unit": "a", "value": "31"}, {"unit": "a", "value": "9", "period": "2026-Q1"}, {"set": "north", "value": "20", "period": "2026-Q1"}
    ]);
    let table = doses(json!({"targets": targets, "unassigned": "same"}));
    let choice = choose(&table, None, &a_unit("a", &["north"]), days("2026-Q1"), &sources());
    let said = |entries: &[thidua::movements::plan::TargetEntry]| serde_json::to_value(entries).unwrap();
    assert_eq!(said(&choice.taken.unwrap()), json!([targets[1]]));
    assert_eq!(
        said(&choice.beaten),
        json!([targets[2], {"value": "100", "source": "plan"}]),
        "not its own of the year"
    );
}

fn held(indicator: &Indicator, judged: Judged) -> Targets {
    let days = Days { span: window("2025-Q3").unwrap(), movement: window("2025-Q3").unwrap() };
    Targets::wanted(indicator, &[], &Wanted { judged, days, sources: sources(), base: &|_, _| None })
}

fn of(indicator: &Indicator, targets: &Targets, n: i64, d: i64) -> Figure {
    let leaves = quarter();
    let entries = [entry("a", 2, &[ratio(n, d)])];
    aggregate(&Question { targets, ..question(indicator, &leaves, AFTER) }, &slots(&entries, &leaves))
}

proptest! {
    /// A table that has one target for everybody says what no table says.
    #[test]
    fn one_entry_for_all_is_no_table(n in 0_i64..200, d in 1_i64..200, percent in 0_u32..=100, by_set in any::<bool>()) {
        let n = n.min(d);
        let target = json!({"comparator": ">=", "value": percent.to_string(), "source": "plan"});
        let plain = indicator(json!({"target": target}));
        let entries = if by_set { json!([{"set": "all", "value": percent.to_string()}]) } else { json!([{"value": percent.to_string()}]) };
        let open = json!({"comparator": ">=", "value": null, "source": "plan"});
        let table = indicator(json!({"target": open, "targets": entries, "unassigned": "same"}));
        let (one, other) = (of(&plain, &Targets::stated(&plain, &[]), n, d), of(&table, &held(&table, a_unit("a", &["all"])), n, d));
        prop_assert_eq!(one.whole.verdict, other.whole.verdict);
        prop_assert_eq!(one.whole.value, other.whole.value);
        prop_assert_eq!(one.whole.missing_to_target, other.whole.missing_to_target);
        let attained = |indicator: &Indicator, figure| thidua::progress::attainment(indicator, figure);
        let (one, other) = (of(&plain, &Targets::stated(&plain, &[]), n, d), of(&table, &held(&table, a_unit("a", &["all"])), n, d));
        prop_assert_eq!(attained(&plain, &one), attained(&table, &other));
    }

    /// Windows that make up a span: none overlaps, none is missing, and no fewer would do.
    #[test]
    fn tiles_cover_a_span_once(codes in proptest::sample::subsequence(CODES.to_vec(), 1..CODES.len()), span in proptest::sample::select(vec!["2026", "2026-H1", "2026-H2", "2026-Q2"])) {
        let windows: Vec<(Window, &str)> = codes.iter().map(|code| (window(code).unwrap(), *code)).collect();
        let refs: Vec<(Window, &str)> = windows.clone();
        let span = window(span).unwrap();
        let parts: Vec<(Window, &&str)> = refs.iter().map(|(window, code)| (*window, code)).collect();
        match tiling(span, &parts) {
            Some(tiles) => {
                let mut next: Option<NaiveDate> = Some(span.starts_on);
                for tile in &tiles {
                    prop_assert_eq!(Some(window(tile).unwrap().starts_on), next);
                    next = window(tile).unwrap().cutoff_on.succ_opt();
                }
                prop_assert_eq!(next, span.cutoff_on.succ_opt());
                prop_assert_eq!(Some(tiles.len()), fewest(span, &windows));
            }
            None => prop_assert_eq!(fewest(span, &windows), None),
        }
    }

    /// A base is taken as it is: no digit is lost, and nobody is asked for more than all.
    #[test]
    fn a_base_is_exact(n in 1_i64..1000, d in 1_i64..1000, hundredths in 1_i64..300) {
        let n = n.min(d);
        let times: Decimal = format!("{}.{:02}", hundredths / 100, hundredths % 100).parse().unwrap();
        let table = indicator(json!({"targets": [{"unit": "a", "value": {"base": "2025", "times": times.to_string()}}]}));
        let choice = choose(&table, None, &a_unit("a", &[]), days("2026"), &sources());
        let base = rational(n, d) * rational(100, 1);
        let (made, capped) = value(&table, &choice.taken.unwrap(), &|_| Some(base.clone())).unwrap();
        let exact: BigRational = base * rational(hundredths, 100);
        let all = rational(100, 1);
        prop_assert_eq!((made, capped), if exact > all { (all, true) } else { (exact, false) });
    }
}

const CODES: [&str; 19] = [
    "2026", "2026-H1", "2026-H2", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026-01", "2026-02", "2026-03",
    "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12",
];

/// By trying everything.
fn fewest(span: Window, windows: &[(Window, &str)]) -> Option<usize> {
    let starting = windows.iter().filter(|(window, _)| window.starts_on == span.starts_on);
    let fitting = starting.filter(|(window, _)| window.cutoff_on <= span.cutoff_on);
    let counts = fitting.filter_map(|(window, _)| {
        if window.cutoff_on == span.cutoff_on {
            return Some(1);
        }
        let rest = Window { starts_on: window.cutoff_on.succ_opt()?, ..span };
        Some(fewest(rest, windows)? + 1)
    });
    counts.min()
}

#[test]
fn a_unit_with_a_count_of_its_own_is_not_held_against_the_floor_of_all() {
    let floor = json!({"comparator": ">=", "value": "50", "source": "plan"});
    let table = doses(json!({"floor": floor, "targets": [{"unit": "a", "value": "10"}]}));
    let leaves = quarter();
    let entries = [entry("a", 2, &[json!({"state": "reported", "count": 12})])];
    let verdict = |judged: Judged| {
        let targets = held(&table, judged);
        aggregate(&Question { targets: &targets, ..question(&table, &leaves, AFTER) }, &slots(&entries, &leaves))
            .whole
            .verdict
    };
    assert_eq!((verdict(a_unit("a", &[])), verdict(Judged::Whole)), (Verdict::Met, Verdict::BelowFloor));
}

#[rstest]
#[case::with_an_end(rational(1055, 100), "0.95", "10.02", "10.0225", Verdict::NotMet)]
#[case::reached_with_an_end(rational(1055, 100), "0.95", "10.03", "10.0225", Verdict::Met)]
#[case::whole(rational(100, 1), "1.1", "109.99", "110.00", Verdict::NotMet)]
#[case::without_an_end(rational(100, 3), "1", "33.33", "33.333", Verdict::NotMet)]
#[case::without_an_end_and_far(rational(100, 3), "1", "40", "33.33", Verdict::Met)]
fn a_target_shown_does_not_contradict_the_verdict(
    #[case] base: BigRational,
    #[case] times: &str,
    #[case] count: &str,
    #[case] shown: &str,
    #[case] verdict: Verdict,
) {
    let table = doses(json!({"decimals": 2, "targets": [{"unit": "a", "value": {"base": "2025", "times": times}}]}));
    let (leaves, days) = (quarter(), Days { span: window("2025-Q3").unwrap(), movement: window("2025-Q3").unwrap() });
    let wanted = Wanted { judged: a_unit("a", &[]), days, sources: sources(), base: &|_, _| Some(base.clone()) };
    let targets = Targets::wanted(&table, &[], &wanted);
    let entries = [entry("a", 2, &[json!({"state": "reported", "count": count})])];
    let question = Question { targets: &targets, ..question(&table, &leaves, AFTER) };
    let whole = aggregate(&question, &slots(&entries, &leaves)).whole;
    assert_eq!((whole.target.unwrap().value.as_deref(), whole.verdict), (Some(shown), verdict));
}
