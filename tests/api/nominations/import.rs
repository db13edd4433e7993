//! Nominations from a file: a unit's list of candidates, or nothing of it.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, Client, MOVEMENT, TestApp, dossier};

fn send(who: &Client, award: &str, query: &str, body: &str) -> Answer {
    let path = format!("{MOVEMENT}/awards/{award}/nominations/import{query}");
    who.request(reqwest::Method::POST, &path).body("text/csv", body).send()
}

fn counts(answer: &Answer) -> [Value; 4] {
    ["received", "created", "updated", "unchanged"].map(|name| answer[name].clone())
}

const CSV: &str = "STT;Tập thể, cá nhân;Nhóm;Thành tích;Điểm tự chấm;Lý do đề nghị thay
1;Phòng Kinh tế;don-vi;Đúng hạn toàn bộ;mo-hinh: 38,5;Đơn vị chưa có tài khoản
2;phong-vhxh;don-vi;Giảm giấy tờ;;Đơn vị chưa có tài khoản
";

#[test]
fn a_file_nominates_once_however_often_it_is_sent() {
    let app = TestApp::start();
    app.emulation();
    let agency = app.agency();
    assert_eq!(
        counts(&send(&agency, "tap-the", "?dry_run=true", CSV).is(200)),
        [json!(2), json!(2), json!(0), json!(0)]
    );
    agency.get(&dossier("tap-the", "phong-kinh-te")).problem(404, "not_found");
    assert_eq!(counts(&send(&agency, "tap-the", "", CSV).is(200)), [json!(2), json!(2), json!(0), json!(0)]);
    let made = agency.get(&dossier("tap-the", "phong-kinh-te")).ok();
    assert_eq!(
        (&made["achievement"], &made["self_scores"], &made["on_behalf_reason"]),
        (&json!("Đúng hạn toàn bộ"), &json!({"mo-hinh": "38.5"}), &json!("Đơn vị chưa có tài khoản"))
    );
    assert_eq!(counts(&send(&agency, "tap-the", "", CSV).is(200)), [json!(2), json!(0), json!(0), json!(2)]);
    assert_eq!(agency.get(&dossier("tap-the", "phong-kinh-te")).ok().etag(), made.etag());
    // What a row leaves out stays.
    let other = "candidate,achievement\nphong-kinh-te,Khác\n";
    assert_eq!(counts(&send(&agency, "tap-the", "", other).is(200)), [json!(1), json!(0), json!(1), json!(0)]);
    let changed = agency.get(&dossier("tap-the", "phong-kinh-te")).ok();
    assert_eq!((&changed["achievement"], &changed["self_scores"]), (&json!("Khác"), &made["self_scores"]));
    agency.act_on(&dossier("tap-the", "phong-vhxh"), "verify", json!({})).problem(409, "four_eyes");
    // The group by its name.
    let named = "Tên tập thể;Nhóm;Thành tích\nphong-kinh-te;Đơn vị;Khác\n";
    assert_eq!(counts(&send(&agency, "tap-the", "", named).is(200)), [json!(1), json!(0), json!(0), json!(1)]);
}

#[rstest]
#[case(json!([{"candidate": "khong-co", "achievement": "A"}]), "/candidate", "unit_unknown")]
#[case(json!([{"candidate": "phong-kinh-te"}]), "/achievement", "length_out_of_range")]
#[case(json!([{"candidate": "phong-kinh-te", "achievement": "A", "group": "khac"}]), "/group", "group_unfit")]
#[case(
    json!([{"candidate": "phong-kinh-te", "achievement": "A", "self_scores": {"mo-hinh": "4000"}}]),
    "/self_scores/mo-hinh", "points_out_of_range"
)]
#[case(
    json!([{"candidate": "phong-kinh-te", "achievement": "A"}, {"candidate": "Phòng Kinh tế", "achievement": "B"}]),
    "/candidate", "candidate_twice"
)]
#[case(json!([{"candidate": "phong-vhxh", "achievement": "A"}]), "/candidate", "unit_out_of_reach")]
fn what_is_wrong_with_a_row_is_said_and_nothing_is_stored(
    #[case] rows: Value,
    #[case] pointer: &str,
    #[case] code: &str,
) {
    let app = TestApp::start();
    app.emulation();
    let import = app.head("phong-kinh-te").post(&format!("{MOVEMENT}/awards/tap-the/nominations/import"), rows);
    import.problem(422, "import_rejected").finding(pointer, code);
    let listed = app.agency().get(&format!("{MOVEMENT}/awards/tap-the/nominations")).ok();
    assert_eq!(listed["items"], json!([]));
}

