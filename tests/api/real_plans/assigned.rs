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

/// The plan with other members of its one indicator.
fn assigned(members: Value) -> String {
    let mut plan: Value = serde_json::from_str(BLOOD).unwrap();
    let base = json!({"code": "2025", "starts_on": "2025-01-01", "cutoff_on": "2025-12-31", "role": "base"});
    plan["reporting"]["extra_periods"] = json!([base]);
    members.as_object().unwrap().iter().for_each(|(name, value)| plan["indicators"][0][name] = value.clone());
    plan.to_string()
}

#[test]
fn a_target_made_of_the_year_before_is_each_ones_own() {
    let targets = json!([{"unit": "huyen-3", "value": {"base": "2025", "times": "1.05"}}, {"value": {"base": "2025", "plus": "10"}}]);
    let open = json!({"comparator": ">=", "value": null, "source": "plan"});
    let real = Real::launched(
        &assigned(json!({"target": open, "targets": targets})),
        "huyen",
        &DISTRICTS,
        "2026-01-05T02:00:00Z",
    );
    let head = real.head("huyen-3");
    let place = |period: &str| format!("/movements/hien-mau-hau-giang/submissions/{period}/huyen-3");
    let periods = real.app.agency().get("/movements/hien-mau-hau-giang/periods").ok();
    assert_eq!((&periods["items"][0]["code"], &periods["items"][0]["role"]), (&json!("2025"), &json!("base")));
    real.reports(&head, "2025", "huyen-3", json!([count("HM", 1000)]));
    real.app.at("2026-04-02T02:00:00Z");
    real.reports(&head, "2026-Q1", "huyen-3", json!([count("HM", 1049)]));
    // No word is asked for that a quarter is not like the year before.
    assert_eq!(real.app.agency().get(&place("2026-Q1")).ok()["warnings"], json!([]));
    let answer = real.progress("/HM?by=unit");
    let part =
        |unit: &str| answer["parts"].as_array().unwrap().iter().find(|part| part["part"] == unit).unwrap().clone();
    let own = part("huyen-3");
    assert_eq!((&own["target"]["value"], &own["target"]["exact"]), (&json!("1050.00"), &json!("1050")));
    assert_eq!((&own["verdict"], &own["missing_to_target"]), (&json!("at_risk"), &json!(1)));
    assert_eq!(part("huyen-4")["target"]["no_target"], "no_target_for_unit");
    // The whole has a base once all have reported theirs.
    assert_eq!((&answer["target"]["no_target"], &answer["verdict"]), (&json!("no_base"), &json!("not_evaluable")));
    for unit in ["huyen-1", "huyen-2", "huyen-4"] {
        real.reports(&real.head(unit), "2025", unit, json!([count("HM", 100)]));
    }
    let answer = real.progress("/HM");
    assert_eq!((&answer["target"]["exact"], &answer["count"]), (&json!("1310"), &json!(1049)));
    // What stands before the movement is nobody's punctuality, and no part of its sum.
    let completeness = real.app.agency().get("/movements/hien-mau-hau-giang/submissions/completeness").ok();
    assert_eq!(completeness["total"]["expected"], 16, "{}", completeness.text());
}

#[test]
fn the_whole_is_as_good_as_its_worst_district_where_each_is_judged() {
    let real = Real::launched(&assigned(json!({"units_judged": "each"})), "huyen", &DISTRICTS, "2026-01-05T02:00:00Z");
    real.app.at("2026-04-02T02:00:00Z");
    for (unit, received) in [("huyen-1", 3111), ("huyen-2", 1656), ("huyen-4", 940)] {
        real.reports(&real.head(unit), "2026-Q1", unit, json!([count("HM", received)]));
    }
    let whole = |rest: &str| {
        let figure = real.progress(rest);
        (figure["verdict"].clone(), figure["missing_to_target"].clone())
    };
    assert_eq!(whole("/HM"), (json!("at_risk"), json!(9)), "the third has not reported, the fourth lacks 9");
    real.app.at("2027-01-04T02:00:00Z");
    assert_eq!(whole("/HM"), (json!("not_met"), json!(9)));
    real.reports(&real.head("huyen-4"), "2026-Q2", "huyen-4", json!([count("HM", 9)]));
    assert_eq!(whole("/HM"), (json!("no_data"), json!(0)), "all that reported have theirs");
    real.reports(&real.head("huyen-3"), "2026-Q4", "huyen-3", json!([count("HM", 1637)]));
    assert_eq!(whole("/HM"), (json!("met"), json!(0)));
}

