//! Labels of codes: every list of values that an answer may hold has them, in both languages.

use std::collections::BTreeSet;

use crate::support::{TestApp, spec::MADE};
use thidua::labels::{Label, lists};

/// Lists that have no schema of their own: what may be done next, parts of a path, and levels and kinds that plans
/// define.
const OTHERS: [&str; 5] = ["action", "level", "part", "person_kind", "unit_kind"];

fn snake(name: &str) -> String {
    let mut text = String::new();
    for (place, c) in name.chars().enumerate() {
        if c.is_uppercase() && place > 0 {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

#[test]
fn every_list_of_values_has_its_labels_and_every_label_its_value() {
    let mut missing = Vec::new();
    let mut known: BTreeSet<String> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    for (name, schema) in MADE["components"]["schemas"].as_object().unwrap() {
        let Some(values) = schema["enum"].as_array() else { continue };
        let list = snake(name);
        let values: BTreeSet<&str> = values.iter().filter_map(|value| value.as_str()).collect();
        let labelled: BTreeSet<&str> =
            lists().get(&list).into_iter().flatten().map(|(code, _)| code.as_str()).collect();
        missing.extend(values.symmetric_difference(&labelled).map(|code| format!("{list}: {code}")));
        known.insert(list);
    }
    assert!(missing.is_empty(), "src/labels/labels.json lacks these, or has them for nothing: {missing:#?}");
    let idle: Vec<&String> = lists().keys().filter(|list| !known.contains(*list)).collect();
    assert!(idle.is_empty(), "labels of no list: {idle:?}");
    let blank = |label: &Label| label.0.trim().is_empty() || label.1.trim().is_empty();
    assert!(!lists().values().flat_map(|codes| codes.values()).any(blank));
}

#[test]
fn the_vocabulary_is_one_answer_that_is_cached_by_its_tag() {
    let app = TestApp::start();
    let answer = app.anon().get("/vocabulary").ok();
    let states = answer["items"].as_array().unwrap().iter().find(|list| list["list"] == "submission_state").unwrap();
    let approved = states["codes"].as_array().unwrap().iter().find(|code| code["code"] == "approved").unwrap();
    assert_eq!((approved["vi"].as_str(), approved["en"].as_str()), (Some("Đã phê duyệt"), Some("Approved")));
    let again = app.reporter("thon-1").get("/vocabulary").if_none_match(&answer.etag()).send();
    assert_eq!((again.status(), again.text().as_ref()), (304, ""));
}
