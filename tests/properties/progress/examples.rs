//! The named examples.

use rstest::rstest;
use serde_json::{Value as Json, json};
use thidua::progress::{Question, Targets, Verdict, aggregate, is_over, shown};

use super::fixtures::*;

#[rstest]
#[case::not_quite_all(">=", "100", 99_996, 100_000, "99.996", Verdict::NotMet)]
#[case::just_above(">", "60", 60_004, 100_000, "60.004", Verdict::Met)]
#[case::exactly_at_a_strict_target(">", "60", 60, 100, "60.00", Verdict::NotMet)]
#[case::exactly_at_a_target(">=", "60", 60, 100, "60.00", Verdict::Met)]
#[case::rounds_half_up(">=", "30", 12_345, 100_000, "12.35", Verdict::NotMet)]
#[case::all(">=", "100", 7, 7, "100.00", Verdict::Met)]
#[case::on_its_own_side_already(">=", "90", 90_001, 100_000, "90.00", Verdict::Met)]
#[case::in_thirds(">=", "66.67", 2, 3, "66.667", Verdict::NotMet)]
fn shows_and_judges(
    #[case] comparator: &str,
    #[case] at: &str,
    #[case] n: i64,
    #[case] d: i64,
    #[case] value: &str,
    #[case] verdict: Verdict,
) {
    let indicator = indicator(json!({"target": target(comparator, at)}));
    let whole = figure(&indicator, &[entry("a", 0, &[ratio(n, d)])]).whole;
    assert_eq!((whole.value.as_deref(), whole.verdict), (Some(value), verdict));
}

#[rstest]
#[case("90", "90.00", Verdict::Met)]
#[case("89.999", "89.999", Verdict::NotMet)]
#[case("85", "85.00", Verdict::NotMet)]
#[case("84.999", "84.999", Verdict::BelowFloor)]
#[case("84.9", "84.90", Verdict::BelowFloor)]
fn sipas_has_three_bands(#[case] given: &str, #[case] value: &str, #[case] verdict: Verdict) {
    let indicator = indicator(json!({
        "kind": "index", "over_time": "last", "over_units": "locality",
        "target": target(">=", "90"), "floor": target(">=", "85")
    }));
    let figure = figure(&indicator, &[entry("a", 2, &[json!({"state": "reported", "value": given})])]);
    assert_eq!((figure.whole.value.as_deref(), figure.whole.verdict), (Some(value), verdict));
    assert!(!figure.additive);
    assert_eq!(figure.whole.missing_to_target, None);
}

#[test]
fn cchc_05_is_judged_field_by_field() {
    let values = [of_field("tnmt", ratio(118, 119)), of_field("khac", ratio(1_116, 1_131))];
    let figure = figure(&two_fields(json!({})), &[entry("a", 0, &values)]);
    let json = serde_json::to_value(&figure).expect("JSON");
    let shown = |figure: &Json| {
        let members = ["numerator", "denominator", "value", "target", "verdict", "missing_to_target"];
        Json::from_iter(members.map(|member| (member, figure[member].clone())))
    };
    assert_eq!(
        [shown(&json), shown(&json["fields"][0]), shown(&json["fields"][1])],
        [
            json!({"numerator": 1_234, "denominator": 1_250, "value": "98.72", "target": null, "verdict": "not_met",
                   "missing_to_target": 15}),
            json!({"numerator": 118, "denominator": 119, "value": "99.16", "target": {"comparator": ">=", "value": "99"},
                   "verdict": "met", "missing_to_target": 0}),
            json!({"numerator": 1_116, "denominator": 1_131, "value": "98.67",
                   "target": {"comparator": ">=", "value": "100"}, "verdict": "not_met", "missing_to_target": 15}),
        ]
    );
    assert_eq!(json["covers"], json!({"from": "2025-06-15", "to": "2025-09-14"}));
    assert_eq!(json["fields"][0]["field"], "tnmt");
}

#[test]
fn a_pool_is_judged_as_one() {
    let values = [of_field("tnmt", ratio(50, 100)), of_field("khac", ratio(900, 900))];
    let indicator = two_fields(json!({"fields_judged": "pooled", "target": target(">=", "95")}));
    let figure = figure(&indicator, &[entry("a", 0, &values)]);
    assert_eq!((figure.whole.verdict, figure.whole.value.as_deref()), (Verdict::Met, Some("95.00")));
    assert!(figure.fields.iter().all(|field| field.standing.target.is_none()));
}

