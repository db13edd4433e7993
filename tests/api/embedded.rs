//! The service as it is run: one binary that starts its own Postgres, killed and started again.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Child, ChildStderr, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use reqwest::StatusCode;
use rustix::process::{Pid, Signal, getpgid, kill_process, test_kill_process};
use serde_json::{Value, json};

use crate::support::wait;

pub const PASSWORD: &str = "đúng ngựa pin ghim";

/// A data directory of its own. Its server goes down with the last service that uses it.
pub struct Home(pub tempfile::TempDir);

/// A running `thidua serve`.
pub struct Service {
    process: Child,
    pub url: String,
}

impl Home {
    pub fn new() -> Self {
        // Where Postgres runs as another user (under root), that user must reach its directory.
        let home = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir();
        Self(home.unwrap())
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thidua"));
        command
            .args(arguments)
            .env("THIDUA_DATA_DIR", self.0.path())
            .env_remove("DATABASE_URL")
            .env("RUST_LOG", "warn");
        command
    }

    pub fn serve(&self) -> Service {
        Self::start(self.command(&["serve", "--bind", "127.0.0.1:0"]))
    }

    /// Starts a `thidua serve` that is put together elsewhere.
    pub fn start(mut serve: Command) -> Service {
        let mut process = serve.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split([' ', ';']).find(|word| word.starts_with("http://")).expect("its address").to_owned();
        Service { process, url }
    }

    /// Makes the database, which only a service makes, where there is none.
    pub fn prepare(&self) {
        if !self.cluster().join("PG_VERSION").exists() {
            drop(self.serve());
        }
    }

    /// Makes a city administrator.
    pub fn create_account(&self, username: &str) -> Output {
        self.prepare();
        let mut create = self.command(&["account", "create", "--username", username, "--role", "city_admin"]);
        let mut create = create.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        writeln!(create.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        create.wait_with_output().unwrap()
    }

    fn postmaster(&self) -> Option<Pid> {
        let lines = fs::read_to_string(self.cluster().join("postmaster.pid")).ok()?;
        Pid::from_raw(lines.lines().next()?.parse().ok()?)
    }

    /// The cluster stands aside where the server's user cannot reach the data directory; here it can.
    pub fn cluster(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap().join("postgres")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        until("Postgres is gone", || self.postmaster().is_none_or(|pid| !is_alive(pid)));
    }
}

impl Service {
    /// What it logs, where that was asked for.
    pub fn stderr(&mut self) -> ChildStderr {
        self.process.stderr.take().expect("a pipe")
    }

    pub fn log_in(&self) -> Option<String> {
        let body = json!({"username": "admin", "password": PASSWORD});
        let (status, token) = self.send(None, "/api/v1/auth/login", Some(body))?;
        (status == StatusCode::OK).then(|| token["access_token"].as_str().unwrap().to_owned())
    }

    /// An answer, or none where the service went away meanwhile.
    pub fn send(&self, token: Option<&str>, path: &str, body: Option<Value>) -> Option<(StatusCode, Value)> {
        let client = reqwest::Client::new();
        let request = match body {
            Some(body) => client.post(format!("{}{path}", self.url)).json(&body),
            None => client.get(format!("{}{path}", self.url)),
        };
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        wait(async {
            let answer = request.timeout(Duration::from_secs(10)).send().await.ok()?;
            Some((answer.status(), answer.json().await.ok()?))
        })
    }

    fn create_locality(&self, token: &str, code: &str) -> Option<StatusCode> {
        let body = json!({"code": code, "name": "Xã", "kind": "xa", "valid_from": "2025-07-01"});
        Some(self.send(Some(token), "/api/v1/localities", Some(body))?.0)
    }

    /// The codes of all localities, page after page.
    fn localities(&self, token: &str) -> BTreeSet<String> {
        let (mut codes, mut path) = (BTreeSet::new(), Some("/api/v1/localities?limit=200".to_owned()));
        while let Some(page) = path {
            let (_, page) = self.send(Some(token), &page, None).expect("an answer");
            codes.extend(page["items"].as_array().unwrap().iter().map(|l| l["code"].as_str().unwrap().to_owned()));
            path = page["next_cursor"].as_str().map(|next| format!("/api/v1/localities?limit=200&cursor={next}"));
        }
        codes
    }

    /// Makes localities, one after the other, until the service goes away; tells those acknowledged.
    fn write(&self, token: &str, first: u32) -> Vec<String> {
        let made = |code: &String| self.create_locality(token, code) == Some(StatusCode::CREATED);
        (first..100_000).map(|n| format!("{n:05}")).take_while(made).collect()
    }

    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// Waits for its end; tells whether it was a good one.
    pub fn ends(&mut self) -> bool {
        self.process.wait().unwrap().success()
    }

