//! One record a write, in its transaction.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;
use thidua::http::Role;

use super::{awarded::award, report, report_path};
use crate::support::{MOVEMENT, Part, TestApp, dossier, pdf, spec::operations};

/// Operations that are no `GET` and yet store nothing that anybody would ask about.
const STORE_NOTHING: [&str; 4] = ["lint_plan", "lint_plan_sheet", "verify_audit", "verify_ranking"];
/// Nothing was before somebody got in.
const ENTRANCES: [&str; 3] = ["log_in", "refresh_token", "redeem_code"];
/// A password that the owner of an account chooses.
const FIRST: &str = "bốn chữ ngẫu nhiên dài";

/// Every write that the document knows, done at least once; a `PUT` both makes and changes.
fn do_everything(app: &TestApp) {
    let city = json!({"code": "10219", "name": "Xã Mới", "kind": "xa", "valid_from": "2025-07-01"});
    app.city_admin().post("/localities", city).created();
    administer(app);
    organise(app);
    let council =
        json!({"quorum": "1/2", "pass": ">1/2", "of": "all", "ballot": "secret", "combine": "mean", "min_ballots": 1});
    app.emulation_of(|plan| plan["awards"][0]["council"] = council);
    propose(app);
    surround(app);
    record_law(app);
    change_wording(app);
    hand_in(app);
    nominate(app);
    judge(app);
    app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "official"})).created();
    award(app);
    let plan = app.chair().get(&format!("{MOVEMENT}/plan")).ok().json().clone();
    let mut draft = plan.clone();
    draft["code"] = json!("thi-dua-nhap");
    app.agency().post("/movements", draft.clone()).created();
    draft["title"] = json!({"vi": "Tên khác"});
    app.agency().put("/movements/thi-dua-nhap", draft).if_match("\"1\"").ok();
    app.agency().request(Method::DELETE, "/movements/thi-dua-nhap").if_match("\"2\"").send().is(204);
    let amendment = json!({"effective_from": "2025-12-15", "reason": "Làm rõ", "plan": plan});
    app.chair().act_on(MOVEMENT, "plan-versions", amendment).is(201);
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
}

