//! Each kind of criterion, and each way of comparing, by tables.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::{
    exact::{Fraction, round_up},
    movements::plan::Stage,
    progress::Verdict::{self, *},
    rankings::{Candidate, Entry, Figures, Output, ReasonCode, Reports, Standing, compare, explain, rank},
};

use super::build::*;

/// What one candidate comes to under these criteria: its entry, or why there is none.
fn judge(over: Value, criteria: Value, candidate: Candidate) -> Result<Entry, Vec<ReasonCode>> {
    let mut output = rank(&inputs(over, &[criteria], vec![candidate]));
    match output.entries.pop() {
        Some(entry) => Ok(entry),
        None => Err(output.ineligible[0].reasons.iter().map(|reason| reason.code).collect()),
    }
}

fn total(judged: Result<Entry, Vec<ReasonCode>>) -> Result<String, Vec<ReasonCode>> {
    judged.map(|entry| entry.total_exact.to_string())
}

fn council(combine: &str, trim: u32, min_ballots: u32) -> Value {
    json!({"council": {"quorum": "2/3", "pass": ">1/2", "of": "all", "ballot": "open", "combine": combine,
                       "trim": trim, "min_ballots": min_ballots}})
}

#[rstest]
#[case::passed(Some(true), Ok("5"))]
#[case::failed(Some(false), Err(vec![ReasonCode::GateFailed]))]
#[case::unanswered(None, Err(vec![ReasonCode::GateUnanswered]))]
fn a_gate_lets_through_or_says_why(#[case] passed: Option<bool>, #[case] expected: Result<&str, Vec<ReasonCode>>) {
    let criteria = json!([criterion("g", "gate", "", json!({})), criterion("a", "assessed", "9", json!({}))]);
    let candidate = Candidate { assessments: vec![gate("g", passed), appraised("a", "5")], ..candidate("an") };
    assert_eq!(total(judge(json!({}), criteria, candidate)), expected.map(str::to_owned));
}

#[rstest]
#[case::all_met(&[("A", Met, None), ("B", Met, Some("1/2"))], "zero", Ok("40"))]
#[case::weighted_two_to_one(&[("A", NotMet, Some("1/2")), ("B", Met, None)], "zero", Ok("80/3"))]
#[case::nothing_arose_is_renormalised(&[("A", NoneArose, None), ("B", NotMet, Some("3/4"))], "zero", Ok("30"))]
#[case::excluded(&[("A", NotApplicable, None), ("B", Met, None), ("C", NotEvaluable, None)], "zero", Ok("40"))]
#[case::below_floor_counts(&[("B", BelowFloor, Some("1/4")), ("C", AtRisk, Some("3/4"))], "zero", Ok("20"))]
#[case::no_data_as_zero(&[("A", NoData, None), ("B", Met, None)], "zero", Ok("40/3"))]
#[case::no_data_excluded(&[("A", NoData, None), ("B", Met, None)], "exclude", Ok("40"))]
#[case::no_data_ineligible(&[("A", NoData, None), ("B", Met, None)], "ineligible", Err(vec![ReasonCode::NoData]))]
#[case::without_weight(&[("Z", NotMet, Some("0")), ("B", Met, None)], "ineligible", Ok("40"))]
#[case::nothing_left(&[("A", NoneArose, None)], "zero", Err(vec![ReasonCode::NoData]))]
fn indicators_weigh_what_was_attained(
    #[case] figures: &[(&str, Verdict, Option<&str>)],
    #[case] missing: &str,
    #[case] expected: Result<&str, Vec<ReasonCode>>,
) {
    let more = json!({"weights": {"A": "2", "Z": "0"}, "otherwise": "1", "missing": missing});
    let attained = figures.iter().map(|(code, verdict, share)| attained(code, *verdict, *share)).collect();
    let judged =
        judge(json!({}), json!([criterion("i", "indicators", "40", more)]), Candidate { attained, ..candidate("an") });
    assert_eq!(total(judged), expected.map(str::to_owned));
}

