//! Attainment: how far, from 0 to 1, exactly.

use num_traits::{One, Zero};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value as Json, json};
use thidua::{
    exact::{self, BigRational},
    progress::{Attainment, Verdict, attainment},
};

use super::fixtures::*;

fn attained(changes: Json, values: &[Json]) -> Attainment {
    let indicator = indicator(changes);
    attainment(&indicator, &figure(&indicator, &[entry("a", 2, values)]))
}

#[rstest]
#[case::met(json!({"target": target(">=", "80")}), ratio(9, 10), (1, 1))]
#[case::half_way(json!({"target": target(">=", "80")}), ratio(4, 10), (1, 2))]
#[case::strict_at_the_edge(json!({"target": target(">", "60")}), ratio(60, 100), (1, 1))]
#[case::down(json!({"target": target("<=", "5")}), ratio(10, 100), (1, 2))]
#[case::down_by_a_zero_target(json!({"target": target("<=", "0")}), ratio(10, 100), (0, 1))]
#[case::down_with_a_zero_divisor(json!({"target": target("<", "0")}), ratio(0, 100), (0, 1))]
#[case::up_with_a_zero_divisor(json!({"target": target(">", "0")}), ratio(0, 100), (0, 1))]
#[case::count(json!({"kind": "count", "target": target(">=", "3")}), json!({"state": "reported", "count": 2}), (2, 3))]
#[case::index(json!({"kind": "index", "target": target(">=", "90")}), json!({"state": "reported", "value": "81.9"}), (91, 100))]
#[case::rank(json!({"kind": "rank", "target": target("<=", "10")}), json!({"state": "reported", "rank": 12, "population": 126}), (5, 6))]
#[case::level(
    json!({"kind": "level", "levels": ["not_started", "in_progress", "done"], "target": target(">=", "done")}),
    json!({"state": "reported", "level": "in_progress"}), (1, 2)
)]
fn reaches(#[case] changes: Json, #[case] value: Json, #[case] (n, d): (i64, i64)) {
    assert_eq!(attained(changes, &[value]), Attainment::Reached(exact::ratio(n, d)));
}

#[test]
fn fields_weigh_by_their_denominators() {
    let indicator = two_fields(json!({}));
    let values = [of_field("tnmt", ratio(99, 100)), of_field("khac", ratio(150, 300))];
    let figure = figure(&indicator, &[entry("a", 2, &values)]);
    // (100 × 1 + 300 × 1/2) / 400
    assert_eq!(attainment(&indicator, &figure), Attainment::Reached(exact::ratio(5, 8)));
}

#[rstest]
#[case::none_arose(json!({}), vec![state("none_arose")], Attainment::Excluded(Verdict::NoneArose))]
#[case::not_applicable(json!({}), vec![state("not_applicable")], Attainment::Excluded(Verdict::NotApplicable))]
#[case::absent(json!({}), vec![], Attainment::NoData)]
#[case::no_number(
    json!({"target": {"comparator": "<=", "value": null, "source": "plan"}}), vec![ratio(1, 2)],
    Attainment::Excluded(Verdict::NotEvaluable)
)]
#[case::no_number_and_absent(
    json!({"target": {"comparator": "<=", "value": null, "source": "plan"}}), vec![],
    Attainment::Excluded(Verdict::NotEvaluable)
)]
#[case::no_number_and_none_arose(
    json!({"target": {"comparator": "<=", "value": null, "source": "plan"}}), vec![state("none_arose")],
    Attainment::Excluded(Verdict::NotEvaluable)
)]
fn leaves_out(#[case] changes: Json, #[case] values: Vec<Json>, #[case] expected: Attainment) {
    assert_eq!(attained(changes, &values), expected);
}

/// A field without a number to reach, and one against at least 99%.
fn half_stated() -> Json {
    let open = json!({"comparator": ">=", "value": null, "source": "plan"});
    json!({"fields": [{"code": "tnmt", "target": target(">=", "99")}, {"code": "khac", "target": open}]})
}

#[rstest]
#[case::one_met(vec![of_field("tnmt", ratio(99, 100)), of_field("khac", ratio(1, 2))], Verdict::NotEvaluable)]
#[case::one_met_and_one_absent(vec![of_field("tnmt", ratio(99, 100))], Verdict::NotEvaluable)]
#[case::one_misses(vec![of_field("tnmt", ratio(1, 2)), of_field("khac", ratio(1, 2))], Verdict::NotMet)]
#[case::none_arose(vec![state("none_arose")], Verdict::NotEvaluable)]
#[case::nothing(vec![], Verdict::NotEvaluable)]
fn a_field_without_a_number_is_judged_alike_everywhere(#[case] values: Vec<Json>, #[case] verdict: Verdict) {
    let indicator = indicator(half_stated());
    let figure = figure(&indicator, &[entry("a", 2, &values)]);
    assert_eq!(figure.whole.verdict, verdict);
    let excluded = attainment(&indicator, &figure) == Attainment::Excluded(Verdict::NotEvaluable);
    assert_eq!(excluded, verdict == Verdict::NotEvaluable);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn stays_between_nothing_and_everything(entries in any_entries(true), last in any::<bool>()) {
        let indicator = two_fields(json!({"over_time": if last { "last" } else { "sum" }}));
        let figure = figure(&indicator, &entries);
        if let Attainment::Reached(reached) = attainment(&indicator, &figure) {
            prop_assert!(reached >= BigRational::zero() && reached <= BigRational::one());
            prop_assert_eq!(reached.is_one(), figure.whole.verdict == Verdict::Met);
        } else {
            prop_assert!(!figure.whole.verdict.compares());
        }
    }
}
