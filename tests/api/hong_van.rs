//! The movement of xã Hồng Vân from the plan to the ranked list, as one story on the real plan.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp,
    story::{Movement, Report},
};

const UNITS: [&str; 9] = [
    "phong-kinh-te",
    "phong-vhxh",
    "van-phong",
    "ttpvhcc",
    "van-phong-dang-uy",
    "mat-tran",
    "hoi-phu-nu",
    "tt-vhtt-tt",
    "thon-1",
];

#[test]
fn the_movement_of_hong_van_from_its_plan_to_the_ranked_list() {
    let app = TestApp::start();
    until_the_ranked_lists(&app, &app.hong_van());
}

/// The story up to the ranked lists of collectives and of people, on 14/12/2025.
pub fn until_the_ranked_lists(app: &TestApp, movement: &Movement) {
    nine_units_report_three_months(app, movement);
    the_agency_approves_and_sends_one_back(app, movement);
    progress_of_the_quarter_is_exact(app, movement);

    app.at("2025-11-20T02:00:00Z");
    an_initiative_is_recognised(app, movement);
    seven_collectives_are_nominated(app, movement);
    seven_people_are_nominated(app, movement);

    app.at("2025-12-14T03:00:00Z");
    collectives_are_ranked_and_the_third_knows_why(app, movement);
    people_are_ranked_with_a_tie_across_the_fifth_place(app, movement);
}

/// What a unit reports for a month: everything met, but for the cases of the story.
fn report(movement: &Movement, period: &str, unit: &str) -> Report {
    let report = movement.report(unit);
    match (unit, period) {
        // 24,999 of 25,000 dossiers in time: 99.996%.
        ("ttpvhcc", "2025-09") => report.ratio("CCHC-05/khac", 24_999, 25_000),
        // «Trên 60%» of the meetings, and it is exactly 60%.
        ("van-phong", _) => report.ratio("CCHC-19", 12, 20),
        // A hamlet with nothing to report.
        ("thon-1", _) => report.state("CCHC-18", "none_arose"),
        _ => report,
    }
}

fn nine_units_report_three_months(app: &TestApp, movement: &Movement) {
    let months = [("2025-07", "2025-08-07"), ("2025-08", "2025-08-18"), ("2025-09", "2025-09-16")];
    for (period, day) in months {
        app.at(&format!("{day}T03:00:00Z"));
        for unit in UNITS.iter().filter(|unit| (**unit, period) != ("van-phong-dang-uy", "2025-08")) {
            let place = movement.at(period, unit);
            place.draft(&report(movement, period, unit)).is(201);
            let submitted = place.submit();
            assert_eq!((&submitted["state"], &submitted["late"]), (&json!("submitted"), &json!(false)));
        }
    }
    app.at("2025-09-19T03:00:00Z");
    let late = movement.at("2025-08", "van-phong-dang-uy");
    late.draft(&movement.report("van-phong-dang-uy")).is(201);
    assert_eq!(late.submit()["late"], true);
}

fn the_agency_approves_and_sends_one_back(app: &TestApp, movement: &Movement) {
    let wrong = movement.at("2025-09", "phong-kinh-te");
    let why = json!({"reason": "Chưa khớp với hệ thống của Thành phố",
        "remarks": [{"indicator": "CCHC-05", "field": "tnmt", "text": "Kiểm tra lại mẫu số"}]});
    let returned = wrong.act(&app.agency(), "return", why).ok();
    assert_eq!(returned["remarks"][0]["field"], "tnmt");
    // 99% is the target of its field, and 118 of 119 meets it.
    wrong.draft(&movement.report("phong-kinh-te").ratio("CCHC-05/tnmt", 118, 119)).is(200);
    let corrected = wrong.submit();
    assert_eq!((&corrected["revision"], &corrected["late"]), (&json!(2), &json!(false)));

    for period in ["2025-07", "2025-08", "2025-09"] {
        for unit in UNITS {
            assert_eq!(movement.at(period, unit).approve()["state"], "approved");
        }
    }
}

