//! How long people are known by name.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use regex::Regex;
use rstest::rstest;
use thidua::people::retention::{LastPart, is_over, mention, pseudonym, term_start};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn over(registered: &str, concluded: Option<&str>, takes_part: bool, today: &str) -> bool {
    let last = LastPart { registered_on: day(registered), concluded_on: concluded.map(day), takes_part };
    is_over(&last, term_start(day(today), 5).unwrap())
}

#[rstest]
#[case::registered_only("2025-07-01", None, false, "2030-06-30", false)]
#[case::to_the_day("2025-07-01", None, false, "2030-07-01", true)]
#[case::the_later_counts("2025-07-01", Some("2026-01-15"), false, "2031-01-14", false)]
#[case::five_years_after("2025-07-01", Some("2026-01-15"), false, "2031-01-15", true)]
#[case::registered_anew("2028-01-01", Some("2026-01-15"), false, "2032-12-31", false)]
#[case::still_taking_part("2025-07-01", None, true, "2050-01-01", false)]
#[case::of_two_one_still_runs("2025-07-01", Some("2026-01-15"), true, "2050-01-01", false)]
#[case::not_before_a_leap_day("2024-02-29", None, false, "2029-02-28", false)]
#[case::after_a_leap_day("2024-02-29", None, false, "2029-03-01", true)]
fn the_term_runs_from_the_last_part(
    #[case] registered: &str,
    #[case] concluded: Option<&str>,
    #[case] takes_part: bool,
    #[case] today: &str,
    #[case] expected: bool,
) {
    assert_eq!(over(registered, concluded, takes_part, today), expected);
}

#[test]
fn a_term_before_the_calendar_began_is_never_over() {
    assert_eq!(term_start(day("2030-01-01"), u32::MAX), None);
}

#[test]
fn a_pseudonym_is_of_the_id_alone() {
    let id = Uuid::from_u128(0x0197_a3b0_0000_7000_8000_1234_5678_9abc);
    assert_eq!(pseudonym(id), "Người 123456789abc");
    assert_eq!(pseudonym(id), pseudonym(id));
}

#[rstest]
#[case("An", None)]
#[case("", None)]
#[case("Trần  Văn An", Some(r"Trần\s+Văn\s+An"))]
#[case("A. (B)", Some(r"A\.\s+\(B\)"))]
fn a_mention_is_a_whole_name(#[case] name: &str, #[case] found: Option<&str>) {
    let pattern = mention(name);
    assert_eq!(pattern.is_some(), found.is_some());
    assert!(pattern.is_none_or(|pattern| pattern.contains(found.unwrap())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn once_over_it_stays_over(registered in 0..4000u64, concluded in prop::option::of(0..4000u64), later in 0..4000u64) {
        let start = day("2020-01-01");
        let at = |days| start + Days::new(days);
        let last = LastPart { registered_on: at(registered), concluded_on: concluded.map(at), takes_part: false };
        let today = at(5000);
        let over = |on: NaiveDate| is_over(&last, term_start(on, 5).unwrap());
        prop_assert!(!over(today) || over(today + Days::new(later)));
        prop_assert!(over(today + Days::new(5 * 366)), "the longest term ends");
    }

    /// The middle of the pattern means the same to this library as to Postgres.
    #[test]
    fn any_name_finds_itself(name in "[^\\p{C}\\s]{1,12}( [^\\p{C}\\s]{1,12}){1,3}") {
        let pattern = mention(&name).unwrap();
        let middle = pattern.split_once(']').unwrap().1.trim_start_matches(')');
        let middle = &middle[..middle.rfind("(?!").unwrap()];
        prop_assert!(Regex::new(middle).unwrap().is_match(&name), "{middle} does not find {name}");
    }
}
