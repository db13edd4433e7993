//! A body that does not fit: everything is found at once, and every message is whole.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::Index};
use rstest::rstest;
use serde_json::{Value, json};
use thidua::{
    http::{self, Error, Locale},
    movements::plan::Plan,
    quantity::{self, Quantity},
};

const PLAN: &str = include_str!("../../plans/example-calendar.json");

fn refused(plan: &Value) -> Vec<(String, &'static str)> {
    let error = http::read::<Plan>(plan.to_string().as_bytes()).expect_err("it does not fit");
    assert_eq!(error.code(), "body_invalid");
    error.findings().iter().map(|finding| (finding.pointer.clone(), finding.code)).collect()
}

/// The places of every member that the format needs, or that has a type: none of them takes a list of lists.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let at = format!("{at}/{}", name.replace('/', "~1"));
            found.push(at.clone());
            places(value, &at, found);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| places(value, &format!("{at}/{n}"), found))
        }
        _ => {}
    }
}

#[test]
fn all_type_errors_of_a_plan_come_at_once() {
    let mut plan: Value = serde_json::from_str(PLAN).unwrap();
    plan["span"]["from"] = json!("1/1/2026");
    plan["indicators"][0]["kind"] = json!("tỷ lệ");
    plan["indicators"][0]["target"]["value"] = json!(80);
    plan["indicators"][1].as_object_mut().unwrap().remove("direction");
    plan["indicators"][2]["unti"] = json!("buổi");
    plan["indicators"][3]["reported_by"] = json!("office");
    plan["reporting"]["due"] = json!("ba ngày");
    plan["groups"][0]["criteria"][2]["max"] = json!(40);
    plan["awards"][0]["quota"] = json!("năm");
    plan["awards"][0].as_object_mut().unwrap().remove("ranking");
    let mut found = refused(&plan);
    found.sort();
    let expected = [
        ("/awards/0/quota", "wrong_type"),
        ("/awards/0/ranking", "missing_field"),
        ("/groups/0/criteria/2/max", "wrong_type"),
        ("/indicators/0/kind", "wrong_type"),
        ("/indicators/0/target/value", "wrong_type"),
        ("/indicators/1/direction", "missing_field"),
        ("/indicators/2/unti", "unknown_field"),
        ("/indicators/3/reported_by", "wrong_type"),
        ("/reporting/due", "wrong_type"),
        ("/span/from", "wrong_type"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn what_may_be_of_several_types_is_told_where_it_is_none_of_them() {
    let mut plan: Value = serde_json::from_str(PLAN).unwrap();
    plan["awards"][0]["quota"] = json!({"share": 10, "off": "units"});
    plan["awards"][0]["eligible"] = json!({"all": [{"indicator": "CDS-01", "is": 1}]});
    plan["awards"][1]["quota"] = json!(-1);
    let expected = [
        ("/awards/0/quota/share", "wrong_type"),
        ("/awards/0/quota/off", "unknown_field"),
        ("/awards/0/eligible/all/0/is", "wrong_type"),
        ("/awards/1/quota", "wrong_type"),
    ];
    let mut found = refused(&plan);
    found.sort();
    let mut expected = expected.map(|(pointer, code)| (pointer.to_owned(), code));
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_target_that_is_neither_a_text_nor_made_of_a_base_is_told_where_it_is_not() {
    let mut plan: Value = serde_json::from_str(PLAN).unwrap();
    plan["indicators"][2]["targets"] =
        json!([{"unit": "to-1", "value": 85}, {"unit": "to-2", "value": {"base": "2025", "time": "1"}}]);
    let expected =
        [("/indicators/2/targets/0/value", "wrong_type"), ("/indicators/2/targets/1/value/time", "unknown_field")];
    assert_eq!(refused(&plan), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[rstest]
#[case(json!([]))]
#[case(json!("plan"))]
#[case(json!(null))]
fn what_is_no_plan_at_all_is_one_finding(#[case] body: Value) {
    assert_eq!(refused(&body), [(String::new(), "wrong_type")]);
}

#[derive(Debug, serde::Deserialize)]
struct Said {
    #[serde(deserialize_with = "quantity::handed_in")]
    count: Option<Quantity>,
}

#[rstest]
#[case(json!("1,5"))]
#[case(json!(1.5))]
#[case(json!("1e3"))]
#[case(json!(""))]
fn a_number_that_may_have_decimals_is_told_in_both_its_forms(#[case] count: Value) {
    let read = http::read::<Said>(json!({ "count": count }).to_string().as_bytes());
    let error = read.map(|said| said.count).expect_err("it is no number");
    let cause = |language: &str| error.findings()[0].args[language].clone();
    assert_eq!(error.findings()[0].code, "wrong_type");
    assert!(
        cause("cause_vi").ends_with("phải là số nguyên như 5, hoặc chuỗi như \"1.5\" nếu chỉ tiêu có phần thập phân")
    );
    assert!(cause("cause_en").ends_with("a text such as \"1.5\" where the indicator has decimals"));
}

#[test]
fn an_empty_object_lacks_every_member_once() {
    let found = refused(&json!({}));
    assert!(found.len() >= 7 && found.iter().all(|(_, code)| *code == "missing_field"), "{found:?}");
    assert!(found.contains(&("/span".to_owned(), "missing_field")), "{found:?}");
    assert!(found.iter().all(|(pointer, _)| pointer.matches('/').count() == 1), "not what nobody wrote: {found:?}");
}

#[test]
fn a_mark_of_the_byte_order_is_no_part_of_a_file() {
    let plan = http::read::<Plan>(format!("\u{feff}{PLAN}").as_bytes()).expect("a plan");
    assert_eq!(plan, http::read::<Plan>(PLAN.as_bytes()).expect("a plan"));
    let twice = http::read::<Plan>(format!("\u{feff}\u{feff}{PLAN}").as_bytes()).expect_err("no JSON");
    assert_eq!(twice.code(), "malformed_json");
}

proptest! {
    /// Broken in several places, each is found, and nothing else but what lies above or below one of them.
    #[test]
    fn every_broken_place_is_found(at in prop::collection::vec(any::<Index>(), 1..6)) {
        let mut plan: Value = serde_json::from_str(PLAN).unwrap();
        let mut all = Vec::new();
        places(&plan, "", &mut all);
        let mut broken: Vec<String> = Vec::new();
        for place in at.iter().map(|at| at.get(&all).clone()) {
            let apart = |other: &String| !place.starts_with(other.as_str()) && !other.starts_with(&place);
            // Weights and points are maps of the plan's own codes.
            if broken.iter().all(apart) {
                *plan.pointer_mut(&place).unwrap() = json!([[["không hợp"]]]);
                broken.push(place);
            }
        }
        let found = refused(&plan);
        for place in &broken {
            let near = |(pointer, _): &(String, _)| pointer.starts_with(place.as_str());
            prop_assert!(found.iter().any(near), "{place} in {found:?}");
        }
        for (pointer, _) in &found {
            prop_assert!(broken.iter().any(|place| pointer.starts_with(place.as_str())), "{pointer} of {broken:?}");
        }
    }
}

/// Whatever a rule forgets to name, no reader sees a placeholder.
#[rstest]
fn no_message_shows_a_placeholder(#[values(Locale::Vi, Locale::En)] locale: Locale) {
    for entry in http::entries() {
        let text = http::fill(entry.message(locale), &BTreeMap::new());
        assert!(!text.contains(['{', '}']), "{}: {text}", entry.code);
        let named = Error::of(entry.code.as_str()).message(locale);
        // Without a tag to name it has other words.
        assert!(named == text || entry.code == "precondition_failed" && !named.contains(['{', '}', '–']), "{named}");
    }
    let args = BTreeMap::from([("code", "a{b}".to_owned())]);
    assert_eq!(http::fill("{code} và {không} {x}.", &args), "a{b} và {không} –.");
}

#[rstest]
#[case("Ô {cell} để trống. Điền ô này.", "Ô để trống. Điền ô này.")]
#[case("The cell {cell} is blank. Fill it in.", "The cell is blank. Fill it in.")]
#[case("Số trong ô {cell} («{content}») quá lớn. Kiểm tra lại số.", "Số trong ô («9») quá lớn. Kiểm tra lại số.")]
#[case("Không có. {advice_vi}Xem lại.", "Không có. Xem lại.")]
fn a_cell_without_an_address_leaves_no_gap(#[case] message: &str, #[case] told: &str) {
    for cell in [None, Some("")] {
        let mut args = BTreeMap::from([("content", "9".to_owned())]);
        args.extend(cell.map(|cell| ("cell", cell.to_owned())));
        assert_eq!(http::fill(message, &args), told);
    }
}
