//! Versions of a plan: which is in force, what one says otherwise than another, what never changes.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use thidua::movements::{
    amendments::{Former, check_cut_periods, check_day, check_plan, is_kept},
    lint::lint,
    plan::Plan,
    plan::diff::{differences, place},
    versions::{Version, Versions},
};

fn plan() -> Value {
    serde_json::from_str(include_str!("../../plans/hong-van-2025-h2.json")).unwrap()
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 7, 1).unwrap() + Days::new(n)
}

fn version(number: i32, from: u64, plan: &Plan) -> Arc<Version> {
    let (effective_from, created_at) = (day(from), DateTime::UNIX_EPOCH);
    Arc::new(Version { number, effective_from, reason: None, created_at, plan: plan.clone() })
}

/// Every place of a document that holds no list and no object.
fn leaves(document: &Value, at: &str, found: &mut Vec<String>) {
    match document {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{}", name.replace('/', "~1")), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| leaves(value, &format!("{at}/{n}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// The newest that has taken effect; the first before any has.
    #[test]
    fn one_version_is_in_force_on_every_day(mut starts in prop::collection::vec(0..180u64, 1..6), on in 0..200u64) {
        starts.sort_unstable();
        let small: Plan = serde_json::from_str(include_str!("../../plans/example-calendar.json")).unwrap();
        let mut versions = Versions::new(version(1, starts[0], &small));
        (2..).zip(&starts[1..]).for_each(|(number, from)| versions.push(version(number, *from, &small)));
        let taken = starts.iter().filter(|from| **from <= on).count().max(1);
        prop_assert_eq!(versions.on(day(on)).number, taken as i32);
        prop_assert_eq!(versions.newest().number, starts.len() as i32);
    }

    /// A change of one place is one difference, which leads back to it; put back, there is none.
    #[test]
    fn one_change_is_one_difference(at in any::<Index>()) {
        let (old, mut new) = (plan(), plan());
        let mut places = Vec::new();
        leaves(&old, "", &mut places);
        let places: Vec<_> = places.into_iter().filter(|place| !place.ends_with("/code") && !place.ends_with("/section")).collect();
        let changed = at.get(&places);
        *new.pointer_mut(changed).unwrap() = json!("khác");
        let found = differences(&old, &new);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&place(&new, &found[0].pointer), changed);
        prop_assert_eq!((&found[0].from, &found[0].to), (old.pointer(changed).unwrap(), &json!("khác")));
        prop_assert!(differences(&new, &new).is_empty() && check_plan(&new, &new).is_empty());
    }

    /// The order in which a plan lists its items tells nothing.
    #[test]
    fn another_order_is_no_difference(turn in 0..30usize) {
        let (old, mut new) = (plan(), plan());
        for list in ["indicators", "groups", "awards", "fields"] {
            let items = new[list].as_array_mut().unwrap();
            let most = items.len();
            items.rotate_left(turn % most.max(1));
        }
        prop_assert_eq!(differences(&old, &new), []);
    }

    /// A day is taken where it touches nothing that is judged already, does not precede the last version and is not over.
    #[test]
    fn no_amendment_touches_a_cut_off_that_has_passed(from in 0..250u64, last in 0..150u64, today in 0..200u64) {
        let cutoffs: Vec<NaiveDate> = (0..6).map(|n| day(13 + 30 * n)).collect();
        let former = Former { effective_from: day(last), to: day(183) };
        let taken = check_day(day(from), &former, &cutoffs, day(today)).is_empty();
        let touches = cutoffs.iter().any(|cutoff| *cutoff < day(today) && day(from) <= *cutoff);
        prop_assert_eq!(taken, !touches && from >= last && from <= 183);
    }
}

#[test]
fn a_plan_that_has_a_word_of_a_path_as_a_code_can_still_be_amended() {
    let called = |code: &str| {
        let mut plan = plan();
        plan["indicators"][0]["code"] = code.into();
        serde_json::from_value::<Plan>(plan).unwrap()
    };
    let found = lint(&called("trend"));
    let reserved = found.iter().find(|finding| finding.code == "code_reserved").expect("a finding");
    assert!(is_kept(reserved, &called("trend")));
    assert!(!is_kept(reserved, &called("summary")) && !is_kept(reserved, &called("CCHC-01")));
    assert!(found.iter().all(|finding| finding.code == "code_reserved" || !is_kept(finding, &called("trend"))));
}

/// A flow by quarter, in a movement that ends amid one.
#[test]
fn a_later_end_asks_for_no_day_again() {
    let until = |to: &str, over_time: &str| -> Plan {
        let mut plan = plan();
        plan["span"]["to"] = json!(to);
        (plan["indicators"][4]["every"], plan["indicators"][4]["over_time"]) = (json!("quarter"), json!(over_time));
        serde_json::from_value(plan).unwrap()
    };
    let codes = |over_time: &str, from: &str| {
        let (old, new) = (until("2025-10-31", over_time), until("2025-12-31", over_time));
        let found = check_cut_periods(&old, &new, from.parse().unwrap());
        found.iter().map(|finding| (finding.code, finding.args["period"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(codes("sum", "2025-10-15"), [("amendment_splits_period", "2025-Q4".to_owned())]);
    assert!(codes("sum", "2025-10-14").is_empty(), "October was not asked yet");
    assert!(codes("last", "2025-10-15").is_empty(), "a stock counts once");
}
