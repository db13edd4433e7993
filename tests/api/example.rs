//! The example client (`examples/submit.py`), run as its docstring says, over a line that loses replies.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

use serde_json::json;

use crate::support::{TestApp, story::Movement};

/// What the line does with a request.
#[derive(Clone, Copy)]
enum Line {
    Whole,
    /// The request arrives, and its reply is lost.
    Lost,
    /// The request does not arrive.
    Busy,
}

const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A line to the service at `upstream` that treats one request after another so, and the rest well. Its address, and the
/// first lines of what it was asked for.
fn line(upstream: &str, so: Vec<Line>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (upstream, asked) = (upstream.trim_start_matches("http://").to_owned(), Arc::new(Mutex::new(Vec::new())));
    let seen = asked.clone();
    thread::spawn(move || {
        let mut so = so.into_iter();
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let request = whole_request(&mut client);
            let first = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
            seen.lock().unwrap().push(first);
            let answer = match so.next().unwrap_or(Line::Whole) {
                Line::Busy => BUSY.to_vec(),
                Line::Whole => pass_on(&upstream, &request),
                Line::Lost => {
                    pass_on(&upstream, &request);
                    Vec::new()
                }
            };
            // Who asked may have gone.
            client.write_all(&answer).ok();
        }
    });
    (address, asked)
}

/// A request with the body that its head announces.
fn whole_request(client: &mut TcpStream) -> Vec<u8> {
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = client.read(&mut piece).unwrap_or(0);
        request.extend_from_slice(&piece[..read]);
        let head = request.windows(4).position(|four| four == b"\r\n\r\n");
        let length = head.map(|end| {
            let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
            let announced = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            end + 4 + announced.unwrap_or(0usize)
        });
        if read == 0 || length.is_some_and(|length| request.len() >= length) {
            return request;
        }
    }
}

/// The service's answer. The client asks it to close the connection, so all that comes is the answer.
fn pass_on(upstream: &str, request: &[u8]) -> Vec<u8> {
    let (mut service, mut answer) = (TcpStream::connect(upstream).unwrap(), Vec::new());
    service.write_all(request).unwrap();
    service.read_to_end(&mut answer).unwrap();
    answer
}

/// Exit code, what was said on standard output and on standard error.
type Said = (Option<i32>, String, String);

/// Runs the client for a unit's machine.
fn run(movement: &Movement, url: &str, secret: &str, table: &str, flags: &[&str]) -> Said {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("thang-7.csv");
    fs::write(&file, table).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/submit.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(script).arg(movement.path.trim_start_matches("/movements/")).arg(&file).args(flags);
    command.env("THIDUA_URL", url).env("THIDUA_CLIENT_ID", "mot-cua").env("THIDUA_CLIENT_SECRET", secret);
    let output = command.env("PYTHONIOENCODING", "utf-8").env("NO_PROXY", "127.0.0.1").output();
    let output = output.expect("python3, which the example needs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A machine of the unit that drafts and hands in; its secret.
fn machine(app: &TestApp, unit: &str) -> String {
    let scopes = json!(["submissions:draft", "submissions:submit"]);
    let new = json!({"client_id": "mot-cua", "name": "Một cửa", "unit": unit, "scopes": scopes});
    app.admin().post("/clients", new).created()["client_secret"].as_str().unwrap().to_owned()
}

/// A whole month of the unit as a table: what it drafted once, exported, and nothing of it left behind.
fn month(app: &TestApp, movement: &Movement, unit: &str) -> String {
    movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
    let path = format!("{}/submissions/export?period=2025-07", movement.path);
    let table = app.head(unit).get(&path).ok().text();
    app.sql("DELETE FROM submissions");
    table
}

#[test]
fn a_month_is_handed_in_once_over_a_line_that_loses_replies() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (secret, table) = (machine(&app, "thon-1"), month(&app, &movement, "thon-1"));
    let (url, asked) = line(app.service().issuer.url(), vec![Line::Whole, Line::Lost, Line::Busy, Line::Whole]);
    let (code, said, trouble) = run(&movement, &url, &secret, &table, &["--submit"]);
    assert_eq!(code, Some(0), "{said}{trouble}");
    let rows = table.lines().count() - 1;
    assert!(said.starts_with(&format!("received {rows}, created {rows}, updated 0")), "{said}");
    assert!(said.contains("submitted 1 (sent before"), "{said}");
    assert_eq!(trouble.lines().count(), 2, "{trouble}");
    assert!(trouble.contains("answers 503"), "{trouble}");
    let imports = asked.lock().unwrap().iter().filter(|line| line.contains("/submissions/import?submit=true")).count();
    assert_eq!(imports, 3);
    assert_eq!(app.count("SELECT 1 FROM submissions WHERE state = 'submitted' AND revision = 1"), 1);
    assert_eq!(app.count("SELECT 1 FROM revision_values"), rows as i64);
    assert_eq!(app.records("r.action = 'import_submissions'"), 1);
}

#[test]
fn what_is_to_be_mended_is_said_line_by_line() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (secret, table) = (machine(&app, "phong-kinh-te"), month(&app, &movement, "phong-kinh-te"));
    let mut lines: Vec<&str> = table.lines().collect();
    lines.insert(1, "2025-07,phong-kinh-te,CCHC-18,,reported,9,8");
    lines.push("2025-07,phong-kinh-te,CCHC-99,,reported,1,8");
    let (code, said, _) = run(&movement, app.service().issuer.url(), &secret, &lines.join("\n"), &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("thang-7.csv:2: ") && said.contains("[row_twice]"), "{said}");
    assert!(said.contains(&format!("thang-7.csv:{}: /indicator: ", lines.len())), "{said}");
    assert_eq!(app.count("SELECT 1 FROM submissions"), 0, "all lines are stored, or none");
    // Whole lines of a report that is not whole: stored, and not handed in.
    let two = table.lines().take(2).collect::<Vec<_>>().join("\n");
    let (code, said, _) = run(&movement, app.service().issuer.url(), &secret, &two, &["--submit", "--language", "en"]);
    assert!(code == Some(1) && said.contains("thang-7.csv:2025-07/phong-kinh-te: /values: "), "{said}");
    assert!(said.contains("[value_missing]") && said.ends_with("submitted 0\n"), "{said}");
    assert_eq!(app.count("SELECT 1 FROM submissions WHERE state = 'draft'"), 1);
    let (code, said, _) = run(&movement, app.service().issuer.url(), &secret, &two, &["--dry-run"]);
    assert!(code == Some(0) && said.contains("unchanged 1"), "{said}");
}

#[test]
fn who_cannot_get_through_is_told_so_and_does_not_wait_for_ever() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (url, asked) = line(app.service().issuer.url(), vec![Line::Busy; 10]);
    let (code, _, trouble) = run(&movement, &url, "x", "period\n", &["--attempts", "3"]);
    assert_eq!((code, asked.lock().unwrap().len()), (Some(3), 3), "{trouble}");
    let (code, _, trouble) = run(&movement, app.service().issuer.url(), "wrong", "period\n", &[]);
    assert!(code == Some(3) && trouble.contains("no token"), "{trouble}");
    let (code, _, trouble) = run(&movement, "http://thidua.example", "x", "period\n", &[]);
    assert!(code == Some(2) && trouble.contains("https"), "{trouble}");
}
