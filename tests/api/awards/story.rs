//! The movement of xã Hồng Vân from its ranked lists to published certificates, as one story on the real plan.

use serde_json::{Value, json};
use thidua::http::Role;

use super::path;
use crate::{
    hong_van::until_the_ranked_lists,
    support::{TestApp, pdf, story::Movement},
};

/// The official run of an award: its id, and codes by rank with their standings.
fn ranked(app: &TestApp, movement: &Movement, award: &str) -> (Value, Vec<(String, String)>) {
    let runs = app.agency().get(&format!("{}/awards/{award}/rankings?state=official", movement.path)).ok();
    let id = runs["items"][0]["id"].clone();
    let run = app.agency().get(&format!("/rankings/{}", id.as_str().unwrap())).ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entries = run["entries"].as_array().unwrap().iter();
    (id, entries.map(|one| (text(&one["candidate"]["code"]), text(&one["standing"]))).collect())
}

/// Who is within the quota and the first of those tied at its line; the reasons of both who are tied.
fn selection(ranked: &[(String, String)]) -> (Vec<String>, Value) {
    let of =
        |standing: &str| ranked.iter().filter(|one| one.1 == standing).map(|one| one.0.clone()).collect::<Vec<_>>();
    let (mut selected, tied) = (of("within_quota"), of("tied_at_cutoff"));
    let reasons =
        json!({(tied[0].as_str()): "Có mô hình được nhân rộng", (tied[1].as_str()): "Đã được khen đợt trước"});
    selected.push(tied[0].clone());
    (selected, reasons)
}

#[test]
fn the_movement_of_hong_van_from_its_lists_to_published_certificates() {
    let app = TestApp::start();
    let movement = app.hong_van();
    until_the_ranked_lists(&app, &movement);
    let deputy = app.account("pho-chu-tich", Role::Auditor, None);

    let proposals = ["tap-the", "ca-nhan"].map(|award| proposed(&app, &movement, award));
    heard(&app, &proposals);
    let decisions = [decided_by_the_chair(&app, &proposals[0]), decided_for_the_chair(&app, &deputy, &proposals[1])];
    papers(&app, &decisions);
    published(&app, &movement, &decisions);
    after(&app, &movement, &decisions);
}

