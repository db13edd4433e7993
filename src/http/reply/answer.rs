//! A handler's reply: a body, its status, and the tag of the shown version. One shape for reads, writes and replays.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        Method, StatusCode,
        header::{self, ContentType},
    },
    web::Bytes,
};
use serde::Serialize;
use serde_json::Value;

use super::etag;
use crate::http::{Error, Result, media_type};

/// Which of these media types the request asks for, the first if it does not say (406 if it takes none).
pub fn accepted<'a>(req: &HttpRequest, offered: &[&'a str]) -> Result<&'a str> {
    let lines: Vec<&str> = req.headers().get_all(header::ACCEPT).filter_map(|line| line.to_str().ok()).collect();
    let refused = || Error::of("not_acceptable").with("offered", offered.join(", "));
    media_type(&lines.join(","), offered).ok_or_else(refused)
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    /// JSON; empty if there is no body.
    pub body: Bytes,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub link: Option<String>,
    pub replayed: bool,
    /// Contains a token or a secret: `no-store`, and not stored for a replay.
    pub secret: bool,
    /// The same for everybody: caches between may keep it for a minute.
    pub public: bool,
}

impl Reply {
    fn new(status: StatusCode, view: impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(&view).map_err(Error::internal)?.into();
        Ok(Self { status: status.as_u16(), body, ..Self::done() })
    }

    /// The body as a document.
    pub fn document(&self) -> Result<Value> {
        if self.body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&self.body).map_err(Error::internal) }
    }

    pub fn ok(view: impl Serialize) -> Result<Self> {
        Self::new(StatusCode::OK, view)
    }

    pub fn created(location: String, view: impl Serialize) -> Result<Self> {
        Ok(Self { location: Some(location), ..Self::new(StatusCode::CREATED, view)? })
    }

    /// 202: accepted; the resource at `Location` reports the progress.
    pub fn accepted(location: String, view: impl Serialize) -> Result<Self> {
        Ok(Self { location: Some(location), ..Self::new(StatusCode::ACCEPTED, view)? })
    }

    /// 201 if the `PUT` created it, 200 if it changed it.
    pub fn put(created: bool, location: String, view: impl Serialize) -> Result<Self> {
        if created { Self::created(location, view) } else { Self::ok(view) }
    }

    /// A `no-store` reply.
    pub fn secret(view: impl Serialize) -> Result<Self> {
        Ok(Self::ok(view)?.hidden())
    }

    /// 204: done, without a body.
    pub fn done() -> Self {
        Self {
            status: StatusCode::NO_CONTENT.as_u16(),
            body: Bytes::new(),
            etag: None,
            location: None,
            link: None,
            replayed: false,
            secret: false,
            public: false,
        }
    }

    /// The same, `no-store`.
    pub fn hidden(self) -> Self {
        Self { secret: true, ..self }
    }

    /// The same, for shared caches.
    pub fn shared(self) -> Self {
        Self { public: true, ..self }
    }

    /// Marks the version shown.
    pub fn tag(mut self, version: i32) -> Self {
        self.etag = Some(etag::etag(version));
        self
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        // Labels follow the language and allowed actions follow the caller, so no shared cache may mix them up.
        if !self.public {
            response.insert_header((header::VARY, "Authorization, Accept-Language"));
        }
        let kept = match (self.secret, self.public) {
            (true, _) => "no-store",
            (_, true) => "public, max-age=60",
            _ => "private, no-cache",
        };
        response.insert_header((header::CACHE_CONTROL, kept));
        if let Some(tag) = &self.etag {
            response.insert_header((header::ETAG, tag.as_str()));
            let held = req.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
            if req.method() == Method::GET && held.is_some_and(|list| etag::names(list, tag)) {
                return response.status(StatusCode::NOT_MODIFIED).finish();
            }
        }
        if let Some(location) = &self.location {
            response.insert_header((header::LOCATION, location.as_str()));
        }
        if let Some(link) = &self.link {
            response.insert_header((header::LINK, link.as_str()));
        }
        if self.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        match self.status {
            204 => response.finish(),
            _ => response.content_type(ContentType::json()).body(self.body),
        }
    }
}