#[test]
fn people_are_named_as_their_unit_knows_them() {
    let app = TestApp::start();
    app.emulation();
    let an = app.somebody("Trần Văn An", Some("phong-kinh-te"));
    app.somebody("Trần Văn An", Some("phong-vhxh"));
    let head = app.head("phong-kinh-te");
    let award = people_award(&app);
    let rows = format!("Họ và tên;Thành tích;Điểm tự chấm\nTRẦN VĂN AN;Tận tụy;\n{};Tận tụy;\n", "Không Ai");
    send(&head, &award, "", &rows).problem(422, "import_rejected").finding("/candidate", "person_unknown");
    send(&head, &award, "", "Họ và tên;Thành tích\nTRẦN VĂN AN;Tận tụy\n").is(200);
    assert_eq!(head.get(&dossier(&award, &an)).ok()["achievement"], "Tận tụy");
    let both = send(&app.agency(), &award, "", "Họ và tên;Thành tích;Lý do đề nghị thay\nTrần Văn An;A;B\n");
    both.problem(422, "import_rejected").finding("/candidate", "person_ambiguous");
}

/// What tells people of one name apart is said by the columns that the sheet has.
#[rstest]
#[case::by_the_unit("", "cột Đơn vị (unit)", true)]
#[case::of_one_unit("Phòng Kinh tế", "cột Tập thể, cá nhân (candidate)", false)]
fn the_advice_for_a_name_of_several_people_names_columns_of_this_sheet(
    #[case] unit: &str,
    #[case] said: &str,
    #[case] by_unit: bool,
) {
    let app = TestApp::start();
    app.emulation();
    for _ in 0..2 {
        app.somebody("Trần Văn An", Some("phong-kinh-te"));
    }
    let (agency, award) = (app.agency(), people_award(&app));
    let file = |name: &str| format!("Họ và tên;Đơn vị;Thành tích;Lý do đề nghị thay\n{name};{unit};A;B\n");
    let refused = send(&agency, &award, "", &file("Trần Văn An")).problem(422, "import_rejected");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(said) && !message.contains("Mã người"), "{message}");
    assert_eq!(message.contains("cột Đơn vị"), by_unit, "{message}");
    // The advice leads somewhere.
    let an = app.agency().get("/people?q=Trần Văn An").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    send(&agency, &award, "", &file(&an)).is(200);
}

/// The award of the small plan for people.
fn people_award(app: &TestApp) -> String {
    let awards = app.agency().get(&format!("{MOVEMENT}/awards")).ok();
    let of_people = awards["items"].as_array().unwrap().iter().find(|award| award["candidates"] == "person");
    of_people.expect("an award for people")["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_verified_dossier_is_not_changed_by_a_file() {
    let app = TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "8");
    let row = json!([{"candidate": "phong-kinh-te", "achievement": "Khác"}]);
    let import = app.head("phong-kinh-te").post(&format!("{MOVEMENT}/awards/tap-the/nominations/import"), row);
    import.problem(422, "import_rejected").finding("/candidate", "nomination_state");
    let elsewhere = app.elsewhere.agency().post(&format!("{MOVEMENT}/awards/tap-the/nominations/import"), json!([]));
    elsewhere.problem(404, "not_found");
}
