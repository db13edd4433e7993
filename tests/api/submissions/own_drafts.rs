//! A draft is its unit's and the agency's until it is handed in: others find nothing of it at any address, and while it
//! is corrected what was handed in last.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::http::Role;

use super::sheets::{cells, template};
use crate::support::{Client, Part, TestApp, pdf, story::Place};

/// Everybody who neither drafts nor checks.
const OTHERS: [&str; 6] = ["chair", "auditor", "council", "admin", "city_viewer", "city_admin"];

fn reader(app: &TestApp, who: &str) -> Client {
    match who {
        "chair" => app.chair(),
        "auditor" => app.auditor(),
        "council" => app.council_member(),
        "admin" => app.admin(),
        "city_viewer" => app.city_viewer().of_locality("10210"),
        _ => app.city_admin().of_locality("10210"),
    }
}

/// The texts of everything that a reader gets of a place.
fn everything(who: &Client, app: &TestApp, place: &Place, evidence: &str) -> Vec<String> {
    let movement = app.standing();
    let form = template(who, &movement, "2025-07", "thon-1").is(200);
    let form = cells(form.bytes()).into_iter().flatten().map(|cell| cell.to_string()).collect::<Vec<_>>().join(";");
    let base = format!("{}/submissions", movement.path);
    let paths = [
        base.clone(),
        format!("{base}?state=draft"),
        format!("{base}/export?period=2025-07"),
        place.path.clone(),
        format!("{}/review", place.path),
        format!("{}/revisions", place.path),
        format!("{}/revisions/diff?from=0", place.path),
        format!("{}/evidence", place.path),
        format!("/evidence/{evidence}"),
        format!("/evidence/{evidence}/file"),
    ];
    let texts = paths.iter().map(|path| who.get(path).send().text());
    texts.chain([form]).collect()
}

#[rstest]
fn nobody_else_finds_anything_of_it_before_it_is_handed_in(#[values(0, 1, 2, 3, 4, 5)] who: usize) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (place, who) = (movement.at("2025-07", "thon-1"), reader(&app, OTHERS[who]));
    let file = [Part::file("DRAFTED.pdf", pdf("1"))];
    let evidence = app.head("thon-1").upload(&place.path, &file).created()["id"].as_str().unwrap().to_owned();
    let drafted = movement.report("thon-1").with("narrative", json!("DRAFTED"));
    let explained = drafted
        .say("CCHC-18", json!({"state": "reported", "numerator": 10, "denominator": 10, "explanation": "DRAFTED"}));
    place.draft(&explained).is(201);
    for own in [app.reporter("thon-1"), app.head("thon-1"), app.agency()] {
        own.get(&place.path).ok();
        own.get(&format!("/evidence/{evidence}")).ok();
        assert!(template(&own, &movement, "2025-07", "thon-1").is(200).bytes().len() > 100);
    }
    assert_eq!(who.get(&place.path).ok()["state"], "not_begun");
    for path in ["/revisions", "/revisions/1", "/revisions/diff"] {
        who.get(&format!("{}{path}", place.path)).problem(404, "not_found");
    }
    let listed = who.get(&format!("{}/submissions", movement.path)).ok();
    assert_eq!(listed["items"], json!([]));
    for text in everything(&who, &app, &place, &evidence) {
        assert!(!text.contains("DRAFTED"), "{text}");
    }
    place.submit();
    assert_eq!(who.get(&place.path).ok()["narrative"], "DRAFTED");
    who.get(&format!("/evidence/{evidence}/file")).ok();
    let listed = who.get(&format!("{}/submissions", movement.path)).ok();
    assert_eq!(listed["items"][0]["state"], "submitted");
    let told = everything(&who, &app, &place, &evidence).into_iter().filter(|text| text.contains("DRAFTED")).count();
    assert!(told >= 4, "{told} of them tell it now");
}

#[rstest]
#[case::withdrawn("withdraw")]
#[case::returned("return")]
#[case::reopened("reopen")]
fn while_it_is_corrected_others_read_what_was_handed_in(#[case] act: &str) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1").with("narrative", json!("FIRST"))).is(201);
    place.submit();
    match act {
        "withdraw" => drop(place.act(&app.head("thon-1"), "withdraw", json!({})).ok()),
        "return" => drop(place.send_back()),
        _ => {
            place.approve();
            place.reopen();
        }
    }
    place.draft(&movement.report("thon-1").with("narrative", json!("SECOND"))).is(200);
    assert_eq!(app.head("thon-1").get(&place.path).ok()["narrative"], "SECOND");
    for who in OTHERS.map(|who| reader(&app, who)) {
        let seen = who.get(&place.path).ok();
        assert_eq!((&seen["narrative"], &seen["allowed_actions"]), (&json!("FIRST"), &json!([])));
        let listed = who.get(&format!("{}/submissions", movement.path)).ok();
        assert_eq!(listed["items"][0]["state"], seen["state"]);
    }
}

