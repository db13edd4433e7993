//! Imports of a service that is killed in the middle of them, and imports on the command line: the binary as it is run.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::{
    embedded::{Home, PASSWORD, Service, until},
    support::wait,
};

const UNITS: i64 = 10;
const MONTHS: i64 = 12;
const INDICATORS: i64 = 14;
const ROWS: i64 = UNITS * MONTHS * INDICATORS;
const IMPORT: &str = "/movements/nhieu-so/submissions/import";

/// A data directory with a commune and a movement of many values.
struct Commune(Home);

/// What stands in the database.
#[derive(Debug, PartialEq, QueryableByName)]
struct Standing {
    /// Values of drafts, how many different ones are among them, and the least of these.
    #[diesel(sql_type = BigInt)]
    values: i64,
    #[diesel(sql_type = BigInt)]
    different: i64,
    #[diesel(sql_type = BigInt)]
    least: i64,
    /// Records of imports that changed values.
    #[diesel(sql_type = BigInt)]
    records: i64,
}

pub fn request(service: &Service, token: &str, method: reqwest::Method, path: &str) -> RequestBuilder {
    let request = reqwest::Client::new().request(method, format!("{}/api/v1{path}", service.url));
    request.bearer_auth(token).timeout(Duration::from_secs(60))
}

/// An answer's status and body, or none where the service went away meanwhile.
pub fn send(request: RequestBuilder) -> Option<(u16, Value)> {
    wait(async {
        let answer = request.send().await.ok()?;
        Some((answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null)))
    })
}

pub fn log_in(service: &Service, username: &str) -> String {
    let asked = reqwest::Client::new().post(format!("{}/api/v1/auth/login", service.url));
    let (_, answer) = send(asked.json(&json!({"username": username, "password": PASSWORD}))).expect("an answer");
    answer["access_token"].as_str().expect("a token").to_owned()
}

/// The example plan with many plain indicators in place of its own, twelve months, and nothing to be won.
fn plan() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("plans/example-calendar.json");
    let mut plan: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut indicator = plan["indicators"][1].clone();
    indicator["reported_by"] = json!(["division"]);
    let numbered = |n| {
        let mut indicator = indicator.clone();
        indicator["code"] = json!(format!("CT-{n}"));
        indicator
    };
    plan["indicators"] = (1..=INDICATORS).map(numbered).collect();
    (plan["code"], plan["reporting"]["every"]) = (json!("nhieu-so"), json!("month"));
    plan["span"] = json!({"from": "2026-01-01", "to": "2026-12-31", "section": "I"});
    for member in ["groups", "awards", "fields"] {
        plan[member] = json!([]);
    }
    plan["reporting"]["extra_periods"] = json!([]);
    plan
}

/// Every value with this numerator, a row a line.
fn rows(numerator: i64) -> String {
    let row = |month: i64, unit: i64, n: i64| {
        let place = json!({"period": format!("2026-{month:02}"), "unit": format!("thon-{unit}")});
        let mut row =
            json!({"indicator": format!("CT-{n}"), "state": "reported", "numerator": numerator, "denominator": 1000});
        row.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        format!("{row}\n")
    };
    let units = |month| (1..=UNITS).flat_map(move |unit| (1..=INDICATORS).map(move |n| row(month, unit, n)));
    (1..=MONTHS).flat_map(units).collect()
}

impl Commune {
    fn new() -> Self {
        let commune = Self(Home::new());
        let service = commune.0.serve();
        assert!(commune.0.create_account("admin").status.success());
        let token = log_in(&service, "admin");
        let locality = json!({"code": "10210", "name": "Xã Hồng Vân", "kind": "xa", "valid_from": "2025-07-01"});
        let post = |path| request(&service, &token, reqwest::Method::POST, path);
        assert_eq!(send(post("/localities").json(&locality)).unwrap().0, 201);
        for (name, role) in [("quan-tri", "locality_admin"), ("chu-tich", "chair"), ("thuong-truc", "standing_agency")]
        {
            commune.account(name, role);
        }
        commune.launch(&service);
        commune
    }

