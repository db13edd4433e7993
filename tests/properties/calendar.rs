//! Days as Việt Nam counts them: where one begins, and which are worked.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;
use rstest::rstest;
use thidua::{
    clock::day,
    movements::calendar::{Calendar, Year, instant},
};

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..30_000i64).prop_map(|days| NaiveDate::from_ymd_opt(1976, 1, 1).unwrap() + TimeDelta::days(days))
}

fn any_calendar() -> impl Strategy<Value = (NaiveDate, Calendar)> {
    any_day().prop_flat_map(|from| {
        let near = || prop::collection::btree_set((0..90i64).prop_map(move |days| from + TimeDelta::days(days)), 0..40);
        (Just(from), (near(), near()).prop_map(|(holidays, working)| Calendar { holidays, working }))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn an_instant_falls_on_the_day_it_was_made_of(on in any_day(), seconds in 0..86_400u32) {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap();
        let at = instant(on, time);
        prop_assert_eq!(day(at), on);
        prop_assert_eq!(at - instant(on, NaiveTime::MIN), TimeDelta::seconds(seconds.into()));
    }

    #[test]
    fn working_days_are_counted_one_by_one((from, calendar) in any_calendar(), count in 1..15u32) {
        let found = calendar.working_days_after(from, count);
        prop_assert!(found > from && calendar.is_working(found));
        let worked = from.iter_days().skip(1).take_while(|day| *day <= found).filter(|day| calendar.is_working(*day));
        prop_assert_eq!(worked.count(), count as usize);
        prop_assert_eq!(calendar.working_days_after(calendar.working_days_after(from, count), 1),
            calendar.working_days_after(from, count + 1));
    }

    #[test]
    fn a_swapped_day_is_worked_and_a_holiday_is_not((from, calendar) in any_calendar(), after in 0..90i64) {
        let on = from + TimeDelta::days(after);
        prop_assert!(!calendar.working.contains(&on) || calendar.is_working(on));
        let rests = calendar.holidays.contains(&on) && !calendar.working.contains(&on);
        prop_assert!(!rests || !calendar.is_working(on));
    }
}

#[rstest]
#[case("2025-12-14T16:59:59Z", "2025-12-14")]
#[case("2025-12-14T17:00:00Z", "2025-12-15")]
#[case("2024-02-28T17:00:00Z", "2024-02-29")]
#[case("2025-12-31T17:00:00Z", "2026-01-01")]
fn a_day_begins_at_midnight_in_viet_nam(#[case] at: &str, #[case] on: &str) {
    assert_eq!(day(at.parse::<DateTime<Utc>>().unwrap()).to_string(), on);
}

#[test]
fn years_written_down_make_one_calendar() {
    let year = |text: &str| serde_json::from_str::<Year>(text).unwrap();
    let years = [
        year(r#"{"holidays": [{"day": "2025-09-02", "name": "Quốc khánh"}], "working_days": []}"#),
        year(r#"{"holidays": [], "working_days": [{"day": "2026-01-10", "name": "Làm bù"}]}"#),
    ];
    let whole: Calendar = years.into_iter().collect();
    let on = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert!(!whole.is_working(on("2025-09-02")) && whole.is_working(on("2026-01-10")));
    assert!(whole.is_working(on("2025-09-03")) && !whole.is_working(on("2026-01-11")));
}
