//! What a dossier stands on: facts that the agency confirms, documents, initiatives that serve once; and households.

use std::thread;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, Client, MOVEMENT, Part, TestApp, dossier, households};

fn started() -> TestApp {
    let app = TestApp::start();
    app.emulation();
    app
}

/// A recognised initiative of these owners; its id.
fn recognised(app: &TestApp, movement: &str, title: &str, owners: Value) -> Value {
    let body = json!({"title": title, "summary": "Mới", "owners": owners});
    let made = app.agency().post(&format!("{movement}/initiatives"), body).created();
    let path = made.header("location").unwrap();
    app.agency_2().act_on(path, "recognise", json!({"level": "commune"})).is(200);
    made["id"].clone()
}

fn preview(app: &TestApp, award: &str) -> Answer {
    app.agency().post(&format!("{MOVEMENT}/awards/{award}/rankings"), json!({"mode": "preview"})).created()
}

#[test]
fn a_household_is_nominated_by_the_head_of_its_hamlet_and_ranked_without_reports() {
    let app = TestApp::start();
    households(&app);
    let (home, other) = (app.household("Nguyễn Văn Tám", "thon-1"), app.household("Trần Thị Sáu", "thon-2"));
    let idea = recognised(&app, MOVEMENT, "Vườn mẫu", json!([{"household": home}]));
    let path = dossier("ho", &home);
    let facts = json!({"women": {"women": 2, "members": 4, "on": "2025-09-01"}});
    let claim = json!({"achievement": "Hộ gương mẫu", "self_scores": {"guong-mau": "80"}, "facts": facts});
    app.head("thon-2").put(&path, claim.clone()).if_none_match_any().problem(404, "not_found");
    let made = app.head("thon-1").put(&path, claim).if_none_match_any().created();
    let shown =
        json!({"kind": "household", "code": home, "name": "Nguyễn Văn Tám", "unit": "thon-1", "unit_name": "Thôn 1"});
    assert_eq!((&made["candidate"], &made["group"], &made["facts"]), (&shown, &json!("ho"), &facts));
    app.agency().post(&format!("{path}/assessments/adopt"), json!({})).ok();
    app.agency().act_on(&path, "verify", json!({})).is(200);
    let csv = "Hộ;Đơn vị;Thành tích;Số nữ / tổng số;Lý do đề nghị thay\nHộ bà Trần Thị Sáu;thon-2;Tốt;3/4;Thôn nhờ\n";
    let csv = csv.replace("Hộ;", "Tập thể, cá nhân;");
    let import = format!("{MOVEMENT}/awards/ho/nominations/import");
    app.agency().request(reqwest::Method::POST, &import).body("text/csv", csv).send().is(200);
    let imported = app.agency().get(&dossier("ho", &other)).ok();
    assert_eq!(imported["facts"]["women"]["members"], 4);
    let run = preview(&app, "ho");
    let entries = run["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{run}");
    assert_eq!((&entries[0]["candidate"]["kind"], &entries[0]["total"]), (&json!("household"), &json!("85.00")));
    assert_eq!(entries[0]["criteria"][1]["initiatives"][0]["id"], idea);
    let frozen = app.texts("SELECT (inputs->'candidates'->0->>'women') AS value FROM rankings");
    assert_eq!(frozen, ["1/2"]);
    assert_eq!(preview_texts(&app), ["[]"], "what the hamlet reports is not the household's");
}

fn preview_texts(app: &TestApp) -> Vec<String> {
    app.texts("SELECT (inputs->'candidates'->0->>'attained') AS value FROM rankings")
}

