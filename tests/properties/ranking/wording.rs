//! What a run says in sentences: whole in both languages, numbers as each language writes them.

use std::{collections::BTreeSet, fs};

use proptest::prelude::*;
use regex::Regex;
use rstest::rstest;
use serde_json::json;
use thidua::{
    exact::{BigRational, Decimal},
    movements::plan::{Plan, Text},
    rankings::{
        Candidate, compare, explain, rank,
        wording::{Names, Sentence, needed, number, of_entry, of_ineligible, of_pair, say, sentences, word},
    },
};

use super::build::*;

#[rstest]
#[case("1234.56", "1.234,56", "1,234.56")]
#[case("0.5", "0,5", "0.5")]
#[case("-1234567", "-1.234.567", "-1,234,567")]
#[case("999", "999", "999")]
#[case("-999.00", "-999,00", "-999.00")]
fn a_number_is_written_as_the_language_writes_it(#[case] text: &str, #[case] vi: &str, #[case] en: &str) {
    assert_eq!(number(text), Sentence { vi: vi.to_owned(), en: en.to_owned() });
}

#[test]
fn every_template_has_both_languages_and_the_same_words() {
    let placeholder = Regex::new(r"\{([a-z]+)\}").unwrap();
    let words = |text: &str| placeholder.captures_iter(text).map(|found| found[1].to_owned()).collect::<BTreeSet<_>>();
    for (code, both) in sentences() {
        assert!(!both.0.trim().is_empty() && !both.1.trim().is_empty(), "{code}");
        assert_eq!(words(&both.0), words(&both.1), "{code}");
        assert_eq!(both.0.ends_with('.'), both.1.ends_with('.'), "{code}");
    }
}