fn progress_of_the_quarter_is_exact(app: &TestApp, movement: &Movement) {
    app.at("2025-10-20T02:00:00Z");
    let agency = app.agency();
    let figure = |query: &str| agency.get(&format!("{}/progress/{query}", movement.path)).ok();

    let in_time = figure("CCHC-05?period=2025-Q3&by=unit");
    assert_eq!(in_time["covers"], json!({"from": "2025-06-15", "to": "2025-09-14"}));
    assert_eq!(in_time["verdict"], "not_met");
    assert_eq!(in_time["missing_to_target"], 1);
    let field = |code: &str| {
        let fields = in_time["fields"].as_array().expect("fields");
        fields.iter().find(|field| field["field"] == code).expect("the field").clone()
    };
    assert_eq!((&field("khac")["value"], &field("khac")["verdict"]), (&json!("99.996"), &json!("not_met")));
    assert_eq!(field("tnmt")["verdict"], "met");
    let parts = in_time["parts"].as_array().expect("parts");
    let sum: i64 = parts.iter().filter_map(|part| part["denominator"].as_i64()).sum();
    assert_eq!((in_time["denominator"].as_i64(), &in_time["additive"]), (Some(sum), &json!(true)));

    let meetings = figure("CCHC-19?period=2025-Q3");
    assert_eq!((&meetings["value"], &meetings["verdict"]), (&json!("60.00"), &json!("not_met")));
    assert_eq!((&meetings["numerator"], &meetings["denominator"]), (&json!(36), &json!(60)));

    let hamlet = figure("CCHC-18?period=2025-Q3&unit=thon-1");
    assert_eq!((&hamlet["verdict"], &hamlet["coverage"]["none_arose"]), (&json!("none_arose"), &json!(3)));
    let whole = figure("CCHC-18?period=2025-Q3");
    let missing = whole["coverage"]["missing"].as_array().expect("missing");
    assert!(missing.iter().any(|unit| unit["unit"] == "thon-2"), "who has not reported is named: {missing:?}");

    // The rank has no number in the plan: nothing to compare with.
    assert_eq!(figure("CCHC-01?period=2025-Q3")["verdict"], "not_evaluable");
}

fn an_initiative_is_recognised(app: &TestApp, movement: &Movement) {
    let proposed = json!({"title": "Phiếu hẹn điện tử", "summary": "Nhắc cán bộ trước hạn một ngày",
        "owners": [{"unit": "phong-kinh-te"}, {"unit": "ttpvhcc"}]});
    let made = app.agency().post(&format!("{}/initiatives", movement.path), proposed).created();
    let path = format!("/initiatives/{}", made["id"].as_str().expect("an id"));
    app.agency_2().post(&format!("{path}/recognise"), json!({"level": "commune"})).if_match(&made.etag()).ok();
    let counted = app.agency().get(&format!("{}/progress/CCHC-23", movement.path)).ok();
    assert_eq!((&counted["count"], &counted["missing_to_target"]), (&json!(1), &json!(2)));
}

/// A dossier: handed in by the head, passed at the gate, scored as claimed, verified.
fn nominate(app: &TestApp, head: &Client, path: &str, gate: &str, dossier: Value) {
    let direct = dossier.get("direct_work").cloned();
    head.put(path, dossier).if_none_match_any().created();
    let agency = app.agency();
    let passed = json!({"passed": true, "comment": "Nội bộ đoàn kết"});
    agency.put(&format!("{path}/assessments/{gate}"), passed).if_none_match_any().created();
    let tag = agency.get(path).ok().etag();
    agency.post(&format!("{path}/assessments/adopt"), json!({})).if_match(&tag).ok();
    let confirmed = direct.map_or(json!({}), |direct| json!({"direct_work": direct}));
    let tag = agency.get(path).ok().etag();
    assert_eq!(agency.post(&format!("{path}/verify"), confirmed).if_match(&tag).ok()["state"], "verified");
}

fn seven_collectives_are_nominated(app: &TestApp, movement: &Movement) {
    let own = |points: &str| json!({"1.1.b": points});
    let front = || json!({"1.2.b1": "12", "1.2.b2": "12", "1.2.d": "8"});
    let dossiers = [
        ("phong-kinh-te", "1.1.a", own("38")),
        ("ttpvhcc", "1.1.a", own("37")),
        ("phong-vhxh", "1.1.a", own("36.5")),
        ("van-phong", "1.1.a", own("36")),
        ("mat-tran", "1.2.a", front()),
        ("hoi-phu-nu", "1.2.a", front()),
        ("van-phong-dang-uy", "1.1.a", own("20")),
    ];
    for (unit, gate, scores) in dossiers {
        let path = format!("{}/awards/tap-the/nominations/{unit}", movement.path);
        let dossier = json!({"achievement": "Dẫn đầu cải cách hành chính", "self_scores": scores});
        nominate(app, &app.head(unit), &path, gate, dossier);
    }
}