#[test]
fn a_set_gives_each_of_its_units_the_same_and_two_clusters_share_an_award() {
    let mut plan: Value = serde_json::from_str(&assigned(json!({
        "targets": [{"set": "cum-1", "value": "1000"}, {"set": "cum-2", "value": "2000"}], "unassigned": "none"
    })))
    .unwrap();
    plan["unit_sets"] = json!([
        {"code": "cum-1", "name": {"vi": "Cụm 1"}, "units": ["huyen-1", "huyen-2"]},
        {"code": "cum-2", "name": {"vi": "Cụm 2"}, "units": ["huyen-3", "huyen-4"]}
    ]);
    let group = plan["groups"][0].clone();
    let cluster = |code: &str| {
        let mut group = group.clone();
        (group["code"], group["kinds"], group["sets"]) = (json!(code), json!([]), json!([code]));
        group
    };
    plan["groups"] = json!([cluster("cum-1"), cluster("cum-2")]);
    plan["awards"][0]["groups"] = json!(["cum-1", "cum-2"]);
    let real = Real::launched(&plan.to_string(), "huyen", &DISTRICTS, "2026-01-05T02:00:00Z");
    real.app.at("2027-01-04T02:00:00Z");
    for (unit, received) in [("huyen-1", 900), ("huyen-3", 1500)] {
        let head = real.head(unit);
        real.reports(&head, "2026-Q1", unit, json!([count("HM", received)]));
        real.nominates(&head, "khen", unit);
    }
    let run = real.ranking("khen");
    let told: Vec<(&Value, &Value)> =
        run["entries"].as_array().unwrap().iter().map(|one| (&one["group"], &one["total_exact"])).collect();
    assert_eq!(told, [(&json!("cum-1"), &json!("90")), (&json!("cum-2"), &json!("75"))]);
    // A unit in both clusters would have two targets: neither a plan nor a change makes it so.
    let mut twice = plan.clone();
    (twice["code"], twice["unit_sets"][1]["units"]) = (json!("hai-cum"), json!(["huyen-2", "huyen-3"]));
    let made = real.app.agency().post("/movements", twice).created();
    let launch = real.app.chair().post("/movements/hai-cum/launch", json!({})).if_match(&made.etag());
    let refused = launch.problem(422, "content_invalid");
    refused
        .finding("/indicators/0/targets/1", "target_of_two_sets")
        .finding("/awards/0/groups/1", "unit_in_two_groups");
}

#[test]
fn a_merge_names_the_targets_that_judge_nobody_any_more() {
    let real = Real::launched(BLOOD, "huyen", &DISTRICTS, "2026-01-05T02:00:00Z");
    let unit = real.app.admin().get("/units/huyen-3").ok();
    let into = json!({"into": "huyen-4", "on": "2026-07-01"});
    let merged = real.app.admin().post("/units/huyen-3/merge", into).if_match(&unit.etag()).ok();
    let warning = &merged["warnings"][0];
    assert_eq!((&warning["code"], &warning["severity"]), (&json!("target_orphaned"), &json!("warning")));
    assert_eq!(warning["params"]["entry"], "/indicators/0/targets/2");
    real.app.at("2027-01-04T02:00:00Z");
    real.reports(&real.head("huyen-3"), "2026-Q2", "huyen-3", json!([count("HM", 1700)]));
    let quarter = real.progress("/HM?period=2026-Q2&by=unit");
    let year = real.progress("/HM?by=unit");
    let of = |answer: &crate::support::Answer| {
        answer["parts"].as_array().unwrap().iter().find(|part| part["part"] == "huyen-3").unwrap().clone()
    };
    assert_eq!((&of(&quarter)["verdict"], &of(&quarter)["target"]["value"]), (&json!("met"), &json!("1637")));
    assert_eq!(of(&year)["target"]["no_target"], "no_target_for_span", "it ended in mid-span");
}
