//! Who confirms a request, how long a delegation lasts, which usernames are made of names.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use thidua::{
    db::AccountId,
    identity::rules::{Knowledge, Request, check_confirmation, check_term, fitted, is_exposed, opens, username},
};

fn now() -> DateTime<Utc> {
    "2025-09-10T02:00:00Z".parse().unwrap()
}

#[test]
fn only_a_third_account_confirms_and_only_what_waits() {
    let [giver, holder, third] = [AccountId::new(), AccountId::new(), AccountId::new()];
    let waits = Request {
        by: Some(giver),
        beneficiary: holder,
        confirm_until: Some(now() + TimeDelta::days(1)),
        confirmed: false,
        ended: false,
    };
    let (past, soon) = (Some(now()), Some(now() + TimeDelta::microseconds(1)));
    let cases = [
        (waits, third, None),
        (waits, giver, Some("second_person_needed")),
        (waits, holder, Some("own_account")),
        (Request { by: None, ..waits }, third, None),
        (Request { by: None, ..waits }, holder, Some("own_account")),
        (Request { confirm_until: soon, ..waits }, third, None),
        (Request { confirm_until: past, ..waits }, third, Some("confirmation_expired")),
        (Request { confirm_until: past, ..waits }, giver, Some("second_person_needed")),
        (Request { confirm_until: None, ..waits }, third, Some("nothing_to_confirm")),
        (Request { confirmed: true, ..waits }, third, Some("nothing_to_confirm")),
        (Request { ended: true, ..waits }, third, Some("nothing_to_confirm")),
    ];
    for (request, confirmer, said) in cases {
        assert_eq!(check_confirmation(&request, confirmer, now()), said, "{request:?}");
    }
}

#[test]
fn a_delegation_lasts_a_year_at_most() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let cases = [
        ("2025-09-10", "2026-09-10", true),
        ("2025-09-10", "2026-09-11", false),
        ("2024-02-29", "2025-02-28", true),
        ("2024-02-29", "2025-03-01", false),
        ("2025-09-10", "2199-01-01", false),
    ];
    for (from, to, right) in cases {
        assert_eq!(check_term(day(from), day(to)).is_none(), right, "{from} to {to}");
    }
}

proptest! {
    #[test]
    fn every_name_gives_a_username(name in "\\PC{0,80}") {
        prop_assert!(username(&fitted(&name.to_lowercase())).is_ok(), "{name:?} gives {:?}", fitted(&name));
    }

    #[test]
    fn a_username_stays_as_it_is(name in "[a-z0-9][a-z0-9._-]{2,48}[a-z0-9]") {
        prop_assert_eq!(fitted(&name), name);
    }
}

/// Of every case: whoever alone issued the code of the password knows it, or has the code that is still open.
#[test]
fn an_account_is_exposed_by_its_password_or_by_a_code_that_nobody_confirmed() {
    for of_password in [false, true] {
        for has_password in [false, true] {
            for code_confirmed in [None, Some(false), Some(true)] {
                let exposed = is_exposed(Knowledge { of_password, has_password, code_confirmed });
                assert_eq!(exposed, of_password || (has_password, code_confirmed) == (false, Some(false)));
            }
        }
    }
}

proptest! {
    #[test]
    fn a_confirmed_code_opens_and_any_other_only_where_nothing_needs_a_confirmation(
        (needs, privileged) in any::<(bool, bool)>(),
    ) {
        prop_assert!(opens(true, needs, privileged));
        prop_assert_eq!(opens(false, needs, privileged), !(needs || privileged));
    }
}
