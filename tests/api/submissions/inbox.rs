//! The inbox: what waits for whom, oldest first.

use serde_json::{Value, json};
use thidua::http::Role;

use crate::support::{Client, MOVEMENT, TestApp, story::Movement};

fn inbox(who: &Client, movement: &Movement) -> Vec<Value> {
    let page = who.get(&format!("{}/submissions/inbox", movement.path)).ok();
    assert_eq!(page["next_cursor"], Value::Null);
    page["items"].as_array().unwrap().clone()
}

/// `period/unit state` of everything that waits.
fn waits(who: &Client, movement: &Movement) -> Vec<String> {
    let said = |item: &Value, member: &str| item[member].as_str().unwrap_or("missing").to_owned();
    let line = |item: &Value| format!("{}/{} {}", said(item, "period"), said(item, "unit"), said(item, "state"));
    inbox(who, movement).iter().map(line).collect()
}

#[test]
fn what_is_not_handed_in_waits_for_its_unit_once_the_period_is_over() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (reporter, head) = (app.reporter("thon-1"), app.head("thon-1"));
    // July closed before the movement began; August has not.
    assert_eq!(waits(&reporter, &movement), ["2025-07/thon-1 missing"]);
    app.at("2025-08-14T16:59:59Z");
    assert_eq!(waits(&head, &movement), ["2025-07/thon-1 missing"]);
    app.at("2025-08-14T17:00:00Z");
    movement.at("2025-08", "thon-1").draft(&movement.report("thon-1")).is(201);
    assert_eq!(waits(&head, &movement), ["2025-07/thon-1 missing", "2025-08/thon-1 draft"]);
    let items = inbox(&head, &movement);
    let (missing, draft) = (&items[0], &items[1]);
    assert_eq!(
        (&missing["overdue"], &missing["etag"], &missing["allowed_actions"]),
        (&json!(true), &Value::Null, &json!(["edit"]))
    );
    assert_eq!((&draft["overdue"], &draft["etag"]), (&json!(false), &json!("\"1\"")));
    assert_eq!(
        (&draft["since"], &draft["allowed_actions"]),
        (&json!("2025-08-14T17:00:00Z"), &json!(["edit", "submit"]))
    );
    assert_eq!(inbox(&reporter, &movement)[1]["allowed_actions"], json!(["edit"]));
    movement.at("2025-08", "thon-1").submit();
    assert_eq!(waits(&head, &movement), ["2025-07/thon-1 missing"]);
    movement.close_period("2025-07");
    assert!(waits(&head, &movement).is_empty(), "what is taken no more does not wait");
}

#[test]
fn a_correction_waits_for_its_unit_at_once_with_the_reason() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-15T02:00:00Z");
    let (returned, reopened) = (movement.at("2025-09", "thon-1"), movement.at("2025-10", "thon-1"));
    for place in [&returned, &reopened] {
        place.draft(&movement.report("thon-1")).is(201);
        place.submit();
    }
    reopened.approve();
    app.at("2025-09-16T02:00:00Z");
    returned.send_back();
    app.at("2025-09-17T02:00:00Z");
    reopened.reopen();
    let head = app.head("thon-1");
    // July and August were over before all that.
    assert_eq!(
        waits(&head, &movement),
        ["2025-07/thon-1 missing", "2025-08/thon-1 missing", "2025-09/thon-1 returned", "2025-10/thon-1 reopened"]
    );
    let items = inbox(&head, &movement);
    assert_eq!((&items[2]["since"], &items[2]["reason"]), (&json!("2025-09-16T02:00:00Z"), &json!("Chưa khớp")));
    assert_eq!(items[3]["reason"], "Đơn vị báo nhầm");
    let act = head.post(&format!("{}/submit", returned.path), json!({}));
    act.if_match(items[2]["etag"].as_str().unwrap()).ok();
    assert_eq!(waits(&head, &movement).len(), 3);
    assert!(waits(&app.head("thon-2"), &movement).iter().all(|line| line.contains("thon-2")));
}

#[test]
fn what_is_handed_in_waits_for_whoever_may_approve_it() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for (unit, at) in [("thon-2", "2025-08-05T03:00:00Z"), ("thon-1", "2025-08-05T04:00:00Z")] {
        app.at(at);
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
        movement.at("2025-07", unit).submit();
    }
    let entered = movement.at("2025-07", "mat-tran");
    app.at("2025-08-05T05:00:00Z");
    entered.put(&app.agency(), &movement.report("mat-tran").on_behalf()).created();
    entered.act(&app.agency(), "submit", json!({})).ok();
    let others = ["2025-07/thon-2 submitted", "2025-07/thon-1 submitted"];
    assert_eq!(waits(&app.agency(), &movement), others, "one's own waits for somebody else");
    let all = waits(&app.agency_2(), &movement);
    assert_eq!((&all[..2], all[2].as_str()), (&others.map(str::to_owned)[..], "2025-07/mat-tran submitted"));
    let items = inbox(&app.agency_2(), &movement);
    assert_eq!(
        (&items[0]["since"], &items[0]["allowed_actions"]),
        (&json!("2025-08-05T03:00:00Z"), &json!(["approve", "return"]))
    );
    movement.at("2025-07", "thon-2").approve();
    assert_eq!(waits(&app.agency(), &movement), ["2025-07/thon-1 submitted"]);
    for who in [app.chair(), app.auditor(), app.admin()] {
        assert!(waits(&who, &movement).is_empty());
    }
}