#[test]
fn only_the_span_of_the_criterion_is_judged() {
    let mut candidate = candidate("an");
    candidate.attained = vec![attained("A", NotMet, Some("1/2")), attained("A", Met, None)];
    candidate.attained[0].period = Some("2025-H2".into());
    candidate.attained[1].period = Some("2025-Q3".into());
    let criteria = json!([criterion("i", "indicators", "40", json!({"period": "2025-H2"}))]);
    assert_eq!(total(judge(json!({}), criteria, candidate)), Ok("20".into()));
}

#[test]
fn what_is_excluded_is_listed_with_why() {
    let attained = vec![attained("B", NoneArose, None), attained("A", NotMet, Some("365/371"))];
    let criteria = json!([criterion("i", "indicators", "40", json!({}))]);
    let entry = judge(json!({}), criteria, Candidate { attained, ..candidate("an") }).unwrap();
    assert_eq!(
        serde_json::to_value(&entry.criteria[0]).unwrap(),
        json!({"code": "i", "kind": "indicators", "points": "39.35", "points_exact": "14600/371", "max": "40",
               "attainment": "365/371",
               "counted": [{"indicator": "A", "verdict": "not_met", "weight": "1", "attainment": "365/371"}],
               "excluded": [{"indicator": "B", "why": "none_arose"}]})
    );
}

#[rstest]
#[case::mean("mean", 0, 3, &["8", "9", "9"], Some("26/3"))]
#[case::median_odd("median", 0, 1, &["9", "1", "8"], Some("8"))]
#[case::median_even("median", 0, 1, &["9", "1", "8", "7"], Some("15/2"))]
#[case::trimmed("trimmed_mean", 1, 3, &["10", "0", "8", "9", "9"], Some("26/3"))]
#[case::trimmed_to_one("trimmed_mean", 1, 3, &["10", "0", "7"], Some("7"))]
#[case::trimmed_to_nothing("trimmed_mean", 2, 3, &["10", "0", "7", "8"], None)]
#[case::trimmed_past_nothing("trimmed_mean", 2, 0, &["10"], None)]
#[case::too_few("mean", 0, 3, &["8", "9"], None)]
#[case::none_at_all("median", 0, 0, &[], None)]
fn a_council_combines_its_ballots(
    #[case] combine: &str,
    #[case] trim: u32,
    #[case] min: u32,
    #[case] ballots: &[&str],
    #[case] expected: Option<&str>,
) {
    let members = ballots.iter().enumerate();
    let mut assessments: Vec<_> =
        members.map(|(n, given)| points("c", Stage::Council, &format!("member {n}"), given)).collect();
    assessments.push(appraised("c", "1"));
    let criteria = json!([criterion("c", "assessed", "10", json!({"from": "council"}))]);
    let judged = judge(council(combine, trim, min), criteria, Candidate { assessments, ..candidate("an") });
    assert_eq!(total(judged), expected.map(str::to_owned).ok_or(vec![ReasonCode::DossierIncomplete]));
}

#[rstest]
#[case::appraisal("appraisal", Ok("7"))]
#[case::own("self", Ok("9"))]
#[case::council("council", Err(vec![ReasonCode::DossierIncomplete]))]
fn the_named_stage_counts(#[case] from: &str, #[case] expected: Result<&str, Vec<ReasonCode>>) {
    let assessments = vec![points("a", Stage::Own, "an", "9"), appraised("a", "7")];
    let criteria = json!([criterion("a", "assessed", "10", json!({"from": from}))]);
    let judged = judge(json!({}), criteria, Candidate { assessments, ..candidate("an") });
    if let Ok(Figures::Assessed(figures)) = judged.as_ref().map(|entry| &entry.criteria[0].figures) {
        assert_eq!(figures.self_points, Some(decimal("9")));
    }
    assert_eq!(total(judged), expected.map(str::to_owned));
}

#[test]
fn zero_is_a_score_and_absent_is_not() {
    let criteria = json!([criterion("a", "assessed", "10", json!({}))]);
    let zero = Candidate { assessments: vec![appraised("a", "0")], ..candidate("an") };
    assert_eq!(total(judge(json!({}), criteria.clone(), zero)), Ok("0".into()));
    assert_eq!(total(judge(json!({}), criteria, candidate("an"))), Err(vec![ReasonCode::DossierIncomplete]));
}