/// Still on 14/12/2025, the plan's last day.
fn proposed(app: &TestApp, movement: &Movement, award: &str) -> String {
    let (run, ranked) = ranked(app, movement, award);
    let (selected, reasons) = selection(&ranked);
    let proposals = format!("{}/awards/{award}/proposals", movement.path);
    let body = |reasons: Value| json!({"ranking": run, "selected": selected, "reasons": reasons});
    let refused = app.agency().post(&proposals, body(json!({}))).problem(422, "content_invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 2, "both who are tied have a reason");
    let made = app.agency().post(&proposals, body(reasons)).created();
    assert_eq!((&made["quota"], &made["late"]), (&json!(5), &json!(false)));
    path(&made)
}

fn heard(app: &TestApp, proposals: &[String; 2]) {
    app.at("2025-12-15T02:00:00Z");
    for proposal in proposals {
        let asked = json!({"name": "Công an xã", "asked_on": "2025-12-15"});
        app.agency().put(&format!("{proposal}/consultations/cong-an-xa"), asked).if_none_match_any().created();
        let posted = app.agency().post(&format!("{proposal}/post"), json!({"working_days": 5})).ok();
        assert_eq!(posted["posting"]["ends_on"], "2025-12-22");
    }
    app.at("2025-12-17T02:00:00Z");
    let seen = app.reporter("thon-2").get(&format!("{}/posting", proposals[1])).ok();
    let candidate = seen["candidates"][4]["candidate"].clone();
    let text = json!({"candidate": candidate, "text": "Chưa thấy trực tiếp giải quyết hồ sơ"});
    let objection = app.reporter("thon-2").post(&format!("{}/objections", proposals[1]), text).created();
    for proposal in proposals {
        let answered = json!({"name": "Công an xã", "asked_on": "2025-12-15", "answer": "no_objection",
            "answered_on": "2025-12-17", "document": "Công văn số 45/CAX ngày 17/12/2025"});
        app.agency().put(&format!("{proposal}/consultations/cong-an-xa"), answered).if_match("\"1\"").ok();
    }
    app.at("2025-12-23T02:00:00Z");
    assert_eq!(super::missing(app, &proposals[0]), Vec::<String>::new());
    assert_eq!(super::missing(app, &proposals[1]), ["objection_unanswered"]);
    let answer = format!("/objections/{}/answer", objection["id"].as_str().unwrap());
    app.agency_2().post(&answer, json!({"text": "Đã đối chiếu sổ tiếp nhận: trực tiếp giải quyết 312 hồ sơ"})).ok();
    let own = app.reporter("thon-2").get(&format!("{}/posting", proposals[1])).ok();
    assert_eq!(own["objections"][0]["answer"]["answered_by"], "agency-2.10210");
}

fn selected(app: &TestApp, proposal: &str) -> Vec<Value> {
    let proposal = app.chair().get(proposal).ok();
    let mut selected: Vec<&Value> =
        proposal["candidates"].as_array().unwrap().iter().filter(|one| !one["selected"].is_null()).collect();
    selected.sort_by_key(|one| one["selected"].as_u64());
    selected.into_iter().map(|one| one["candidate"]["code"].clone()).collect()
}

/// The chair leaves out the one who was tied.
fn decided_by_the_chair(app: &TestApp, proposal: &str) -> String {
    let mut accepted = selected(app, proposal);
    let left_out = accepted.pop().unwrap();
    let body = |reasons: Value| json!({"accepted": accepted, "reasons": reasons, "signed_as": "chair"});
    app.chair()
        .post(&format!("{proposal}/decide"), body(json!({})))
        .problem(422, "content_invalid")
        .finding(&format!("/reasons/{}", left_out.as_str().unwrap()), "decision_unexplained");
    let reasons = json!({(left_out.as_str().unwrap()): "Hai tập thể ngang nhau, khen vào đợt sau"});
    path(&app.chair().post(&format!("{proposal}/decide"), body(reasons)).created())
}

fn decided_for_the_chair(app: &TestApp, deputy: &crate::support::Client, proposal: &str) -> String {
    let lent = json!({"to": "pho-chu-tich.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "Đi công tác"});
    app.chair().post("/delegations", lent).created();
    let body = json!({"accepted": selected(app, proposal), "signed_as": "deputy"});
    path(&deputy.post(&format!("{proposal}/decide"), body).created())
}

fn papers(app: &TestApp, decisions: &[String; 2]) {
    app.at("2025-12-24T02:00:00Z");
    for (decision, number) in decisions.iter().zip([1820, 1822]) {
        let body = json!({"number": number, "date": "2025-12-24"});
        let registered = app.agency_2().post(&format!("{decision}/register"), body).ok();
        assert_eq!((&registered["state"], &registered["warnings"]), (&json!("registered"), &json!([])));
        let file = app.agency_2().put(&format!("{decision}/signed-file"), json!({}));
        file.body("application/pdf", pdf(&number.to_string())).created();
    }
    app.agency_2()
        .post(&format!("{}/register", decisions[1]), json!({"number": 1820, "date": "2025-12-24"}))
        .problem(409, "decision_registered");
    for decision in decisions {
        app.agency_2().post(&format!("{decision}/certificates"), json!({})).ok();
    }
}

fn results(app: &TestApp, movement: &Movement, award: &str) -> Vec<Value> {
    app.reporter("thon-2").get(&format!("{}/awards/{award}", movement.path)).ok()["results"].as_array().unwrap().clone()
}

fn published(app: &TestApp, movement: &Movement, decisions: &[String; 2]) {
    for decision in decisions {
        app.agency_2().post(&format!("{decision}/publish"), json!({})).problem(409, "registration_own");
        app.chair().post(&format!("{decision}/publish"), json!({})).ok();
    }
    let collectives = results(app, movement, "tap-the");
    let of = |member: &str| collectives.iter().map(|one| one[member].clone()).collect::<Vec<_>>();
    assert_eq!(of("candidate"), ["phong-kinh-te", "ttpvhcc", "phong-vhxh", "van-phong"]);
    assert_eq!(
        (of("ordinal"), &of("symbol")[0]),
        (vec![json!(1), json!(2), json!(3), json!(4)], &json!("1820/QĐ-UBND"))
    );
    let people = results(app, movement, "ca-nhan");
    assert_eq!(
        (people.len(), &people[0]["name"], &people[0]["unit"]),
        (5, &json!("Nguyễn Thị Hòa"), &json!("Phòng Kinh tế"))
    );
    let told = app.head("van-phong").get("/award-notices").ok();
    let kinds: Vec<_> = told["items"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert!(kinds.contains(&json!("awarded")), "{kinds:?}");
    assert_eq!(app.agency().get("/events?after=0&type=award.published").ok()["items"].as_array().unwrap().len(), 2);
}

/// A year later: a misspelt name, a lost certificate, a dishonest declaration.
fn after(app: &TestApp, movement: &Movement, decisions: &[String; 2]) {
    app.at("2026-03-02T02:00:00Z");
    let people = results(app, movement, "ca-nhan");
    let of = |at: usize, more: Value| {
        let mut body =
            json!({"candidate": people[at]["candidate"], "reason": "Theo đơn và xác minh", "date": "2026-03-02"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let correct = of(1, json!({"member": "name", "text": "Trần Văn Đước", "number": 210}));
    app.chair().post(&format!("{}/correct", decisions[1]), correct).ok();
    let certificates = app.agency().get(&format!("{}/certificates", decisions[1])).ok();
    let replace = format!("/certificates/{}/replace", certificates["items"][1]["id"].as_str().unwrap());
    let new = app.agency().post(&replace, json!({"reason": "Viết sai tên"})).created();
    assert_eq!(
        (&new["recipient"]["name"], &new["ordinal"], &new["state"]),
        (&json!("Trần Văn Đước"), &json!(2), &json!("valid"))
    );
    app.chair().post(&format!("{}/revoke", decisions[1]), of(2, json!({"number": 211}))).ok();
    let now = results(app, movement, "ca-nhan");
    assert_eq!((&now[1]["name"], &now[2]["state"], now.len()), (&json!("Trần Văn Đước"), &json!("revoked"), 5));
}
