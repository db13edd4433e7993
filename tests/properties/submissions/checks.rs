//! Checks: a content at random, of the indicators of both shipped plans, right or wrong in any place.

use std::{collections::BTreeSet, sync::LazyLock};

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value as Json, json};
use thidua::{
    finding::Finding,
    movements::plan::{Indicator, IndicatorKind, Plan},
    submissions::{Content, Value, check_draft, check_submit},
};

/// Every kind of indicator, with and without fields; the last two are known and not owed.
static INDICATORS: LazyLock<Vec<Indicator>> = LazyLock::new(|| {
    let plans =
        [include_str!("../../../plans/hong-van-2025-h2.json"), include_str!("../../../plans/example-calendar.json")];
    let plans = plans.map(|text| serde_json::from_str::<Plan>(text).unwrap());
    let all: Vec<Indicator> = plans.into_iter().flat_map(|plan| plan.indicators).collect();
    let pick = |code: &str| all.iter().find(|indicator| indicator.code == code).unwrap().clone();
    let codes =
        ["CCHC-01", "CCHC-02", "CCHC-05", "CCHC-15", "CCHC-19", "CDS-01", "CDS-03", "CDS-08", "CCHC-18", "CDS-07"];
    codes.map(pick).into()
});

const OWED: usize = 8;

fn any_number() -> impl Strategy<Value = i64> {
    prop_oneof![8 => 0..20i64, 1 => Just(-1), 1 => Just(i64::MAX)]
}

/// Members of a value of the indicator: mostly those of its kind, sometimes others.
fn any_members(indicator: &Indicator) -> impl Strategy<Value = Json> + use<> {
    let levels = indicator.levels.clone();
    let level = if levels.is_empty() { "done".into() } else { levels[levels.len() - 1].clone() };
    let kind = indicator.kind;
    (any_number(), any_number(), prop::bool::weighted(0.05), prop::bool::weighted(0.05)).prop_map(
        move |(n, d, foreign, lacking)| {
            let mut members = match kind {
                IndicatorKind::Ratio => json!({"numerator": n, "denominator": d}),
                IndicatorKind::Count => json!({"count": n}),
                IndicatorKind::Level => json!({"level": if n % 3 == 0 { "never".into() } else { level.clone() }}),
                IndicatorKind::Index => json!({"value": format!("{}.5", n % 100)}),
                IndicatorKind::Rank => json!({"rank": n, "population": d}),
            };
            if foreign {
                members["count"] = json!(n);
            }
            if lacking {
                members = json!({});
            }
            members
        },
    )
}

fn any_value() -> impl Strategy<Value = Value> {
    let states = ["reported", "reported", "reported", "none_arose", "not_applicable", "absent"];
    let drawn = (0..10usize, select(states.to_vec()), 0..5usize, prop::bool::weighted(0.7), prop::bool::weighted(0.1));
    drawn.prop_flat_map(|(which, state, field, explained, estimated)| {
        let indicator = &INDICATORS[which];
        any_members(indicator).prop_map(move |members| {
            let mut value = json!({"indicator": indicator.code, "state": state});
            if state == "reported" {
                value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            }
            match indicator.fields.get(field) {
                Some(field) => value["field"] = json!(field.code),
                None if field == 4 => value["field"] = json!("y-te"),
                None => {}
            }
            if explained {
                value["explanation"] = json!("Theo sổ theo dõi");
            }
            value["estimated"] = json!(estimated);
            serde_json::from_value(value).unwrap()
        })
    })
}

/// A content that passes: every owed answer in some state, right and explained.
pub fn any_passing() -> impl Strategy<Value = Content> {
    let answers = vec((0..4u8, 1..50i64, 0..50i64), 16);
    answers.prop_map(|drawn| {
        let mut drawn = drawn.into_iter();
        let mut values = Vec::new();
        for indicator in &INDICATORS[..OWED] {
            let fields: Vec<Option<String>> = match indicator.fields.is_empty() {
                true => vec![None],
                false => indicator.fields.iter().map(|field| Some(field.code.clone())).collect(),
            };
            for field in fields {
                let (state, d, n) = drawn.next().unwrap();
                values.push(passing(indicator, field, state, n.min(d), d));
            }
        }
        Content { values, ..Content::default() }
    })
}