fn kinds(who: &Client, path: &str) -> Vec<String> {
    let page = who.get(&format!("{path}/submissions/inbox")).ok();
    page["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_next_step_of_the_movement_waits_for_the_chair() {
    let app = TestApp::start();
    let plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    app.agency().post("/movements", plan).created();
    assert_eq!(kinds(&app.chair(), MOVEMENT), ["launch"]);
    assert!(kinds(&app.agency(), MOVEMENT).is_empty());
    let page = app.chair().get(&format!("{MOVEMENT}/submissions/inbox")).ok();
    let item = &page["items"][0];
    assert_eq!((&item["subject"], &item["allowed_actions"]), (&json!("/api/v1/movements/thi-dua"), &json!(["launch"])));
    app.chair().post(&format!("{MOVEMENT}/launch"), json!({})).if_match(item["etag"].as_str().unwrap()).ok();
    assert!(kinds(&app.chair(), MOVEMENT).is_empty());
    app.at("2026-12-31T02:00:00Z");
    assert_eq!(kinds(&app.chair(), MOVEMENT), ["close"]);
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    assert_eq!(kinds(&app.chair(), MOVEMENT), ["conclude"]);
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
    assert!(kinds(&app.chair(), MOVEMENT).is_empty());
}

#[test]
fn a_concern_waits_for_whoever_acts_next() {
    let app = TestApp::start();
    app.emulation();
    let raised = json!({"unit": "phong-kinh-te", "kind": "proposal", "title": "Máy quét", "text": "Thêm máy quét"});
    let raised = app.head("phong-kinh-te").post(&format!("{MOVEMENT}/concerns"), raised).created();
    let concern = raised.header("location").unwrap().to_owned();
    let waiting = |who: &Client| kinds(who, MOVEMENT).into_iter().filter(|kind| kind == "concern").count();
    let everybody = || (waiting(&app.agency()), waiting(&app.chair()), waiting(&app.head("phong-kinh-te")));
    assert_eq!(everybody(), (1, 0, 0));
    app.agency().act_on(&concern, "consolidate", json!({"text": "Thêm máy quét"})).is(200);
    assert_eq!(everybody(), (0, 1, 0));
    let page = app.chair().get(&format!("{MOVEMENT}/submissions/inbox")).ok();
    let item = &page["items"][0];
    assert_eq!((&item["title"], &item["unit"]), (&json!("Máy quét"), &json!("phong-kinh-te")));
    let decision = json!({"outcome": "accepted", "text": "Đồng ý"});
    let decide = app.chair().post(&format!("{concern}/decide").replace("/api/v1", ""), decision);
    decide.if_match(item["etag"].as_str().unwrap()).ok();
    assert_eq!(everybody(), (1, 0, 0));
    app.agency().act_on(&concern, "reply", json!({"text": "Nhận tại Văn phòng"})).is(200);
    assert_eq!(everybody(), (0, 0, 0));
}

/// Whoever acts for the one who handed in is the same pair of eyes.
#[test]
fn what_the_lender_handed_in_does_not_wait_for_whom_the_role_is_lent() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.put(&app.agency(), &movement.report("thon-1").on_behalf()).created();
    place.act(&app.agency(), "submit", json!({})).ok();
    let deputy = app.account("deputy", Role::Auditor, None);
    let lent =
        json!({"to": deputy.username, "role": "standing_agency", "valid_to": "2025-12-31", "reason": "Đi công tác"});
    app.agency().post("/delegations", lent).created();
    assert!(waits(&deputy, &movement).is_empty());
    assert_eq!(deputy.get(&place.path).ok()["allowed_actions"], json!(["withdraw", "return"]));
    place.act(&deputy, "approve", json!({})).problem(409, "four_eyes");
}

#[test]
fn the_inbox_comes_in_pages_each_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let units = ["thon-1", "thon-2", "mat-tran", "hoi-phu-nu", "phong-vhxh"];
    for unit in units {
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
        movement.at("2025-07", unit).submit();
    }
    let (mut seen, mut next) = (Vec::new(), format!("{}/submissions/inbox?limit=2", movement.path));
    for left in [2, 1, 0] {
        let page = app.agency().get(&next).ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["unit"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{}/submissions/inbox?limit=2&cursor={cursor}", movement.path),
            None => assert_eq!(left, 0),
        }
    }
    assert_eq!(seen, ["hoi-phu-nu", "mat-tran", "phong-vhxh", "thon-1", "thon-2"], "of one instant, by their codes");
    app.elsewhere.agency().get(&format!("{}/submissions/inbox", movement.path)).problem(404, "not_found");
}

#[test]
fn a_machine_of_a_unit_asks_what_it_is_to_send() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let client = |id: &str, scopes: Value| {
        let new = json!({"client_id": id, "name": "Một cửa", "unit": "thon-1", "scopes": scopes});
        let secret = app.admin().post("/clients", new).created()["client_secret"].as_str().unwrap().to_owned();
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let request = app.anon().request(reqwest::Method::POST, "/oauth/token");
        let token = request.body("application/x-www-form-urlencoded", form).ok();
        app.anon().bearing(token["access_token"].as_str().unwrap())
    };
    let sends = client("gui", json!(["submissions:read", "submissions:draft"]));
    assert_eq!(waits(&sends, &movement), ["2025-07/thon-1 missing"]);
    let reads = client("doc", json!(["submissions:read"]));
    assert!(waits(&reads, &movement).is_empty(), "who only reads has nothing to do");
}
