//! Targets by unit and by quarter.

use serde_json::{Value, json};

use super::{Real, count, share};

const BLOOD: &str = include_str!("../../../plans/hien-mau-hau-giang.json");
const CONTRACT: &str = include_str!("../../../plans/imihigo-ngoma.json");

const DISTRICTS: [&str; 4] = ["huyen-1", "huyen-2", "huyen-3", "huyen-4"];

fn donations() -> Real {
    let real = Real::launched(BLOOD, "huyen", &DISTRICTS, "2026-01-05T02:00:00Z");
    real.app.at("2027-01-04T02:00:00Z");
    for (unit, received) in [("huyen-3", 981), ("huyen-4", 960)] {
        let head = real.head(unit);
        for (period, count_of) in [("2026-Q1", 0), ("2026-Q2", received), ("2026-Q3", 0), ("2026-Q4", 0)] {
            real.reports(&head, period, unit, json!([count("HM", count_of)]));
        }
        real.nominates(&head, "khen", unit);
    }
    real
}

#[test]
fn every_district_is_held_against_what_it_was_assigned() {
    let real = donations();
    let answer = real.progress("/HM?by=unit");
    let part = |unit: &str| answer["parts"].as_array().unwrap().iter().find(|part| part["part"] == unit).unwrap();
    let (third, fourth) = (part("huyen-3"), part("huyen-4"));
    assert_eq!((&third["verdict"], &third["missing_to_target"]), (&json!("not_met"), &json!(656)));
    assert_eq!((&fourth["verdict"], &fourth["missing_to_target"]), (&json!("met"), &json!(0)));
    assert_eq!(third["target"]["value"], "1637");
    assert_eq!(third["target"]["entries"], json!([{"unit": "huyen-3", "value": "1637", "source": "plan"}]));
    // The whole keeps its own target: 981 + 960 of 11,800.
    assert_eq!((&answer["count"], &answer["target"]["value"]), (&json!(1941), &json!("11800")));
    assert_eq!((&answer["verdict"], &answer["missing_to_target"]), (&json!("not_met"), &json!(9859)));
}

#[test]
fn who_did_what_it_was_assigned_stands_above_who_did_more() {
    let run = donations().ranking("khen");
    let entries = run["entries"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> =
        entries.iter().map(|one| (&one["candidate"]["code"], &one["total_exact"])).collect();
    assert_eq!(told, [(&json!("huyen-4"), &json!("100")), (&json!("huyen-3"), &json!("98100/1637"))]);
    let counted = &entries[1]["criteria"][0]["counted"][0];
    assert_eq!(counted["aim"]["entries"][0]["unit"], "huyen-3");
    assert_eq!(entries[1]["total"], "59.93");
}

#[test]
fn a_plan_that_assigns_more_than_it_aims_at_is_told_and_loads() {
    let real = Real::launched(BLOOD, "huyen", &DISTRICTS, "2026-01-05T02:00:00Z");
    let lint = real.app.agency().post("/plans/lint", serde_json::from_str(BLOOD).unwrap()).ok();
    let findings = lint["findings"].as_array().unwrap();
    let sums = findings.iter().find(|finding| finding["code"] == "targets_sum_differs").unwrap();
    assert_eq!((&sums["severity"], &sums["params"]["sum"]), (&json!("warning"), &json!("7353")));
}

#[test]
fn a_quarter_is_held_against_its_milestones_and_the_year_against_the_years() {
    let real = Real::launched(CONTRACT, "district", &["ngoma"], "2025-07-05T02:00:00Z");
    let head = real.head("ngoma");
    real.app.at("2025-10-02T02:00:00Z");
    let values = json!([
        count("MAIZE", 3340),
        count("COWS", 1000),
        count("JOBS", 840),
        count("ELEC", 50),
        share("CBHI", 85, 100),
        share("NCD", 20, 100),
        share("ROAD", 62, 100),
        share("STUNT", 25, 100)
    ]);
    real.reports(&head, "2025-Q3", "ngoma", values);
    let quarter = real.progress("?period=2025-Q3");
    let verdicts: Vec<&Value> = quarter["items"].as_array().unwrap().iter().map(|item| &item["verdict"]).collect();
    let (met, open) = (json!("met"), json!("not_evaluable"));
    assert_eq!(verdicts, [&met, &met, &met, &met, &met, &met, &met, &open]);
    let stunting = &quarter["items"][7]["target"];
    assert_eq!((&stunting["value"], &stunting["no_target"]), (&Value::Null, &json!("no_target_for_span")));
    let year = real.progress("");
    let maize = &year["items"][0];
    assert_eq!((&maize["verdict"], &maize["missing_to_target"]), (&json!("at_risk"), &json!(17_903)));
    assert_eq!(maize["target"]["value"], "21243");
    // By the end of the first quarter is the same span as the quarter.
    assert_eq!(real.progress("?period=..2025-Q3")["items"][0]["verdict"], "met");
    real.nominates(&head, "cam-ket", "ngoma");
    let run = real.ranking("cam-ket");
    assert_eq!(run["entries"][0]["total_exact"], "100");
    let excluded = &run["entries"][0]["criteria"][0]["excluded"];
    assert_eq!(*excluded, json!([{"indicator": "STUNT", "why": "not_evaluable", "no_target": "no_target_for_span"}]));
}