#[test]
fn one_word_answers_all_fields() {
    let indicator = two_fields(json!({}));
    let figure =
        figure(&indicator, &[entry("a", 0, &[state("none_arose")]), entry("b", 0, &[state("not_applicable")])]);
    assert_eq!(figure.whole.verdict, Verdict::NoneArose);
    assert!(figure.fields.iter().all(|field| field.standing.verdict == Verdict::NoneArose));
    let coverage = &figure.coverage;
    assert_eq!((coverage.reported, coverage.none_arose, coverage.not_applicable), (2, 1, 1));
}

#[test]
fn a_slot_is_missing_until_every_field_is_answered() {
    let figure = figure(&two_fields(json!({})), &[entry("a", 1, &[of_field("tnmt", ratio(1, 1))])]);
    assert_eq!((figure.coverage.expected, figure.coverage.reported), (1, 0));
    assert_eq!(figure.coverage.missing[0].periods, ["2025-08"]);
    // Any reported value decides.
    assert_eq!(figure.whole.verdict, Verdict::Met);
}

#[test]
fn a_stock_takes_each_units_newest_answer() {
    let indicator = indicator(json!({"over_time": "last", "target": target(">=", "50")}));
    let gone = Entry { current: false, ..entry("c", 0, &[ratio(100, 100)]) };
    let figure = figure(
        &indicator,
        &[
            entry("a", 0, &[ratio(1, 10)]),
            entry("a", 2, &[ratio(4, 10)]),
            entry("b", 0, &[ratio(9, 9)]),
            entry("b", 1, &[ratio(5, 20)]),
            unreported("b", 2),
            gone,
        ],
    );
    assert_eq!((units(figure.whole.numerator), units(figure.whole.denominator)), (Some(9), Some(30)));
    let stale: Vec<_> = figure.stale.iter().map(|stale| (stale.unit.as_str(), stale.period.as_str())).collect();
    assert_eq!(stale, [("b", "2025-08")]);
    assert_eq!((figure.coverage.expected, figure.coverage.reported, figure.additive), (6, 5, false));
    assert_eq!(units(figure.whole.missing_to_target), Some(6));
}

#[test]
fn a_flow_of_a_unit_that_is_gone_stays() {
    let gone = Entry { current: false, ..entry("c", 0, &[ratio(1, 2)]) };
    let whole = figure(&indicator(json!({})), &[gone, entry("d", 2, &[ratio(2, 2)])]).whole;
    assert_eq!((units(whole.numerator), units(whole.denominator)), (Some(3), Some(4)));
}

#[rstest]
#[case::everywhere(&["none_arose", "none_arose"], Verdict::NoneArose, Some(0))]
#[case::and_the_rest_does_not_apply(&["none_arose", "not_applicable"], Verdict::NoneArose, Some(0))]
#[case::not_applicable(&["not_applicable", "not_applicable"], Verdict::NotApplicable, None)]
#[case::something_absent(&["none_arose", "absent"], Verdict::NoData, None)]
#[case::nobody_owes_it(&[], Verdict::NotOwed, None)]
fn nothing_was_reported(#[case] states: &[&str], #[case] verdict: Verdict, #[case] denominator: Option<i128>) {
    let entries: Vec<_> = states.iter().enumerate().map(|(u, s)| entry(&format!("u{u}"), 0, &[state(s)])).collect();
    let whole = figure(&indicator(json!({})), &entries).whole;
    assert_eq!((whole.verdict, units(whole.denominator)), (verdict, denominator));
    assert_eq!((whole.value, whole.missing_to_target), (None, None));
}

