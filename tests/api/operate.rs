//! The service as an operator meets it: databases and their roles, TLS, keys, metrics, logs, the command line.

mod commands;
mod databases;
mod first_day;
mod instances;
mod logs;
mod metrics;
mod tls;

use std::{
    fs,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{self, Command, Output, Stdio},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use diesel_async::SimpleAsyncConnection;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use thidua::db::{embedded, migrations};

use crate::{
    embedded::{Home, PASSWORD, Service, until},
    support::wait,
};

/// The program refuses the tests' other server, which may lose data with the machine.
static DURABLE: LazyLock<Arc<embedded::Server>> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("durable");
    fs::create_dir_all(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    embedded::Server::start(&dir).expect("Postgres starts")
});

/// A migrated database of one test, dropped with it.
struct Database {
    name: String,
    url: SecretString,
}

impl Database {
    fn create() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("operate_{}_{}", process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        sql(&DURABLE.url("postgres"), &format!("CREATE DATABASE {name}"));
        let url = DURABLE.url(&name);
        wait(migrations::migrate(&url)).expect("the migrations run");
        Self { name, url }
    }

    fn sql(&self, statements: &str) {
        sql(&self.url, statements);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        sql(&DURABLE.url("postgres"), &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn sql(url: &SecretString, statements: &str) {
    wait(async {
        let mut conn = thidua::db::connect(url.expose_secret()).await.unwrap();
        conn.batch_execute(statements).await.unwrap();
    });
}

/// A command on this database.
fn on(home: &Home, database: &Database, arguments: &[&str]) -> Command {
    let mut command = home.command(arguments);
    command.env("DATABASE_URL", database.url.expose_secret());
    command
}

/// What a command said on standard error, with its exit code.
fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A `thidua serve` on a port of its own, and all that it logs.
fn listen(mut serve: Command) -> (Service, Arc<Mutex<String>>) {
    serve.stderr(Stdio::piped());
    let mut service = Home::start(serve);
    let (mut stderr, log) = (service.stderr(), Arc::new(Mutex::new(String::new())));
    let written = log.clone();
    thread::spawn(move || {
        let mut part = [0; 4096];
        while let Ok(length @ 1..) = stderr.read(&mut part) {
            written.lock().unwrap().push_str(&String::from_utf8_lossy(&part[..length]));
        }
    });
    (service, log)
}

fn logged(log: &Arc<Mutex<String>>, words: &str) {
    until(words, || log.lock().unwrap().contains(words));
}

fn get(url: &str, token: Option<&str>) -> (u16, String) {
    let request = token.into_iter().fold(reqwest::Client::new().get(url), |request, token| request.bearer_auth(token));
    wait(async {
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    })
}

/// The access token of the administrator.
fn log_in(service: &Service) -> String {
    let login = reqwest::Client::new().post(format!("{}/api/v1/auth/login", service.url));
    let login = login.json(&json!({"username": "admin", "password": PASSWORD}));
    let answer: Value = wait(async { login.send().await.unwrap().json().await.unwrap() });
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// Makes the administrator of a database.
fn create_admin(home: &Home, database: &Database) {
    let arguments = ["account", "create", "--username", "admin", "--role", "city_admin"];
    let mut create = on(home, database, &arguments).stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut create.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
    assert!(create.wait().unwrap().success());
}