#[test]
fn every_template_is_said_and_everything_said_has_one() {
    let folders = ["src/rankings/wording", "src/rankings/robustness"];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let text: String = files
        .filter(|file| file.extension().is_some_and(|end| end == "rs"))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let idle: Vec<_> = sentences().keys().filter(|code| !text.contains(&format!("\"{code}\""))).collect();
    assert!(idle.is_empty(), "{idle:?}");
    let said = Regex::new(r#"say\(\s*"([a-z_]+)"|\{ ?"([a-z_]+)" \}|=> "(change_[a-z_]+)""#).unwrap();
    let codes = said
        .captures_iter(&text)
        .filter_map(|found| found.iter().skip(1).flatten().next().map(|code| code.as_str().to_owned()));
    let unknown: BTreeSet<String> = codes.filter(|code| !sentences().contains_key(code)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn what_is_filled_in_is_not_read_as_a_template() {
    let said = say("gate", &[("code", word("{name} {code}"))]);
    assert_eq!(said.en, "Passed the gate «{name} {code}».");
}

#[test]
fn an_entry_tells_its_points_and_what_is_missing() {
    let one = |code: &str, given: &str| Candidate { assessments: vec![appraised("a", given)], ..candidate(code) };
    let criteria = json!([criterion("a", "assessed", "2000", json!({}))]);
    let output = rank(&inputs(json!({"quota": 1}), &[criteria], vec![one("c0", "1236.75"), one("c1", "1235.5")]));
    let said = of_entry(&output.entries[1], &explain(&output, "c1").unwrap(), &Names::default());
    let vi: Vec<&str> = said.iter().map(|one| one.vi.as_str()).collect();
    let expected = [
        "Name of c1 đứng thứ 2 với 1.235,50 điểm.",
        "Ngoài số lượng được khen (1).",
        "Xếp sau hạng liền trước theo tổng điểm.",
        "«a»: 1.235,50 trên 2.000 điểm (thẩm định).",
        "Cần thêm 1,25 điểm để bằng hồ sơ cuối cùng trong số lượng (1.236,75 điểm).",
        "Riêng «a» đủ để đạt: cần thêm 1,25 điểm, còn tối đa 764,50.",
    ];
    assert_eq!(vi, expected);
    assert_eq!(said[4].en, "It takes 1.25 more points to equal the last within the quota (1,236.75 points).");
    let names = Names::default();
    let pair: Vec<String> =
        of_pair(&compare(&output, "c1", "c0").unwrap(), &names).into_iter().map(|one| one.vi).collect();
    assert_eq!(pair, ["Name of c0 xếp trên Name of c1, cao hơn 1,25 điểm.", "Name of c0 hơn 1,25 điểm ở «a»."]);
}

/// Rounded up, and never above what there is while it is enough.
#[rstest]
#[case("3.23669038", None, "3,24")]
#[case("3.2", None, "3,20")]
#[case("0.00000001", None, "0,01")]
#[case("0.004", Some("0.0041"), "0,004")]
#[case("2.5", Some("2.5"), "2,50")]
#[case("0.006", Some("0.005"), "0,01")]
fn what_is_missing_is_never_said_to_be_less(#[case] points: &str, #[case] room: Option<&str>, #[case] vi: &str) {
    let exact = |text: &str| BigRational::from(text.parse::<Decimal>().unwrap());
    assert_eq!(needed(&exact(points), room.map(exact).as_ref()).vi, vi);
}

#[test]
fn a_name_is_the_plans_and_has_its_code_where_it_is_not_clear_alone() {
    let mut plan: Plan = serde_json::from_str(include_str!("../../../plans/hong-van-2025-h2.json")).unwrap();
    let long = plan.groups[0].criteria.iter().position(|one| one.text.is_some()).unwrap();
    let code = plan.groups[0].criteria[long].code.clone();
    let say = |plan: &Plan| Names::of(plan.groups.iter().take(1), plan.indicators.iter());
    let text = |vi: &str| Text { vi: vi.to_owned(), en: None };
    plan.groups[0].criteria[long].text = Some(text("Đoàn kết."));
    assert_eq!(say(&plan).criterion(&code), word("Đoàn kết"));
    plan.groups[0].criteria[long].text = Some(text(&"rất dài ".repeat(20)));
    let said = say(&plan).criterion(&code).vi;
    assert!(said.ends_with(&format!("dài… ({code})")) || said.ends_with(&format!("rất… ({code})")), "{said}");
    let name = plan.indicators[0].name.clone();
    plan.indicators[1].name = name.clone();
    let (first, second) = (plan.indicators[0].code.clone(), plan.indicators[1].code.clone());
    let names = say(&plan);
    assert!(names.indicator(&first).vi.ends_with(&format!("({first})")));
    assert!(names.indicator(&second).vi.ends_with(&format!("({second})")));
    assert_eq!(names.indicator("unknown"), word("unknown"));
}

fn is_whole(sentence: &Sentence) -> bool {
    [&sentence.vi, &sentence.en]
        .iter()
        .all(|text| text.ends_with('.') && !text.contains(['{', '}']) && text.contains(' '))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn every_entry_pair_and_reason_is_said_in_whole_sentences(inputs in any_inputs()) {
        let (output, names) = (rank(&inputs), Names::default());
        let mut said: Vec<Sentence> = output.ineligible.iter().flat_map(|one| of_ineligible(one, &names)).collect();
        for entry in &output.entries {
            said.extend(of_entry(entry, &explain(&output, &entry.candidate.code).unwrap(), &names));
        }
        for pair in output.entries.windows(2) {
            let (a, b) = (&pair[0].candidate.code, &pair[1].candidate.code);
            let (ab, ba) = (of_pair(&compare(&output, a, b).unwrap(), &names), of_pair(&compare(&output, b, a).unwrap(), &names));
            let leads = compare(&output, a, b).unwrap().leader.is_some();
            prop_assert!(!leads || ab == ba, "whoever asks first, the same is ahead: {:?} {:?}", ab, ba);
            said.extend(ab);
        }
        for one in said {
            prop_assert!(is_whole(&one), "{:?}", one);
        }
    }
}

#[test]
fn a_criterion_without_words_is_named_by_its_kind_and_with_its_code_where_there_are_two() {
    let criteria = json!([
        criterion("a", "initiatives", "10", json!({"points": {"commune": "5"}})),
        criterion("b", "reporting", "10", json!({})),
        criterion("c", "reporting", "10", json!({})),
        criterion("d", "bonus", "10", json!({})),
    ]);
    let names = Names::of(inputs(json!({}), &[criteria], vec![]).groups.iter(), std::iter::empty());
    assert_eq!(names.criterion("a"), Sentence { vi: "Sáng kiến".into(), en: "Initiatives".into() });
    assert_eq!(names.criterion("b").vi, "Chế độ báo cáo (b)");
    assert_eq!(names.criterion("d"), word("d"), "its sentence says that it is a bonus");
}

#[test]
fn initiatives_are_counted_as_people_say_it() {
    let told = |count: u128| {
        let criteria = json!([criterion("a", "initiatives", "10", json!({"points": {"commune": "2"}}))]);
        let own = (0..count).map(|n| initiative(n, "commune")).collect();
        let output = rank(&inputs(json!({}), &[criteria], vec![Candidate { initiatives: own, ..candidate("c0") }]));
        let said = of_entry(&output.entries[0], &explain(&output, "c0").unwrap(), &Names::default());
        let said = said.into_iter().find(|one| one.vi.starts_with("«a»")).unwrap();
        (said.vi, said.en)
    };
    assert_eq!(told(0).0, "«a»: 0,00 trên 10 điểm, chưa có sáng kiến được công nhận.");
    assert_eq!(told(1).1, "«a»: 2.00 of 10 points from 1 recognised initiative.");
    assert_eq!(told(2).1, "«a»: 4.00 of 10 points from 2 recognised initiatives.");
}

#[test]
fn what_is_missing_says_that_it_was_rounded_up_where_it_was() {
    let one = |code: &str, met: &str| Candidate {
        attained: vec![attained("HS", thidua::progress::Verdict::NotMet, Some(met))],
        ..candidate(code)
    };
    let criteria = json!([criterion("a", "indicators", "10", json!({"missing": "exclude", "otherwise": "1"}))]);
    let output = rank(&inputs(json!({"quota": 1}), &[criteria], vec![one("c0", "2/3"), one("c1", "1/2")]));
    let said = of_entry(&output.entries[1], &explain(&output, "c1").unwrap(), &Names::default());
    let missing = "Cần thêm 1,67 điểm (làm tròn lên) để bằng hồ sơ cuối cùng trong số lượng (6,67 điểm).";
    assert!(said.iter().any(|one| one.vi == missing), "{said:#?}");
}
