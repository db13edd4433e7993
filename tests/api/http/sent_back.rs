//! What GET answers can be sent back by PUT: members that only the answer has are taken as they are there, and refused
//! where they differ.

use serde_json::{Value, json};
use thidua::http::{Shape, differences};

use crate::support::{Client, TestApp, dossier};

/// Reads a thing, sends it back, and then with each member changed that the answer alone has.
fn goes_round(client: &Client, path: &str, members: &[(&str, Value)]) {
    let read = client.get(path).ok();
    let again = client.put(path, read.json().clone()).if_match(&read.etag()).ok();
    for (member, other) in members {
        let mut body = again.json().clone();
        assert_ne!(body[*member], *other, "{path}: {member} changes nothing");
        body[*member] = other.clone();
        let refused = client.put(path, body).if_match(&again.etag()).problem(422, "content_invalid");
        refused.finding(&format!("/{member}"), "member_read_only");
    }
    assert_eq!(client.get(path).ok().etag(), again.etag(), "{path}: what was refused stored nothing");
    let mut unknown = again.json().clone();
    unknown["colour"] = json!("red");
    client.put(path, unknown).if_match(&again.etag()).problem(400, "body_invalid").finding("/colour", "unknown_field");
}

#[test]
fn what_get_answers_is_taken_by_put() {
    let app = TestApp::start();
    app.emulation();
    goes_round(
        &app.admin(),
        "/units/phong-kinh-te",
        &[("code", json!("khac")), ("successor", json!("thon-1")), ("names", json!([]))],
    );
    app.admin().put("/calendar/2025", json!({"holidays": [], "working_days": []})).if_none_match_any().created();
    goes_round(&app.admin(), "/calendar/2025", &[("year", json!(2026)), ("updated_at", json!("2020-01-01T00:00:00Z"))]);
    let claim = json!({"achievement": "Giải quyết đúng hạn", "group": "don-vi", "self_scores": {"mo-hinh": "38.5"}});
    let kinh_te = dossier("tap-the", "phong-kinh-te");
    app.head("phong-kinh-te").put(&kinh_te, claim).if_none_match_any().created();
    goes_round(
        &app.head("phong-kinh-te"),
        &kinh_te,
        &[
            ("state", json!("verified")),
            ("award", json!("ca-nhan")),
            ("allowed_actions", json!([])),
            ("held", json!(true)),
        ],
    );
}

#[test]
fn a_report_as_it_was_read_is_taken_by_put() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    place.draft(&movement.report("phong-kinh-te")).is(201);
    goes_round(
        &app.head("phong-kinh-te"),
        &place.path,
        &[
            ("state", json!("approved")),
            ("revision", json!(7)),
            ("unit", json!("thon-1")),
            ("late", json!(true)),
            ("due_at", json!("2020-01-01T00:00:00Z")),
            ("unit_name", json!(null)),
        ],
    );
}

#[test]
fn what_is_not_there_yet_has_no_members_to_repeat() {
    let app = TestApp::start();
    let unit = json!({"code": "moi", "name": "Tổ mới", "kind": "division", "valid_from": "2025-07-01"});
    let refused = app.admin().put("/units/moi", unit).if_none_match_any().problem(422, "content_invalid");
    refused.finding("/code", "member_read_only");
}

/// Items of lists are found again by their keys, wherever they stand.
#[test]
fn members_of_items_are_compared_with_the_item_of_the_same_keys() {
    let value = |more: Value| {
        let mut properties =
            json!({"indicator": {"type": "string"}, "field": {"type": ["string", "null"]}, "count": {}});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"type": "object", "properties": {"values": {"type": "array", "items": {"properties": properties}}}})
    };
    let shape = Shape::of(&json!({}), &value(json!({})), &value(json!({"verdict": {}, "name": {}}))).unwrap();
    let there = json!({"values": [
        {"indicator": "A", "field": null, "count": 1, "verdict": "met", "name": "Một"},
        {"indicator": "B", "field": "x", "count": 2, "verdict": "not_met", "name": "Hai"},
        {"indicator": "B", "field": "y", "count": 3, "verdict": null, "name": "Ba"},
    ]});
    let cases = [
        (json!([]), vec![]),
        (json!([{"indicator": "B", "field": "y", "count": 9, "verdict": null, "name": "Ba"}]), vec![]),
        (json!([{"indicator": "B", "field": "x", "verdict": "met"}]), vec!["/values/0/verdict"]),
        (
            json!([{"indicator": "A", "count": 5, "verdict": "met"}, {"indicator": "B", "field": "y", "name": "Hai"}]),
            vec!["/values/1/name"],
        ),
        (json!([{"indicator": "C", "verdict": "met"}]), vec!["/values/0/verdict"]),
        (json!([{"indicator": "C", "verdict": null}]), vec![]),
    ];
    for (values, wrong) in cases {
        let mut body = json!({"values": values});
        let sent = shape.take(&mut body);
        assert!(!body.to_string().contains("verdict"), "{body}");
        let told: Vec<String> = differences(&sent, &there).into_iter().map(|finding| finding.pointer).collect();
        assert_eq!(told, wrong, "{values}");
    }
}
