//! A service that is killed at each step from a proposal to a replaced certificate: no step is skipped, none is there twice.

use std::{
    io::Write,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    embedded::{Home, PASSWORD, Service},
    killed::{log_in, request, send},
    support::{MOVEMENT, pdf, wait},
};

const UNITS: [&str; 3] = ["thon-a", "thon-b", "thon-c"];

struct Commune(Home);

/// A step of the chain: who does it, and how it is asked for once the steps before stand.
type Step = (&'static str, &'static str, fn(&Commune, RequestBuilder) -> RequestBuilder);

/// The tables in which each step leaves its rows, in the order of the steps.
const ROWS: &str = "SELECT concat_ws(' ',
    (SELECT count(*) FROM award_proposals), (SELECT count(*) FROM award_postings),
    (SELECT count(*) FROM award_decisions), (SELECT count(*) FROM award_registrations WHERE act = 0),
    (SELECT count(*) FROM award_signed_files), (SELECT count(*) FROM award_certificates WHERE version = 1) / 2,
    (SELECT count(*) FROM award_publications), (SELECT count(*) FROM award_acts),
    (SELECT count(*) FROM award_certificates WHERE version > 1)) AS text";

/// What must stand together: a decision and the end of its proposal, all of its candidates, an act and its number, a file and
/// its bytes, a publication and its notices.
const TORN: &str = "SELECT concat_ws(' ',
    (SELECT count(*) FROM award_decisions) - (SELECT count(*) FROM award_proposal_ends),
    (SELECT count(*) FROM award_proposals) * 3 - (SELECT count(*) FROM award_proposal_candidates),
    (SELECT count(*) FROM award_decisions) * 2 - (SELECT count(*) FROM award_decision_candidates),
    (SELECT count(*) FROM award_acts) - (SELECT count(*) FROM award_registrations WHERE act > 0),
    (SELECT count(*) FROM award_signed_files) - (SELECT count(DISTINCT version) FROM award_signed_chunks),
    (SELECT count(*) FROM award_certificates) % 2 - (SELECT count(*) FROM award_certificates WHERE version > 1),
    (SELECT count(*) FROM award_publications) * 3 - (SELECT count(*) FROM award_notices WHERE act = 0)) AS text";

const STEPS: [Step; 9] = [
    ("thuong-truc", "proposals", |commune, ask| {
        let run = commune.text("SELECT id::text AS text FROM rankings WHERE state = 'official'");
        ask.json(&json!({"ranking": run, "selected": ["thon-a", "thon-b"]}))
    }),
    ("thuong-truc", "post", |_, ask| ask.json(&json!({"working_days": 0}))),
    ("chu-tich", "decide", |_, ask| ask.json(&json!({"accepted": ["thon-a", "thon-b"], "signed_as": "chair"}))),
    ("thuong-truc", "register", |commune, ask| {
        let date = commune
            .text("SELECT (decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text AS text FROM award_decisions");
        ask.json(&json!({"number": 12, "date": date}))
    }),
    ("thuong-truc", "signed-file", |_, ask| ask.header("Content-Type", "application/pdf").body(pdf("12"))),
    ("thuong-truc", "certificates", |_, ask| ask.json(&json!({}))),
    ("chu-tich", "publish", |_, ask| ask.json(&json!({}))),
    ("chu-tich", "revoke", |commune, ask| {
        let date = commune.text("SELECT dated_on::text AS text FROM award_registrations WHERE act = 0");
        ask.json(&json!({"candidate": "thon-b", "reason": "Gian dối", "number": 13, "date": date}))
    }),
    ("thuong-truc", "replace", |_, ask| ask.json(&json!({"reason": "Mất"}))),
];