#[rstest]
#[case::none(&[], "0", None)]
#[case::by_level(&["commune", "unit"], "7", None)]
#[case::capped(&["commune", "commune", "unit"], "10", Some("12"))]
#[case::unknown_level(&["unit", "province"], "2", None)]
fn initiatives_count_by_level(#[case] levels: &[&str], #[case] expected: &str, #[case] uncapped: Option<&str>) {
    let initiatives = levels.iter().zip(1..).map(|(level, id)| initiative(id, level)).collect();
    let criteria = json!([criterion("s", "initiatives", "10", json!({"points": {"commune": "5", "unit": "2"}}))]);
    let entry = judge(json!({}), criteria, Candidate { initiatives, ..candidate("an") }).unwrap();
    let Figures::Initiatives(figures) = &entry.criteria[0].figures else { panic!("{entry:?}") };
    assert_eq!((entry.total_exact, &figures.uncapped), (fraction(expected), &uncapped.map(fraction)));
    assert_eq!(figures.initiatives.len(), levels.len());
    assert!(figures.initiatives.iter().all(|one| one.points.is_none() == (one.level == "province")));
}

#[rstest]
#[case::all_in_time(6, 6, 0, Ok("10"))]
#[case::excused_counts_as_in_time(6, 3, 1, Ok("20/3"))]
#[case::none_in_time(6, 0, 0, Ok("0"))]
#[case::nothing_due_and_nothing_else(0, 0, 0, Err(vec![ReasonCode::NoData]))]
fn reports_in_time_count(
    #[case] due: u32,
    #[case] on_time: u32,
    #[case] excused: u32,
    #[case] expected: Result<&str, Vec<ReasonCode>>,
) {
    let candidate = Candidate { reporting: Reports { due, on_time, excused }, ..candidate("an") };
    let judged = judge(json!({}), json!([criterion("r", "reporting", "10", json!({}))]), candidate);
    assert_eq!(total(judged), expected.map(str::to_owned));
}

#[rstest]
#[case::neither(None, None, "6", None)]
#[case::both(Some("2"), Some("1.5"), "13/2", None)]
#[case::bonus_is_bounded(Some("9"), None, "9", None)]
#[case::penalty_is_bounded(None, Some("99"), "0", Some("-2"))]
fn bonus_and_penalty_stand_outside_the_maximum(
    #[case] bonus: Option<&str>,
    #[case] penalty: Option<&str>,
    #[case] expected: &str,
    #[case] before_floor: Option<&str>,
) {
    let criteria = json!([
        criterion("a", "assessed", "10", json!({})),
        criterion("b", "bonus", "3", json!({})),
        criterion("p", "penalty", "8", json!({})),
    ]);
    let mut assessments = vec![appraised("a", "6")];
    assessments.extend(bonus.map(|given| appraised("b", given)));
    assessments.extend(penalty.map(|given| appraised("p", given)));
    let entry = judge(json!({}), criteria, Candidate { assessments, ..candidate("an") }).unwrap();
    assert_eq!((entry.total_exact, entry.before_floor), (fraction(expected), before_floor.map(fraction)));
}

#[test]
fn a_dropped_criterion_scales_the_rest_but_not_the_bonus() {
    let criteria = json!([
        criterion("a", "assessed", "60", json!({})),
        criterion("i", "indicators", "30", json!({})),
        criterion("r", "reporting", "10", json!({})),
        criterion("b", "bonus", "5", json!({})),
    ]);
    let assessments = vec![appraised("a", "50"), appraised("b", "1")];
    let reporting = Reports { due: 2, on_time: 1, excused: 0 };
    let entry = judge(json!({}), criteria, Candidate { assessments, reporting, ..candidate("an") }).unwrap();
    // (50 + 5) × 100 / 70 + 1
    assert_eq!((entry.total_exact, entry.total.as_str()), (fraction("557/7"), "79.57"));
    let scale = entry.scale.unwrap();
    assert_eq!((scale.full_max, scale.remaining_max), (fraction("100"), fraction("70")));
    assert_eq!(scale.dropped, ["i"]);
    assert!(entry.criteria[1].dropped && entry.criteria[1].points.is_none());
}

