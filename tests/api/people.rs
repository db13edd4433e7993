//! People who may be nominated.

mod households;
mod import;
mod retention;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

fn register(app: &TestApp, name: &str, unit: Option<&str>) -> String {
    let body = json!({"name": name, "kind": "official", "unit": unit});
    app.admin().post("/people", body).created()["id"].as_str().unwrap().to_owned()
}

fn names(client: &Client, path: &str) -> Vec<String> {
    let listed = client.get(path).ok();
    listed["items"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn lists_go_by_given_name_then_surname() {
    let app = TestApp::start();
    for name in ["Trần Văn Bình", "Lê Thị Xuân", "Nguyễn Thị An", "Đỗ Văn An", "Phạm Đức", "Phạm Dũng"]
    {
        register(&app, name, None);
    }
    let expected = ["Đỗ Văn An", "Nguyễn Thị An", "Trần Văn Bình", "Phạm Dũng", "Phạm Đức", "Lê Thị Xuân"];
    assert_eq!(names(&app.agency(), "/people"), expected);
    let turned: Vec<&str> = expected.into_iter().rev().collect();
    assert_eq!(names(&app.agency(), "/people?sort=-name"), turned);
}

/// ă â đ ê ô ơ ư are letters of their own; tones go none, huyền, hỏi, ngã, sắc, nặng, and those of the given name come
/// before the surname.
#[test]
fn people_are_ordered_as_vietnamese_orders_names() {
    let app = TestApp::start();
    let ordered = [
        "An",
        "Anh",
        "Ánh",
        "Ân",
        "Dũng",
        "Duy",
        "Đạt",
        "Ðẳng",
        "Đức",
        "Giang",
        "Hoa",
        "Hoà",
        "Nguyễn Hoả",
        "Hoã",
        "An Hoá",
        "Lê Hoá",
        "Hoạ",
        "Hoàng",
        "Huế",
        "Oanh",
        "Ôn",
        "Ổn",
        "Ơn",
        "Quý",
        "Tâm",
        "Tấm",
        "Tậm",
        "Uy",
        "Ước",
        "Yến",
    ];
    for at in (0..ordered.len()).map(|at| at * 7 % ordered.len()).rev() {
        register(&app, ordered[at], None);
    }
    let mut walked: Vec<String> = Vec::new();
    let mut next = Some("/people?limit=4".to_owned());
    while let Some(path) = next {
        let page = app.agency().get(&path).ok();
        walked.extend(page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()));
        next = page["next_cursor"].as_str().map(|cursor| format!("/people?limit=4&cursor={cursor}"));
    }
    assert_eq!(walked, ordered);
}

/// A tone is of its word, wherever in it it is written.
#[test]
fn both_ways_of_writing_a_tone_are_one_place() {
    let app = TestApp::start();
    for name in ["Hóa B", "Hoá A", "Hòa D", "Hoà C"] {
        let turned: Vec<&str> = name.split(' ').collect();
        register(&app, &format!("{} {}", turned[1], turned[0]), None);
    }
    assert_eq!(names(&app.agency(), "/people"), ["C Hoà", "D Hòa", "A Hoá", "B Hóa"]);
}

#[rstest]
#[case("hoa", &["Nguyễn Thị Hòa", "Trần Hoà"])]
#[case("H%C3%92A", &["Nguyễn Thị Hòa", "Trần Hoà"])]
#[case("dang", &["Đặng Văn Đạt"])]
#[case("%C4%90%E1%BA%A1t", &["Đặng Văn Đạt"])]
#[case("thi+hoa", &["Nguyễn Thị Hòa"])]
#[case("%25", &["Đặng Văn Đạt", "Nguyễn Thị Hòa", "Trần Hoà"])]
#[case("khong+ai", &[])]
#[case("dat+dang", &["Đặng Văn Đạt"])]
#[case("dang+dat", &["Đặng Văn Đạt"])]
#[case("%C3%90%E1%BA%A1t", &["Đặng Văn Đạt"])]
#[case("%C4%91at+%C3%B0", &["Đặng Văn Đạt"])]
#[case("hoa%2C+nguyen", &["Nguyễn Thị Hòa"])]
#[case("hoa+van", &[])]
fn a_search_ignores_diacritics_and_case(#[case] q: &str, #[case] found: &[&str]) {
    let app = TestApp::start();
    for name in ["Nguyễn Thị Hòa", "Trần Hoà", "Đặng Văn Đạt"] {
        register(&app, name, None);
    }
    assert_eq!(names(&app.agency(), &format!("/people?q={q}")), found);
}

#[test]
fn a_head_knows_the_people_of_their_own_units() {
    let app = TestApp::start();
    let own = register(&app, "Trong Phòng", Some("phong-vhxh"));
    let below = register(&app, "Trong Tổ", Some("to-so-hoa"));
    let other = register(&app, "Phòng Khác", Some("phong-kinh-te"));
    let resident = register(&app, "Người Dân", None);
    let head = app.head("phong-vhxh");
    assert_eq!(names(&head, "/people"), ["Trong Phòng", "Trong Tổ"]);
    assert_eq!(names(&head, "/people?unit=to-so-hoa"), ["Trong Tổ"]);
    head.get("/people?unit=phong-kinh-te").problem(404, "not_found");
    for id in [own, below] {
        head.get(&format!("/people/{id}")).ok();
    }
    for id in [other, resident] {
        head.get(&format!("/people/{id}")).problem(404, "not_found");
    }
    assert_eq!(names(&app.agency(), "/people").len(), 4);
}

#[test]
fn who_heads_two_units_knows_the_people_of_both() {
    let app = TestApp::start();
    register(&app, "Thôn Một", Some("thon-1"));
    register(&app, "Thôn Hai", Some("thon-2"));
    register(&app, "Phòng Khác", Some("phong-kinh-te"));
    app.account("hai-thon", thidua::http::Role::UnitHead, Some("thon-1"));
    let head = app.account("hai-thon", thidua::http::Role::UnitHead, Some("thon-2"));
    assert_eq!(names(&head, "/people"), ["Thôn Hai", "Thôn Một"]);
}

#[test]
fn another_localitys_people_are_not_there() {
    let app = TestApp::start();
    let id = register(&app, "Nguyễn Thị Hòa", None);
    let other = app.elsewhere.admin();
    assert_eq!(names(&other, "/people"), [""; 0]);
    other.get(&format!("/people/{id}")).problem(404, "not_found");
    other.get(&format!("/people/{id}")).if_none_match("\"1\"").problem(404, "not_found");
    let body = json!({"name": "Ta", "kind": "official"});
    other.patch(&format!("/people/{id}"), body).if_match("\"1\"").problem(404, "not_found");
    let city = app.city_admin();
    city.of_locality("10210").get(&format!("/people/{id}")).problem(403, "forbidden");
}

#[test]
fn reporters_do_not_see_people() {
    let app = TestApp::start();
    let id = register(&app, "Nguyễn Thị Hòa", Some("thon-1"));
    app.reporter("thon-1").get("/people").problem(403, "forbidden");
    app.reporter("thon-1").get(&format!("/people/{id}")).problem(403, "forbidden");
    app.reporter("thon-2").get(&format!("/people/{id}")).problem(404, "not_found");
}

#[test]
fn a_person_moves_and_what_held_before_stays_on_record() {
    let app = TestApp::start();
    app.at("2025-08-01T02:00:00Z");
    let id = register(&app, "Nguyễn Thị Hòa", Some("thon-1"));
    app.at("2025-09-10T02:00:00Z");
    let path = format!("/people/{id}");
    let moved = json!({"name": "Nguyễn Thị Hòa", "kind": "employee", "unit": "thon-2"});
    app.agency().patch(&path, moved.clone()).problem(428, "precondition_required");
    let changed = app.agency().patch(&path, moved.clone()).if_match("\"1\"").ok();
    assert_eq!((&changed["unit"], &changed["unit_name"]), (&json!("thon-2"), &json!("Thôn 2")));
    app.agency().patch(&path, moved).if_match("\"1\"").problem(412, "precondition_failed");
    assert_eq!(app.agency().get(&path).ok().json(), changed.json());
    assert_eq!(names(&app.agency(), "/people?unit=thon-1&as_of=2025-09-09"), ["Nguyễn Thị Hòa"]);
    assert_eq!(names(&app.agency(), "/people?unit=thon-1"), [""; 0]);
    assert_eq!(names(&app.agency(), "/people?as_of=2025-07-31"), [""; 0]);
}

/// What is left out stays; null empties what may be empty.
#[rstest]
#[case(json!({}), json!({}))]
#[case(json!({"name": "Lê An"}), json!({"name": "Lê An"}))]
#[case(json!({"kind": "employee"}), json!({"kind": "employee"}))]
#[case(json!({"position": "Phó Trưởng phòng"}), json!({"position": "Phó Trưởng phòng"}))]
#[case(json!({"position": null}), json!({"position": null}))]
#[case(json!({"unit": "thon-2"}), json!({"unit": "thon-2", "unit_name": "Thôn 2"}))]
#[case(json!({"unit": null}), json!({"unit": null, "unit_name": null}))]
#[case(json!({"name": "Lê An", "kind": "employee"}), json!({"name": "Lê An", "kind": "employee"}))]
fn a_change_leaves_the_rest_of_a_person_as_it_is(#[case] patch: Value, #[case] changes: Value) {
    let app = TestApp::start();
    let body = json!({"name": "Trần An", "kind": "official", "position": "Chuyên viên", "unit": "thon-1",
                      "valid_from": "2025-07-01"});
    let made = app.admin().post("/people", body).created();
    let path = format!("/people/{}", made["id"].as_str().unwrap());
    let mut expected = made.json().clone();
    expected.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let changed = app.admin().patch(&path, patch).if_match("\"1\"").ok();
    expected["valid_from"] = changed["valid_from"].clone();
    assert_eq!(*changed.json(), expected);
    assert_eq!(*app.admin().get(&path).ok().json(), expected);
}

#[rstest]
#[case(json!({"name": null}), "/name")]
#[case(json!({"kind": null}), "/kind")]
fn what_a_person_must_have_is_not_emptied(#[case] patch: Value, #[case] pointer: &str) {
    let app = TestApp::start();
    let path = format!("/people/{}", register(&app, "Trần An", None));
    app.admin().patch(&path, patch).if_match("\"1\"").problem(400, "body_invalid").finding(pointer, "wrong_type");
}

#[rstest]
#[case(json!({"unit": "phong-khac"}), "/unit", "unit_unknown")]
#[case(json!({"unit": "thon-1", "valid_from": "2025-06-01"}), "/unit", "unit_unknown")]
#[case(json!({"kind": "x"}), "/kind", "length_out_of_range")]
#[case(json!({"name": "a".repeat(121)}), "/name", "length_out_of_range")]
fn what_is_wrong_with_a_person_is_said(#[case] wrong: Value, #[case] pointer: &str, #[case] code: &str) {
    let app = TestApp::start();
    let mut body = json!({"name": "An", "kind": "official"});
    body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
    app.admin().post("/people", body).problem(422, "content_invalid").finding(pointer, code);
}

#[test]
fn an_id_that_is_none_names_nobody() {
    let app = TestApp::start();
    app.agency().get("/people/an").problem(404, "not_found");
    app.agency().get("/people/0197a3b0-0000-7000-8000-000000000000").problem(404, "not_found");
}
