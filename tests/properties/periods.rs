//! Reporting windows tile, codes read back, and nobody is due on a day off.

mod due_day;
mod frequency;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use proptest::prelude::*;
use rstest::rstest;
use thidua::{
    clock::day as local_day,
    days::YearDay,
    movements::{
        calendar::Calendar,
        periods::{PeriodCode, Window, generate, leaves},
        plan::{CutOff, Due, Every, ExtraPeriod, Late, Reporting, Source, Span, Windows},
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> PeriodCode {
    text.parse().unwrap()
}

fn reporting(every: Every, windows: Windows, working_days: u32) -> Reporting {
    let due = Due {
        working_days: Some(working_days),
        day: None,
        month: None,
        at: "17:00".into(),
        moves: None,
        opens_day: None,
    };
    Reporting { source: Source::Proposed, every, windows, due, late: Late::AcceptMarked, extra_periods: vec![] }
}

fn second_half() -> Span {
    Span { from: day("2025-07-01"), to: day("2025-12-31"), section: None }
}

fn launch() -> DateTime<Utc> {
    "2025-08-05T02:00:00Z".parse().unwrap()
}

fn any_windows() -> impl Strategy<Value = Windows> {
    let cut_off = (1..=28u32, 1..=31u32).prop_map(|(cutoff_day, day)| cut_off(cutoff_day, day));
    prop_oneof![Just(Windows::ND09), Just(Windows::CALENDAR), cut_off]
}

/// Months end on a day, and the year on a day of December.
fn cut_off(cutoff_day: u32, day: u32) -> Windows {
    Windows::CutOff(CutOff { cutoff_day, year_end: YearDay { month: 12, day } })
}

fn any_every() -> impl Strategy<Value = Every> {
    prop_oneof![Just(Every::Month), Just(Every::Quarter), Just(Every::Half), Just(Every::Year)]
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..80_000i64).prop_map(|days| day("1900-01-01") + TimeDelta::days(days))
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let near =
        || prop::collection::btree_set((0..400i64).prop_map(|days| day("2025-06-01") + TimeDelta::days(days)), 0..60);
    (near(), near()).prop_map(|(holidays, working)| Calendar { holidays, working })
}

/// The windows of the parts, one after another, are exactly the whole.
fn tiles(whole: Window, parts: &[Window]) -> bool {
    let joined = parts.windows(2).all(|pair| pair[0].cutoff_on.succ_opt() == Some(pair[1].starts_on));
    joined && parts.first().unwrap().starts_on == whole.starts_on && parts.last().unwrap().cutoff_on == whole.cutoff_on
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn months_quarters_and_halves_tile_the_year(year in 1i32..=9999, windows in any_windows()) {
        let numbered = |sign: &str, count: usize, width: usize| -> Vec<PeriodCode> {
            (1..=count).map(|nth| code(&format!("{year:04}-{sign}{nth:0width$}"))).collect()
        };
        let levels = [numbered("", 12, 2), numbered("Q", 4, 1), numbered("H", 2, 1), vec![code(&format!("{year:04}"))]];
        for pair in levels.windows(2) {
            let (parts, wholes) = (&pair[0], &pair[1]);
            for (whole, parts) in wholes.iter().zip(parts.chunks(parts.len() / wholes.len())) {
                let inside: Vec<_> = parts.iter().map(|part| part.window(windows)).collect();
                prop_assert!(tiles(whole.window(windows), &inside), "{whole}");
                prop_assert!(parts.iter().all(|part| whole.contains(*part) && !part.contains(*whole)));
            }
        }
        if let Some(next) = levels[3][0].next() {
            prop_assert_eq!(levels[3][0].window(windows).cutoff_on.succ_opt(), Some(next.window(windows).starts_on));
        }
    }

    #[test]
    fn the_14th_and_the_14th_of_december_are_the_decree(every in any_every(), at in any_day()) {
        let code = PeriodCode::around(every, at).unwrap();
        prop_assert_eq!(code.window(cut_off(14, 14)), code.window(Windows::ND09));
    }

    #[test]
    fn every_day_is_held_by_one_code_of_each_length(every in any_every(), windows in any_windows(), at in any_day()) {
        let holding = PeriodCode::holding(every, windows, at).unwrap();
        let Window { starts_on, cutoff_on } = holding.window(windows);
        prop_assert!(starts_on <= at && at <= cutoff_on);
    }

    #[test]
    fn codes_read_back(every in any_every(), at in any_day()) {
        let made = PeriodCode::around(every, at).unwrap();
        prop_assert_eq!(made.to_string().parse(), Ok(made));
    }

    #[test]
    fn no_text_makes_reading_a_code_fail_hard(text in "[0-9QH-]{0,9}|\\PC{0,9}") {
        if let Ok(read) = text.parse::<PeriodCode>() {
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn a_code_contains_what_its_window_contains(a in any_every(), b in any_every(), x in any_day(), y in any_day(), w in any_windows()) {
        let (a, b) = (PeriodCode::around(a, x).unwrap(), PeriodCode::around(b, y).unwrap());
        prop_assert_eq!(a.contains(b), a.window(w).contains(&b.window(w)));
    }

    #[test]
    fn reports_are_due_on_a_working_day_after_cutoff_and_launch(
        every in any_every(), windows in any_windows(), calendar in any_calendar(),
        days in 1u32..20, launched in 0i64..300, from in 0i64..200, length in 0i64..400,
    ) {
        let from = day("2025-06-01") + TimeDelta::days(from);
        let span = Span { from, to: from + TimeDelta::days(length), section: None };
        let launched_at = launch() + TimeDelta::days(launched);
        for period in generate(&reporting(every, windows, days), &span, launched_at, &calendar) {
            let due_on = local_day(period.due_at);
            prop_assert!(calendar.is_working(due_on));
            let worked = |after: NaiveDate| after.iter_days().skip(1).take_while(|d| *d <= due_on).filter(|d| calendar.is_working(*d)).count();
            prop_assert_eq!(worked(period.cutoff_on.max(local_day(launched_at))), days as usize);
            prop_assert_eq!(period.due_at.hour(), 10);
            prop_assert!(span.from <= period.cutoff_on && period.cutoff_on <= span.to);
        }
    }

    #[test]
    fn every_day_up_to_the_last_cutoff_is_in_one_period(
        every in any_every(), windows in any_windows(), from in any_day(), length in 0i64..1200,
    ) {
        let span = Span { from, to: from + TimeDelta::days(length), section: None };
        let periods = generate(&reporting(every, windows, 1), &span, launch(), &Calendar::default());
        let last = periods.last().map(|period| period.cutoff_on);
        for at in from.iter_days().take_while(|day| last.is_some_and(|last| *day <= last)) {
            prop_assert_eq!(periods.iter().filter(|p| p.starts_on <= at && at <= p.cutoff_on).count(), 1);
        }
        let after = PeriodCode::around(every, last.unwrap_or(from)).unwrap();
        let left = std::iter::successors(Some(after), |code| code.next()).take(3);
        let missed = left.map(|code| code.window(windows).cutoff_on).find(|cutoff| span.from <= *cutoff && Some(*cutoff) > last);
        prop_assert!(missed.is_none_or(|cutoff| cutoff > span.to));
    }
}

#[rstest]
#[case("2025-09", Windows::ND09, "2025-08-15", "2025-09-14")]
#[case("2025-01", Windows::ND09, "2024-12-15", "2025-01-14")]
#[case("2025-Q3", Windows::ND09, "2025-06-15", "2025-09-14")]
#[case("2025-H2", Windows::ND09, "2025-06-15", "2025-12-14")]
#[case("2025", Windows::ND09, "2024-12-15", "2025-12-14")]
#[case("2024-02", Windows::CALENDAR, "2024-02-01", "2024-02-29")]
#[case("2025-Q4", Windows::CALENDAR, "2025-10-01", "2025-12-31")]
#[case("2025", Windows::CALENDAR, "2025-01-01", "2025-12-31")]
#[case("2025-01", cut_off(25, 31), "2025-01-01", "2025-01-25")]
#[case("2025-02", cut_off(25, 31), "2025-01-26", "2025-02-25")]
#[case("2025-12", cut_off(25, 31), "2025-11-26", "2025-12-31")]
#[case("2025-Q3", cut_off(25, 31), "2025-06-26", "2025-09-25")]
#[case("2025", cut_off(25, 20), "2024-12-21", "2025-12-20")]
fn a_code_means_these_days(#[case] text: &str, #[case] windows: Windows, #[case] from: &str, #[case] to: &str) {
    assert_eq!(code(text).window(windows), Window { starts_on: day(from), cutoff_on: day(to) });
}

#[rstest]
fn these_are_no_codes(
    #[values(
        "", "25", "2025-", "2025-9", "2025-13", "2025-00", "2025-Q0", "2025-Q5", "2025-H3", "2025-q1", "0000", "+025",
        "20255", "2025-Q1 ", "2025-M1"
    )]
    text: &str,
) {
    assert!(text.parse::<PeriodCode>().is_err());
}

#[test]
fn the_second_half_of_2025_has_six_months_and_july_is_due_after_the_launch() {
    let holiday =
        Calendar { holidays: BTreeSet::from([day("2025-08-07")]), working: BTreeSet::from([day("2025-09-20")]) };
    let periods = generate(&reporting(Every::Month, Windows::ND09, 3), &second_half(), launch(), &holiday);
    let told: Vec<_> = periods.iter().map(|p| (p.code.as_str(), local_day(p.due_at).to_string())).collect();
    let due = |code, day: &str| (code, day.to_owned());
    assert_eq!(
        told,
        [
            due("2025-07", "2025-08-11"), // three working days after the launch on the 5th, the 7th being a holiday
            due("2025-08", "2025-08-19"),
            due("2025-09", "2025-09-17"), // the 14th is a Sunday
            due("2025-10", "2025-10-17"),
            due("2025-11", "2025-11-19"),
            due("2025-12", "2025-12-17"),
        ]
    );
    assert!(periods.iter().all(|period| period.cutoff_on.day() == 14));
}

#[test]
fn a_swapped_saturday_counts() {
    let swapped = Calendar { working: BTreeSet::from([day("2025-09-20")]), ..Calendar::default() };
    assert_eq!(swapped.working_days_after(day("2025-09-18"), 2), day("2025-09-20"));
    assert_eq!(Calendar::default().working_days_after(day("2025-09-18"), 2), day("2025-09-22"));
}

#[rstest]
#[case(None, Some(7))]
#[case(Some("2025-H2"), Some(6))]
#[case(Some("2025-Q4"), Some(3))]
#[case(Some("2025-09"), Some(1))]
#[case(Some("2025"), Some(6))]
#[case(Some("2025-cuoi"), Some(1))]
#[case(Some("2026-H1"), Some(1))] // the extra period's days, 15/12 to 31/12, lie inside it
#[case(Some("2024"), Some(0))]
#[case(Some("..2025-Q3"), Some(3))] // from the beginning to the end of the quarter
#[case(Some("..2025-cuoi"), Some(7))]
#[case(Some("..2024"), Some(0))]
#[case(Some("..nay"), None)]
#[case(Some("2025-thang-9"), None)]
fn a_span_holds_these_leaves(#[case] code: Option<&str>, #[case] expected: Option<usize>) {
    let rest = ExtraPeriod {
        code: "2025-cuoi".into(),
        starts_on: day("2025-12-15"),
        cutoff_on: day("2025-12-31"),
        role: None,
    };
    let rules = Reporting { extra_periods: vec![rest], ..reporting(Every::Month, Windows::ND09, 3) };
    let periods = generate(&rules, &second_half(), launch(), &Calendar::default());
    assert_eq!(leaves(&periods, &rules, &second_half(), code).map(|asked| asked.leaves.len()), expected);
}
