//! The organisation tree and its changes.

mod import;
mod merges;
mod statements;

use std::thread;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

fn unit(name: &str, parent: Option<&str>, valid_from: &str) -> Value {
    json!({"name": name, "kind": "division", "parent": parent, "valid_from": valid_from})
}

/// Changes a unit as it stands.
fn patch(client: &Client, code: &str, body: Value) -> Answer {
    let tag = client.get(&format!("/units/{code}")).ok().etag();
    client.patch(&format!("/units/{code}"), body).if_match(&tag).send()
}

fn codes(answer: &Answer) -> Vec<String> {
    answer["items"].as_array().unwrap().iter().map(|unit| unit["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_unit_made_is_the_unit_read() {
    let app = TestApp::start();
    let body = json!({"name": "Tổ CNTT", "kind": "service", "parent": "van-phong", "valid_from": "2025-08-01",
        "external_codes": {"qd20": "H26.1.2"}});
    let made = app.admin().put("/units/to-cntt", body).if_none_match_any().created();
    assert_eq!(made["names"], json!([{"name": "Tổ CNTT", "from": "2025-08-01", "to": null}]));
    let read = app.reporter("thon-1").get("/units/to-cntt").ok();
    assert_eq!(read.json(), made.json());
    assert_eq!(read["external_codes"]["qd20"], "H26.1.2");
}

#[test]
fn a_new_name_holds_from_its_day_and_the_old_one_is_kept() {
    let app = TestApp::start();
    let body = json!({"name": "Phòng Kinh tế và Hạ tầng", "valid_from": "2025-10-01"});
    let changed = patch(&app.admin(), "phong-kinh-te", body).is(200);
    assert_eq!(changed["name"], "Phòng Kinh tế", "until October");
    assert_eq!(
        changed["names"],
        json!([
            {"name": "Phòng Kinh tế", "from": "2025-07-01", "to": "2025-09-30"},
            {"name": "Phòng Kinh tế và Hạ tầng", "from": "2025-10-01", "to": null}
        ])
    );
    app.at("2025-10-01T02:00:00Z");
    assert_eq!(app.admin().get("/units/phong-kinh-te").ok()["name"], "Phòng Kinh tế và Hạ tầng");
}

#[test]
fn a_second_change_on_one_day_corrects_the_first() {
    let app = TestApp::start();
    patch(&app.admin(), "thon-1", json!({"name": "Thôn Mọt"})).is(200);
    let corrected = patch(&app.admin(), "thon-1", json!({"name": "Thôn Một"})).is(200);
    let names: Vec<&Value> = corrected["names"].as_array().unwrap().iter().map(|name| &name["name"]).collect();
    assert_eq!(names, ["Thôn 1", "Thôn Một"]);
}

#[test]
fn what_a_patch_leaves_out_stays() {
    let app = TestApp::start();
    let before = app.admin().get("/units/to-so-hoa").ok();
    let after = patch(&app.admin(), "to-so-hoa", json!({"external_codes": {"qd20": "H26.9"}})).is(200);
    assert_eq!((&after["names"], &after["parent"]), (&before["names"], &before["parent"]));
    let top = patch(&app.admin(), "to-so-hoa", json!({"parent": null})).is(200);
    assert_eq!((&top["parent"], &top["external_codes"]["qd20"]), (&Value::Null, &json!("H26.9")));
}

#[test]
fn a_change_before_the_first_day_makes_the_unit_older() {
    let app = TestApp::start();
    let changed = patch(&app.admin(), "thon-1", json!({"name": "Xóm 1", "valid_from": "2025-06-01"})).is(200);
    assert_eq!(changed["valid_from"], "2025-06-01");
    assert_eq!(codes(&app.admin().get("/units?as_of=2025-06-15").ok()), ["thon-1"]);
}

#[test]
fn any_days_tree_can_be_told() {
    let app = TestApp::start();
    patch(&app.admin(), "to-so-hoa", json!({"parent": "van-phong", "valid_from": "2025-09-01"})).is(200);
    patch(&app.admin(), "thon-2", json!({"valid_to": "2025-08-31"})).is(200);
    let below = |code: &str, day: &str| codes(&app.chair().get(&format!("/units?parent={code}&as_of={day}")).ok());
    assert_eq!(below("phong-vhxh", "2025-08-31"), ["to-so-hoa"]);
    assert_eq!(below("phong-vhxh", "2025-09-01"), [""; 0]);
    assert_eq!(below("van-phong", "2025-09-01"), ["to-so-hoa"]);
    let hamlets = |day: &str| codes(&app.chair().get(&format!("/units?kind=hamlet&as_of={day}")).ok());
    assert_eq!(hamlets("2025-08-31"), ["thon-1", "thon-2"]);
    assert_eq!(hamlets("2025-09-01"), ["thon-1"]);
    assert_eq!(hamlets("2025-06-30"), [""; 0]);
    let tree = app.chair().get("/units/tree?as_of=2025-09-01").ok();
    let office = tree["items"].as_array().unwrap().iter().find(|unit| unit["code"] == "van-phong").unwrap();
    assert_eq!(office["children"][0]["code"], "to-so-hoa");
}

#[test]
fn a_unit_whose_parent_has_ended_stands_at_the_top() {
    let app = TestApp::start();
    patch(&app.admin(), "phong-vhxh", json!({"valid_to": "2025-08-31"})).is(200);
    let tree = app.chair().get("/units/tree").ok();
    assert!(tree["items"].as_array().unwrap().iter().any(|unit| unit["code"] == "to-so-hoa"));
    assert_eq!(app.chair().get("/units/to-so-hoa").ok()["parent"], Value::Null);
}

#[rstest]
#[case("to-so-hoa", json!({"parent": "khong-co"}), "/parent", "unit_unknown")]
#[case("to-so-hoa", json!({"parent": "to-so-hoa"}), "/parent", "unit_cycle")]
#[case("phong-vhxh", json!({"parent": "to-so-hoa"}), "/parent", "unit_cycle")]
#[case("to-so-hoa", json!({"parent": "van-phong", "valid_from": "2025-06-01"}), "/parent", "unit_unknown")]
#[case("thon-1", json!({"valid_to": "2025-06-30"}), "/valid_to", "days_reversed")]
#[case("thon-1", json!({"name": ""}), "/name", "length_out_of_range")]
#[case("thon-1", json!({"kind": "Thành lũy"}), "/kind", "unit_kind_unread")]
fn what_is_wrong_with_a_change_is_said(
    #[case] code: &str,
    #[case] body: Value,
    #[case] pointer: &str,
    #[case] finding: &str,
) {
    let app = TestApp::start();
    patch(&app.admin(), code, body).problem(422, "content_invalid").finding(pointer, finding);
}

#[test]
fn a_cycle_that_would_begin_later_is_refused_too() {
    let app = TestApp::start();
    patch(&app.admin(), "thon-1", json!({"parent": "thon-2", "valid_from": "2025-12-01"})).is(200);
    let turned = patch(&app.admin(), "thon-2", json!({"parent": "thon-1", "valid_from": "2025-10-01"}));
    turned.problem(422, "content_invalid").finding("/parent", "unit_cycle");
    patch(&app.admin(), "thon-2", json!({"parent": null, "valid_from": "2025-11-30"})).is(200);
    patch(&app.admin(), "thon-2", json!({"parent": "van-phong", "valid_from": "2025-10-01"})).is(200);
}

#[test]
fn two_moves_at_once_make_no_cycle() {
    let app = TestApp::start();
    let admin = app.admin();
    let moves = [("thon-1", "thon-2"), ("thon-2", "thon-1")];
    let statuses: Vec<u16> = thread::scope(|scope| {
        let start = |(code, parent)| {
            scope.spawn({
                let admin = &admin;
                move || patch(admin, code, json!({"parent": parent})).status()
            })
        };
        moves.map(start).into_iter().map(|done| done.join().unwrap()).collect()
    });
    assert!(statuses.contains(&200) && statuses.contains(&422), "{statuses:?}");
}

#[rstest]
#[case("T1")]
#[case("-a")]
#[case("a")]
#[case("th%C3%B4n")]
fn a_code_is_plain(#[case] code: &str) {
    let app = TestApp::start();
    let put = app.admin().put(&format!("/units/{code}"), unit("Tổ", None, "2025-07-01")).if_none_match_any();
    put.problem(422, "content_invalid").finding("", "code_malformed");
}

#[rstest]
#[case("tree")]
#[case("import")]
fn no_unit_has_the_path_of_another_operation(#[case] code: &str) {
    let app = TestApp::start();
    let put = app.admin().put(&format!("/units/{code}"), unit("Tổ", None, "2025-07-01")).if_none_match_any();
    put.problem(405, "method_not_allowed");
}

#[test]
fn of_twenty_changes_to_one_version_one_is_done() {
    let app = TestApp::start();
    let (admin, tag) = (app.admin(), app.admin().get("/units/thon-1").ok().etag());
    let statuses: Vec<u16> = thread::scope(|scope| {
        let put = |n| {
            let (admin, tag) = (&admin, &tag);
            let body = unit(&format!("Thôn {n}"), None, "2025-09-10");
            scope.spawn(move || admin.put("/units/thon-1", body).if_match(tag).send().status())
        };
        (0..20).map(put).collect::<Vec<_>>().into_iter().map(|done| done.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 19, "{statuses:?}");
}

#[test]
fn of_twenty_makings_of_one_unit_one_is_done() {
    let app = TestApp::start();
    let admin = app.admin();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let put = |_| {
            let (admin, body) = (&admin, unit("Thôn 9", None, "2025-07-01"));
            scope.spawn(move || admin.put("/units/thon-9", body).if_none_match_any().send().status())
        };
        (0..20).map(put).collect::<Vec<_>>().into_iter().map(|done| done.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 19, "{statuses:?}");
}

#[test]
fn another_localitys_unit_is_not_there() {
    let app = TestApp::start();
    app.admin().put("/units/rieng", unit("Riêng", None, "2025-07-01")).if_none_match_any().created();
    let other = app.elsewhere.admin();
    other.get("/units/rieng").problem(404, "not_found");
    other.patch("/units/rieng", json!({"name": "Ta"})).if_match("\"1\"").problem(404, "not_found");
    let adopted = other.put("/units/con", unit("Con", Some("rieng"), "2025-07-01")).if_none_match_any();
    adopted.problem(422, "content_invalid").finding("/parent", "unit_unknown");
    assert!(!other.get("/units").ok().text().contains("rieng"));
    assert!(!other.get("/units/tree").ok().text().contains("rieng"));
    // The same code is theirs to use.
    other.put("/units/rieng", unit("Của họ", None, "2025-07-01")).if_none_match_any().created();
    assert_eq!(app.admin().get("/units/rieng").ok()["name"], "Riêng");
}

#[test]
fn only_the_administrator_changes_units() {
    let app = TestApp::start();
    for client in [app.agency(), app.chair(), app.head("thon-1"), app.city_admin().of_locality("10210")] {
        client.patch("/units/thon-1", json!({})).if_match("\"1\"").problem(403, "forbidden");
        client.put("/units/thon-9", unit("Thôn 9", None, "2025-07-01")).if_none_match_any().problem(403, "forbidden");
    }
}

#[test]
fn no_more_than_twenty_units_stand_above_one_another() {
    let app = TestApp::start();
    let rows = |deep: usize| -> Vec<Value> {
        let row = |n: usize| {
            let parent = (n > 1).then(|| format!("cap-{}", n - 1));
            json!({"code": format!("cap-{n}"), "name": "Cấp", "kind": "related", "parent": parent, "valid_from": "2025-07-01"})
        };
        (1..=deep).map(row).collect()
    };
    let refused = app.admin().post("/units/import", json!(rows(21))).problem(422, "content_invalid");
    refused.finding("/parent", "tree_too_deep");
    app.admin().post("/units/import", json!(rows(20))).ok();
    app.chair().get("/units/tree").ok();
}

#[test]
fn a_kind_is_written_by_its_name_and_listed() {
    let app = TestApp::start();
    let unit = |kind: &str| json!({"name": "Phòng Mới", "kind": kind, "valid_from": "2025-07-01"});
    let admin = app.admin();
    let put = |kind: &str| admin.put("/units/phong-moi", unit(kind)).if_none_match_any();
    let answer = put("Đội tự quản").problem(422, "content_invalid").finding("/kind", "unit_kind_unread");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("hamlet (Thôn, xóm"), "{answer}");
    assert_eq!(put("Phòng chuyên môn").created()["kind"], "division");
    let mut plan: Value = serde_json::from_str(include_str!("support/awards-plan.json")).unwrap();
    plan["unit_kinds"].as_array_mut().unwrap().push(json!({"code": "doi", "name": {"vi": "Đội tự quản"}}));
    app.agency().post("/movements", plan).created();
    let patched = admin.patch("/units/phong-moi", json!({"kind": "Đội tự quản"})).if_match("\"1\"").ok();
    assert_eq!(patched["kind"], "doi");
    let row = |kind: &str| json!([{"code": "to-moi", "name": "Tổ Mới", "kind": kind, "valid_from": "2025-07-01"}]);
    admin.post("/units/import", row("Văn phòng")).ok();
    assert_eq!(admin.get("/units/to-moi").ok()["kind"], "office");
    let refused = admin.post("/units/import", row("Nhóm lạ")).problem(422, "import_rejected");
    assert_eq!((&refused["errors"][0]["row"], &refused["errors"][0]["code"]), (&json!(1), &json!("unit_kind_unread")));
    let listed = app.reporter("thon-1").get("/unit-kinds").lang("vi").ok();
    let of = |code: &str| listed["items"].as_array().unwrap().iter().find(|kind| kind["code"] == code).unwrap().clone();
    assert_eq!(of("doi"), json!({"code": "doi", "name": "Đội tự quản", "units": 1}));
    assert_eq!(of("quarter")["units"], 0);
}

#[test]
fn what_no_unit_reports_is_told_with_the_kinds_that_there_are() {
    let app = TestApp::start();
    let mut plan: Value = serde_json::from_str(include_str!("support/awards-plan.json")).unwrap();
    plan["unit_kinds"].as_array_mut().unwrap().push(json!({"code": "doi", "name": {"vi": "Đội tự quản"}}));
    plan["indicators"][0]["reported_by"] = json!(["doi"]);
    let tag = app.agency().post("/movements", plan).created().etag();
    let launch = app.chair().post("/movements/thi-dua/launch", json!({})).if_match(&tag).lang("en");
    let refused = launch.problem(422, "content_invalid").finding("/indicators/0/reported_by", "no_unit_reports");
    let errors = refused["errors"].as_array().unwrap();
    let message = errors.iter().find(|error| error["code"] == "no_unit_reports").unwrap()["message"].as_str().unwrap();
    assert!(message.contains("asks doi") && message.contains("division") && message.contains("hamlet"), "{message}");
}
