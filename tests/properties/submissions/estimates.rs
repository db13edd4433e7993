//! Final figures in the place of estimates: when they are taken without a reopening.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use thidua::{
    clock::day,
    movements::{Period, PeriodState, periods::PeriodDates},
    submissions::{estimates_are_asked, estimates_give_way},
};

/// Midnight in Việt Nam at the beginning of a September that is cut off on the 30th.
fn start() -> DateTime<Utc> {
    "2025-08-31T17:00:00Z".parse().unwrap()
}

fn after(hours: i64) -> DateTime<Utc> {
    start() + TimeDelta::hours(hours)
}

fn september(due: i64, next: Option<i64>, postponed: Option<i64>, state: PeriodState) -> Period {
    let (starts_on, cutoff_on) = (day(start()), "2025-09-30".parse().unwrap());
    let due_at = after(postponed.unwrap_or(due));
    let open = Period::open(PeriodDates { code: "2025-09".into(), starts_on, cutoff_on, due_at });
    let original_due_at = postponed.map(|_| after(due));
    Period { state, original_due_at, next_due_at: next.map(after), ..open }
}

/// Hours of the month.
const MONTH: i64 = 30 * 24;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn estimates_are_asked_up_to_the_last_day_and_give_way_from_then_until_the_next_are_due(
        due in 0..2 * MONTH, next in prop::option::of(MONTH..3 * MONTH), postponed in prop::option::of(0..MONTH),
        first in prop::option::of(0..2 * MONTH), now in 0..3 * MONTH, closed in any::<bool>(),
    ) {
        let state = if closed { PeriodState::Closed } else { PeriodState::Open };
        let period = september(due, next, postponed.map(|more| due + more), state);
        let early = due < MONTH;
        prop_assert_eq!(estimates_are_asked(&period, after(now)), early && now < MONTH);
        let first_early = first.is_some_and(|first| first < MONTH);
        let in_time = next.is_none_or(|next| now <= next);
        let expected = early && first_early && now >= MONTH && in_time && !closed;
        prop_assert_eq!(estimates_give_way(&period, first.map(after), after(now)), expected);
    }
}