#[rstest]
#[case(&["done", "done"], Verdict::Met, [0, 0, 2])]
#[case(&["done", "in_progress"], Verdict::NotMet, [0, 1, 1])]
fn a_level_is_met_when_every_unit_meets_it(#[case] levels: &[&str], #[case] verdict: Verdict, #[case] units: [u64; 3]) {
    let indicator = indicator(json!({
        "kind": "level", "levels": ["not_started", "in_progress", "done"], "target": target(">=", "done")
    }));
    let given = |level: &&str| json!({"state": "reported", "level": level});
    let entries: Vec<_> =
        levels.iter().enumerate().map(|(u, level)| entry(&format!("u{u}"), 2, &[given(level)])).collect();
    let figure = figure(&indicator, &[entries, vec![entry("u0", 1, &[given(&"not_started")])]].concat());
    assert_eq!((figure.whole.verdict, figure.additive), (verdict, false));
    assert_eq!(figure.whole.level.as_deref(), levels.last().copied());
    assert_eq!(figure.whole.levels.iter().map(|count| count.units).collect::<Vec<_>>(), units);
}

#[rstest]
#[case::no_number_in_the_plan(json!(null), Verdict::NotEvaluable)]
#[case(json!("12"), Verdict::Met)]
#[case(json!("11"), Verdict::NotMet)]
fn a_rank_is_met_from_above(#[case] most: Json, #[case] verdict: Verdict) {
    let target = json!({"comparator": "<=", "value": most, "source": "plan"});
    let indicator = indicator(json!({"kind": "rank", "over_time": "last", "over_units": "locality", "target": target}));
    let value = json!({"state": "reported", "rank": 12, "population": 126});
    let whole = figure(&indicator, &[entry("a", 2, &[value])]).whole;
    assert_eq!((whole.verdict, whole.rank, whole.population), (verdict, Some(12), Some(126)));
    assert_eq!(whole.value.as_deref(), Some("12"));
}

#[rstest]
#[case(Some(2), Verdict::NotMet, Some(1))]
#[case(Some(3), Verdict::Met, Some(0))]
#[case(None, Verdict::NotOwed, None)]
fn recognised_initiatives_are_counted_not_typed(
    #[case] recognised: Option<u64>,
    #[case] verdict: Verdict,
    #[case] missing: Option<i128>,
) {
    let indicator = indicator(json!({"kind": "count", "counts": "initiatives", "target": target(">=", "3")}));
    let leaves = quarter();
    let figure = aggregate(&Question { recognised, ..question(&indicator, &leaves, AFTER) }, &[]);
    assert_eq!((figure.whole.verdict, units(figure.whole.missing_to_target)), (verdict, missing));
    assert_eq!((units(figure.whole.count), figure.additive), (recognised.map(i128::from), false));
}

#[rstest]
#[case::last_minute("2025-09-14T16:59:59Z", false, Verdict::AtRisk)]
#[case::midnight_in_ha_noi("2025-09-14T17:00:00Z", true, Verdict::NotMet)]
fn at_risk_until_the_last_day_has_ended(#[case] as_of: &str, #[case] over: bool, #[case] verdict: Verdict) {
    assert_eq!(is_over(quarter()[2].cutoff_on, instant(as_of)), over);
    assert_eq!(figure_at(&indicator(json!({})), &[entry("a", 0, &[ratio(1, 2)])], as_of).whole.verdict, verdict);
}

#[test]
fn an_amended_target_judges_and_both_are_listed() {
    let (before, now) = (indicator(json!({})), indicator(json!({"target": target(">=", "95")})));
    let (leaves, entries) = (quarter(), [entry("a", 0, &[ratio(96, 100)])]);
    let targets = Targets::stated(&now, &[&before]);
    let question = Question { targets: &targets, ..question(&now, &leaves, AFTER) };
    let whole = aggregate(&question, &slots(&entries, &leaves)).whole;
    assert_eq!(whole.verdict, Verdict::Met);
    assert_eq!(whole.target.and_then(|target| target.value).as_deref(), Some("95"));
    assert_eq!(whole.targets.iter().filter_map(|target| target.value.as_deref()).collect::<Vec<_>>(), ["100", "95"]);
}

#[test]
fn an_amendment_that_leaves_the_target_alone_lists_nothing() {
    let (indicator, leaves) = (indicator(json!({})), quarter());
    let targets = Targets::stated(&indicator, &[&indicator, &indicator]);
    let question = Question { targets: &targets, ..question(&indicator, &leaves, AFTER) };
    assert!(aggregate(&question, &[]).whole.targets.is_empty());
}