fn seven_people_are_nominated(app: &TestApp, movement: &Movement) {
    let people = [
        ("Nguyễn Thị Hòa", "phong-kinh-te", "38", true),
        ("Trần Văn Đức", "van-phong", "37", true),
        ("Lê Minh Anh", "ttpvhcc", "36", true),
        ("Phạm Thu Hà", "phong-vhxh", "35", true),
        ("Đỗ Quang Huy", "ttpvhcc", "34", false),
        ("Vũ Thị Lan", "van-phong", "34", false),
        ("Hoàng Văn Nam", "phong-kinh-te", "30", false),
    ];
    for (name, unit, points, direct_work) in people {
        let person = json!({"name": name, "kind": "official", "unit": unit, "valid_from": "2025-07-01"});
        let person = app.admin().post("/people", person).created();
        let id = person["id"].as_str().expect("an id");
        let path = format!("{}/awards/ca-nhan/nominations/{id}", movement.path);
        let dossier = json!({"achievement": "Trực tiếp giải quyết hồ sơ", "direct_work": direct_work,
            "self_scores": {"1.4.b1": points, "1.4.b2": "18", "1.4.c": "25"}});
        nominate(app, &app.head(unit), &path, "1.4.a", dossier);
    }
}

fn ranked(app: &TestApp, movement: &Movement, award: &str) -> Value {
    let asked = json!({"mode": "official", "as_of": "2025-12-14T02:00:00Z"});
    let run = app.agency().post(&format!("{}/awards/{award}/rankings", movement.path), asked).created();
    assert_eq!((&run["state"], &run["late"], &run["ineligible"]), (&json!("official"), &json!(false), &json!([])));
    // What was stored reads back the same.
    let again = app.chair().get(&format!("/rankings/{}", run["id"].as_str().expect("an id"))).ok();
    assert_eq!(again["entries"], run["entries"]);
    run.json().clone()
}

/// Rank, name or code, and standing of each entry.
fn places(run: &Value, named_by: &str) -> Vec<(i64, String, String)> {
    let entries = run["entries"].as_array().expect("entries");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let place = |e: &Value| (e["rank"].as_i64().unwrap_or(0), text(&e["candidate"][named_by]), text(&e["standing"]));
    entries.iter().map(place).collect()
}

fn collectives_are_ranked_and_the_third_knows_why(app: &TestApp, movement: &Movement) {
    let run = ranked(app, movement, "tap-the");
    let places = places(&run, "code");
    let expected = [
        (1, "phong-kinh-te", "within_quota"),
        (2, "ttpvhcc", "within_quota"),
        (3, "phong-vhxh", "within_quota"),
        (4, "van-phong", "within_quota"),
        (5, "hoi-phu-nu", "tied_at_cutoff"),
        (5, "mat-tran", "tied_at_cutoff"),
        (7, "van-phong-dang-uy", "below_quota"),
    ];
    let found: Vec<(i64, &str, &str)> = places.iter().map(|(r, c, s)| (*r, c.as_str(), s.as_str())).collect();
    assert_eq!(found, expected);

    let id = run["id"].as_str().expect("an id");
    let third = app.agency().get(&format!("/rankings/{id}/entries/phong-vhxh")).ok();
    let third = &third["entry"];
    assert_eq!(third["rank"], 3);
    let criteria = third["criteria"].as_array().expect("criteria");
    let points = |code: &str| {
        let found = criteria.iter().find(|criterion| criterion["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} in {criteria:?}"))["points"].clone()
    };
    // Three of the five reports due by the cut came; October's and November's did not.
    assert_eq!((points("1.1.b"), points("bao-cao")), (json!("36.50"), json!("6.00")));
    let compared = app.agency().get(&format!("/rankings/{id}/compare?a=ttpvhcc&b=phong-vhxh")).ok();
    assert_eq!(compared["leader"], "a");
}

fn people_are_ranked_with_a_tie_across_the_fifth_place(app: &TestApp, movement: &Movement) {
    let run = ranked(app, movement, "ca-nhan");
    let standing: Vec<(i64, String)> = places(&run, "name").into_iter().map(|(rank, _, s)| (rank, s)).collect();
    let within = |rank| (rank, "within_quota".to_owned());
    let tied = || (5, "tied_at_cutoff".to_owned());
    let expected = [within(1), within(2), within(3), within(4), tied(), tied(), (7, "below_quota".to_owned())];
    assert_eq!(standing, expected);
}
