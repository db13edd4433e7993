//! A client that speaks in sentences: `app.agency().put("/units/x", body).if_match(&tag).ok()`.
//!
//! Paths are those of the API, below `/api/v1`; the few outside it are written whole.

use std::{fmt, ops::Index, sync::Arc};

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;
use std::sync::LazyLock;
use thidua::{
    db::{AccountId, Db},
    http,
};
use uuid::Uuid;

use super::{app::Service, db::stored, spec, wait};

/// Paths that do not stand below `/api/v1`.
const OUTSIDE: [&str; 7] = ["/api/", "/health", "/metrics", "/problems", "/.well-known", "/openapi", "/docs"];

static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

#[derive(Clone)]
enum Identity {
    Nobody,
    /// A token of the service, made anew for each request: the clock may have been set meanwhile.
    Account(AccountId),
    Token(String),
}

/// Readers take one of two members, and not all the same one.
fn names_one_member_twice(body: &[u8]) -> bool {
    let read = http::read::<Value>(body);
    read.is_err_and(|error| error.findings().iter().any(|finding| finding.code == "duplicate_key"))
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    service: Arc<Service>,
    identity: Identity,
    pub username: String,
    locality: Option<String>,
}

impl Client {
    pub fn of(service: Arc<Service>, username: String, account: AccountId) -> Self {
        Self { service, identity: Identity::Account(account), username, locality: None }
    }

    pub fn anonymous(service: Arc<Service>) -> Self {
        Self { service, identity: Identity::Nobody, username: String::new(), locality: None }
    }

    /// The same with this token, whatever it is worth.
    pub fn bearing(&self, token: &str) -> Self {
        Self { identity: Identity::Token(token.to_owned()), ..self.clone() }
    }

    /// A city account asking about one locality.
    pub fn of_locality(&self, code: &str) -> Self {
        Self { locality: Some(code.to_owned()), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: Value) -> Request {
        self.request(Method::POST, path).json(body)
    }

    pub fn put(&self, path: &str, body: Value) -> Request {
        self.request(Method::PUT, path).json(body)
    }

    pub fn patch(&self, path: &str, body: Value) -> Request {
        self.request(Method::PATCH, path).json(body)
    }

    /// Any method, without a body.
    pub fn request(&self, method: Method, path: &str) -> Request {
        let mut path = match OUTSIDE.iter().any(|start| path.starts_with(start)) {
            true => path.to_owned(),
            false => format!("/api/v1{path}"),
        };
        if let Some(locality) = &self.locality {
            let joint = if path.contains('?') { '&' } else { '?' };
            path = format!("{path}{joint}locality={locality}");
        }
        let tried_out_on = self.service.tried_out_on.get().cloned();
        let url = self.service.url.clone();
        let service = self.service.clone();
        let request = Request { url, method, path, headers: HeaderMap::new(), body: None, tried_out_on, service };
        match &self.identity {
            Identity::Nobody => request,
            Identity::Token(token) => request.bearer(token),
            Identity::Account(id) => {
                let app = &self.service.app;
                request.bearer(&app.issuer.issue(*id, (*id).into(), app.clock.now()).expect("a token"))
            }
        }
    }
}

/// A request on its way. Asked for an answer, it is sent.
#[derive(Clone)]
pub struct Request {
    url: String,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    tried_out_on: Option<Db>,
    service: Arc<Service>,
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header name");
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
        self
    }

    fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub fn json(self, body: Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// A body as it is.
    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", media_type)
    }

    pub fn if_match(self, etag: &str) -> Self {
        self.header("If-Match", etag)
    }

    pub fn if_none_match(self, etag: &str) -> Self {
        self.header("If-None-Match", etag)
    }

    /// To create only.
    pub fn if_none_match_any(self) -> Self {
        self.if_none_match("*")
    }

    /// The Idempotency-Key.
    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    pub fn lang(self, languages: &str) -> Self {
        self.header("Accept-Language", languages)
    }

    /// Sends it and holds the answer against the document.
    #[track_caller]
    pub fn send(mut self) -> Answer {
        let tried = self.tried_out_on.take().and_then(|db| self.try_out(&db));
        let keyed = self.keyed();
        let answer = keyed.clone().unwrap_or(self).send_unchecked();
        if let Some(keyed) = keyed.filter(|_| answer.status() < 300) {
            keyed.used_again();
        }
        if let Some(status) = tried {
            assert_eq!(answer.status(), status, "done and tried out alike: {answer}");
        }
        if let Err(wrong) = spec::check(&answer) {
            panic!("{answer}\ndiffers from the document: {wrong}");
        }
        answer
    }

