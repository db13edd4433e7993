//! Due days: so many working days after the cut-off, or a day of a month that moves or stays.

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;
use rstest::rstest;
use thidua::movements::{
    calendar::Calendar,
    periods::{due_on, opens_on},
    plan::{Due, DueMonth, DueMoves},
};

use super::{any_calendar, any_day, day};

fn due(of_day: u32, month: DueMonth, moves: Option<DueMoves>) -> Due {
    Due { working_days: None, day: Some(of_day), month: Some(month), at: "17:00".into(), moves, opens_day: Some(10) }
}

/// Long before any period.
fn long_ago() -> NaiveDate {
    day("1899-01-02")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_due_day_is_that_of_its_month_or_the_months_last(
        of_day in 1..=31u32, next in any::<bool>(), cutoff in any_day(), calendar in any_calendar(),
    ) {
        let month = if next { DueMonth::Next } else { DueMonth::Last };
        let stays = due_on(&due(of_day, month, Some(DueMoves::Stays)), cutoff, long_ago(), &calendar);
        let months = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
        prop_assert_eq!(months(stays), months(cutoff) + i32::from(next));
        let ends = stays.succ_opt().unwrap().day() == 1;
        prop_assert!(stays.day() == of_day || ends && stays.day() < of_day);
    }

    #[test]
    fn a_due_day_moves_to_the_first_day_that_is_worked(
        of_day in 1..=31u32, days in 0..400i64, calendar in any_calendar(),
    ) {
        let cutoff = day("2025-06-01") + chrono::TimeDelta::days(days);
        let on = |moves| due_on(&due(of_day, DueMonth::Next, moves), cutoff, long_ago(), &calendar);
        let (stays, moves) = (on(Some(DueMoves::Stays)), on(None));
        prop_assert!(calendar.is_working(moves));
        prop_assert!(stays.iter_days().take_while(|day| *day < moves).all(|day| !calendar.is_working(day)));
    }

    #[test]
    fn nothing_is_due_before_a_day_is_worked_after_the_launch(
        of_day in 1..=31u32, cutoff in any_day(), launched in any_day(), calendar in any_calendar(),
    ) {
        let rule = due(of_day, DueMonth::Last, Some(DueMoves::Stays));
        let on = due_on(&rule, cutoff, launched, &calendar);
        let first = calendar.working_days_after(launched, 1);
        prop_assert!(on >= first);
        prop_assert!(on == first || on == due_on(&rule, cutoff, long_ago(), &calendar));
    }
}

#[rstest]
#[case::within_the_last_month(20, DueMonth::Last, "2025-09-30", "2025-09-22")] // the 20th is a Saturday
#[case::in_the_next(5, DueMonth::Next, "2025-09-30", "2025-10-06")] // a Sunday
#[case::a_month_without_it(31, DueMonth::Last, "2026-02-28", "2026-03-02")] // the 28th is a Saturday
#[case::the_next_year(31, DueMonth::Next, "2025-12-14", "2026-02-02")] // a Saturday
fn a_day_becomes_this(#[case] of_day: u32, #[case] month: DueMonth, #[case] cutoff: &str, #[case] expected: &str) {
    let on = due_on(&due(of_day, month, None), day(cutoff), long_ago(), &Calendar::default());
    assert_eq!(on, day(expected));
}

#[test]
fn reports_are_taken_from_a_day_of_the_same_month() {
    let opens = |month| opens_on(&due(20, month, None), day("2025-09-30"));
    assert_eq!((opens(DueMonth::Last), opens(DueMonth::Next)), (Some(day("2025-09-10")), Some(day("2025-10-10"))));
    let from_the_first_day = Due { opens_day: None, ..due(20, DueMonth::Last, None) };
    assert_eq!(opens_on(&from_the_first_day, day("2025-09-30")), None);
}
