//! The plans that ship: they read, keep everything through the types, satisfy the published schema, and lint as told.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::movements::{
    lint::lint,
    plan::{Plan, Share},
    schema::plan_schema,
};

const HONG_VAN: &str = include_str!("../../plans/hong-van-2025-h2.json");
const EXAMPLE: &str = include_str!("../../plans/example-calendar.json");
const BLOOD: &str = include_str!("../../plans/hien-mau-hau-giang.json");
const CONTRACT: &str = include_str!("../../plans/imihigo-ngoma.json");
const CASHLESS: &str = include_str!("../../plans/chi-tra-khong-tien-mat-can-tho.json");
const HEADS: &str = include_str!("../../plans/nguoi-dung-dau-hai-phong.json");
const SCHEMA: &str = include_str!("../../plans/plan.schema.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Whether everything in `part` stands unchanged in `whole`; `whole` may spell out defaults on top.
fn held(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part.iter().all(|(key, part)| held(part, &whole[key])),
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(part, whole)| held(part, whole))
        }
        _ => part == whole,
    }
}

#[test]
fn the_committed_schema_is_the_types() {
    assert_eq!(plan_schema(), SCHEMA, "write the output of movements::schema::plan_schema to plans/plan.schema.json");
    assert_eq!(json(SCHEMA)["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[rstest]
fn a_shipped_plan_satisfies_the_schema_and_loses_nothing(
    #[values(HONG_VAN, EXAMPLE, BLOOD, CONTRACT, CASHLESS, HEADS)] text: &str,
) {
    let schema = jsonschema::validator_for(&json(SCHEMA)).unwrap();
    let plan: Plan = serde_json::from_str(text).unwrap();
    let written = serde_json::to_value(&plan).unwrap();
    for instance in [&json(text), &written] {
        let errors: Vec<_> = schema.iter_errors(instance).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    assert!(held(&json(text), &written));
    assert_eq!(serde_json::from_value::<Plan>(written).unwrap(), plan);
}

#[rstest]
#[case::hong_van(HONG_VAN, &[
    ("fact_uncertain", "/document/number"),
    ("fact_uncertain", "/document/issued_on"),
    ("target_open", "/indicators/0/target/value"),
    ("span_not_covered", "/reporting/extra_periods"),
    ("full_points_below_hundred", "/groups/0/criteria/2/weights"),
    ("full_points_below_hundred", "/groups/1/criteria/5/weights"),
    ("group_without_criteria", "/groups/5/criteria"),
    ("female_first_missing", "/awards/0/ranking/ties"),
    ("female_first_missing", "/awards/1/ranking/ties"),
])]
#[case::blood(BLOOD, &[
    ("fact_uncertain", "/document/number"),
    ("fact_uncertain", "/document/issued_on"),
    ("targets_sum_differs", "/indicators/0/targets"),
    ("female_first_missing", "/awards/0/ranking/ties"),
])]
#[case::contract(CONTRACT, &[
    ("fact_uncertain", "/document/number"),
    ("fact_uncertain", "/document/issued_on"),
    ("female_first_missing", "/awards/0/ranking/ties"),
])]
#[case::cashless(CASHLESS, &[
    ("target_open", "/indicators/5/target/value"),
    ("target_open", "/indicators/6/target/value"),
    ("group_without_criteria", "/groups/1/criteria"),
    ("group_without_criteria", "/groups/2/criteria"),
    ("proposal_after_span", "/awards/0/propose_before"),
    ("female_first_missing", "/awards/0/ranking/ties"),
    ("proposal_after_span", "/awards/1/propose_before"),
    ("female_first_missing", "/awards/1/ranking/ties"),
])]
#[case::heads(HEADS, &[
    ("proposal_after_span", "/awards/0/propose_before"),
    ("female_first_missing", "/awards/0/ranking/ties"),
])]
#[case::example(EXAMPLE, &[
    ("full_points_below_hundred", "/groups/0/criteria/1/weights"),
    ("proposal_after_span", "/awards/0/propose_before"),
    ("proposal_after_span", "/awards/1/propose_before"),
    ("proposal_after_span", "/awards/2/propose_before"),
])]
fn a_shipped_plan_lints_with_these_warnings_only(#[case] text: &str, #[case] expected: &[(&str, &str)]) {
    let findings = lint(&serde_json::from_str(text).unwrap());
    assert!(findings.iter().all(|finding| finding.warning), "{findings:#?}");
    let told: Vec<_> = findings.iter().map(|finding| (finding.code, finding.pointer.as_str())).collect();
    assert_eq!(told, expected);
}