#[rstest]
#[case::each("each", json!("100"))]
#[case::without_a_number_for_the_pool("each", json!(null))]
#[case::pooled("pooled", json!("100"))]
fn the_only_field_and_its_pool_show_the_same_digits(#[case] judged: &str, #[case] at: Json) {
    let field = json!({"code": "tnmt", "target": target(">=", "99.991")});
    let pool = json!({"comparator": ">=", "value": at, "source": "plan"});
    let indicator = indicator(json!({"fields_judged": judged, "target": pool, "fields": [field]}));
    for (n, d) in [(25_001, 25_003), (99_996, 100_000), (1, 3), (7, 7)] {
        let figure = figure(&indicator, &[entry("a", 0, &[of_field("tnmt", ratio(n, d))])]);
        assert_eq!(figure.fields[0].standing.value, figure.whole.value, "{n}/{d}");
    }
}

#[test]
fn no_figure_where_nothing_is_covered() {
    let indicator = indicator(json!({"kind": "count", "counts": "initiatives", "target": target(">=", "3")}));
    let figure = aggregate(&Question { recognised: Some(5), ..question(&indicator, &[], AFTER) }, &[]);
    assert_eq!((figure.covers, figure.whole.count, figure.whole.verdict), (None, None, Verdict::NotOwed));
}

#[rstest]
#[case::met("<=", "5", ratio(5, 100), None, Some(0))]
#[case::too_many("<=", "5", ratio(9, 100), None, Some(4))]
#[case::strict("<", "5", ratio(5, 100), None, Some(1))]
#[case::more_is_better(">=", "5", ratio(3, 100), Some(2), None)]
fn what_is_too_much_is_told_where_less_is_better(
    #[case] comparator: &str,
    #[case] at: &str,
    #[case] value: Json,
    #[case] missing: Option<i128>,
    #[case] excess: Option<i128>,
) {
    let whole = figure(&indicator(json!({"target": target(comparator, at)})), &[entry("a", 0, &[value])]).whole;
    assert_eq!((units(whole.missing_to_target), units(whole.excess_over_target)), (missing, excess));
}

#[test]
fn a_numerator_that_may_exceed_can_always_reach_its_target() {
    let indicator = indicator(json!({"may_exceed": true, "target": target(">=", "150")}));
    let whole = figure(&indicator, &[entry("a", 0, &[ratio(120, 100)])]).whole;
    assert_eq!(units(whole.missing_to_target), Some(30));
}

#[rstest]
#[case::half_a_ratio(json!({}), json!({"state": "reported", "numerator": 1}))]
#[case::nothing_to_divide_by(json!({}), ratio(0, 0))]
#[case::another_kind(json!({"kind": "count"}), ratio(1, 2))]
#[case::an_unknown_level(
    json!({"kind": "level", "levels": ["done"], "target": target(">=", "done")}), json!({"state": "reported", "level": "?"})
)]
#[case::a_total_over_fields(json!({"fields": [{"code": "khac"}]}), ratio(1, 2))]
fn a_figure_that_cannot_be_read_is_missing(#[case] changes: Json, #[case] value: Json) {
    let figure = figure(&indicator(changes), &[entry("a", 0, &[value])]);
    assert_eq!((figure.whole.verdict, figure.coverage.reported), (Verdict::NoData, 0));
    assert_eq!(figure.coverage.missing[0].unit, "a");
}

#[test]
fn sums_outgrow_64_bits_without_loss() {
    let most = thidua::exact::WHOLE_MOST;
    let entries: Vec<_> = (0..2_000).map(|u| entry(&format!("u{u}"), 0, &[ratio(most, most)])).collect();
    let figure = figure(&indicator(json!({})), &entries);
    let json = serde_json::to_value(&figure).expect("JSON");
    assert_eq!(json["numerator"], (i128::from(most) * 2_000).to_string());
    assert_eq!(json["missing_to_target"], 0);
    assert_eq!(serde_json::from_value::<thidua::progress::Figure>(json).expect("a figure"), figure);
}

#[test]
fn without_a_goal_two_decimals_do() {
    assert_eq!(shown(&thidua::exact::ratio(99_996, 1_000), &[]), "100.00");
}
