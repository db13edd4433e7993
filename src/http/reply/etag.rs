//! Conditional requests (RFC 9110, section 13): strong tags made of a row's version.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName},
};

use utoipa::{
    IntoParams, PartialSchema,
    openapi::{
        Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::http::{Error, Result};

/// What the document says of `If-None-Match`.
pub const IF_NONE_MATCH: &str =
    "To read: the ETag of the cached version, answered 304 if it is still current. To write: `*`, to create only";

/// The tag of a version.
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

/// What proxies that compress append within the quotes.
const ENCODINGS: [&str; 4] = ["gzip", "br", "zstd", "deflate"];

/// Whether a list names the tag, also as a proxy that compresses returns it: weakened (`W/"1"`) or with the encoding
/// (`"1-gzip"`). All tags of versions are strong, so that only the way weakens one, and it names the same version.
pub fn names(list: &str, tag: &str) -> bool {
    list.trim() == "*" || list.split(',').any(|item| is(item.trim(), tag))
}

fn is(item: &str, tag: &str) -> bool {
    let opaque = |tag: &str| {
        let strong = tag.strip_prefix("W/").unwrap_or(tag);
        strong.strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
    };
    let (given, own) = (opaque(item), opaque(tag));
    given.zip(own).is_some_and(|(given, own)| {
        let suffix = given.strip_prefix(&own);
        suffix.is_some_and(|suffix| suffix.is_empty() || is_encoding(suffix))
    })
}

fn is_encoding(suffix: &str) -> bool {
    let name = suffix.trim_start_matches(['-', ';', ':']);
    name.len() < suffix.len() && ENCODINGS.contains(&name)
}

/// The version that the client expects to change. Read from the request at once, checked after 404 and 403.
#[derive(Debug, Clone)]
pub struct IfMatch {
    matches: Option<String>,
    none_match: Option<String>,
}

impl IfMatch {
    /// The precondition of a header with this tag.
    pub fn naming(tag: &str) -> Self {
        Self { matches: Some(tag.to_owned()), none_match: None }
    }

    /// For an existing resource in `version`: the client must name this version (428, 412).
    pub fn check(&self, version: i32) -> Result<()> {
        match (&self.matches, &self.none_match) {
            (Some(list), _) if names(list, &etag(version)) => Ok(()),
            (None, None) => Err(Error::of("precondition_required").with("etag", etag(version))),
            _ => Err(Error::of("precondition_failed").with("etag", etag(version))),
        }
    }

    /// For a missing resource: only `If-None-Match: *` may create it.
    pub fn check_absent(&self) -> Result<()> {
        match (&self.matches, self.none_match.as_deref().map(str::trim)) {
            (None, Some("*")) => Ok(()),
            (None, None) => Err(Error::of("precondition_required")),
            _ => Err(Error::of("precondition_failed")),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = |name: HeaderName| {
            let lines: Vec<&str> = req.headers().get_all(name).filter_map(|value| value.to_str().ok()).collect();
            (!lines.is_empty()).then(|| lines.join(","))
        };
        ready(Ok(Self { matches: read(header::IF_MATCH), none_match: read(header::IF_NONE_MATCH) }))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let header = |name, about, example: &str| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some(about))
                .schema(Some(String::schema()))
                .example(Some(example.into()))
                .build()
        };
        vec![
            header("If-Match", "ETag of the version to be changed; 428 without, 412 when stale", "\"3\""),
            header("If-None-Match", IF_NONE_MATCH, "*"),
        ]
    }
}
