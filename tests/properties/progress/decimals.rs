//! Figures with decimals: exact in every sum, and missing in steps of their last decimal.

use proptest::{collection::vec, prelude::*};
use rstest::rstest;
use serde_json::{Value as Json, json};
use thidua::{
    movements::plan::Indicator,
    progress::Verdict,
    quantity::{self, Quantity},
};

use super::fixtures::*;

/// A count in million đồng with two decimals.
fn revenue(target_at: &str) -> Indicator {
    indicator(json!({
        "kind": "count", "unit": "triệu đồng", "decimals": 2, "numerator": null, "denominator": null, "over_time": "sum",
        "target": target(">=", target_at)
    }))
}

fn counted(count: Json) -> Json {
    json!({"state": "reported", "count": count})
}

#[rstest]
#[case::whole(json!(118), json!(118))]
#[case::with_a_zero(json!("118.50"), json!("118.5"))]
#[case::whole_after_all(json!("118.00"), json!(118))]
#[case::a_point_that_is_none(json!(118.0), json!(118))]
#[case::beyond_what_readers_keep(json!("9007199254740993"), json!("9007199254740993"))]
fn a_number_reads_back(#[case] given: Json, #[case] told: Json) {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Said {
        #[serde(deserialize_with = "quantity::handed_in")]
        said: Option<Quantity>,
    }
    let said: Said = serde_json::from_value(json!({"said": given})).unwrap();
    assert_eq!(serde_json::to_value(said).unwrap()["said"], told);
}

#[rstest]
#[case(json!(1.5))]
#[case(json!("1,5"))]
#[case(json!("1."))]
#[case(json!(".5"))]
#[case(json!("1e3"))]
#[case(json!(""))]
fn what_is_no_number_is_refused(#[case] given: Json) {
    assert!(serde_json::from_value::<Quantity>(given).is_err());
}

#[test]
fn what_is_missing_goes_in_steps_of_the_last_decimal() {
    let entries = [entry("a", 0, &[counted(json!("12.25"))]), entry("b", 1, &[counted(json!(7))])];
    let whole = figure(&revenue("20"), &entries).whole;
    let told = serde_json::to_value(&whole).unwrap();
    assert_eq!((&told["count"], &told["value"]), (&json!("19.25"), &json!("19.25")));
    assert_eq!((whole.verdict, &told["missing_to_target"]), (Verdict::NotMet, &json!("0.75")));
    assert_eq!(figure(&revenue("19.25"), &entries).whole.verdict, Verdict::Met);
}

#[test]
fn a_ratio_of_decimals_is_the_ratio_of_their_numbers() {
    let paid = indicator(json!({"decimals": 1, "target": target(">=", "95")}));
    let of = |n: &str, d: &str| json!({"state": "reported", "numerator": n, "denominator": d});
    let whole = figure(&paid, &[entry("a", 0, &[of("94.9", "100")]), entry("b", 0, &[of("0.1", "0.1")])]).whole;
    // 95.0 of 100.1
    assert_eq!((whole.value.as_deref(), whole.verdict), (Some("94.91"), Verdict::NotMet));
    assert_eq!(serde_json::to_value(&whole).unwrap()["missing_to_target"], "0.1");
}

proptest! {
    /// Cents never get lost, whatever their number: 2^53 − 1 of them in a report, and many reports.
    #[test]
    fn sums_are_exact(cents in vec(0_i64..=9_007_199_254_740_991, 1..40)) {
        let text = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let entries: Vec<Entry> =
            cents.iter().enumerate().map(|(u, c)| entry(&format!("u{u:02}"), u % 3, &[counted(json!(text(*c)))])).collect();
        let sum: i128 = cents.iter().copied().map(i128::from).sum();
        let whole = figure(&revenue("1"), &entries).whole;
        prop_assert_eq!(whole.count, Some(Quantity::of(sum, 2)));
        prop_assert_eq!(whole.value, Some(format!("{}.{:02}", sum / 100, sum % 100)));
        prop_assert_eq!(whole.verdict == Verdict::Met, sum >= 100);
    }

    /// What is missing is enough, and no less is.
    #[test]
    fn the_least_that_is_missing(cents in 0_i64..100_000, at in 0_i64..100_000) {
        let (have, need) = (format!("{}.{:02}", cents / 100, cents % 100), format!("{}.{:02}", at / 100, at % 100));
        let whole = figure(&revenue(&need), &[entry("a", 0, &[counted(json!(have))])]).whole;
        prop_assert_eq!(whole.missing_to_target, Some(Quantity::of(i128::from((at - cents).max(0)), 2)));
    }
}
