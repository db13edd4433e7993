//! The one error of the service, shown as `application/problem+json` (RFC 9457) in the caller's language.

use std::{collections::BTreeMap, fmt};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    catalogue::{entry, fill, split},
    finding_view::FindingView,
    locale::Locale,
};
use crate::{
    finding::{Finding, Param, params},
    labels::{self, name},
};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Problem details (RFC 9457).
#[derive(ToSchema)]
#[allow(dead_code)] // the shape of what `Error::body` writes, for the document
pub struct Problem {
    /// URL of the page that explains the code.
    #[schema(example = "/problems/not_found")]
    r#type: String,
    #[schema(example = "Không tìm thấy")]
    title: String,
    status: u16,
    detail: String,
    /// Stable; never translated.
    #[schema(example = "not_found")]
    code: String,
    request_id: String,
    /// All findings of the request, each with its place.
    errors: Vec<ProblemItem>,
    /// What the detail quotes, for programs: numbers and codes by name. `part` and `value` of a 404 name what was not
    /// found; `roles` and `scope` of a 403 name who may.
    params: BTreeMap<String, Param>,
    /// For 409: the state that forbids the operation.
    state: Option<String>,
    /// At the token endpoint: the OAuth error code (RFC 6749, section 5.2).
    error: Option<String>,
    error_description: Option<String>,
}

/// Codes that RFC 6749, section 5.2, fixes: machines look for them in a member of their own.
const OAUTH: [&str; 4] = ["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"];

/// A finding at one place.
#[derive(ToSchema)]
#[allow(dead_code)]
pub struct ProblemItem {
    /// JSON Pointer (RFC 6901) into the body; for query parameters `/name`.
    pointer: String,
    code: String,
    /// `error` stops, `warning` tells. Errors come first.
    #[schema(example = "error")]
    severity: String,
    message: String,
    /// What the message quotes, for programs: `indicator`, `field`, limits and the like, by name. Counts are integers;
    /// codes, days and decimals are texts.
    params: BTreeMap<String, Param>,
    /// In a file of rows: number of the row; the pointer is relative to it.
    row: Option<u64>,
    /// In a file of rows: how many rows have an equal finding, where there are several.
    count: Option<u64>,
    /// The first ten of these rows.
    rows: Option<Vec<u64>>,
    /// In a table: address of the cell.
    cell: Option<String>,
    /// In a table: what the cell holds, shortened.
    content: Option<String>,
}

/// Why a request was not done.
#[derive(Debug)]
pub enum Error {
    /// A client error: a code of the catalogue, the values that its text quotes, and the findings.
    Refused { code: &'static str, args: BTreeMap<&'static str, String>, findings: Vec<Finding>, allow: Option<String> },
    /// Temporary: the client repeats the request later.
    Busy(anyhow::Error),
    /// The database's disk is full: the operator frees space, then the client repeats the request.
    StorageFull(anyhow::Error),
    /// An internal error. The client learns only the request id.
    Internal(anyhow::Error),
}

impl Error {
    pub fn of(code: &'static str) -> Self {
        Self::Refused { code, args: BTreeMap::new(), findings: Vec::new(), allow: None }
    }

    /// 404: the resource does not exist or is outside the caller's scope.
    pub fn not_found() -> Self {
        Self::of("not_found")
    }

    /// 404, naming the part of the path or the parameter that leads nowhere.
    pub fn missing(part: &'static str) -> Self {
        Self::not_found().with("part", part)
    }

    /// Lists the codes that there are, for a 404.
    pub fn knowing(self, codes: &[&str]) -> Self {
        let known = codes.join(", ");
        let (vi, en) = (format!(" (hiện có: {known})"), format!(" (there are {known})"));
        if codes.is_empty() { self } else { self.with("known", known).with("known_vi", vi).with("known_en", en) }
    }

