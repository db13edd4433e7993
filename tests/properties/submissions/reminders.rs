//! When units are reminded: before the due instant and after it, each time once, and nothing of what is past.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{collection::vec, prelude::*};
use thidua::submissions::{ReminderTime, Schedule, reminder_time};

fn due() -> DateTime<Utc> {
    "2025-09-17T10:00:00Z".parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_told_has_its_time_and_is_the_last_that_has(
        before in vec(0u32..200, 0..5),
        after in vec(0u32..200, 0..5),
        minutes in -15_000i64..15_000,
    ) {
        let now = due() + TimeDelta::minutes(minutes);
        let schedule = Schedule { before: before.clone(), after: after.clone() };
        let hours = |n: u32| i64::from(n) * 60;
        match reminder_time(&schedule, due(), now) {
            Some(ReminderTime::Before(n)) => {
                prop_assert!(before.contains(&n) && n > 0 && minutes <= 0 && -hours(n) <= minutes);
                prop_assert!(before.iter().all(|m| *m == 0 || *m >= n || -hours(*m) > minutes));
            }
            Some(ReminderTime::After(n)) => {
                prop_assert!(after.contains(&n) && n > 0 && hours(n) <= minutes);
                prop_assert!(after.iter().all(|m| *m <= n || hours(*m) > minutes));
            }
            None if minutes <= 0 => prop_assert!(before.iter().all(|m| *m == 0 || -hours(*m) > minutes)),
            None => prop_assert!(after.iter().all(|m| *m == 0 || hours(*m) > minutes)),
        }
    }

    #[test]
    fn however_often_one_looks_no_time_comes_back(before in vec(1u32..200, 0..5), after in vec(1u32..200, 0..5)) {
        let schedule = Schedule { before, after };
        let looks = (-15_000..15_000).step_by(60).map(|minutes| due() + TimeDelta::minutes(minutes));
        let mut times: Vec<ReminderTime> = looks.filter_map(|now| reminder_time(&schedule, due(), now)).collect();
        times.dedup();
        let mut words: Vec<String> = times.iter().map(|time| time.code()).collect();
        let told = words.len();
        words.sort();
        words.dedup();
        prop_assert_eq!(words.len(), told);
    }
}