    fn is_ready(&self) -> bool {
        self.send(None, "/health/ready", None).is_some_and(|(status, _)| status == StatusCode::OK)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn is_alive(pid: Pid) -> bool {
    test_kill_process(pid).is_ok()
}

pub fn until(what: &str, done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(20), "not within 20 seconds: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn an_account_made_on_the_command_line_logs_in_beside_a_running_service() {
    let home = Home::new();
    let service = home.serve();
    assert!(home.create_account("admin").status.success());
    let token = service.log_in().expect("a token");
    assert_eq!(service.send(Some(&token), "/api/v1/me", None).unwrap().1["roles"][0]["role"], "city_admin");
}

#[test]
fn what_was_acknowledged_outlives_a_killed_service() {
    let home = Home::new();
    assert!(home.create_account("admin").status.success());
    let mut acknowledged = Vec::new();
    for round in 0..3_u32 {
        let service = home.serve();
        let token = service.log_in().expect("a token");
        let written = thread::scope(|scope| {
            let write = |n: u32| {
                scope.spawn({
                    let (service, token) = (&service, &token);
                    move || service.write(token, round * 10_000 + n * 1000)
                })
            };
            let writers = [0, 1, 2].map(write);
            thread::sleep(Duration::from_millis(500));
            service.kill();
            writers.map(|writer| writer.join().unwrap()).concat()
        });
        assert!(!written.is_empty(), "nothing was written before the kill");
        acknowledged.extend(written);
    }
    let service = home.serve();
    let kept = service.localities(&service.log_in().expect("a token"));
    let lost: Vec<&String> = acknowledged.iter().filter(|code| !kept.contains(*code)).collect();
    assert!(lost.is_empty(), "of {} acknowledged are gone: {lost:?}", acknowledged.len());
}

#[test]
fn the_audit_log_of_a_killed_service_holds() {
    let home = Home::new();
    assert!(home.create_account("admin").status.success());
    let mut acknowledged = 0;
    for round in 0..3_u32 {
        let service = home.serve();
        let token = service.log_in().expect("a token");
        acknowledged += thread::scope(|scope| {
            let write = |n: u32| {
                let (service, token) = (&service, &token);
                scope.spawn(move || service.write(token, round * 10_000 + n * 1000).len())
            };
            let writers = [0, 1, 2].map(write);
            // Long enough for the sequencer to be at work when it is killed.
            thread::sleep(Duration::from_millis(700));
            service.kill();
            writers.map(|writer| writer.join().unwrap()).iter().sum::<usize>()
        });
    }
    let service = home.serve();
    let token = service.log_in().expect("a token");
    let head = || service.send(Some(&token), "/api/v1/audit/head", None).expect("an answer").1;
    until("all is chained", || head()["unchained"] == 0);
    let (kept, records) = (head(), head()["seq"].as_u64().unwrap() as usize);
    assert!(records > acknowledged, "{records} records of {acknowledged} acknowledged writes and an account");
    // The account, and a log-in in each round and now.
    let others = 1 + 4;
    assert_eq!(records, service.localities(&token).len() + others, "a record for each write, and for no other");
    let file = home.0.path().join("head.json");
    let verify = |head: &Value| {
        fs::write(&file, head.to_string()).unwrap();
        home.command(&["audit", "verify", "--head", file.to_str().unwrap()]).output().unwrap()
    };
    let verified = verify(&kept);
    let said = String::from_utf8(verified.stdout).unwrap();
    assert_eq!(verified.status.code(), Some(0), "{said}");
    assert!(said.contains(&format!("above localities: all holds; {records} records chained")), "{said}");
    let mut forged = kept;
    forged["seq"] = json!(records + 1);
    let refused = verify(&forged);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stdout).unwrap().contains("HeadForeign"));
}

#[test]
fn what_the_command_line_does_is_recorded() {
    let home = Home::new();
    let service = home.serve();
    assert!(home.create_account("admin").status.success());
    let token = service.log_in().expect("a token");
    assert_eq!(service.create_locality(&token, "10219"), Some(StatusCode::CREATED));
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/plans/example-calendar.json");
    assert!(home.command(&["plan", "load", plan, "--locality", "10219"]).status().unwrap().success());
    let again = home.command(&["plan", "load", plan, "--locality", "10219"]).output().unwrap();
    let refused = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(3), "{refused}");
    let told = "Change the code chuyen-doi-so-2026 in the plan, or read the existing movement. The plan of a movement that \
                is still a draft is replaced with --replace.\n";
    assert!(refused.ends_with(told), "{refused}");
    let replace = ["plan", "load", "--replace", plan, "--locality", "10219", "--lang", "vi"];
    let replaced = home.command(&replace).output().unwrap();
    assert!(String::from_utf8(replaced.stdout).unwrap().contains("dự thảo, bản 2"));
    let log = |path: &str| service.send(Some(&token), path, None).expect("an answer").1;
    assert_eq!(log("/api/v1/audit?locality=10219&action=replace_movement")["items"][0]["actor"], "command line");
    let made = &log("/api/v1/audit?locality=10219&action=create_movement")["items"][0];
    assert_eq!((&made["actor"], &made["account"]), (&json!("command line"), &Value::Null));
    assert_eq!(made["action"], "create_movement");
    let account = &log("/api/v1/audit?action=create_account")["items"][0];
    assert_eq!(account["changes"][0]["to"]["username"], "admin");
    assert!(!account.to_string().contains("argon2"));
    until("it is chained", || log("/api/v1/audit/head?locality=10219")["seq"] == 2);
    let verified = home.command(&["audit", "verify", "--locality", "10219"]).output().unwrap();
    assert_eq!(verified.status.code(), Some(0));
    assert!(String::from_utf8(verified.stdout).unwrap().starts_with("10219: all holds; 2 records chained"));
}