#[test]
fn facts_are_claimed_and_then_confirmed_or_corrected_by_the_agency() {
    let app = started();
    let path = dossier("tap-the", "phong-kinh-te");
    let women = |women: u32| json!({"women": women, "members": 10, "on": "2025-08-01"});
    let from = json!({"day": "2025-08-15", "source": "Quyết định số 12/QĐ-UBND"});
    let claim =
        json!({"achievement": "Tốt", "group": "don-vi", "facts": {"women": women(7), "achievement_from": from}});
    let made = app.head("phong-kinh-te").put(&path, claim).if_none_match_any().created();
    assert_eq!((&made["facts"]["women"], &made["achievement_cut"]), (&women(7), &json!(true)));
    let verify = |facts: Value| app.agency().act_on(&path, "verify", json!({"facts": facts}));
    verify(json!({"women": women(11)}))
        .problem(422, "content_invalid")
        .finding("/facts/women/women", "women_out_of_range");
    let done = verify(json!({"women": women(6), "achievement_from": null})).is(200);
    assert_eq!((&done["facts"], &done["achievement_cut"]), (&json!({"women": women(6)}), &json!(false)));
    let kept =
        app.texts("SELECT (dossier->'facts'->'women'->>'women') AS value FROM nomination_events ORDER BY version");
    assert_eq!(kept, ["7", "6"], "what was claimed stays on record");
}

#[rstest]
#[case(json!({"women": {"women": 1, "members": 2, "on": "2025-08-01"}}), "/facts/women/members", "women_of_person")]
#[case(json!({"women": {"women": 2, "members": 1, "on": "2025-08-01"}}), "/facts/women/women", "women_out_of_range")]
#[case(json!({"women": {"women": 1, "members": 1, "on": "2026-08-01"}}), "/facts/women/on", "day_future")]
#[case(
    json!({"achievement_from": {"day": "2025-08-01", "source": " "}}),
    "/facts/achievement_from/source", "length_out_of_range"
)]
fn facts_that_cannot_be_are_refused(#[case] facts: Value, #[case] at: &str, #[case] code: &str) {
    let app = started();
    let hoa = app.somebody("Nguyễn Thị Hòa", Some("phong-kinh-te"));
    let claim = json!({"achievement": "Tốt", "facts": facts});
    let put = app.head("phong-kinh-te").put(&dossier("ca-nhan", &hoa), claim).if_none_match_any();
    put.problem(422, "content_invalid").finding(at, code);
}

/// Two movements alike, a second one beside.
fn another_movement(app: &TestApp) -> &'static str {
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    plan["code"] = json!("thi-dua-2");
    let made = app.agency().post("/movements", plan).created();
    app.chair().post("/movements/thi-dua-2/launch", json!({})).if_match(&made.etag()).ok();
    "/movements/thi-dua-2"
}

#[test]
fn an_initiative_serves_one_form_of_one_movement_and_the_earlier_one_is_named() {
    let app = started();
    let other = another_movement(&app);
    let hoa = app.somebody("Nguyễn Thị Hòa", Some("phong-kinh-te"));
    let owners = json!([{"unit": "phong-kinh-te"}, {"person": hoa}]);
    let idea = recognised(&app, MOVEMENT, "Trả kết quả tại nhà", owners);
    let head = app.head("phong-kinh-te");
    let of = |movement: &str, award: &str, who: &str| format!("{movement}/awards/{award}/nominations/{who}");
    let claim = |ids: Value| json!({"achievement": "Tốt", "initiatives": ids});
    let unit = of(MOVEMENT, "tap-the", "phong-kinh-te");
    let made = head.put(&unit, claim(json!([idea]))).if_none_match_any().created();
    assert_eq!(made["initiatives"], json!([idea]));
    head.put(&unit, claim(json!([idea]))).if_match(&made.etag()).ok();
    // Its owners rely on it together for one form.
    head.put(&of(MOVEMENT, "ca-nhan", &hoa), claim(json!([idea]))).if_none_match_any().created();
    let again = head.put(&of(other, "ca-nhan", &hoa), claim(json!([idea]))).if_none_match_any();
    let refused = again.problem(422, "content_invalid");
    let refused = refused.finding("/initiatives/0", "initiative_used");
    assert!(refused.text().contains("khen thưởng tap-the của phong trào thi-dua"), "{refused}");
    let everything = claim(json!([idea, idea, "0197a3b0-0000-7000-8000-000000000000"]));
    head.put(&of(other, "ca-nhan", &hoa), everything)
        .if_none_match_any()
        .problem(422, "content_invalid")
        .finding("/initiatives/1", "initiative_twice")
        .finding("/initiatives/2", "initiative_not_own");
    // What is withdrawn serves nothing.
    app.agency().act_on(&unit, "withdraw", json!({})).is(200);
    app.agency().act_on(&of(MOVEMENT, "ca-nhan", &hoa), "reject", json!({"reason": "Chưa đủ"})).is(200);
    head.put(&of(other, "ca-nhan", &hoa), claim(json!([idea]))).if_none_match_any().created();
}