    /// Names the part of the request that leads nowhere, and what stands there.
    pub fn located(mut self, part: &str, value: String) -> Self {
        if let Self::Refused { args, .. } = &mut self {
            let (vi, en) = name("part", part);
            args.entry("value").or_insert(value);
            args.extend([("part", part.to_owned()), ("part_vi", vi), ("part_en", en)]);
        }
        self
    }

    /// The part, if this is a 404 that names one.
    pub fn part(&self) -> Option<&str> {
        match self {
            Self::Refused { args, .. } => args.get("part").map(String::as_str),
            _ => None,
        }
    }

    /// 409: the state of the resource forbids it; the problem shows the state.
    pub fn state(code: &'static str, state: impl fmt::Display) -> Self {
        let state = state.to_string();
        let (label, _) = labels::name(code, &state);
        Self::of(code).with("state_vi", format!("{label} ({state})")).with("state", state)
    }

    /// 422 with all findings, or success if none is an error.
    pub fn check(findings: Vec<Finding>) -> Result<(), Self> {
        match findings.iter().any(|finding| !finding.warning) {
            true => Err(Self::of("content_invalid").because(findings)),
            false => Ok(()),
        }
    }

    pub fn busy(cause: impl fmt::Display) -> Self {
        Self::Busy(anyhow::anyhow!("{cause}"))
    }

    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{cause}"))
    }

    /// Names what the message quotes.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        if let Self::Refused { args, .. } = &mut self {
            args.insert(name, value.to_string());
        }
        self
    }

    pub fn because(mut self, found: Vec<Finding>) -> Self {
        if let Self::Refused { findings, .. } = &mut self {
            *findings = found;
        }
        self
    }

    /// A finding at one place.
    pub fn at(self, pointer: impl Into<String>, code: &'static str) -> Self {
        self.because(vec![Finding::new(pointer, code)])
    }

    /// The supported methods of the path, for 405.
    pub fn allowing(mut self, methods: String) -> Self {
        if let Self::Refused { allow, .. } = &mut self {
            *allow = Some(methods);
        }
        self
    }

    /// The findings.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Refused { findings, .. } => findings,
            _ => &[],
        }
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { code, .. } => code,
            Self::Busy(_) => "busy",
            Self::StorageFull(_) => "storage_full",
            Self::Internal(_) => "internal",
        }
    }

    /// The catalogue's text. A 404 whose part is known says which, a 412 what stands in place of what was asked for.
    fn words(&self, locale: Locale) -> &'static str {
        match self {
            Self::Refused { code: "not_found", args, .. } if args.contains_key("part_vi") => {
                entry("part_not_found").message(locale)
            }
            // What was there instead is not known, or nothing was.
            Self::Refused { code: "precondition_failed", args, .. } if !args.contains_key("etag") => {
                entry("precondition_unread").message(locale)
            }
            _ => entry(self.code()).message(locale),
        }
    }

    /// The text: what is wrong and what to do.
    pub fn message(&self, locale: Locale) -> String {
        let message = self.words(locale);
        match self {
            Self::Refused { args, .. } => fill(message, args),
            _ => message.to_owned(),
        }
    }

    /// The text for the command line in English.
    pub fn in_english(&self) -> String {
        self.told_in(Locale::En)
    }

    /// The text for the command line, with the cause of an internal error.
    pub fn told_in(&self, locale: Locale) -> String {
        match self {
            Self::Refused { .. } => self.message(locale),
            Self::StorageFull(cause) => format!("{} ({cause:#})", self.message(locale)),
            Self::Busy(cause) | Self::Internal(cause) => format!("{cause:#}"),
        }
    }

    /// A copy of the error: causes cannot be cloned, but their text can.
    pub fn duplicate(&self) -> Self {
        match self {
            Self::Refused { code, args, findings, allow } => {
                Self::Refused { code, args: args.clone(), findings: findings.clone(), allow: allow.clone() }
            }
            Self::Busy(cause) => Self::busy(format!("{cause:#}")),
            Self::StorageFull(cause) => Self::StorageFull(anyhow::anyhow!("{cause:#}")),
            Self::Internal(cause) => Self::internal(format!("{cause:#}")),
        }
    }

    /// The answer in the caller's language, with the request's id.
    pub fn answer(&self, locale: Locale, request_id: &str) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        let kind = if OAUTH.contains(&self.code()) { "application/json" } else { "application/problem+json" };
        response
            .insert_header((header::CONTENT_TYPE, kind))
            .insert_header((header::CONTENT_LANGUAGE, locale.tag()))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        if matches!(self.code(), "body_too_slow" | "body_too_large" | "file_too_large") {
            // The rest of the body may still come, or never.
            response.force_close();
        }
        match self {
            Self::Busy(_) => {
                response.insert_header((header::RETRY_AFTER, "1"));
            }
            Self::StorageFull(_) => {
                response.insert_header((header::RETRY_AFTER, "30"));
            }
            Self::Refused { args, .. } if args.contains_key("retry_after") => {
                response.insert_header((header::RETRY_AFTER, args["retry_after"].as_str()));
            }
            Self::Refused { code: "unauthenticated", .. } => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            Self::Refused { code: "invalid_client", .. } => {
                response.insert_header((header::WWW_AUTHENTICATE, "Basic"));
            }
            Self::Refused { allow: Some(methods), .. } => {
                response.insert_header((header::ALLOW, methods.as_str()));
            }
            _ => {}
        }
        response.body(self.problem(locale, request_id).to_string())
    }

    /// The problem document.
    pub fn problem(&self, locale: Locale, request_id: &str) -> Value {
        let none = BTreeMap::new();
        let (args, findings) = match self {
            Self::Refused { args, findings, .. } => (args, findings.as_slice()),
            _ => (&none, [].as_slice()),
        };
        let entry = entry(self.code());
        let (title, detail) = split(self.words(locale));
        let (warnings, stopping): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|f| f.warning);
        let errors: Vec<Value> = stopping
            .into_iter()
            .chain(warnings)
            .map(|f| {
                let mut error = json!(FindingView::of(f, locale));
                if let Some(row) = f.args.get("row").and_then(|row| row.parse::<u64>().ok()) {
                    error["row"] = json!(row);
                }
                place_in_table(f, &mut error);
                error
            })
            .collect();
        let mut body = json!({
            "type": format!("/problems/{}", self.code()),
            "title": fill(title, args),
            "status": entry.status,
            "detail": fill(detail, args),
            "code": self.code(),
            "request_id": request_id,
            "errors": errors,
            "params": params(args),
        });
        if OAUTH.contains(&self.code()) {
            // Both keep to ASCII, as the RFC has it.
            body["error"] = json!(self.code());
            body["error_description"] = json!(split(entry.message(Locale::En)).1);
        }
        if let Some(state) = args.get("state") {
            body["state"] = json!(state);
        }
        body
    }
}

/// Where a finding is in a file of rows, as far as it says so.
fn place_in_table(finding: &Finding, error: &mut Value) {
    let arg = |name: &str| finding.args.get(name);
    if let Some(count) = arg("count").filter(|_| arg("rows").is_some()).and_then(|count| count.parse::<u64>().ok()) {
        error["count"] = json!(count);
    }
    if let Some(rows) = arg("rows") {
        error["rows"] = rows.split(", ").filter_map(|row| row.parse::<u64>().ok()).collect();
    }
    for name in ["cell", "content"] {
        if let Some(text) = arg(name) {
            error[name] = json!(text);
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code, .. } => write!(f, "{code}"),
            Self::Busy(cause) | Self::StorageFull(cause) | Self::Internal(cause) => write!(f, "{cause:#}"),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(entry(self.code()).status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A placeholder: the outermost layer renders errors in the caller's language with the request id.
    fn error_response(&self) -> HttpResponse {
        self.answer(Locale::default(), "")
    }
}