#[test]
fn no_server_outlives_its_service() {
    let home = Home::new();
    let service = home.serve();
    let postmaster = home.postmaster().expect("a server");
    service.kill();
    until("the server is gone with its service", || !is_alive(postmaster));
}

#[test]
fn a_killed_postgres_is_started_again() {
    let home = Home::new();
    assert!(home.create_account("admin").status.success());
    let service = home.serve();
    let token = service.log_in().expect("a token");
    let before = service.write(&token, 99_990);
    let postmaster = home.postmaster().expect("a server");
    kill_process(postmaster, Signal::KILL).unwrap();
    until("Postgres is started again", || home.postmaster().is_some_and(|pid| pid != postmaster) && service.is_ready());
    assert_eq!(service.localities(&token).len(), before.len());
}

#[test]
fn a_service_takes_over_the_server_of_another_that_ends() {
    let home = Home::new();
    assert!(home.create_account("admin").status.success());
    let first = home.serve();
    let second = home.serve();
    let postmaster = home.postmaster().expect("a server");
    drop(first);
    until("the second keeps Postgres", || home.postmaster().is_some_and(|pid| pid != postmaster) && second.is_ready());
    assert!(second.log_in().is_some());
}

#[test]
fn asked_to_stop_it_ends_well() {
    let home = Home::new();
    let mut service = home.serve();
    let postmaster = home.postmaster().expect("a server");
    // Ctrl-C goes to everybody in the terminal's group: the server must not be among them.
    assert_ne!(getpgid(Some(postmaster)).unwrap(), getpgid(Some(Pid::from_child(&service.process))).unwrap());
    kill_process(Pid::from_child(&service.process), Signal::INT).unwrap();
    assert!(service.process.wait().unwrap().success());
    until("the server is gone with its service", || !is_alive(postmaster));
}

#[test]
fn its_health_can_be_asked() {
    let home = Home::new();
    let mut service = home.serve();
    let address = service.url.trim_start_matches("http://").to_owned();
    let health = |bind: &str| home.command(&["health", "--bind", bind]).status().unwrap().code();
    assert_eq!(health(&address), Some(0));
    service.kill();
    service.process.wait().unwrap();
    assert_eq!(health(&address), Some(3));
}

#[test]
fn without_postgres_it_says_what_to_do() {
    let (home, empty) = (Home::new(), tempfile::tempdir().unwrap());
    let serve = ["serve", "--bind", "127.0.0.1:0"];
    let ended = home.command(&serve).env("PG_BINDIR", empty.path()).output().unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let said = String::from_utf8(ended.stderr).unwrap();
    let expected =
        format!("thidua: PG_BINDIR={} holds no postgres and initdb; correct or unset it", empty.path().display());
    assert_eq!(said.trim(), expected);
}

#[test]
fn an_unreachable_database_is_said() {
    let home = Home::new();
    let url = "postgres://nobody@127.0.0.1:1/nothing";
    let ended = home.command(&["migrate"]).env("DATABASE_URL", url).output().unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.starts_with("thidua: works on database nothing at 127.0.0.1:1 as nobody\n"), "{said}");
    assert!(said.contains("thidua: cannot reach Postgres; start it or check DATABASE_URL"), "{said}");
}