#[test]
fn who_also_heads_a_unit_sees_its_draft_and_no_other() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let both = app.account("both", Role::Auditor, None);
    app.account("both", Role::UnitHead, Some("thon-1"));
    for unit in ["mat-tran", "thon-1", "thon-2"] {
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
    }
    movement.at("2025-07", "thon-2").submit();
    let listed = both.get(&format!("{}/submissions", movement.path)).ok();
    let mut listed: Vec<(&str, &str)> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["unit"].as_str().unwrap(), item["state"].as_str().unwrap()))
        .collect();
    listed.sort();
    assert_eq!(listed, [("thon-1", "draft"), ("thon-2", "submitted")]);
    let units = |query: &str| -> Vec<Value> {
        let page = both.get(&format!("{}/submissions?{query}", movement.path)).ok();
        page["items"].as_array().unwrap().iter().map(|item| item["unit"].clone()).collect()
    };
    assert_eq!((units("state=draft"), units("unit=mat-tran").len()), (vec![json!("thon-1")], 0));
    let export = both.get(&format!("{}/submissions/export?period=2025-07", movement.path)).ok().text();
    assert!(export.contains("thon-1") && export.contains("thon-2") && !export.contains("mat-tran"), "{export}");
}

#[test]
fn a_machine_that_reads_the_whole_locality_sees_no_drafts_and_one_of_the_unit_does() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    let machine = |id: &str, unit: Option<&str>| {
        let new = json!({"client_id": id, "name": "Máy", "unit": unit, "scopes": ["submissions:read"]});
        let secret = app.admin().post("/clients", new).created()["client_secret"].as_str().unwrap().to_owned();
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let token = app.anon().request(reqwest::Method::POST, "/oauth/token");
        let token = token.body("application/x-www-form-urlencoded", form).ok();
        app.anon().bearing(token["access_token"].as_str().unwrap())
    };
    assert_eq!(machine("ca-xa", None).get(&place.path).ok()["state"], "not_begun");
    assert_eq!(machine("mot-thon", Some("thon-1")).get(&place.path).ok()["state"], "draft");
}

/// The instants that a cursor holds.
fn instants(cursor: &Value) -> String {
    let bytes = data_encoding::HEXLOWER.decode(cursor.as_str().unwrap().as_bytes()).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[rstest]
fn when_a_hidden_draft_was_edited_neither_the_order_of_a_list_nor_its_cursor_tells(
    #[values(0, 1, 2, 3, 4, 5)] who: usize,
) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let units = ["mat-tran", "thon-1", "thon-2"];
    for (minute, unit) in units.into_iter().enumerate() {
        app.at(&format!("2025-09-10T02:0{minute}:00Z"));
        let place = movement.at("2025-07", unit);
        place.draft(&movement.report(unit)).is(201);
        place.submit();
    }
    app.at("2025-09-10T03:00:00Z");
    let edited = movement.at("2025-07", "mat-tran");
    edited.send_back();
    movement.at("2025-07", "thon-1").send_back();
    app.at("2025-09-10T04:44:00Z");
    edited.draft(&movement.report("mat-tran").with("narrative", json!("Đang sửa"))).is(200);
    let list = |who: &Client, query: &str| who.get(&format!("{}/submissions?{query}", movement.path)).ok();
    let order = |who: &Client, sort: &str| -> Vec<String> {
        let (mut found, mut query) = (Vec::new(), format!("limit=1&sort={sort}"));
        loop {
            let page = list(who, &query);
            assert!(!page.text().contains("04:44"), "{page}");
            found
                .extend(page["items"].as_array().unwrap().iter().map(|item| item["unit"].as_str().unwrap().to_owned()));
            match &page["next_cursor"] {
                Value::Null => return found,
                next => {
                    assert!(!instants(next).contains("04:44"), "{}", instants(next));
                    query = format!("limit=1&sort={sort}&cursor={}", next.as_str().unwrap());
                }
            }
        }
    };
    let who = reader(&app, OTHERS[who]);
    let (down, mut up) = (order(&who, "-updated_at"), order(&who, "updated_at"));
    up.reverse();
    assert_eq!((down[2].as_str(), &down), ("thon-2", &up));
    let shown = list(&who, "sort=-updated_at");
    let times: Vec<&str> =
        shown["items"].as_array().unwrap().iter().map(|i| i["updated_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "as shown: {times:?}");
    let agency = list(&app.agency(), "sort=-updated_at");
    assert_eq!(
        (&agency["items"][0]["unit"], &agency["items"][0]["updated_at"]),
        (&json!("mat-tran"), &json!("2025-09-10T04:44:00Z"))
    );
}

#[test]
fn who_also_heads_a_unit_has_its_draft_in_the_order_of_its_edits() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let both = app.account("both", Role::Auditor, None);
    app.account("both", Role::UnitHead, Some("thon-1"));
    for unit in ["mat-tran", "thon-1", "thon-2"] {
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
        movement.at("2025-07", unit).submit();
    }
    for (at, unit) in [("2025-09-10T05:00:00Z", "thon-1"), ("2025-09-10T06:00:00Z", "mat-tran")] {
        app.at("2025-09-10T04:00:00Z");
        movement.at("2025-07", unit).send_back();
        app.at(at);
        movement.at("2025-07", unit).draft(&movement.report(unit).with("narrative", json!("Đang sửa"))).is(200);
    }
    let listed = both.get(&format!("{}/submissions?sort=-updated_at", movement.path)).ok();
    let item = |at: usize| (listed["items"][at]["unit"].clone(), listed["items"][at]["updated_at"].clone());
    assert_eq!(item(0), (json!("thon-1"), json!("2025-09-10T05:00:00Z")));
    assert_eq!(item(1), (json!("mat-tran"), json!("2025-09-10T04:00:00Z")));
}
