//! How many an award takes: shares and quotas of groups, the limit of a unit, places, and figures that part equals.

use serde_json::{Value, json};

use super::{ranked, runs};
use crate::support::{MOVEMENT, TestApp, dossier};

fn contest(change: impl FnOnce(&mut Value)) -> TestApp {
    let app = TestApp::start();
    app.emulation_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        change(plan);
    });
    app.at("2025-09-15T02:00:00Z");
    app
}

/// A person's dossier, verified, with these points.
fn person(app: &TestApp, name: &str, unit: Option<&str>, points: &str) -> String {
    let id = app.somebody(name, unit);
    let place = dossier("ca-nhan", &id);
    let body = json!({"achievement": "Thành tích", "on_behalf_reason": "Cơ quan thường trực lập hồ sơ"});
    let made = app.agency().put(&place, body).if_none_match_any().created();
    let score = json!({"points": points, "comment": "Thẩm định"});
    app.agency_2().put(&format!("{place}/assessments/nhiem-vu"), score).if_none_match_any().created();
    app.agency_2().post(&format!("{place}/verify"), json!({})).if_match(&made.etag()).ok();
    id
}

fn standings(run: &Value) -> Vec<(&str, &str)> {
    run["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["candidate"]["name"].as_str().unwrap(), entry["standing"].as_str().unwrap_or("–")))
        .collect()
}

#[test]
fn beyond_the_limit_of_a_unit_the_next_moves_up() {
    let app = contest(|plan| {
        plan["awards"][1]["quota"] = json!(2);
        plan["awards"][1]["per_unit"] = json!(1);
    });
    person(&app, "An", Some("phong-kinh-te"), "88");
    person(&app, "Bình", Some("phong-kinh-te"), "87");
    person(&app, "Cúc", None, "86");
    person(&app, "Dung", Some("phong-vhxh"), "85");
    let run = app.agency().post(&runs("ca-nhan"), json!({"mode": "official"})).created();
    let expected =
        [("An", "within_quota"), ("Bình", "over_unit_limit"), ("Cúc", "within_quota"), ("Dung", "below_quota")];
    assert_eq!(standings(run.json()), expected);
    assert_eq!(
        (&run["entries"][1]["to_reach_quota"], &run["entries"][3]["to_reach_quota"]),
        (&json!(null), &json!("1"))
    );
    assert_eq!(run["line"]["held_by"][0]["name"], "Cúc");
}

#[test]
fn equals_at_the_limit_of_their_unit_are_left_to_people() {
    let app = contest(|plan| {
        plan["awards"][1]["quota"] = json!(2);
        plan["awards"][1]["per_unit"] = json!(1);
        plan["awards"][1]["ranking"]["ties"] = json!([]);
    });
    person(&app, "An", Some("phong-kinh-te"), "88");
    person(&app, "Bình", Some("phong-kinh-te"), "88");
    person(&app, "Cúc", Some("phong-vhxh"), "80");
    let run = app.agency().post(&runs("ca-nhan"), json!({"mode": "preview"})).created();
    assert_eq!(standings(run.json()), [("An", "tied_at_cutoff"), ("Bình", "tied_at_cutoff"), ("Cúc", "within_quota")]);
}

#[test]
fn two_clusters_of_one_award_each_have_their_own_quota_and_line() {
    let app = contest(|plan| {
        plan["awards"][0]["quota"] = json!({"groups": {"don-vi": 1, "van-phong": 1}});
        plan["awards"][0]["ranking"]["blocks"] = json!("by_group");
    });
    app.appraised_dossier("phong-kinh-te", "38");
    app.appraised_dossier("phong-vhxh", "30");
    let office = dossier("tap-the", "van-phong");
    let made = app
        .agency()
        .put(&office, json!({"achievement": "Tốt", "on_behalf_reason": "Cơ quan thường trực lập hồ sơ"}))
        .if_none_match_any()
        .created();
    let score = json!({"points": "20", "comment": "Thẩm định"});
    app.agency_2().put(&format!("{office}/assessments/phuc-vu"), score).if_none_match_any().created();
    app.agency_2().post(&format!("{office}/verify"), json!({})).if_match(&made.etag()).ok();
    let run = ranked(&app, "official");
    let told: Vec<(&Value, &Value)> =
        run["entries"].as_array().unwrap().iter().map(|one| (&one["candidate"]["code"], &one["standing"])).collect();
    let (within, below) = (json!("within_quota"), json!("below_quota"));
    let codes = ["phong-kinh-te", "phong-vhxh", "van-phong"].map(Value::from);
    assert_eq!(told, [(&codes[0], &within), (&codes[1], &below), (&codes[2], &within)]);
    assert_eq!((&run["quota"], &run["line"]), (&json!(2), &json!(null)));
    let lines = run["group_lines"].as_array().unwrap();
    assert_eq!((&lines[0]["quota"], &lines[0]["line"]["held_by"][0]["code"]), (&json!(1), &codes[0]));
    assert_eq!((&lines[1]["group"], &lines[1]["line"]), (&json!("van-phong"), &json!(null)));
    let path = format!("/rankings/{}/entries/phong-vhxh", run["id"].as_str().unwrap());
    let explained = app.agency().get(&path).ok();
    // 8 × 100/90: no report was due yet
    assert_eq!(explained["explanation"]["to_reach_quota"], "8.88888889");
    assert_eq!(app.chair().get(run.header("location").unwrap()).ok().json(), run.json());
}

#[test]
fn a_share_is_of_what_was_counted_at_the_freeze_and_rounded_down() {
    let share = |of: &str, share: &str| json!({"share": share, "of": of, "round": "down"});
    let app = contest(|plan| {
        plan["awards"][0]["quota"] = share("units", "50");
        plan["awards"][1]["quota"] = share("candidates", "99");
    });
    app.appraised_dossier("phong-kinh-te", "38");
    // Three divisions and an office are of the award's groups, nominated or not.
    let run = ranked(&app, "preview");
    let expected = json!({"share": "50", "of": "units", "counted": 4, "quota": 2});
    assert_eq!((&run["quota"], &run["share"]), (&json!(2), &expected));
    person(&app, "An", None, "88");
    let held = person(&app, "Bình", None, "87");
    app.agency().act_on(&dossier("ca-nhan", &held), "hold", json!({"reason": "Đơn thư", "source": "TT"})).is(200);
    let run = app.agency().post(&runs("ca-nhan"), json!({"mode": "preview"})).created();
    let expected = json!({"share": "99", "of": "candidates", "counted": 2, "quota": 1});
    assert_eq!((&run["quota"], &run["share"]), (&json!(1), &expected));
}

#[test]
fn a_share_of_few_units_is_warned_of() {
    let app = TestApp::start();
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    plan["format"] = json!("thidua.plan/2");
    plan["awards"][0]["quota"] = json!({"share": "10", "of": "units", "round": "down"});
    let found = app.agency().post("/plans/lint", plan).ok();
    let told = found["findings"].as_array().unwrap().iter().find(|one| one["code"] == "share_takes_nobody").unwrap();
    assert_eq!((&told["pointer"], &told["severity"]), (&json!("/awards/0/quota/share"), &json!("warning")));
}

#[test]
fn places_are_given_in_order_with_their_money_and_ties_at_an_edge_are_left_to_people() {
    let app = contest(|plan| {
        let places = json!([{"code": "nhat", "name": {"vi": "Giải nhất"}, "count": 1, "money": "5000000"},
                            {"code": "nhi", "name": {"vi": "Giải nhì"}, "count": 2}]);
        plan["awards"][1]["quota"] = json!(3);
        plan["awards"][1]["places"] = places;
        plan["awards"][1]["ranking"]["ties"] = json!([]);
    });
    person(&app, "An", None, "88");
    person(&app, "Bình", None, "80");
    person(&app, "Cúc", None, "79");
    person(&app, "Dung", None, "79");
    let run = app.agency().post(&runs("ca-nhan"), json!({"mode": "official"})).created();
    let places: Vec<&Value> = run["entries"].as_array().unwrap().iter().map(|entry| &entry["place"]).collect();
    assert_eq!(places, ["nhat", "nhi", "nhi", "nhi"]);
    let expected =
        [("An", "within_quota"), ("Bình", "within_quota"), ("Cúc", "tied_at_cutoff"), ("Dung", "tied_at_cutoff")];
    assert_eq!(standings(run.json()), expected);
    assert_eq!((&run["places"][0]["money"], &run["places"][1]["count"]), (&json!("5000000"), &json!(2)));
}

#[test]
fn equal_totals_are_parted_by_an_exact_figure_and_silence_stands_last() {
    let app = contest(|plan| {
        plan["groups"][0]["criteria"][2]["otherwise"] = json!("0");
        plan["groups"][0]["criteria"][2]["weights"] = json!({"HS": "0"});
        plan["awards"][0]["ranking"]["ties"] = json!(["indicator:HS"]);
    });
    app.reported_on("2025-09", "phong-kinh-te", 8999, 10_000);
    app.reported_on("2025-09", "phong-vhxh", 9000, 10_000);
    app.appraised_dossier("phong-kinh-te", "30");
    app.appraised_dossier("phong-vhxh", "30");
    let run = ranked(&app, "preview");
    let entries = run["entries"].as_array().unwrap();
    assert_eq!(
        (&entries[0]["candidate"]["code"], &entries[1]["separated_by"]),
        (&json!("phong-vhxh"), &json!("indicator:HS"))
    );
    assert_eq!(entries[1]["compared"][1], json!({"by": "indicator:HS", "value": "8999/100"}));
}

#[test]
fn awards_of_a_pool_show_whom_each_would_take_of_a_unit() {
    let app = contest(|plan| {
        for award in 0..2 {
            plan["awards"][award]["per_unit"] = json!(1);
            plan["awards"][award]["pool"] = json!("bk-xa");
        }
    });
    app.appraised_dossier("phong-kinh-te", "30");
    person(&app, "An", Some("phong-kinh-te"), "88");
    let (units, persons) =
        (ranked(&app, "preview"), app.agency().post(&runs("ca-nhan"), json!({"mode": "preview"})).created());
    let pool = |other: &str| json!({"code": "bk-xa", "per_unit": 1, "awards": [other], "units": [{"unit": "phong-kinh-te", "within": 1}]});
    assert_eq!((&units["pool"], &persons["pool"]), (&pool("ca-nhan"), &pool("tap-the")));
}

#[test]
fn an_amendment_may_change_a_quota_and_the_difference_names_its_group() {
    let app = contest(|plan| {
        plan["awards"][0]["quota"] = json!({"groups": {"don-vi": 1, "van-phong": 1}});
        plan["awards"][0]["ranking"]["blocks"] = json!("by_group");
    });
    let mut plan = app.agency().get(&format!("{MOVEMENT}/plan")).ok().json().clone();
    plan["awards"][0]["quota"]["groups"]["don-vi"] = json!(2);
    let body = json!({"effective_from": "2025-10-01", "reason": "Điều chỉnh", "plan": plan});
    let tag = app.chair().get(MOVEMENT).ok().etag();
    app.chair().post(&format!("{MOVEMENT}/plan-versions"), body).if_match(&tag).created();
    let difference = app.chair().get(&format!("{MOVEMENT}/plan-versions/diff?from=1&to=2")).ok();
    let change = json!({"pointer": "/awards/tap-the/quota/groups/don-vi", "from": 1, "to": 2});
    assert_eq!(difference["changes"], json!([change]));
}
