//! A wording with a mistake is refused with the place of it.

use serde_json::{Value, json};
use thidua::documents::{PaperKind, Template, default_template, default_text, fields, fill, lint};

use super::sample;

fn found(paper: PaperKind, change: impl Fn(&mut Value)) -> Vec<(String, &'static str)> {
    let mut text: Value = serde_json::from_str(default_text(paper)).expect("a wording");
    change(&mut text);
    let template: Template = serde_json::from_value(text).expect("a wording");
    lint(&template).into_iter().map(|finding| (finding.pointer, finding.code)).collect()
}

fn in_decision(pointer: &str, to: Value) -> Vec<(String, &'static str)> {
    found(PaperKind::QuyetDinh, |text| *text.pointer_mut(pointer).expect("a member") = to.clone())
}

#[test]
fn every_wording_that_is_shipped_is_right_and_stays_the_same_when_it_is_written_again() {
    for paper in PaperKind::ALL {
        let template = default_template(paper);
        assert_eq!(lint(&template), [], "{paper}");
        assert_eq!(template.paper, paper);
        let again: Template =
            serde_json::from_value(serde_json::to_value(&template).expect("JSON")).expect("a wording");
        assert_eq!(again, template);
    }
}

#[test]
fn the_guide_names_every_placeholder_and_every_rule() {
    let guide = include_str!("../../../docs/papers.md");
    let names = PaperKind::ALL.into_iter().flat_map(fields).map(|field| field.name);
    let missing: Vec<&str> = names
        .filter(|name| !guide.contains(&format!("{name}}}}}`")) && !guide.contains(&format!("`{name}`: ")))
        .collect();
    assert!(missing.is_empty(), "docs/papers.md lacks {missing:?}");
    let problems: Vec<Value> = serde_json::from_str(include_str!("../../../src/problem/problems.json")).expect("JSON");
    let rules = problems.iter().filter_map(|entry| entry["code"].as_str()).filter(|code| code.starts_with("form_"));
    let unnamed: Vec<&str> = rules
        .filter(|code| !["form_expected", "form_unreadable"].contains(code) && !guide.contains(&format!("`{code}`")))
        .collect();
    assert!(unnamed.is_empty(), "docs/papers.md lacks {unnamed:?}");
}

#[test]
fn a_placeholder_of_no_name_is_refused() {
    let found = in_decision("/body/2/article", json!("Có hiệu lực từ {{ngay_ky}}."));
    assert_eq!(found, [("/body/2/article".into(), "template_placeholder_unknown")]);
    let found = in_decision("/appendices/0/body/0/table/columns/3/text", json!("{{so_vang}}"));
    assert_eq!(found, [("/appendices/0/body/0/table/columns/3/text".into(), "template_placeholder_unknown")]);
    let found = in_decision("/bases/0/each", json!("can_cu_khac"));
    assert_eq!(found[0], ("/bases/0/each".into(), "template_list_unknown"));
}

#[test]
fn a_brace_that_is_missing_is_refused() {
    for broken in ["Có {{xa", "Có xa}}", "Có {{x{a}}", "{{xa}} có }} thừa"] {
        let found = in_decision("/body/2/article", json!(broken));
        assert_eq!(found, [("/body/2/article".into(), "template_braces")], "{broken}");
    }
}

#[test]
fn a_form_that_does_not_fit_is_refused() {
    let found = in_decision("/body/2/article", json!("{{xa|chu}}"));
    assert_eq!(found, [("/body/2/article".into(), "template_form_unknown")]);
    let found = in_decision("/body/2/article", json!("{{ngay|chu}} {{xa|HOA}}"));
    assert_eq!(found, [("/body/2/article".into(), "template_form_unknown")]);
}

#[test]
fn a_decision_that_names_no_signer_is_refused() {
    let found = in_decision("/signatures/0/name", json!("Nguyễn Văn An"));
    assert_eq!(found, [(String::new(), "template_placeholder_missing")]);
}

#[test]
fn a_piece_of_two_things_and_an_end_without_text_are_refused() {
    let found = in_decision("/body/2", json!({"text": "a", "heading": "b"}));
    assert_eq!(found, [("/body/2".into(), "template_piece")]);
    let found = in_decision("/body/3", json!({"heading": "Cuối"}));
    assert_eq!(found, [("/body/3".into(), "template_ends_without_text")]);
    let found = in_decision("/appendices/0/body/0/table/columns/0/width", json!(0));
    assert_eq!(found, [("/appendices/0/body/0/table/columns".into(), "template_columns")]);
}

#[test]
fn a_paper_without_one_of_its_parts_is_refused() {
    let found = found(PaperKind::GiayKhen, |text| {
        text.as_object_mut().expect("an object").remove("certificate");
    });
    assert!(found.contains(&("/certificate".into(), "template_part_missing")), "{found:?}");
    let found = in_decision("/recipients", json!([]));
    assert!(found.contains(&("/recipients".into(), "template_part_missing")), "{found:?}");
}

#[test]
fn values_that_are_missing_or_of_no_name_are_named_all_at_once() {
    let mut values = sample(PaperKind::QuyetDinh);
    values.texts.remove("nguoi_ky");
    values.lists.remove("danh_sach");
    values.texts.insert("nguoi_ki".into(), "Nguyễn Văn An".into());
    values.lists.get_mut("can_cu").expect("a list")[0].insert("so".into(), "1".into());
    let findings = fill(&default_template(PaperKind::QuyetDinh), &values).expect_err("values are missing");
    let found: Vec<(&str, &str)> = findings.iter().map(|finding| (&*finding.pointer, finding.code)).collect();
    let expected = [
        ("/lists/danh_sach", "paper_value_missing"),
        ("/texts/nguoi_ky", "paper_value_missing"),
        ("/texts/nguoi_ki", "paper_value_unknown"),
        ("/lists/can_cu", "paper_value_unknown"),
    ];
    assert_eq!(found, expected);
}