fn administer(app: &TestApp) {
    let (admin, second) = (app.admin(), app.account("admin-2", Role::LocalityAdmin, None));
    let made = admin.post("/accounts", json!({"username": "moi.10210"})).created();
    let redeem = json!({"username": "moi.10210", "code": made["code"], "password": FIRST});
    app.anon().post("/auth/redeem", redeem).send().is(204);
    let role = json!({"account": "moi.10210", "role": "auditor"});
    let given = admin.post("/role-grants", role).created();
    let waiting = admin.post("/role-grants", json!({"account": "moi.10210", "role": "standing_agency"})).created();
    let half = second.post(&format!("/role-grants/{}/confirm", waiting["id"].as_str().unwrap()), json!({})).ok();
    let halves = [waiting, half].map(|half| half["one_time_code"]["code"].as_str().unwrap().to_owned());
    let redeem = json!({"username": "moi.10210", "code": halves.join("."), "password": FIRST});
    app.anon().post("/auth/redeem", redeem).send().is(204);
    let credentials = json!({"username": "moi.10210", "password": FIRST});
    let tokens = app.anon().post("/auth/login", credentials).ok();
    let tokens = app.anon().post("/auth/refresh", json!({"refresh_token": tokens["refresh_token"]})).ok();
    let client = app.anon().bearing(tokens["access_token"].as_str().unwrap());
    let change = json!({"current": FIRST, "new": "năm chữ khác hẳn bốn chữ cũ"});
    client.post("/auth/password", change).send().is(204);
    client.post("/auth/logout", json!({})).send().is(204);
    let lent = json!({"to": "moi.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "Đi công tác"});
    app.chair().post("/delegations", lent).created();
    admin.post(&format!("/role-grants/{}/end", given["id"].as_str().unwrap()), json!({})).ok();
    admin.act_on("/accounts/moi.10210", "reset-password", json!({})).is(200);
    second.post("/accounts/moi.10210/confirm-code", json!({})).ok();
    let tag = admin.get("/accounts/moi.10210").ok().etag();
    admin.patch("/accounts/moi.10210", json!({"disabled": true})).if_match(&tag).ok();
    for name in ["Trần An", "Lê Bình"] {
        admin.post("/accounts/import", json!([{"username": "nhap.10210", "display_name": name}])).ok();
    }
    admin.post("/accounts/codes", json!({"accounts": ["nhap.10210"]})).ok();
    let new = json!({"client_id": "mot-cua", "name": "Một cửa", "scopes": ["units:read"]});
    let made = admin.post("/clients", new).created();
    machine_token(app, "mot-cua", made["client_secret"].as_str().unwrap());
    admin.patch("/clients/mot-cua", json!({"scopes": ["progress:read"]})).if_match("\"1\"").ok();
    admin.act_on("/clients/mot-cua", "secrets", json!({})).is(200);
}

fn machine_token(app: &TestApp, client: &str, secret: &str) {
    let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    app.anon().request(Method::POST, "/oauth/token").body("application/x-www-form-urlencoded", form).ok();
}

fn organise(app: &TestApp) {
    let admin = app.admin();
    let unit = json!({"name": "Phòng Mới", "kind": "division", "valid_from": "2025-07-01"});
    admin.put("/units/phong-moi", unit.clone()).if_none_match_any().created();
    admin.put("/units/phong-moi", unit).if_match("\"1\"").ok();
    admin.patch("/units/phong-moi", json!({"name": "Phòng Mới hơn"})).if_match("\"2\"").ok();
    let row = |name: &str| json!([{"code": "to-moi", "name": name, "kind": "related", "valid_from": "2025-07-01"}]);
    admin.post("/units/import", row("Tổ Mới")).ok();
    admin.post("/units/import", row("Tổ Mới hơn")).ok();
    let year = json!({"holidays": [{"day": "2025-09-02", "name": "Quốc khánh"}], "working_days": []});
    admin.put("/calendar/2025", year.clone()).if_none_match_any().created();
    admin.put("/calendar/2025", year).if_match("\"1\"").ok();
    admin.act_on("/units/phong-moi", "merge", json!({"into": "van-phong", "on": "2099-01-01"})).is(200);
    for position in ["Chuyên viên", "Phó Trưởng phòng"] {
        admin.post("/people/import", json!([{"name": "Lê Thị Nhập", "position": position}])).ok();
    }
    let person = app.somebody("Trần Văn An", None);
    let renamed = json!({"name": "Trần Văn Ân", "kind": "resident"});
    admin.patch(&format!("/people/{person}"), renamed).if_match("\"1\"").ok();
    let household = app.household("Trần Văn Tám", "thon-1");
    admin.patch(&format!("/households/{household}"), json!({"unit": "thon-2"})).if_match("\"1\"").ok();
}

fn propose(app: &TestApp) {
    let idea = json!({"title": "Tại nhà", "summary": "Trả kết quả tại nhà", "owners": [{"unit": "phong-kinh-te"}]});
    let propose = || app.agency().post(&format!("{MOVEMENT}/initiatives"), idea.clone()).created();
    let path = |made: crate::support::Answer| made.header("location").unwrap().to_owned();
    let one = path(propose());
    let agency = app.agency();
    app.agency_2().act_on(&one, "recognise", json!({"level": "commune"})).is(200);
    agency.act_on(&one, "replicate", json!({"unit": "van-phong", "used_from": "2025-09-01"})).is(200);
    agency.act_on(&one, "withdraw-replication", json!({"unit": "van-phong", "reason": "Ghi nhầm"})).is(200);
    let same = json!({"of": one.rsplit('/').next(), "reason": "Cùng một mô hình"});
    agency.act_on(&path(propose()), "mark-duplicate", same).is(200);
    app.agency().act_on(&path(propose()), "reject", json!({"reason": "Không mới"})).is(200);
}

fn surround(app: &TestApp) {
    let (head, agency) = (app.head("phong-kinh-te"), app.agency());
    let raised = json!({"unit": "phong-kinh-te", "kind": "proposal", "title": "Máy quét", "text": "Thêm máy quét"});
    let raised = head.post(&format!("{MOVEMENT}/concerns"), raised).created();
    let concern = raised.header("location").unwrap();
    agency.act_on(concern, "consolidate", json!({"text": "Thêm máy quét"})).is(200);
    app.chair().act_on(concern, "decide", json!({"outcome": "accepted", "text": "Đồng ý"})).is(200);
    agency.act_on(concern, "reply", json!({"text": "Nhận tại Văn phòng"})).is(200);
    let told = json!({"unit": "phong-kinh-te", "kind": "article", "title": "Bài viết", "held_on": "2025-09-05"});
    let told = head.post(&format!("{MOVEMENT}/activities"), told).created();
    let activity = told.header("location").unwrap();
    let anew = json!({"reason": "Nhầm ngày", "kind": "article", "title": "Bài viết", "held_on": "2025-09-04"});
    head.act_on(activity, "correct", anew).is(200);
    agency.act_on(activity, "withdraw", json!({"reason": "Ghi hai lần"})).is(200);
}

fn hand_in(app: &TestApp) {
    // Long due: late.
    app.at("2025-11-30T02:00:00Z");
    let (place, head, agency) = (report_path("2025-07"), app.head("phong-kinh-te"), app.agency());
    head.put(&place, report(98)).if_none_match_any().created();
    head.put(&place, report(99)).if_match("\"1\"").ok();
    head.act_on(&place, "submit", json!({})).is(200);
    head.act_on(&place, "withdraw", json!({})).is(200);
    head.act_on(&place, "submit", json!({})).is(200);
    agency.act_on(&place, "excuse-lateness", json!({"reason": "Mất điện"})).is(200);
    agency.act_on(&place, "return", json!({"reason": "Chưa khớp"})).is(200);
    head.act_on(&place, "submit", json!({})).is(200);
    agency.act_on(&place, "approve", json!({})).is(200);
    agency.act_on(&place, "reopen", json!({"reason": "Báo nhầm"})).is(200);
    let tag = head.act_on(&place, "submit", json!({})).is(200).etag();
    let item = json!({"period": "2025-07", "unit": "phong-kinh-te", "etag": tag});
    agency.post(&format!("{MOVEMENT}/submissions/approvals"), json!({"items": [item]})).send().is(207);
    agency.act_on(&place, "reopen", json!({"reason": "Báo nhầm"})).is(200);
    let row = json!({"period": "2025-07", "unit": "phong-kinh-te", "indicator": "HS", "state": "reported", "numerator": 97,
        "denominator": 100});
    head.post(&format!("{MOVEMENT}/submissions/import"), json!([row.clone()])).ok();
    let later = head.post(&format!("{MOVEMENT}/submissions/import"), json!([row]));
    later.header("Prefer", "respond-async").send().is(202);
    head.upload(&report_path("2025-08"), &[Part::file("cong-van.pdf", pdf("12"))]).created();
    let period = format!("{MOVEMENT}/periods/2025-12");
    agency.post(&format!("{period}/close"), json!({})).if_match("\"1\"").ok();
    agency.post(&format!("{period}/reopen"), json!({"reason": "Mất điện"})).if_match("\"2\"").ok();
    let later = json!({"due_at": "2025-12-31T10:00:00Z", "reason": "Bão"});
    agency.post(&format!("{period}/postpone"), later).if_match("\"3\"").ok();
}

fn nominate(app: &TestApp) {
    let claim = json!({"achievement": "Đúng hạn", "group": "don-vi", "self_scores": {"mo-hinh": "38.5"}});
    let handed_in = |unit: &str| {
        let place = dossier("tap-the", unit);
        app.head(unit).put(&place, claim.clone()).if_none_match_any().created();
        place
    };
    for achievement in ["Đúng hạn", "Trước hạn"] {
        let row = json!([{"candidate": "van-phong", "achievement": achievement}]);
        app.head("van-phong").post(&format!("{MOVEMENT}/awards/tap-the/nominations/import"), row).ok();
    }
    let (agency, place) = (app.agency(), handed_in("phong-kinh-te"));
    app.head("phong-kinh-te").put(&place, claim.clone()).if_match("\"1\"").ok();
    agency.act_on(&place, "hold", json!({"reason": "Có đơn", "source": "Công văn 1"})).is(200);
    agency.act_on(&place, "release", json!({"reason": "Không vi phạm"})).is(200);
    let gate = format!("{place}/assessments/doan-ket");
    agency.put(&gate, json!({"passed": true})).if_none_match_any().created();
    agency.put(&gate, json!({"passed": false, "comment": "Xem lại"})).if_match("\"1\"").ok();
    agency.post(&format!("{place}/assessments/adopt"), json!({})).ok();
    agency.act_on(&place, "verify", json!({})).is(200);
    agency.act_on(&handed_in("phong-vhxh"), "reject", json!({"reason": "Trùng"})).is(200);
    app.head("to-so-hoa").act_on(&handed_in("to-so-hoa"), "withdraw", json!({})).is(200);
}

fn judge(app: &TestApp) {
    let (agency, member, place) = (app.agency(), app.council_member(), dossier("tap-the", "phong-kinh-te"));
    let who = "/council-members/council.10210";
    agency.put(who, json!({"unit": "van-phong"})).if_none_match_any().created();
    agency.put(who, json!({"unit": "phong-vhxh"})).if_match("\"1\"").ok();
    let because = json!({"reason": "Thiếu minh chứng"});
    member.post(&format!("{place}/assessments/doan-ket/send-back"), because.clone()).if_match("\"2\"").ok();
    let held = json!({"held_on": "2025-09-10", "present": ["council.10210"]});
    let session = agency.post(&format!("{MOVEMENT}/awards/tap-the/sessions"), held).created();
    let session = session.header("location").unwrap();
    let count =
        |n: u32| json!({"count": {"issued": n, "returned": n, "valid": n, "invalid": 0, "for": n, "against": 0}});
    let votes = format!("{session}/votes/phong-kinh-te");
    agency.put(&votes, count(1)).if_none_match_any().created();
    member.post(&format!("{place}/recusals"), because).created();
    agency.put(&votes, count(0)).if_match("\"1\"").ok();
    agency.post(&format!("{session}/close"), json!({})).ok();
}

fn change_wording(app: &TestApp) {
    let read = app.agency().get("/document-templates/quyet_dinh").ok();
    let mut wording = read.json().clone();
    wording["trace"] = json!(false);
    app.agency().put("/document-templates/quyet_dinh", wording).if_match(&read.etag()).ok();
}

fn record_law(app: &TestApp) {
    let basis = json!({
        "number": "326/QĐ-UBND", "kind": "quyet_dinh", "issuer": "UBND xã Hồng Vân", "subject": "Kế hoạch",
        "valid_from": "2025-07-18", "source": "Sổ văn bản đi",
    });
    let figure = json!({"value": "0.3", "source": "Công báo"});
    let twice = [("/law/bases/qd-326-2025", basis), ("/law/figures/giay_khen.person/2025-07-01", figure)];
    for (path, record) in twice {
        app.agency().put(path, record.clone()).if_none_match_any().created();
        app.agency().put(path, record).if_match("\"1\"").ok();
    }
}

#[test]
fn whatever_is_tried_out_is_answered_as_it_is_done_and_stores_nothing() {
    let app = TestApp::start();
    app.tries_out_first();
    do_everything(&app);
}

#[test]
fn a_key_stands_for_one_request_of_every_operation_that_takes_one() {
    let app = TestApp::start();
    app.uses_keys_again();
    do_everything(&app);
    let taking =
        operations().into_iter().filter(|op| op.spec["parameters"].to_string().contains("\"Idempotency-Key\""));
    let taking: BTreeSet<String> = taking.map(|operation| operation.id).collect();
    assert_eq!(app.refused_keys(), taking);
    assert!(taking.contains("create_account") && taking.contains("create_evidence") && taking.len() > 50, "{taking:?}");
}

#[test]
fn every_write_of_the_document_leaves_a_record_of_before_and_after() {
    let app = TestApp::start();
    do_everything(&app);
    let writes = operations().into_iter().filter(|operation| operation.method != "GET");
    let writes: Vec<_> = writes.filter(|write| !STORE_NOTHING.contains(&write.id.as_str())).collect();
    for write in &writes {
        let made =
            app.records(&format!("r.action = '{}' AND r.after_digest IS NOT NULL AND t.changes <> '[]'", write.id));
        assert!(made > 0, "{} leaves no record of what it changed", write.id);
        let changed = app.records(&format!("r.action = '{}' AND r.before_digest IS NOT NULL", write.id));
        assert!(
            changed > 0 || write.id.starts_with("create_") || ENTRANCES.contains(&&*write.id),
            "{} does not tell what was before",
            write.id
        );
    }
    assert_eq!(app.records("true"), app.count("SELECT DISTINCT request_id FROM audit_records"), "one record a request");
    let entrances = "r.action IN ('log_in', 'refresh_token', 'redeem_code', 'create_token')";
    assert_eq!(
        app.records(&format!("r.roles = '{{}}' AND NOT {entrances} OR t.actor = ''")),
        0,
        "somebody did it, in some role"
    );
    println!("{} writes, {} records", writes.len(), app.records("true"));
}

#[test]
fn who_got_in_is_recorded_and_whose_refresh_token_had_two_holders() {
    let app = TestApp::start();
    let made = app.admin().post("/accounts", json!({"username": "moi.10210"})).created();
    let redeem = json!({"username": "moi.10210", "code": made["code"], "password": FIRST});
    app.anon().post("/auth/redeem", redeem).send().is(204);
    let credentials = json!({"username": "moi.10210", "password": FIRST});
    app.anon().post("/auth/login", json!({"username": "moi.10210", "password": "sai"})).problem(401, "login_failed");
    let tokens = app.anon().post("/auth/login", credentials).ok();
    let refresh = || app.anon().post("/auth/refresh", json!({"refresh_token": tokens["refresh_token"]}));
    refresh().ok();
    app.at("2025-09-10T02:00:11Z");
    refresh().problem(401, "refresh_refused");
    let found = app.auditor().get("/audit?subject=accounts/moi.10210&actor=moi.10210").ok();
    let items = found["items"].as_array().unwrap();
    let actions: Vec<&str> = items.iter().map(|record| record["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["refresh_token", "refresh_token", "log_in", "redeem_code"]);
    assert!(found.text().contains("refresh token used twice"), "{found}");
    assert!(!found.text().contains(tokens["refresh_token"].as_str().unwrap()));
}

#[test]
fn who_changed_98_to_100_that_night_and_why_is_one_request() {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-09-12T03:00:00Z");
    let place = report_path("2025-09");
    let mut early = report(98);
    early["values"][0]["estimated"] = json!(true);
    app.reporter("phong-kinh-te").put(&place, early).if_none_match_any().created();
    app.head("phong-kinh-te").act_on(&place, "submit", json!({})).is(200);
    app.head("phong-kinh-te").act_on(&place, "withdraw", json!({})).is(200);
    app.at("2025-09-12T15:30:00Z");
    let mut night = report(100);
    night["on_behalf"] = json!({"reason": "Đơn vị báo lại qua điện thoại", "source": "Điện thoại"});
    let answer = app.agency().put(&place, night).if_match("\"3\"").ok();
    app.at("2025-09-15T03:00:00Z");
    app.head("phong-kinh-te").act_on(&place, "submit", json!({})).is(200);
    app.chain();
    let asked = format!("/audit?subject={}&from=2025-09-12T11:00:00Z&to=2025-09-12T23:00:00Z", &place[1..]);
    let found = app.auditor().get(&asked).ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    let record = &found["items"][0];
    assert_eq!((&record["actor"], &record["roles"]), (&json!("agency.10210"), &json!(["standing_agency"])));
    assert_eq!((&record["action"], &record["at"]), (&json!("draft_submission"), &json!("2025-09-12T15:30:00Z")));
    assert_eq!(record["reason"], "Đơn vị báo lại qua điện thoại");
    assert_eq!(record["request_id"].as_str(), answer.header("x-request-id"));
    let changes = record["changes"].as_array().unwrap();
    assert!(changes.contains(&json!({"pointer": "/values/HS/numerator", "from": 98, "to": 100})), "{found}");
    assert!(record["seq"].is_i64());
}

#[test]
fn records_are_found_by_actor_action_and_thing_page_after_page() {
    let app = TestApp::start();
    app.emulation();
    for unit in ["mot", "hai", "ba"] {
        let body = json!({"name": unit, "kind": "division", "valid_from": "2025-07-01"});
        app.admin().put(&format!("/units/{unit}"), body).if_none_match_any().created();
    }
    let count = |query: &str| app.chair().get(&format!("/audit?{query}")).ok()["items"].as_array().unwrap().len();
    assert_eq!(count("actor=admin.10210"), 3);
    assert_eq!(count("actor=admin.10210&action=patch_unit"), 0);
    assert_eq!(count("subject=units/mot"), 1);
    assert_eq!(count("subject=/api/v1/units/mot"), 1);
    assert_eq!(count("subject=units"), 3);
    assert_eq!(count("subject=un_ts"), 0);
    assert_eq!(count("subject=movements/thi-dua"), 2);
    let first = app.auditor().get("/audit?subject=units&limit=2").ok();
    let next = first["next_cursor"].as_str().unwrap();
    let second = app.auditor().get(&format!("/audit?subject=units&limit=2&cursor={next}")).ok();
    let subjects = |page: &crate::support::Answer| {
        let items = page["items"].as_array().unwrap().clone();
        items.into_iter().map(|record| record["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!([subjects(&first), subjects(&second)].concat(), ["units/ba", "units/hai", "units/mot"]);
}

#[test]
fn what_is_refused_or_answered_again_leaves_none() {
    let app = TestApp::start();
    let an = json!({"name": "Trần Văn An", "kind": "official"});
    app.admin().post("/people", json!({"name": "", "kind": "official"})).problem(422, "content_invalid");
    app.admin().post("/people", an.clone()).key("k-1").created();
    app.admin().post("/people", an.clone()).key("k-1").created();
    app.auditor().post("/people", an).problem(403, "forbidden");
    assert_eq!(app.records("true"), 1);
}

#[test]
fn what_cannot_be_recorded_is_not_done() {
    let app = TestApp::start();
    app.sql("ALTER TABLE audit_texts ADD CONSTRAINT audit_texts_broken_check CHECK (false) NOT VALID");
    let an = json!({"name": "Trần Văn An", "kind": "official"});
    assert_eq!(app.admin().post("/people", an).key("k-1").send_unchecked().status(), 500);
    assert_eq!(app.count("SELECT 1 FROM people") + app.count("SELECT 1 FROM answers"), 0);
    assert_eq!(app.records("true"), 0);
}

#[test]
fn work_above_localities_has_a_log_of_its_own() {
    let app = TestApp::start();
    let city = json!({"code": "10219", "name": "Xã Mới", "kind": "xa", "valid_from": "2025-07-01"});
    app.city_admin().post("/localities", city).created();
    app.admin().patch("/units/thon-1", json!({"name": "Thôn Một"})).if_match("\"1\"").ok();
    let subjects = |log: crate::support::Client| {
        let items = log.get("/audit").ok()["items"].as_array().unwrap().clone();
        items.into_iter().map(|record| record["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(subjects(app.city_viewer()), ["localities/10219"]);
    assert_eq!(subjects(app.city_viewer().of_locality("10210")), ["units/thon-1"]);
    assert_eq!(subjects(app.city_viewer().of_locality("10213")), [""; 0]);
    assert_eq!(subjects(app.elsewhere.auditor()), [""; 0]);
}
