//! Extractors of path, query and body. The names are actix's own, because the document generator goes by them. A body's
//! shape is checked at once (400); its content only by [`Json::valid`], after 404, 403, 412 and 409.

use std::{
    future::{Future, Ready, ready},
    ops::Deref,
    pin::Pin,
    time::Duration,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
    web::{self, Bytes},
};
use chrono::DateTime;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::{json, misfits};
use crate::finding::{Finding, escape};

use crate::http::{Error, Result, entry};

pub(super) type Extracting<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// Path parameters. A parameter that cannot be valid (an id that is not a UUID) answers 404.
pub struct Path<T>(T);

/// Numeric path parameters.
const NUMBERS: [&str; 3] = ["revision", "version", "year"];

/// A resource has one address: a number has no sign and no leading zero, an id has the service's own spelling.
fn is_plain((name, value): (&str, &str)) -> bool {
    match value.parse::<Uuid>() {
        Ok(id) => id.to_string() == value,
        Err(_) => !NUMBERS.contains(&name) || value.parse().is_ok_and(|number: i32| number.to_string() == value),
    }
}

impl<T> Path<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // Postgres holds no NUL in a text, and no name contains another control character.
        let named = |one: (&str, &str)| !one.1.contains(char::is_control) && is_plain(one);
        if !req.match_info().iter().all(named) {
            return ready(Err(Error::not_found()));
        }
        let found = web::Path::<T>::from_request(req, payload).into_inner();
        ready(found.map(|path| Self(path.into_inner())).map_err(|_| Error::not_found()))
    }
}

/// Query parameters. The guard refuses unknown names, because it knows every operation's parameters.
pub struct Query<T>(T);

impl<T> Query<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(req).map(Self))
    }
}

/// The query parameters as `T` reads them.
pub fn query<T: DeserializeOwned>(req: &HttpRequest) -> Result<T> {
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(req.query_string().as_bytes()));
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let pointer = misfits::pointer(error.path());
        let cause = error.into_inner().to_string();
        let given = form_urlencoded::parse(req.query_string().as_bytes());
        let unescaped =
            given.filter(|(name, _)| pointer == format!("/{}", escape(name))).any(|(_, value)| has_lost_plus(&value));
        Error::of("query_invalid").because(vec![match unescaped {
            true => Finding::new(pointer, "plus_as_space"),
            false => misfits::explain(pointer, &cause),
        }])
    })
}

/// Whether a text is an instant with a space in place of the sign of its offset.
fn has_lost_plus(text: &str) -> bool {
    let instant = text.trim_end().rsplit_once(' ').map(|(start, offset)| format!("{start}+{offset}"));
    instant.is_some_and(|instant| DateTime::parse_from_rfc3339(&instant).is_ok())
}

/// A JSON body with the shape of `T`.
pub struct Json<T>(T);

impl<T: Validate> Json<T> {
    /// The body, with its content checked (422 with all findings).
    pub fn valid(self) -> Result<T> {
        self.0.validate().map_err(|errors| {
            let mut findings = Vec::new();
            collect("", &errors, &mut findings);
            findings.sort_by(|a, b| a.pointer.cmp(&b.pointer));
            Error::of("content_invalid").because(findings)
        })?;
        Ok(self.0)
    }
}

impl<T> Json<T> {
    pub(super) fn of(body: T) -> Self {
        Self(body)
    }

    /// The body without a check, for handlers whose pure rule checks the content.
    pub fn unjudged(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = json_body(req, payload);
        Box::pin(async move { json::read(&body.await?).map(Self) })
    }
}

/// An optional body of an action: an absent body is the default.
pub struct OptionalJson<T>(T);

impl<T> OptionalJson<T> {
    pub fn unjudged(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalJson<T> {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(req, payload);
        let typed = media_type(req, "application/json");
        Box::pin(async move {
            let bytes = body.await?;
            if bytes.is_empty() {
                return Ok(Self(T::default()));
            }
            typed?;
            json::read::<Option<T>>(&bytes).map(|body| Self(body.unwrap_or_default()))
        })
    }
}

/// The empty body (or `{}`) of an action without input.
pub struct NoBody;

impl FromRequest for NoBody {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(req, payload);
        Box::pin(async move {
            let bytes = body.await?;
            if !bytes.is_empty() {
                json::read::<json::Nothing>(&bytes)?;
            }
            Ok(Self)
        })
    }
}

/// Maximum time for a client to send its body.
#[derive(Clone, Copy)]
pub struct BodyTime(pub Duration);

/// Digest of the request's body, for the idempotency key's fingerprint.
#[derive(Clone)]
pub struct BodyDigest(pub [u8; 32]);

/// The request's body, for the reason in the audit log.
#[derive(Clone)]
pub struct SentBody(pub Bytes);

pub fn body(req: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Bytes>> + use<> {
    let encoded = req.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    let time = req.app_data::<BodyTime>().map_or(Duration::from_secs(30), |time| time.0);
    let bytes = tokio::time::timeout(time, Bytes::from_request(req, payload));
    let req = req.clone();
    async move {
        if encoded {
            return Err(Error::of("media_type_unsupported"));
        }
        let bytes = bytes.await.map_err(|_| Error::of("body_too_slow"))?;
        let bytes = bytes.map_err(|error| match error.as_response_error().status_code().as_u16() {
            413 => Error::of("body_too_large").with("most", "1 MiB"),
            _ => Error::of("malformed_json"),
        })?;
        req.extensions_mut().insert(BodyDigest(Sha256::digest(&bytes).into()));
        req.extensions_mut().insert(SentBody(bytes.clone()));
        Ok(bytes)
    }
}

/// The bytes of a body that says it is JSON.
pub(super) fn json_body(req: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Bytes>> + use<> {
    let (typed, body) = (media_type(req, "application/json"), body(req, payload));
    async move {
        typed?;
        body.await
    }
}

pub(super) fn media_type(req: &HttpRequest, wanted: &str) -> Result<()> {
    let given = req.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    match essence.eq_ignore_ascii_case(wanted) {
        true => Ok(()),
        false => Err(Error::of("media_type_unsupported")),
    }
}

/// The validator's errors as findings with pointers. A rule's `code` is in the catalogue.
fn collect(at: &str, errors: &ValidationErrors, findings: &mut Vec<Finding>) {
    for (name, kind) in errors.errors() {
        // A bounded text has no members.
        let at = if name.is_empty() { at.to_owned() } else { format!("{at}/{name}") };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(&at, inner, findings),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(index, inner)| collect(&format!("{at}/{index}"), inner, findings));
            }
            ValidationErrorsKind::Field(broken) => findings.extend(broken.iter().map(|rule| {
                let is_list = rule.params.get("value").is_some_and(serde_json::Value::is_array);
                let code = match rule.code.as_ref() {
                    "length" if is_list => "items_out_of_range",
                    "length" => "length_out_of_range",
                    "range" => "number_out_of_range",
                    // A rule of our own names its code itself; the derive macro keeps such codes static.
                    _ => entry(&rule.code).code.as_str(),
                };
                let bound = |name: &str, other: &str| rule.params.get(name).map_or(other.into(), ToString::to_string);
                Finding::new(&at, code).with("min", bound("min", "0")).with("max", bound("max", "–"))
            })),
        }
    }
}