fn passing(indicator: &Indicator, field: Option<String>, state: u8, n: i64, d: i64) -> Value {
    let states = ["none_arose", "not_applicable", "absent", "reported"];
    let mut value = json!({"indicator": indicator.code, "field": field, "state": states[usize::from(state)],
        "explanation": "Theo sổ theo dõi"});
    if state == 3 {
        let members = match indicator.kind {
            IndicatorKind::Ratio => json!({"numerator": n, "denominator": d}),
            IndicatorKind::Count => json!({"count": n}),
            IndicatorKind::Level => json!({"level": indicator.levels[0]}),
            IndicatorKind::Index => json!({"value": "91.25"}),
            IndicatorKind::Rank => json!({"rank": n.max(1), "population": d}),
        };
        value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    }
    serde_json::from_value(value).unwrap()
}

fn any_content() -> impl Strategy<Value = Content> {
    let some = vec(any_value(), 0..24).prop_map(|values| Content { values, ..Content::default() });
    let nearly = (any_passing(), vec(any_value(), 0..2)).prop_map(|(mut content, more)| {
        content.values.extend(more);
        content
    });
    (prop_oneof![some, nearly, any_passing()], prop::bool::weighted(0.05))
        .prop_map(|(content, secret)| Content { secret, ..content })
}

fn checked(content: &Content) -> (Vec<Finding>, Vec<Finding>) {
    let owed: Vec<&Indicator> = INDICATORS[..OWED].iter().collect();
    let none = BTreeSet::new();
    (check_draft(content, &owed, &INDICATORS, &none), check_submit(content, &owed, &INDICATORS, &none))
}

/// What is said, and of which indicator, wherever it stands.
fn told(findings: &[Finding]) -> BTreeSet<(&'static str, Option<&String>)> {
    findings.iter().map(|finding| (finding.code, finding.args.get("indicator"))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn submitting_tells_all_that_drafting_tells(content in any_content()) {
        let (draft, submit) = checked(&content);
        prop_assert!(draft.iter().all(|finding| submit.contains(finding)));
        prop_assert!(draft.iter().chain(&submit).all(|finding| !finding.warning), "each of them stops");
    }

    #[test]
    fn what_passes_answers_every_owed_indicator_once(content in any_content()) {
        let (_, submit) = checked(&content);
        if submit.is_empty() {
            for indicator in &INDICATORS[..OWED] {
                let mine: Vec<_> = content.values.iter().filter(|value| value.indicator == indicator.code).collect();
                let whole = mine.iter().filter(|value| value.field.is_none()).count();
                prop_assert!(whole == 1 && mine.len() == 1 || whole == 0 && mine.len() == indicator.fields.len());
            }
            let known = |value: &Value| INDICATORS[..OWED].iter().any(|indicator| indicator.code == value.indicator);
            prop_assert!(content.values.iter().all(known) && !content.secret);
        }
    }

    #[test]
    fn a_whole_and_right_report_passes(content in any_passing()) {
        let (draft, submit) = checked(&content);
        prop_assert!(draft.is_empty() && submit.is_empty(), "{submit:?}");
    }

    #[test]
    fn an_answer_left_out_is_missed(content in any_passing(), at in any::<prop::sample::Index>()) {
        let mut content = content;
        let gone = content.values.remove(at.index(content.values.len()));
        let (draft, submit) = checked(&content);
        prop_assert!(draft.is_empty());
        prop_assert_eq!(submit.len(), 1);
        prop_assert_eq!((submit[0].code, submit[0].args.get("indicator")), ("value_missing", Some(&gone.indicator)));
    }

    #[test]
    fn the_order_of_the_values_does_not_matter(
        (content, shuffled) in any_content().prop_flat_map(|content| {
            let shuffled = Just(content.values.clone()).prop_shuffle();
            (Just(content), shuffled)
        }),
    ) {
        let other = Content { values: shuffled, ..content.clone() };
        let ((draft, submit), (other_draft, other_submit)) = (checked(&content), checked(&other));
        prop_assert_eq!(told(&draft), told(&other_draft));
        prop_assert_eq!(told(&submit), told(&other_submit));
    }

    #[test]
    fn words_never_hurt(content in any_content()) {
        let mut explained = content.clone();
        explained.values.iter_mut().for_each(|value| value.explanation = Some("Có giải trình".into()));
        prop_assert!(told(&checked(&explained).1).is_subset(&told(&checked(&content).1)));
    }

    #[test]
    fn findings_point_into_what_was_sent(content in any_content()) {
        let sent = serde_json::to_value(&content).unwrap();
        for finding in checked(&content).1 {
            let parent = finding.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            prop_assert!(sent.pointer(parent).is_some(), "{} in {sent}", finding.pointer);
        }
    }

    #[test]
    fn secret_is_always_refused(content in any_content()) {
        let secret = Content { secret: true, ..content };
        prop_assert!(checked(&secret).0.iter().any(|finding| finding.code == "secret_refused"));
    }
}
