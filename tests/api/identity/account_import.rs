//! Accounts from a file: those of a whole commune at once, without passwords and without the roles that decide.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const CSV: &str = "STT;Tên đăng nhập;Họ và tên;Vai trò;Đơn vị
1;thon-1.a;Trần An;Cán bộ lập báo cáo;thon-1
2;thon-1.b;Lê Bình;Thủ trưởng đơn vị;Thôn 1
3;thon-1.b;;reporter;thon-1
4;kiem-tra.1;Phạm Cúc;auditor;
5;khong-vai-tro;;;
";

fn send(app: &TestApp, query: &str, body: &str) -> Answer {
    app.admin().request(reqwest::Method::POST, &format!("/accounts/import{query}")).body("text/csv", body).send()
}

fn counts(answer: &Answer) -> [Value; 4] {
    ["received", "created", "updated", "unchanged"].map(|name| answer[name].clone())
}

fn roles(app: &TestApp, username: &str) -> Vec<Value> {
    let page = app.admin().get(&format!("/role-grants?account={username}")).ok();
    page["items"].as_array().unwrap().iter().map(|grant| json!([grant["role"], grant["unit"]])).collect()
}

#[test]
fn a_file_makes_accounts_with_their_roles_once_however_often_it_is_sent() {
    let app = TestApp::start();
    let first = [json!(5), json!(4), json!(1), json!(0)];
    assert_eq!(counts(&send(&app, "?dry_run=true", CSV).is(200)), first);
    app.admin().get("/accounts/thon-1.a").problem(404, "not_found");
    let made = send(&app, "", CSV).is(200);
    assert_eq!(counts(&made), first);
    assert!(!made.text().contains("password"), "nobody's password is told");
    assert_eq!(app.admin().get("/accounts/thon-1.a").ok()["display_name"], "Trần An");
    assert_eq!(roles(&app, "thon-1.a"), [json!(["reporter", "thon-1"])]);
    assert_eq!(roles(&app, "kiem-tra.1"), [json!(["auditor", null])]);
    assert_eq!(roles(&app, "thon-1.b").len(), 2);
    assert!(roles(&app, "khong-vai-tro").is_empty());
    for day in ["2025-09-10T03:00:00Z", "2025-09-20T03:00:00Z"] {
        app.at(day);
        assert_eq!(counts(&send(&app, "", CSV).is(200)), [json!(5), json!(0), json!(0), json!(5)]);
    }
    assert_eq!(roles(&app, "thon-1.b").len(), 2, "a later day gives nothing twice");
    let login = json!({"username": "thon-1.a", "password": "một mật khẩu nào đó"});
    app.anon().post("/auth/login", login).problem(401, "login_failed");
}

#[rstest]
#[case(json!({"username": "ab"}), "/username", "username_malformed")]
#[case(json!({"username": "Thôn 1"}), "/username", "username_malformed")]
#[case(json!({"username": "moi-1", "role": "reporter"}), "/unit", "unit_needed")]
#[case(json!({"username": "moi-1", "role": "auditor", "unit": "thon-1"}), "/unit", "unit_unneeded")]
#[case(json!({"username": "moi-1", "role": "reporter", "unit": "khong-co"}), "/unit", "unit_unknown")]
#[case(json!({"username": "moi-1", "role": "vua"}), "/role", "role_unknown")]
#[case(json!({"username": "moi-1", "role": "chair"}), "/role", "role_not_imported")]
#[case(json!({"username": "moi-1", "role": "Chủ tịch"}), "/role", "role_not_imported")]
#[case(json!({"username": "moi-1", "role": "Thành viên hội đồng"}), "/role", "role_not_imported")]
#[case(json!({"username": "moi-1", "role": "standing_agency"}), "/role", "role_not_imported")]
#[case(json!({"username": "moi-1", "role": "locality_admin"}), "/role", "role_not_imported")]
#[case(json!({"username": "moi-1", "role": "city_viewer"}), "/role", "role_not_imported")]
#[case(json!({"username": "moi-1", "role": "city_admin"}), "/role", "role_not_imported")]
#[case(json!({"username": "dung-2", "display_name": "Khác"}), "/display_name", "names_differ")]
#[case(json!({"username": "moi-1", "display_name": " "}), "/display_name", "text_blank")]
#[case(json!({"username": "moi-1", "unit": "thon-1"}), "/role", "cell_missing")]
#[case(json!({"username": "moi-1", "password": "x"}), "/password", "unknown_field")]
fn what_is_wrong_with_a_row_is_said_and_nothing_is_stored(
    #[case] row: Value,
    #[case] pointer: &str,
    #[case] code: &str,
) {
    let app = TestApp::start();
    let rows = json!([{"username": "dung-2", "display_name": "Đúng"}, row]);
    app.admin().post("/accounts/import", rows).problem(422, "import_rejected").finding(pointer, code);
    app.admin().get("/accounts/dung-2").problem(404, "not_found");
}

#[test]
fn nobody_elses_account_and_not_ones_own_is_taken() {
    let app = TestApp::start();
    let theirs = app.elsewhere.admin().username;
    let taken = app.admin().post("/accounts/import", json!([{"username": theirs}]));
    taken.problem(422, "import_rejected").finding("/username", "username_taken");
    let own = json!([{"username": app.admin().username, "role": "auditor"}]);
    app.admin().post("/accounts/import", own).problem(422, "import_rejected").finding("/username", "own_account");
    app.agency().post("/accounts/import", json!([])).problem(403, "forbidden");
    app.city_admin().post("/accounts/import", json!([])).problem(400, "locality_required");
}
