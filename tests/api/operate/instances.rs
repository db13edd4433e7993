//! Instances with a directory of keys each, on one database.

use std::{fs, net::TcpListener, process::Command};

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use super::{Database, create_admin, get, listen, log_in, logged, on};
use crate::embedded::{Home, Service, until};

const URL: &str = "http://thidua.example";

/// The command of an instance, and the address that it gets: what it prints is the public one.
fn serve(home: &Home, database: &Database, url: &str) -> (Command, String) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut serve = on(home, database, &["serve", "--bind", &address]);
    serve.env("THIDUA_PUBLIC_URL", url);
    (serve, format!("http://{address}"))
}

fn start(home: &Home, database: &Database, url: &str) -> Service {
    let (serve, address) = serve(home, database, url);
    let mut service = Home::start(serve);
    service.url = address;
    service
}

fn accepts(service: &Service, token: &str) -> bool {
    get(&format!("{}/api/v1/me", service.url), Some(token)).0 == 200
}

fn kid(token: &str) -> String {
    let header = BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
}

/// The first instance starts before the second is known anywhere.
#[test]
fn a_token_of_each_is_good_at_the_other() {
    let (database, homes) = (Database::create(), [Home::new(), Home::new()]);
    create_admin(&homes[0], &database);
    let [one, other] = [0, 1].map(|n| start(&homes[n], &database, URL));
    let tokens = [log_in(&one), log_in(&other)];
    assert_ne!(kid(&tokens[0]), kid(&tokens[1]), "each signs with its own key");
    for token in &tokens {
        assert!(accepts(&one, token) && accepts(&other, token));
    }
    for service in [&one, &other] {
        let (_, keys) = get(&format!("{}/.well-known/jwks.json", service.url), None);
        assert!(tokens.iter().all(|token| keys.contains(&kid(token))), "{keys}");
    }
}

#[test]
fn a_rotated_key_is_known_everywhere_before_it_signs() {
    let (database, homes) = (Database::create(), [Home::new(), Home::new()]);
    create_admin(&homes[0], &database);
    let [one, other] = [0, 1].map(|n| start(&homes[n], &database, URL));
    let former = kid(&log_in(&one));
    assert!(homes[0].command(&["keys", "rotate"]).status().unwrap().success());
    until("the new key signs", || {
        let token = log_in(&one);
        assert!(accepts(&other, &token), "no token is refused meanwhile");
        kid(&token) != former
    });
}

#[test]
fn a_key_registered_in_another_database_is_unknown() {
    let (database, home) = (Database::create(), Home::new());
    create_admin(&home, &database);
    let stranger = Home::new();
    let elsewhere = Database::create();
    create_admin(&stranger, &elsewhere);
    let service = start(&home, &database, URL);
    let foreign = start(&stranger, &elsewhere, URL);
    assert!(!accepts(&service, &log_in(&foreign)), "its key is registered in another database");
}

#[test]
fn another_public_url_is_warned_of() {
    let (database, homes) = (Database::create(), [Home::new(), Home::new()]);
    let _one = start(&homes[0], &database, URL);
    let (_other, log) = listen(serve(&homes[1], &database, "http://khac.example").0);
    logged(&log, "give all the same --public-url");
    assert!(log.lock().unwrap().contains(URL));
}

#[test]
fn a_key_that_a_running_service_cannot_read_is_logged() {
    let (database, home) = (Database::create(), Home::new());
    create_admin(&home, &database);
    let (serve, address) = serve(&home, &database, URL);
    let (mut service, log) = listen(serve);
    service.url = address;
    let keys = home.cluster().with_file_name("keys");
    let name = "01ffffff-0000-7000-8000-000000000000.pk8";
    fs::write(keys.join(name), "nothing").unwrap();
    logged(&log, name);
    assert!(accepts(&service, &log_in(&service)), "the former key goes on");
}
