//! What the logs do not tell, however much they are asked to: passwords, tokens, keys, names. The binary itself runs,
//! with its logs turned up as far as they go.

use std::{
    cell::Cell,
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Stdio,
    thread,
};

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    embedded::{Home, PASSWORD, Service},
    support::wait,
};

const NAME: &str = "Nguyễn Bí Mật";
const PHONE: &str = "0912345678";
const KEY: &str = "khoa-bi-mat-7d1c";
const WRONG: &str = "mật khẩu sai hẳn";

/// Somebody who sends what should not be seen.
struct Visitor<'a> {
    service: &'a Service,
    token: String,
    asked: Cell<u32>,
}

impl Visitor<'_> {
    fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = reqwest::Client::new().request(method, format!("{}{path}", self.service.url));
        self.asked.set(self.asked.get() + 1);
        let key = format!("{KEY}-{}", self.asked.get());
        let request = request.bearer_auth(&self.token).header("Idempotency-Key", key).header("X-Phone", PHONE);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        wait(async {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.json().await.unwrap_or_default())
        })
    }

    fn log_in(&mut self, username: &str, password: &str) -> u16 {
        let body = json!({"username": username, "password": password});
        let (status, token) = self.ask(Method::POST, "/api/v1/auth/login", Some(body));
        if let Some(token) = token["access_token"].as_str() {
            self.token = token.to_owned();
        }
        status
    }
}

fn make_account(home: &Home, arguments: &[&str]) {
    let mut create = home.command(&[&["account", "create"], arguments].concat()).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(create.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(create.wait().unwrap().success());
}

/// Bytes as no client library would send them.
fn send_raw(service: &Service, sent: &str) {
    let mut connection = TcpStream::connect(service.url.trim_start_matches("http://")).unwrap();
    connection.write_all(sent.as_bytes()).unwrap();
    connection.read_to_end(&mut Vec::new()).ok();
}

/// Runs statements in the service's own Postgres.
fn sql(home: &Home, statements: &str) {
    let pid = fs::read_to_string(home.cluster().join("postmaster.pid")).unwrap();
    let url = format!("host={} user=thidua dbname=postgres", pid.lines().nth(4).unwrap());
    let mut conn = wait(AsyncPgConnection::establish(&url)).unwrap();
    wait(conn.batch_execute(statements)).unwrap();
}

fn visit(home: &Home, service: &Service) -> String {
    let mut visitor = Visitor { service, token: String::new(), asked: Cell::new(0) };
    assert_eq!(visitor.log_in("admin", WRONG), 401);
    assert_eq!(visitor.log_in("admin", PASSWORD), 200);
    let locality = json!({"code": "10210", "name": "Xã", "kind": "xa", "valid_from": "2025-07-01"});
    assert_eq!(visitor.ask(Method::POST, "/api/v1/localities", Some(locality)).0, 201);
    make_account(home, &["--username", "quan-tri", "--role", "locality_admin", "--locality", "10210"]);
    assert_eq!(visitor.log_in("quan-tri", PASSWORD), 200);
    let person = json!({"name": NAME, "kind": "official", "position": format!("Điện thoại {PHONE}")});
    assert_eq!(visitor.ask(Method::POST, "/api/v1/people", Some(person.clone())).0, 201);
    assert_eq!(visitor.ask(Method::POST, "/api/v1/people", Some(json!({"name": NAME, "phone": PHONE}))).0, 400);
    assert_eq!(visitor.ask(Method::GET, &format!("/api/v1/people?q={NAME}"), None).0, 200);
    assert_eq!(visitor.ask(Method::GET, &format!("/api/v1/people?phone={PHONE}"), None).0, 400);
    assert_eq!(visitor.ask(Method::GET, &format!("/api/v1/units/{PHONE}"), None).0, 404);
    assert_eq!(visitor.ask(Method::GET, &format!("/{NAME}/{PHONE}"), None).0, 404);
    forge(service);
    break_and_ask(home, &visitor, person);
    visitor.token
}

/// Lines that would look like the log's own.
fn forge(service: &Service) {
    let forged = "2026-01-01T00:00:00Z  INFO forged line";
    send_raw(
        service,
        &format!("GET /%0d%0a{} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", forged.replace(' ', "%20")),
    );
    send_raw(service, &format!("GET /\u{1b}[2J HTTP/1.1\r\nHost: here\r\n\r\n{forged}\r\n\r\n"));
    send_raw(
        service,
        &format!(
            "GET /x HTTP/1.1\r\nHost: here\r\nUser-Agent: \u{1b}[31m{forged}\r\nX-Request-Id: a\u{b}{forged}\r\nConnection: close\r\n\r\n"
        ),
    );
    send_raw(service, &format!("FORGED{} /x HTTP/1.1\r\nHost: here\r\n\r\n", "\n"));
}

/// Errors of Postgres that quote what was sent, on the way to a 500.
fn break_and_ask(home: &Home, visitor: &Visitor, person: Value) {
    sql(
        home,
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION E'invalid name: \"%\\nforged line\"', NEW.name; END $$;
         CREATE TRIGGER spoil BEFORE INSERT ON person_versions FOR EACH ROW EXECUTE FUNCTION spoil()",
    );
    let (status, problem) = visitor.ask(Method::POST, "/api/v1/people?locality=10210", Some(person.clone()));
    assert_eq!((status, &problem["code"]), (500, &json!("internal")));
    sql(home, "DROP TRIGGER spoil ON person_versions; ALTER TABLE person_versions ADD CHECK (name = '') NOT VALID");
    let (status, problem) = visitor.ask(Method::POST, "/api/v1/people?locality=10210&", Some(person));
    assert_eq!((status, &problem["code"]), (500, &json!("internal")));
}

#[test]
fn logs_tell_no_secret_and_hold_no_forged_line() {
    for format in ["text", "json"] {
        let home = Home::new();
        assert!(home.create_account("admin").status.success());
        let mut serve = home.command(&["serve", "--bind", "127.0.0.1:0", "--log-format", format]);
        let mut service = {
            serve.env("RUST_LOG", "trace").stderr(Stdio::piped());
            Home::start(serve)
        };
        let mut stderr = service.stderr();
        let reader = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).map(|_| text).unwrap()
        });
        let token = visit(&home, &service);
        let postgres = fs::read_to_string(home.cluster().with_file_name("postgres.log")).unwrap_or_default();
        drop(service);
        let log = reader.join().unwrap();
        assert!(log.lines().filter(|line| line.contains("answered")).count() > 10, "nothing is logged:\n{log}");
        assert!(log.contains("violates check constraint") && log.contains("invalid name"), "causes are told:\n{log}");
        let signature = token.rsplit('.').next().unwrap();
        for secret in
            [NAME, "Bí Mật", "B%C3%AD", PHONE, KEY, WRONG, PASSWORD, signature, "forged", "FORGED", "\u{1b}[2J"]
        {
            let told: Vec<_> = log.lines().chain(postgres.lines()).filter(|line| line.contains(secret)).collect();
            assert!(told.is_empty(), "{secret:?} stands in {told:#?}");
        }
    }
}