impl Commune {
    /// A movement with an award for two of three collectives, ranked.
    fn new() -> Self {
        let commune = Self(Home::new());
        let service = commune.0.serve();
        assert!(commune.0.create_account("admin").status.success());
        let locality = json!({"code": "10210", "name": "Xã Hồng Vân", "kind": "xa", "valid_from": "2025-07-01"});
        let city = log_in(&service, "admin");
        post(&service, &city, "/localities", locality);
        let roles = [
            ("quan-tri", "locality_admin"),
            ("chu-tich", "chair"),
            ("thuong-truc", "standing_agency"),
            ("thuong-truc-2", "standing_agency"),
        ];
        roles.iter().for_each(|(name, role)| commune.account(name, role));
        let admin = log_in(&service, "quan-tri");
        for unit in UNITS {
            let new = json!({"name": unit, "kind": "division", "valid_from": "2025-07-01"});
            let put = request(&service, &admin, Method::PUT, &format!("/units/{unit}")).header("If-None-Match", "*");
            assert_eq!(send(put.json(&new)).unwrap().0, 201);
        }
        let (agency, second) = (log_in(&service, "thuong-truc"), log_in(&service, "thuong-truc-2"));
        post(&service, &agency, "/movements", plan());
        act(&service, &log_in(&service, "chu-tich"), &format!("{MOVEMENT}/launch"), "*");
        for (unit, points) in UNITS.iter().zip(["30", "20", "10"]) {
            let dossier = format!("{MOVEMENT}/awards/tap-the/nominations/{unit}");
            let put = |token: &str, path: &str, body: Value| {
                let put = request(&service, token, Method::PUT, path).header("If-None-Match", "*").json(&body);
                assert_eq!(send(put).unwrap().0, 201, "{path}");
            };
            put(&agency, &dossier, json!({"achievement": "Tốt", "on_behalf_reason": "Thôn chưa có máy tính"}));
            act(&service, &second, &format!("{dossier}/verify"), "\"1\"");
            put(&second, &format!("{dossier}/assessments/mo-hinh"), json!({"points": points}));
        }
        post(&service, &agency, &format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "official"}));
        commune
    }

    fn account(&self, name: &str, role: &str) {
        let arguments = ["account", "create", "--username", name, "--role", role, "--locality", "10210"];
        let mut create = self.0.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(create.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(create.wait().unwrap().success());
    }

    fn text(&self, query: &str) -> String {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            text: String,
        }
        let url = format!("host={} user=thidua dbname=postgres", self.0.cluster().display());
        let mut conn = wait(AsyncPgConnection::establish(&url)).expect("the server of the running service");
        wait(diesel::sql_query(query).get_result::<Row>(&mut conn)).unwrap().text
    }

    /// How many steps stand: those before all, each once, and the others not at all.
    fn standing(&self) -> usize {
        let rows = self.text(ROWS);
        let steps = rows.split(' ').take_while(|count| *count == "1").count();
        let expected: Vec<&str> = (0..STEPS.len()).map(|at| if at < steps { "1" } else { "0" }).collect();
        assert_eq!(rows, expected.join(" "), "a step is skipped or doubled");
        assert_eq!(self.text(TORN), "0 0 0 0 0 0 0", "part of a step stands");
        steps
    }

    fn ask(&self, service: &Service, at: usize) -> RequestBuilder {
        let (who, what, body) = STEPS[at];
        let id = |table: &str| self.text(&format!("SELECT id::text AS text FROM {table} ORDER BY 1 LIMIT 1"));
        let path = match what {
            "proposals" => format!("{MOVEMENT}/awards/tap-the/proposals"),
            "post" | "decide" => format!("/proposals/{}/{what}", id("award_proposals")),
            "replace" => {
                let first = "SELECT id::text AS text FROM award_certificates WHERE ordinal = 1 AND version = 1";
                format!("/certificates/{}/replace", self.text(first))
            }
            _ => format!("/decisions/{}/{what}", id("award_decisions")),
        };
        let method = if what == "signed-file" { Method::PUT } else { Method::POST };
        body(self, request(service, &log_in(service, who), method, &path))
    }
}

fn post(service: &Service, token: &str, path: &str, body: Value) {
    let (status, answer) = send(request(service, token, Method::POST, path).json(&body)).unwrap();
    assert_eq!(status, 201, "{answer}");
}

fn act(service: &Service, token: &str, path: &str, tag: &str) {
    let asked = request(service, token, Method::POST, path).header("If-Match", tag).json(&json!({}));
    let (status, answer) = send(asked).unwrap();
    assert_eq!(status, 200, "{answer}");
}

fn plan() -> Value {
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    plan["groups"].as_array_mut().unwrap().remove(1);
    plan["groups"][0]["criteria"] = json!([plan["groups"][0]["criteria"][1]]);
    plan["groups"][0]["criteria"][0]["max"] = json!("100");
    (plan["awards"][0]["groups"], plan["awards"][0]["quota"]) = (json!(["don-vi"]), json!(2));
    // The service runs by today's clock.
    plan["span"] = json!({"from": "2026-01-01", "to": "2026-12-31"});
    for award in [0, 1] {
        plan["awards"][award]["propose_before"] = json!("2099-12-14T17:00:00Z");
    }
    plan["indicators"] = json!([plan["indicators"][1]]);
    plan
}

/// Kills the service at every step, `rounds` times over the chain: earlier and later within the step.
fn killed_at_each_step(rounds: u32) {
    let (mut undone, mut done) = (0, 0);
    for round in 0..rounds {
        let commune = Commune::new();
        let mut service = commune.0.serve();
        let mut whole = Duration::from_millis(20);
        loop {
            let at = commune.standing();
            if at == STEPS.len() {
                break;
            }
            let asked = commune.ask(&service, at);
            thread::scope(|scope| {
                scope.spawn(|| send(asked));
                thread::sleep(whole.mul_f64(f64::from(round % 20) / 10.0));
                service.kill();
            });
            drop(service);
            service = commune.0.serve();
            match commune.standing() {
                after if after == at => undone += 1,
                after => {
                    assert_eq!(after, at + 1);
                    done += 1;
                    continue;
                }
            }
            let asked = commune.ask(&service, at);
            let started = Instant::now();
            let (status, answer) = send(asked).unwrap();
            whole = started.elapsed();
            assert!(status < 300, "{}: {status} {answer}", STEPS[at].1);
            // Once it stands, it is not done again.
            let again = send(commune.ask(&service, at)).unwrap().0;
            let kept = STEPS[at].1 == "signed-file";
            assert_eq!(again, if kept { 200 } else { 409 }, "{} again", STEPS[at].1);
            assert_eq!(commune.standing(), at + 1);
        }
    }
    println!("{} kills: {undone} left nothing of their step, {done} all, none a part", undone + done);
    assert!(undone > 0, "every kill came too late");
}

#[test]
fn killed_at_each_step_of_the_chain_none_is_skipped_or_doubled() {
    killed_at_each_step(1);
}

#[test]
#[ignore = "slow: kills a service at each of nine steps, twenty times; make check-all runs it"]
fn killed_at_each_step_of_the_chain_twenty_times() {
    killed_at_each_step(20);
}