/// The decree is in force from 01/7/2025.
#[rstest]
#[case::before("2025-06-30", false)]
#[case::from_its_day_on("2025-07-01", true)]
fn the_tie_breaker_of_the_law_is_missed_from_its_day_on(#[case] from: &str, #[case] missed: bool) {
    let mut plan: Plan = serde_json::from_str(EXAMPLE).unwrap();
    plan.span.from = from.parse().unwrap();
    let misses = |plan: &Plan| lint(plan).iter().any(|finding| finding.code == "female_first_missing");
    assert!(!misses(&plan), "the example lists it");
    plan.awards[0].ranking.ties.clear();
    assert_eq!(misses(&plan), missed);
}

/// What a plan of the first format says of its calendar, it says by the same bytes as ever.
#[test]
fn the_first_format_keeps_its_bytes() {
    let plan: Plan = serde_json::from_str(HONG_VAN).unwrap();
    let written = serde_json::to_string(&plan.reporting).unwrap();
    let expected = r#"{"source":"proposed","every":"month","windows":"nd09","due":{"working_days":3,"at":"17:00"},"late":"accept_marked","extra_periods":[]}"#;
    assert_eq!(written, expected);
    assert!(!serde_json::to_string(&plan.indicators).unwrap().contains("\"every\""));
}

#[rstest]
#[case::unknown_key("/span", json!({"from": "2025-07-01", "to": "2025-12-31", "until": "2026"}))]
#[case::number_for_a_decimal("/groups/0/criteria/1/max", json!(40))]
#[case::unknown_kind("/indicators/0/kind", json!("place"))]
#[case::other_format("/format", json!("thidua.plan/3"))]
fn the_schema_refuses(#[case] pointer: &str, #[case] value: Value) {
    let mut plan = json(HONG_VAN);
    *plan.pointer_mut(pointer).unwrap() = value;
    assert!(!jsonschema::is_valid(&json(SCHEMA), &plan));
}

#[test]
fn the_hong_van_plan_holds_the_24_lines_of_section_ii_2() {
    let plan: Plan = serde_json::from_str(HONG_VAN).unwrap();
    let expected: Vec<_> = (1..=23).map(|nth| format!("CCHC-{nth:02}")).collect();
    let codes: Vec<_> = plan.indicators.iter().map(|indicator| indicator.code.clone()).collect();
    assert_eq!(codes, expected);
    let on_time = &plan.indicators[4];
    let fields: Vec<_> =
        on_time.fields.iter().map(|field| field.target.as_ref().and_then(|t| t.value.as_deref())).collect();
    assert_eq!(fields, [Some("99"), Some("99"), None], "CCHC-05.1 is the override of two fields");
    let criteria = |code: &str| plan.groups.iter().find(|group| group.code == code).map(|group| group.criteria.len());
    assert_eq!(
        (criteria("thon-xom"), criteria("1.3")),
        (Some(0), None),
        "the plan has no section 1.3, and none is made up"
    );
}

#[rstest]
#[case("2/3", 2, 3, true)]
#[case(">=2/3", 6, 10, false)]
#[case(">1/2", 5, 10, false)]
#[case(">1/2", 6, 10, true)]
#[case("1/1", 9, 9, true)]
#[case("1/2", 0, 0, false)]
fn a_share_is_reached(#[case] share: &str, #[case] count: u32, #[case] all: u32, #[case] reached: bool) {
    assert_eq!(share.parse::<Share>().unwrap().reached(count, all), reached);
}

#[rstest]
fn these_are_no_shares(
    #[values("", "2", "0/3", "4/3", ">1/1", "1/0", "0/0", "-1/2", "+1/2", "1/2 ", "> 1/2", "50%")] text: &str,
) {
    assert!(text.parse::<Share>().is_err());
}
