//! Clients that send slowly, too much or nonsense, and work that takes too long: over by itself, soon, and nobody else
//! notices.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use rstest::rstest;
use serde_json::{Value, json};

use crate::{embedded::until, support::TestApp};

/// A raw connection; a read that takes ten seconds fails the test.
fn connect(app: &TestApp) -> TcpStream {
    let connection = TcpStream::connect(app.service().issuer.url().trim_start_matches("http://")).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    connection
}

/// Sends what the server takes of it, and reads until the server closes.
fn talk(app: &TestApp, sent: &[u8]) -> String {
    let mut connection = connect(app);
    // A server that has heard enough stops reading: what is left cannot be written.
    connection.write_all(sent).ok();
    read_all(&mut connection)
}

fn read_all(connection: &mut TcpStream) -> String {
    let (mut answer, mut part) = (Vec::new(), [0; 4096]);
    loop {
        match connection.read(&mut part) {
            Ok(0) => break,
            Ok(n) => answer.extend_from_slice(&part[..n]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => panic!("not closed: {error}, after {:?}", String::from_utf8_lossy(&answer)),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// Whether an answer is a problem, as long as it says that it is.
fn is_problem(answer: &str, expected: u16, code: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return false };
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    status(answer) == Some(expected)
        && head.contains("Content-Type: application/problem+json")
        && head.contains(&format!("Content-Length: {}", body.len()))
        && problem["code"] == code
        && problem["status"] == expected
}

#[rstest]
#[case::silent("")]
#[case::line("GET /api/v1/me HT")]
#[case::head("GET /api/v1/me HTTP/1.1\r\nHost: here\r\nX-More: ")]
fn a_head_that_does_not_come_is_given_up(#[case] sent: &str) {
    let app = TestApp::start_with(|config| config.request_seconds = 1);
    let started = Instant::now();
    let answer = talk(&app, sent.as_bytes());
    assert!(answer.is_empty() || is_problem(&answer, 408, "head_too_slow"), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[rstest]
#[case::chunks("Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
#[case::length("Content-Length: 50\r\n\r\n{")]
fn a_body_that_does_not_come_is_408(#[case] rest: &str) {
    let app = TestApp::start_with(|config| config.request_seconds = 1);
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
    let answer = talk(&app, format!("{head}{rest}").as_bytes());
    assert_eq!(status(&answer), Some(408), "{answer}");
    assert!(answer.contains("body_too_slow"), "{answer}");
}

#[rstest]
#[case::length("Content-Length: 50\r\n\r\n{")]
#[case::chunks("Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
fn who_is_refused_before_the_body_is_not_waited_for(#[case] rest: &str) {
    let app = TestApp::start_with(|config| config.request_seconds = 1);
    let head = "POST /api/v1/people HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
    let answer = talk(&app, format!("{head}{rest}").as_bytes());
    assert_eq!(status(&answer), Some(401), "{answer}");
}

const MALFORMED: (u16, &str) = (400, "request_invalid");
const TOO_LARGE: (u16, &str) = (431, "head_too_large");

#[rstest]
#[case::long_address(format!("GET /{} HTTP/1.1\r\nHost: here\r\n\r\n", "a".repeat(70_000)), MALFORMED)]
#[case::large_head(format!("GET / HTTP/1.1\r\nHost: here\r\nX-Large: {}\r\n\r\n", "a".repeat(200_000)), TOO_LARGE)]
#[case::endless_head(format!("GET / HTTP/1.1\r\nHost: here\r\nX-Large: {}", "a".repeat(2_000_000)), TOO_LARGE)]
#[case::many_headers(format!("GET / HTTP/1.1\r\nHost: here\r\n{}\r\n", "X-One: 1\r\n".repeat(200)), TOO_LARGE)]
#[case::two_lengths("POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}".into(), MALFORMED)]
#[case::length_and_chunks(
    "POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".into(),
    MALFORMED
)]
#[case::no_http("\u{16}\u{3}\u{1} hello\r\n\r\n".into(), MALFORMED)]
#[case::no_header("GET / HTTP/1.1\r\nHost: here\r\nno colon\r\n\r\n".into(), MALFORMED)]
fn heads_that_are_too_much_or_nonsense_are_refused(#[case] sent: String, #[case] expected: (u16, &str)) {
    let app = TestApp::start_with(|config| config.request_seconds = 1);
    let answer = talk(&app, sent.as_bytes());
    // A client that still sends may see its connection reset before the answer.
    assert!(answer.is_empty() || is_problem(&answer, expected.0, expected.1), "{answer}");
    app.agency().get("/me").ok();
}

#[test]
fn a_body_of_unknown_length_above_the_limit_is_413() {
    let app = TestApp::start();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let answer = talk(&app, format!("{head}{}0\r\n\r\n", chunk.repeat(20)).as_bytes());
    assert_eq!(status(&answer), Some(413), "{answer}");
}

#[test]
fn a_chunked_body_that_comes_whole_is_read_and_the_connection_stays() {
    let app = TestApp::start();
    let mut connection = connect(&app);
    let body = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    for round in 0..2 {
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
        connection.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = [0; 4096];
        let read = connection.read(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer[..read]);
        assert!(status(&answer) == Some(400) && answer.contains("missing_field"), "round {round}: {answer}");
    }
}

#[test]
fn a_connection_serves_one_request_after_the_other() {
    let app = TestApp::start();
    let mut connection = connect(&app);
    for round in 0..3 {
        connection.write_all(b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        let mut answer = [0; 4096];
        let read = connection.read(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer[..read]);
        assert_eq!(status(&answer), Some(200), "round {round}: {answer}");
    }
    connection.write_all(b"GET /health/live HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(status(&read_all(&mut connection)), Some(200));
}

#[test]
fn work_that_takes_too_long_is_given_up_and_undone() {
    let app = TestApp::start_with(|config| {
        config.edge.answer_seconds = 1;
        config.edge.cors_origins = vec!["https://thidua.example".into()];
    });
    let post = || app.admin().post("/people", json!({"name": "Trần Văn An", "kind": "official"}));
    app.sql(
        "CREATE FUNCTION sleeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$;
         CREATE TRIGGER sleeps BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION sleeps()",
    );
    // More than there are connections: what is given up gives its own back.
    let asked: Vec<_> = (0..10).map(|_| post().header("Origin", "https://thidua.example")).collect();
    let asked: Vec<_> = asked.into_iter().map(|request| thread::spawn(move || request.send())).collect();
    for late in asked.into_iter().map(|thread| thread.join().unwrap()) {
        let late = late.problem(503, "answer_too_slow");
        assert_eq!(late.header("retry-after"), Some("1"));
        assert_eq!(late.header("access-control-allow-origin"), Some("https://thidua.example"));
        assert_eq!(late.header("x-content-type-options"), Some("nosniff"));
        assert!(late.header("ratelimit").is_some());
    }
    app.anon().get("/health/ready").ok();
    until("nobody sleeps", || app.try_sql("DROP TRIGGER sleeps ON people").is_ok());
    post().created();
    assert_eq!(app.count("SELECT 1 FROM people"), 1);
}