    fn account(&self, name: &str, role: &str) {
        let arguments = ["account", "create", "--username", name, "--role", role, "--locality", "10210"];
        let mut create = self.0.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(create.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(create.wait().unwrap().success());
    }

    fn launch(&self, service: &Service) {
        let admin = log_in(service, "quan-tri");
        for unit in 1..=UNITS {
            let path = format!("/units/thon-{unit}");
            let new = json!({"name": format!("Thôn {unit}"), "kind": "division", "valid_from": "2025-07-01"});
            let put = request(service, &admin, reqwest::Method::PUT, &path).header("If-None-Match", "*");
            assert_eq!(send(put.json(&new)).unwrap().0, 201);
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(file, "{}", plan()).unwrap();
        let load = ["plan", "load", file.path().to_str().unwrap(), "--locality", "10210"];
        assert!(self.0.command(&load).output().unwrap().status.success());
        let chair = log_in(service, "chu-tich");
        let launch = request(service, &chair, reqwest::Method::POST, "/movements/nhieu-so/launch");
        let (status, launched) = send(launch.header("If-Match", "*").json(&json!({}))).unwrap();
        assert_eq!(status, 200, "{launched}");
    }

    fn connect(&self) -> AsyncPgConnection {
        let url = format!("host={} user=thidua dbname=postgres", self.0.cluster().display());
        wait(AsyncPgConnection::establish(&url)).expect("the server of the running service")
    }

    fn standing(&self) -> Standing {
        let query = "SELECT count(*) AS values, count(DISTINCT value) AS different, coalesce(min(value), 0) AS least,
                (SELECT count(*) FROM audit_records r JOIN audit_texts t ON t.record_id = r.id
                 WHERE r.action = 'import_submissions' AND t.changes::text LIKE '%numerator%') AS records
            FROM (SELECT (v ->> 'numerator')::bigint AS value FROM submissions, jsonb_array_elements(draft -> 'values') v) d";
        wait(diesel::sql_query(query).get_result(&mut self.connect())).unwrap()
    }

    /// All of the import of a round stands with its record, or all of the one before.
    fn is_whole(&self, round: i64) -> Standing {
        let standing = self.standing();
        let whole = |round| match round {
            0 => Standing { values: 0, different: 0, least: 0, records: 0 },
            _ => Standing { values: ROWS, different: 1, least: round, records: round },
        };
        assert!(standing == whole(round) || standing == whole(round - 1), "in part: {standing:?}");
        standing
    }
}

fn import(service: &Service, token: &str, round: i64) -> RequestBuilder {
    let query = "on_behalf_reason=M%E1%BA%A5t%20m%E1%BA%A1ng&on_behalf_source=Gi%E1%BA%A5y";
    let post = request(service, token, reqwest::Method::POST, &format!("{IMPORT}?{query}"));
    let post = post.header("Content-Type", "application/x-ndjson").header("Idempotency-Key", format!("lan-{round}"));
    post.body(rows(round))
}

/// Kills the service somewhere in the middle of what `asked` does, which takes about `whole`.
fn kill_during(service: &Service, asked: RequestBuilder, whole: Duration, share: f64) {
    thread::scope(|scope| {
        scope.spawn(|| send(asked));
        thread::sleep(whole.mul_f64(share));
        service.kill();
    });
}

#[test]
#[ignore = "slow: kills a service twenty times; make check-all runs it"]
fn killed_in_the_middle_of_an_import_nothing_of_it_stands_or_all() {
    let commune = Commune::new();
    let service = commune.0.serve();
    let started = Instant::now();
    assert_eq!(send(import(&service, &log_in(&service, "thuong-truc"), 1)).unwrap().0, 200);
    let whole = started.elapsed();
    drop(service);
    let (mut undone, mut done) = (0, 0);
    for round in 2..=21 {
        let service = commune.0.serve();
        let token = log_in(&service, "thuong-truc");
        kill_during(&service, import(&service, &token, round), whole, (round - 1) as f64 / 20.0);
        drop(service);
        let service = commune.0.serve();
        match commune.is_whole(round).least == round {
            true => done += 1,
            false => undone += 1,
        }
        let (status, answer) = send(import(&service, &log_in(&service, "thuong-truc"), round)).unwrap();
        assert_eq!((status, &answer["rejected"]), (200, &json!(0)), "{answer}");
        assert_eq!(commune.is_whole(round).least, round);
    }
    println!("20 kills within {whole:?}: {undone} left nothing, {done} all, none a part");
    assert!(undone > 0, "every kill came too late");
}

#[test]
#[ignore = "slow: kills a service again and again; make check-all runs it"]
fn killed_in_the_middle_of_an_import_that_is_done_later_it_is_taken_up_again() {
    let commune = Commune::new();
    let mut broken = 0;
    for round in 1..=6 {
        let service = commune.0.serve();
        let asked = import(&service, &log_in(&service, "thuong-truc"), round).header("Prefer", "respond-async");
        let (status, accepted) = send(asked).unwrap();
        assert_eq!(status, 202, "{accepted}");
        thread::sleep(Duration::from_millis(700 + 150 * round as u64));
        service.kill();
        drop(service);
        let service = commune.0.serve();
        broken += i32::from(commune.is_whole(round).least < round);
        // The lease of the one that died need not be waited for.
        wait(commune.connect().batch_execute("UPDATE jobs SET leased_until = NULL")).unwrap();
        let token = log_in(&service, "thuong-truc");
        let path = format!("/imports/{}", accepted["id"].as_str().unwrap());
        let state = || send(request(&service, &token, reqwest::Method::GET, &path)).unwrap().1["state"].clone();
        until("the import is done", || state() == "done");
        assert_eq!(commune.is_whole(round).least, round);
    }
    println!("6 kills: {broken} before the end");
    assert!(broken > 0, "every kill came too late");
}

impl Commune {
    /// `thidua import` of a file of this name as this account.
    fn import(&self, name: &str, content: &str, account: &str, more: &[&str]) -> Output {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(name);
        fs::write(&file, content).unwrap();
        let arguments =
            ["import", file.to_str().unwrap(), "--movement", "nhieu-so", "--locality", "10210", "--account"];
        self.0.command(&[arguments.as_slice(), &[account], more].concat()).output().unwrap()
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_command_line_imports_as_an_account_with_its_rights_and_its_name() {
    let commune = Commune::new();
    let _service = commune.0.serve();
    let words = ["--on-behalf-reason", "Mất mạng", "--on-behalf-source", "Giấy"];
    let dry = commune.import("so-lieu.ndjson", &rows(1), "thuong-truc", &[&words[..], &["--dry-run"]].concat());
    let expected = format!("received {ROWS}, created {ROWS}, updated 0, unchanged 0, rejected 0, submitted 0\n");
    assert_eq!(said(&dry), (Some(0), expected.clone()), "{}", String::from_utf8_lossy(&dry.stderr));
    assert_eq!(commune.standing().values, 0);
    let real = commune.import("so-lieu.ndjson", &rows(1), "thuong-truc", &words);
    assert_eq!(said(&real), (Some(0), expected));
    assert_eq!(commune.standing(), Standing { values: ROWS, different: 1, least: 1, records: 1 });

    let bad = "period,unit,indicator,state,numerator,denominator\n2026-01,thon-1,CT-1,reported,2,1\n2026-01,thon-1,CT-2,reported,1,2\n";
    let atomic = commune.import("so-lieu.CSV", bad, "thuong-truc", &words);
    let finding = "row 2 /numerator numerator_above: ";
    assert!(said(&atomic).0 == Some(1) && said(&atomic).1.starts_with(finding), "{atomic:?}");
    let partial = commune.import("so-lieu.csv", bad, "thuong-truc", &[&words[..], &["--mode", "partial"]].concat());
    let (code, lines) = said(&partial);
    assert_eq!((code, lines.lines().count()), (Some(1), 2), "{lines}");
    assert!(lines.starts_with("received 2, created 0, updated 1, unchanged 0, rejected 1"), "{lines}");

    let problem = |output: Output| (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned());
    let (code, stderr) = problem(commune.import("so-lieu.csv", bad, "chu-tich", &words));
    assert!(code == Some(1) && stderr.contains("do not permit"), "{code:?} {stderr}");
    let (code, _) = problem(commune.import("so-lieu.csv", bad, "khong-co", &words));
    assert_eq!(code, Some(1));
    let (code, stderr) = problem(commune.import("so-lieu.pdf", bad, "thuong-truc", &words));
    assert!(code == Some(3) && stderr.contains(".ndjson"), "{code:?} {stderr}");
    // A notice and what stops it are told in the reader's language, as the command line says it.
    let table = "period;unit;indicator;state;numerator;denominator\nTổng cộng;;;;1;2\n";
    let noted = commune.import("so-lieu.csv", table, "thuong-truc", &["--lang", "vi", "--dry-run"]);
    let text = said(&noted).1;
    assert!(text.contains("row_of_total: Bỏ qua 1 dòng tổng cộng"), "{text}");
    let nobody = commune.import("so-lieu.csv", table, "khong-co-ai", &["--lang", "vi"]);
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("tài khoản khong-co-ai"), "{nobody:?}");
}