    /// The same with a key, where keys are to be used again and it takes one.
    fn keyed(&self) -> Option<Self> {
        self.service.refused_keys.get()?;
        let operation = spec::find(self.method.as_str(), self.path.split('?').next()?)?;
        let takes = operation.spec["parameters"].to_string().contains("\"Idempotency-Key\"");
        let new = takes && !self.headers.contains_key("idempotency-key");
        new.then(|| self.clone().key(&Uuid::now_v7().to_string()))
    }

    /// Another request with the same key is refused, whatever the first one answered.
    #[track_caller]
    fn used_again(mut self) {
        let path = self.path.split('?').next().unwrap_or_default();
        let id = spec::find(self.method.as_str(), path).expect("an operation").id;
        let json = self.headers.get("content-type").is_some_and(|kind| kind == "application/json");
        match &mut self.body {
            Some(body) if json => body.push(b' '),
            _ => self.path += if self.path.contains('?') { "&locality=10210" } else { "?locality=10210" },
        }
        let service = self.service.clone();
        self.send_unchecked().problem(422, "idempotency_key_reused");
        service.refused_keys.get().expect("keys are used again").lock().unwrap().insert(id);
    }

    /// The status of trying it out, where it can be; nothing is stored by it.
    fn try_out(&self, db: &Db) -> Option<u16> {
        let operation = spec::find(self.method.as_str(), self.path.split('?').next()?)?;
        // What is done later is tried out at once.
        if self.headers.contains_key("prefer") || !operation.spec["parameters"].to_string().contains("\"dry_run\"") {
            return None;
        }
        let joint = if self.path.contains('?') { '&' } else { '?' };
        let trial = Self { path: format!("{}{joint}dry_run=true", self.path), ..self.clone() };
        let before = stored(db);
        let answer = trial.send();
        assert!(before == stored(db), "tried out, it stored something: {answer}");
        Some(answer.status())
    }

    /// Sends what no client that reads the document would send.
    #[track_caller]
    pub fn send_unchecked(self) -> Answer {
        let sent = HTTP
            .request(self.method.clone(), format!("{}{}", self.url, self.path))
            .headers(self.headers.clone())
            .body(self.body.clone().unwrap_or_default());
        let (status, headers, body) = wait(async {
            let response = sent.send().await.unwrap_or_else(|e| panic!("{} {}: {e:?}", self.method, self.path));
            let (status, headers) = (response.status(), response.headers().clone());
            (status, headers, response.bytes().await.expect("a whole answer"))
        });
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        assert!(!names_one_member_twice(&body), "{} {}: {json}", self.method, self.path);
        Answer { request: self, status, headers, body: body.to_vec(), json }
    }

    #[track_caller]
    pub fn ok(self) -> Answer {
        self.send().is(200)
    }

    #[track_caller]
    pub fn created(self) -> Answer {
        self.send().is(201)
    }

    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Answer {
        self.send().problem(status, code)
    }
}

/// What came back.
pub struct Answer {
    request: Request,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    json: Value,
}

impl Answer {
    pub fn method(&self) -> &str {
        self.request.method.as_str()
    }

    /// The path that was asked for, without its query.
    pub fn path(&self) -> &str {
        self.request.path.split('?').next().unwrap_or_default()
    }

    /// What was sent, where it was JSON.
    pub fn sent(&self) -> Option<Value> {
        let json = self.request.headers.get("content-type").is_some_and(|kind| kind == "application/json");
        serde_json::from_slice(self.request.body.as_ref().filter(|_| json)?).ok()
    }

    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub fn json(&self) -> &Value {
        &self.json
    }

    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{self}\nhas no ETag")).to_owned()
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status(), status, "{self}");
        self
    }

    /// A problem of this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status(), self.json["code"].as_str()), (status, Some(code)), "{self}");
        self
    }

    /// Among what is wrong stands this code at this place.
    #[track_caller]
    pub fn finding(self, pointer: &str, code: &str) -> Self {
        let found = self.json["errors"].as_array().into_iter().flatten();
        let mut named = found.filter(|finding| finding["pointer"] == pointer && finding["code"] == code);
        assert!(named.next().is_some(), "no {code} at {pointer:?} in {self}");
        self
    }
}

impl Index<&str> for Answer {
    type Output = Value;

    /// A member of the body.
    fn index(&self, member: &str) -> &Value {
        &self.json[member]
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request { method, path, body, .. } = &self.request;
        let sent = body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let sent: String = sent.chars().take(2000).collect();
        write!(f, "{method} {path} {sent}\nanswered {} {}", self.status, self.text())
    }
}
