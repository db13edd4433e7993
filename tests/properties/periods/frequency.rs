//! Indicators that are reported less often than the report: owed where their longer periods end, each day once.

use chrono::TimeDelta;
use proptest::prelude::*;
use rstest::rstest;
use thidua::movements::{
    periods::{Window, all, covered, longer, months},
    plan::{Every, Frequency, Indicator, Plan, Span, Windows},
};

use super::{any_day, any_every, any_windows, day, reporting, second_half, tiles};

fn plan(every: Every, windows: Windows, span: Span) -> Plan {
    let plan: Plan = serde_json::from_str(include_str!("../../../plans/example-calendar.json")).unwrap();
    Plan { reporting: reporting(every, windows, 3), span, ..plan }
}

fn reported(plan: &Plan, every: Option<Frequency>) -> Indicator {
    Indicator { every, ..plan.indicators[0].clone() }
}

/// The leaves in which it is owed, with the days that the answers cover.
fn owed(plan: &Plan, indicator: &Indicator) -> Vec<(String, Window)> {
    let leaves = all(&plan.reporting, &plan.span).into_iter();
    leaves.filter_map(|(code, leaf)| Some((code, covered(plan, indicator, leaf)?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_owed_in_every_report_covers_the_leaf(
        every in any_every(), windows in any_windows(), from in any_day(), length in 0i64..900,
    ) {
        let plan = plan(every, windows, Span { from, to: from + TimeDelta::days(length), section: None });
        prop_assert_eq!(owed(&plan, &reported(&plan, None)), all(&plan.reporting, &plan.span));
    }

    #[test]
    fn longer_periods_are_covered_once_and_wholly_up_to_the_last_leaf(
        every in any_every(), seldom in any_every(), windows in any_windows(), from in any_day(), length in 0i64..1800,
    ) {
        prop_assume!(months(seldom) >= months(every));
        let plan = plan(every, windows, Span { from, to: from + TimeDelta::days(length), section: None });
        let indicator = reported(&plan, Some(Frequency::Each(seldom)));
        let (owed, longer) = (owed(&plan, &indicator), longer(&plan, &indicator));
        prop_assert_eq!(owed.len(), longer.len());
        if let (Some((_, first)), Some((_, last))) = (longer.first(), all(&plan.reporting, &plan.span).last()) {
            let windows: Vec<Window> = owed.iter().map(|(_, window)| *window).collect();
            let whole = Window { starts_on: first.starts_on, cutoff_on: last.cutoff_on };
            prop_assert!(tiles(whole, &windows));
            for ((_, covers), (_, whole)) in owed.iter().zip(&longer) {
                prop_assert_eq!(covers.starts_on, whole.starts_on);
                prop_assert!(covers.cutoff_on == whole.cutoff_on || covers.cutoff_on == last.cutoff_on);
            }
        }
    }
}

/// July to December by months of the decree, with what is left of December.
#[rstest]
#[case::quarters(Frequency::Each(Every::Quarter), &[("2025-09", "2025-06-15"), ("2025-12", "2025-09-15")])]
#[case::the_half(Frequency::Each(Every::Half), &[("2025-12", "2025-06-15")])]
#[case::the_year_that_began_before(Frequency::Each(Every::Year), &[("2025-12", "2024-12-15")])]
#[case::months(Frequency::In(vec!["2025-08".into(), "2025-11".into()]), &[("2025-08", "2025-07-15"), ("2025-11", "2025-10-15")])]
#[case::a_quarter_by_its_code(Frequency::In(vec!["2025-Q3".into()]), &[("2025-09", "2025-06-15")])]
fn an_indicator_is_owed_here(#[case] every: Frequency, #[case] expected: &[(&str, &str)]) {
    let plan = plan(Every::Month, Windows::ND09, second_half());
    let owed = owed(&plan, &reported(&plan, Some(every)));
    let told: Vec<(&str, _)> = owed.iter().map(|(code, window)| (code.as_str(), window.starts_on)).collect();
    let expected: Vec<(&str, _)> = expected.iter().map(|(code, from)| (*code, day(from))).collect();
    assert_eq!(told, expected);
}

#[test]
fn what_the_movement_does_not_see_the_end_of_is_owed_in_its_last_leaf() {
    let until_november = Span { to: day("2025-11-20"), ..second_half() };
    let plan = plan(Every::Month, Windows::ND09, until_november);
    let owed = owed(&plan, &reported(&plan, Some(Frequency::Each(Every::Quarter))));
    let last = Window { starts_on: day("2025-09-15"), cutoff_on: day("2025-11-14") };
    assert_eq!(owed.last(), Some(&("2025-11".to_owned(), last)));
}