#[test]
fn a_candidate_without_criteria_or_with_a_hold_hears_every_reason() {
    let criteria = json!([criterion("a", "assessed", "9", json!({}))]);
    let stranger = Candidate { group: None, held: Some("complaint".into()), ..candidate("an") };
    let reasons = Err(vec![ReasonCode::Held, ReasonCode::NoCriteria]);
    assert_eq!(total(judge(json!({}), criteria.clone(), stranger)), reasons);
    assert_eq!(total(judge(json!({}), json!([]), candidate("an"))), Err(vec![ReasonCode::NoCriteria]));
    let held = Candidate { held: Some("complaint".into()), ..candidate("an") };
    assert_eq!(total(judge(json!({}), criteria, held)), Err(vec![ReasonCode::Held, ReasonCode::DossierIncomplete]));
}

/// One candidate for each number of appraised points, `c0` first.
fn ranked(over: Value, given: &[&str]) -> Output {
    let candidates = given.iter().enumerate();
    let candidates = candidates
        .map(|(n, given)| Candidate { assessments: vec![appraised("a", given)], ..candidate(&format!("c{n}")) });
    rank(&inputs(over, &[json!([criterion("a", "assessed", "100", json!({}))])], candidates.collect()))
}

fn ranks(output: &Output) -> Vec<usize> {
    output.entries.iter().map(|entry| entry.rank).collect()
}

#[test]
fn three_thirds_tie_with_one() {
    let third = rust_decimal::Decimal::ONE / rust_decimal::Decimal::from(3);
    assert_ne!(third + third + third, rust_decimal::Decimal::ONE, "a decimal library breaks this tie");
    let by = |period: &str| criterion(period, "indicators", "1", json!({ "period": period }));
    let criteria = json!([by("Q1"), by("Q2"), by("Q3"), criterion("a", "assessed", "1", json!({}))]);
    let with = |code: &str, share: &str, given: &str| {
        let mut figures = [(); 3].map(|()| attained("I", NotMet, Some(share)));
        figures.iter_mut().zip(["Q1", "Q2", "Q3"]).for_each(|(one, period)| one.period = Some(period.into()));
        Candidate { attained: figures.into(), assessments: vec![appraised("a", given)], ..candidate(code) }
    };
    let output = rank(&inputs(json!({}), &[criteria], vec![with("thirds", "1/3", "0"), with("one", "0", "1")]));
    assert_eq!(ranks(&output), [1, 1]);
    assert!(output.entries.iter().all(|entry| entry.tied && entry.total == "1.00"));
}

#[rstest]
#[case::exact(json!({"on": "exact"}), [1, 2, 3])]
#[case::two_digits(json!({"on": "rounded", "digits": 2}), [1, 2, 2])]
#[case::one_digit(json!({"on": "rounded", "digits": 1}), [1, 1, 1])]
fn totals_are_compared_as_the_plan_says(#[case] compare: Value, #[case] expected: [usize; 3]) {
    let output = ranked(json!({"ranking": {"compare": compare}}), &["50.001", "50.005", "50.0049"]);
    assert_eq!(ranks(&output), expected);
}

#[rstest]
#[case::exact(json!({"on": "exact"}), Some("tot"))]
#[case::rounded(json!({"on": "rounded", "digits": 2}), Some("xuat-sac"))]
fn the_class_follows_the_compared_total(#[case] compare: Value, #[case] expected: Option<&str>) {
    let classes = json!([{"code": "xuat-sac", "name": {"vi": "Xuất sắc"}, "from": "90"},
                         {"code": "tot", "name": {"vi": "Tốt"}, "from": "80"}]);
    let output = ranked(json!({"ranking": {"compare": compare}, "classes": classes}), &["89.996", "79.9"]);
    assert_eq!(output.entries[0].class.as_deref(), expected);
    assert_eq!(output.entries[1].class, None);
}