#[test]
fn an_initiative_that_serves_elsewhere_gives_no_points_and_says_where() {
    let app = started();
    let other = another_movement(&app);
    let idea = recognised(&app, MOVEMENT, "Trả kết quả tại nhà", json!([{"unit": "phong-vhxh"}]));
    app.appraised_dossier("phong-vhxh", "8");
    let there = format!("{other}/awards/tap-the/nominations/phong-vhxh");
    let counted = |run: &Answer| {
        let score =
            run["entries"][0]["criteria"].as_array().unwrap().iter().find(|one| one["code"] == "sang-kien").cloned();
        score.unwrap()["initiatives"][0].clone()
    };
    assert_eq!(counted(&preview(&app, "tap-the"))["points"], "5");
    let claim = json!({"achievement": "Tốt", "initiatives": [idea]});
    app.head("phong-vhxh").put(&there, claim).if_none_match_any().created();
    assert_eq!(counted(&preview(&app, "tap-the"))["points"], "5", "what is not verified takes nothing from others");
    app.agency().act_on(&there, "verify", json!({})).is(200);
    let found = counted(&preview(&app, "tap-the"));
    assert_eq!((&found["points"], &found["passed_over"]), (&json!(null), &json!("serves_another")));
    assert_eq!(found["serves"], "movements/thi-dua-2/awards/tap-the");
}

#[test]
fn of_two_dossiers_that_name_an_initiative_at_once_one_is_taken() {
    let app = started();
    let other = another_movement(&app);
    let idea = recognised(&app, MOVEMENT, "Trả kết quả tại nhà", json!([{"unit": "phong-kinh-te"}]));
    let head = app.head("phong-kinh-te");
    let claim = json!({"achievement": "Tốt", "initiatives": [idea]});
    let tries: Vec<_> = [MOVEMENT, other]
        .map(|movement| format!("{movement}/awards/tap-the/nominations/phong-kinh-te"))
        .map(|path| head.put(&path, claim.clone()).if_none_match_any())
        .map(|request| thread::spawn(move || request.send().status()))
        .into();
    let mut answered: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    answered.sort();
    assert_eq!(answered, [201, 422]);
}

#[test]
fn initiatives_count_in_the_days_of_the_criterion_and_after_discipline() {
    let app = TestApp::start();
    app.emulation_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        plan["groups"][0]["criteria"][4]["window"] = json!({"from": "2025-07-01", "to": "2025-08-31"});
    });
    for title in ["Một", "Hai cách làm khác hẳn"] {
        recognised(&app, MOVEMENT, title, json!([{"unit": "phong-kinh-te"}]));
    }
    app.sql("UPDATE initiatives SET decided_at = '2025-07-20T02:00:00Z' WHERE title = 'Một'");
    let path = dossier("tap-the", "phong-kinh-te");
    let claim = json!({"achievement": "Thành tích", "group": "don-vi", "self_scores": {"mo-hinh": "8"}});
    app.head("phong-kinh-te").put(&path, claim).if_none_match_any().created();
    app.agency().put(&format!("{path}/assessments/doan-ket"), json!({"passed": true})).if_none_match_any().created();
    app.agency().post(&format!("{path}/assessments/adopt"), json!({})).ok();
    let from = json!({"day": "2025-08-01", "source": "Quyết định 3"});
    app.agency().act_on(&path, "verify", json!({"facts": {"achievement_from": from}})).is(200);
    let run = preview(&app, "tap-the");
    let score =
        run["entries"][0]["criteria"].as_array().unwrap().iter().find(|one| one["code"] == "sang-kien").unwrap();
    let mut why: Vec<&str> =
        score["initiatives"].as_array().unwrap().iter().map(|one| one["passed_over"].as_str().unwrap()).collect();
    why.sort();
    assert_eq!((why, &score["points"]), (vec!["before_achievement_from", "outside_window"], &json!("0.00")));
}

