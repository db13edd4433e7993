//! From an empty database to the first administrator who logs in, and a lost password.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    process::{Output, Stdio},
};

use reqwest::StatusCode;
use serde_json::json;

use super::said;
use crate::embedded::{Home, PASSWORD};

fn run(home: &Home, arguments: &[&str], input: &str) -> Output {
    let mut command = home.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn an_empty_database_gets_its_first_locality_and_administrator_and_a_lost_password_is_set() {
    let home = Home::new();
    home.prepare();
    let locality = |code: &str, name: &str| {
        let create =
            ["locality", "create", "--code", code, "--name", name, "--kind", "xa", "--valid-from", "2025-07-01"];
        run(&home, &create, "")
    };
    let said = |output: &Output| said(output).1;
    let made = locality("10210", "Xa\u{303} Ho\u{302}\u{300}ng Va\u{302}n");
    assert!(made.status.success(), "{}", said(&made));
    assert!(said(&locality("10210", "Xã Hồng Vân")).contains("10210"), "twice is refused");
    assert!(said(&locality("1021", "Xã")).contains("/code"), "five digits");
    assert!(!locality("10211", "Xã\u{7}").status.success(), "no control characters");
    let admin = ["account", "create", "--username", "admin", "--role", "locality_admin", "--locality", "10210"];
    let made = run(&home, &admin, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{}", said(&made));
    let service = home.serve();
    let token = service.log_in().expect("the administrator logs in");
    let (_, me) = service.send(Some(&token), "/api/v1/me", None).unwrap();
    assert_eq!((&me["locality"]["name"], &me["roles"][0]["role"]), (&json!("Xã Hồng Vân"), &json!("locality_admin")));
    let file = home.0.path().join("password");
    let reset = ["account", "reset-password", "--username", "admin", "--to-file", file.to_str().unwrap()];
    let done = run(&home, &reset, "");
    assert!(done.status.success(), "{}", said(&done));
    let password = fs::read_to_string(&file).unwrap().trim_end().to_owned();
    let printed = [&done.stdout[..], &done.stderr[..]].concat();
    assert!(!String::from_utf8_lossy(&printed).contains(&password), "it is never printed");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(service.log_in().is_none(), "the old password is gone");
    let body = json!({"username": "admin", "password": password});
    let (status, token) = service.send(None, "/api/v1/auth/login", Some(body)).unwrap();
    assert_eq!((status, &token["must_change_password"]), (StatusCode::OK, &json!(true)));
    assert!(!run(&home, &reset, "").status.success(), "an existing file stays as it is");
    assert_eq!(fs::read_to_string(&file).unwrap().trim_end(), password);
    let own = run(&home, &["account", "reset-password", "--username", "admin"], &format!("{PASSWORD}\n"));
    assert!(own.status.success() && service.log_in().is_some(), "{}", said(&own));
}