#[test]
fn a_tie_at_the_line_is_left_to_people() {
    let output = ranked(json!({"quota": 2}), &["91.25", "90", "90", "88.75"]);
    assert_eq!(ranks(&output), [1, 2, 2, 4]);
    let standings = output.entries.iter().map(|entry| entry.standing.unwrap());
    use Standing::*;
    assert_eq!(standings.collect::<Vec<_>>(), [WithinQuota, TiedAtCutoff, TiedAtCutoff, BelowQuota]);
    let to_reach = output.entries.iter().map(|entry| entry.to_reach_quota.as_deref());
    assert_eq!(to_reach.collect::<Vec<_>>(), [None, Some("0"), Some("0"), Some("1.25")]);
    assert_eq!(output.line.unwrap().held_by.len(), 2);
}

#[rstest]
#[case(json!(["kind:assessed"]), 1, None)]
#[case(json!(["kind:initiatives", "direct_work"]), 2, Some("direct_work"))]
#[case(json!(["direct_work", "kind:initiatives"]), 2, Some("direct_work"))]
#[case(json!(["criterion:p"]), 1, None)]
#[case(json!(["criterion:nowhere", "unheard_of"]), 1, None)]
fn tie_breakers_part_equals_in_their_order(
    #[case] ties: Value,
    #[case] second: usize,
    #[case] separated_by: Option<&str>,
) {
    let with = |code: &str, direct_work| Candidate {
        direct_work,
        assessments: vec![appraised("a", "6"), appraised("p", "1")],
        ..candidate(code)
    };
    let criteria = json!([criterion("a", "assessed", "10", json!({})), criterion("p", "penalty", "8", json!({}))]);
    let over = json!({"quota": 1, "ranking": {"ties": ties}});
    let output = rank(&inputs(over, &[criteria], vec![with("desk", false), with("field", true)]));
    assert_eq!(output.entries[1].rank, second);
    assert_eq!(output.entries[1].separated_by.as_deref(), separated_by);
    assert_eq!(compare(&output, "desk", "field").unwrap().decided_by.as_deref(), separated_by);
    assert_eq!(explain(&output, "desk").unwrap().behind_by.as_deref(), separated_by);
    assert_eq!(output.entries[1].to_reach_quota.as_deref(), Some("0"));
}

#[test]
fn a_penalty_is_a_tie_breaker_against() {
    let with = |code: &str, given, penalty| Candidate {
        assessments: vec![appraised("a", given), appraised("p", penalty)],
        ..candidate(code)
    };
    let criteria = json!([criterion("a", "assessed", "10", json!({})), criterion("p", "penalty", "8", json!({}))]);
    let over = json!({"ranking": {"ties": ["criterion:p"]}});
    let output = rank(&inputs(over, &[criteria], vec![with("faulty", "8", "3"), with("clean", "5", "0")]));
    assert_eq!(output.entries[0].candidate.code, "clean");
}

#[test]
fn an_entry_knows_which_criterion_alone_could_carry_it() {
    let output = ranked(json!({"quota": 1}), &["91.25", "90"]);
    let explained = explain(&output, "c1").unwrap();
    assert_eq!(explained.behind_by.as_deref(), Some("total"));
    assert_eq!((explained.ways[0].needed.as_str(), explained.ways[0].enough), ("1.25", true));
    assert!(explain(&output, "c0").unwrap().ways.is_empty());
    assert_eq!(explain(&output, "nobody"), None);
}

#[rstest]
#[case("365/371", Some("365/371"))]
#[case("2/4", Some("1/2"))]
#[case("-6/3", Some("-2"))]
#[case("1/0", None)]
#[case("1_0", None)]
#[case("+1", None)]
#[case("1/-2", None)]
#[case("1/2/3", None)]
#[case("", None)]
fn a_fraction_is_read_in_one_spelling(#[case] text: &str, #[case] expected: Option<&str>) {
    let read = text.parse::<Fraction>().ok().map(|fraction| fraction.to_string());
    assert_eq!(read.as_deref(), expected);
}

#[rstest]
#[case("5/4", "1.25")]
#[case("1/3", "0.33333334")]
#[case("100", "100")]
#[case("0", "0")]
fn a_gap_is_rounded_up(#[case] gap: &str, #[case] expected: &str) {
    assert_eq!(round_up(&fraction(gap).0), expected);
}