#[test]
fn who_is_under_discipline_to_the_cut_is_not_ranked() {
    let app = started();
    let path = dossier("tap-the", "phong-kinh-te");
    let claim = json!({"achievement": "Tốt", "group": "don-vi", "facts": {"achievement_from":
        {"day": "2026-03-01", "source": "Quyết định kỷ luật số 5"}}});
    app.head("phong-kinh-te").put(&path, claim).if_none_match_any().created();
    app.agency().act_on(&path, "verify", json!({})).is(200);
    let run = preview(&app, "tap-the");
    let codes: Vec<&Value> =
        run["ineligible"][0]["reasons"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(codes.contains(&&json!("achievement_not_counted")), "{run}");
}

#[test]
fn a_dossier_names_documents_of_its_own_unit() {
    let app = started();
    let upload = |unit: &str| {
        let place = format!("{MOVEMENT}/submissions/2025-09/{unit}");
        app.head(unit).upload(&place, &[Part::text("link", "https://xa.example/giay-khen")]).created()["id"].clone()
    };
    let (own, foreign) = (upload("phong-kinh-te"), upload("phong-vhxh"));
    let path = dossier("tap-the", "phong-kinh-te");
    let claim = |evidence: Value| json!({"achievement": "Tốt", "evidence": evidence});
    app.head("phong-kinh-te")
        .put(&path, claim(json!([own, foreign, own])))
        .if_none_match_any()
        .problem(422, "content_invalid")
        .finding("/evidence/1", "nomination_evidence_unknown")
        .finding("/evidence/2", "nomination_evidence_unknown");
    let made = app.head("phong-kinh-te").put(&path, claim(json!([own]))).if_none_match_any().created();
    assert_eq!(made["evidence"], json!([own]));
    // Its report is a draft: who judges the dossier reads what it names, and nothing else of the draft.
    let read = |who: &Client, id: &Value| who.get(&format!("/evidence/{}", id.as_str().unwrap()));
    for judge in [app.council_member(), app.chair(), app.auditor()] {
        assert_eq!(read(&judge, &own).ok()["unit"], "phong-kinh-te");
        read(&judge, &foreign).problem(404, "not_found");
    }
    app.head("phong-kinh-te").act_on(&path, "withdraw", json!({})).is(200);
    read(&app.chair(), &own).problem(404, "not_found");
}

#[test]
fn other_nominations_of_the_candidate_and_of_namesakes_are_shown() {
    let app = started();
    let other = another_movement(&app);
    let hoa = app.somebody("Nguyễn Thị Hòa", Some("phong-kinh-te"));
    let twin = app.somebody("Nguyễn Thị Hòa", Some("phong-vhxh"));
    let claim = json!({"achievement": "Tốt"});
    let first = app.head("phong-kinh-te").put(&dossier("ca-nhan", &hoa), claim.clone()).if_none_match_any().created();
    assert_eq!(first["also_nominated"], json!([]));
    app.head("phong-vhxh").put(&dossier("ca-nhan", &twin), claim.clone()).if_none_match_any().created();
    let there = format!("{other}/awards/ca-nhan/nominations/{hoa}");
    let second = app.head("phong-kinh-te").put(&there, claim).if_none_match_any().created();
    let shown = |answer: &Answer| -> Vec<(String, String, bool)> {
        let all = answer["also_nominated"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        all.map(|one| (text(&one["movement"]), text(&one["candidate"]["unit"]), one["namesake"] == true)).collect()
    };
    let of = |movement: &str, unit: &str, namesake| (movement.to_owned(), unit.to_owned(), namesake);
    assert_eq!(shown(&second), [of("thi-dua", "phong-kinh-te", false)]);
    let seen = app.agency().get(&dossier("ca-nhan", &hoa)).ok();
    assert_eq!(shown(&seen), [of("thi-dua", "phong-vhxh", true), of("thi-dua-2", "phong-kinh-te", false)]);
    let own = app.head("phong-kinh-te").get(&dossier("ca-nhan", &hoa)).ok();
    assert_eq!(shown(&own), [of("thi-dua-2", "phong-kinh-te", false)], "people of other units stay theirs");
    // She moves: the new head finds the one dossier, and nobody makes a second.
    let seen = app.admin().get(&format!("/people/{hoa}")).ok();
    app.admin().patch(&format!("/people/{hoa}"), json!({"unit": "van-phong"})).if_match(&seen.etag()).ok();
    let again = app.head("van-phong").put(&dossier("ca-nhan", &hoa), json!({"achievement": "Tốt"})).if_none_match_any();
    again.problem(412, "precondition_failed");
}

#[test]
fn holds_are_read_with_who_began_and_ended_them_and_why() {
    let app = started();
    let path = dossier("tap-the", "phong-kinh-te");
    let claim = json!({"achievement": "Tốt", "group": "don-vi"});
    app.head("phong-kinh-te").put(&path, claim).if_none_match_any().created();
    let holds = format!("{path}/holds");
    assert_eq!(app.agency().get(&holds).ok()["items"], json!([]));
    let hold = |reason: &str| json!({"reason": reason, "source": "Thanh tra xã"});
    app.agency().act_on(&path, "hold", hold("Có đơn")).is(200);
    app.agency_2().act_on(&path, "release", json!({"reason": "Không vi phạm"})).is(200);
    app.agency().act_on(&path, "hold", hold("Đơn thứ hai")).is(200);
    let recorded = app.records("r.action = 'read_hold'");
    let read = app.auditor().get(&holds).ok();
    let items = read["items"].as_array().unwrap();
    assert_eq!(
        (items.len(), &items[0]["reason"], &items[0]["release_reason"]),
        (2, &json!("Có đơn"), &json!("Không vi phạm"))
    );
    assert_eq!((&items[0]["held_by"], &items[0]["released_by"]), (&json!("agency.10210"), &json!("agency-2.10210")));
    assert_eq!((&items[1]["reason"], &items[1]["released_at"]), (&json!("Đơn thứ hai"), &json!(null)));
    assert_eq!(app.records("r.action = 'read_hold'"), recorded + 1, "who reads it leaves a record");
    app.head("phong-kinh-te").get(&holds).problem(403, "forbidden");
}

#[test]
fn of_a_hold_and_a_verification_at_once_the_second_must_read_again() {
    let app = started();
    let path = dossier("tap-the", "phong-kinh-te");
    let made = app
        .head("phong-kinh-te")
        .put(&path, json!({"achievement": "Tốt", "group": "don-vi"}))
        .if_none_match_any()
        .created();
    let hold = json!({"reason": "Có đơn", "source": "Thanh tra xã"});
    let tries = [
        app.agency().post(&format!("{path}/verify"), json!({})).if_match(&made.etag()),
        app.agency_2().post(&format!("{path}/hold"), hold).if_match(&made.etag()),
    ];
    let tries: Vec<_> = tries.map(|request| thread::spawn(move || request.send().status())).into();
    let mut answered: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    answered.sort();
    assert_eq!(answered, [200, 412]);
}

#[test]
fn while_the_movement_concludes_a_dossier_is_in_before_or_refused() {
    let app = started();
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.at("2026-01-15T02:00:00Z");
    let seen = app.chair().get(MOVEMENT).ok();
    let conclude = app.chair().post(&format!("{MOVEMENT}/conclude"), json!({})).if_match(&seen.etag());
    let claim = json!({"achievement": "Tốt", "group": "don-vi"});
    let nominate = app.head("phong-kinh-te").put(&dossier("tap-the", "phong-kinh-te"), claim).if_none_match_any();
    let [concluded, nominated] = [conclude, nominate]
        .map(|request| thread::spawn(move || request.send().status()))
        .map(|one| one.join().unwrap());
    assert_eq!(concluded, 200);
    let stored = app.count("SELECT 1 FROM nominations");
    assert!(nominated == 201 && stored == 1 || nominated == 409 && stored == 0, "{nominated}, {stored} stored");
}
