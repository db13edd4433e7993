//! The outermost layer: every response gets its request id, the remaining quotas and its security headers; every error
//! its text in the caller's language; every 5xx one log line with its cause; every request is counted in the metrics.

use std::time::Instant;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};
use tracing_actix_web::RequestId;

use super::{
    headers::{Requested, protect},
    limits::RateLimitShares,
};
use crate::http::{Error, Locale, body::BodyTimeout};

/// Whether clients reach the service by HTTPS.
#[derive(Clone, Copy)]
pub struct Secure(pub bool);

/// The parts of the request that a response needs; the request itself is not held, because routing needs it.
#[derive(Clone)]
struct Frame {
    locale: Locale,
    request_id: String,
    asked: Requested,
    told: RateLimitShares,
    unread: Option<BodyTimeout>,
}

pub async fn answer(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    let started = Instant::now();
    let frame = Frame::of(&mut req);
    let route = req.match_pattern().unwrap_or_else(|| "unmatched".into());
    let method = req.method().clone();
    let answered = next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    let answered = match answered {
        Ok(response) => Ok(frame.finish(response)),
        // The request was given up and is gone; the framework asks the error itself for the answer.
        Err(error) => Err(frame.finish_without_request(error)),
    };
    let status = match &answered {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    count(&method, route, status, started);
    answered
}

impl Frame {
    fn of(req: &mut ServiceRequest) -> Self {
        let told = RateLimitShares::default();
        req.extensions_mut().insert(told.clone());
        let https = req.app_data::<Secure>().is_some_and(|secure| secure.0);
        let request_id = req.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let asked = Requested { path: req.path().to_owned(), https };
        let unread = BodyTimeout::of(req);
        Self { locale: Locale::of(req.headers()), request_id, asked, told, unread }
    }

    fn finish(&self, response: ServiceResponse) -> ServiceResponse {
        let (request, response) = response.into_parts();
        let mut response = match response.error().map(known) {
            Some(problem) => {
                let problem = if problem.code() == "not_found" { located(problem, &request) } else { problem };
                log(&problem);
                self.in_words(&problem, &response)
            }
            None => response,
        };
        self.protect(response.headers_mut());
        ServiceResponse::new(request, self.hold(response))
    }

    fn finish_without_request(&self, mut error: actix_web::Error) -> actix_web::Error {
        let problem = known(&error);
        log(&problem);
        let frame = self.clone();
        error.add_response_mapper(move |response| {
            let mut response = frame.in_words(&problem, &response);
            frame.protect(response.headers_mut());
            frame.hold(response)
        });
        error
    }

    fn hold(&self, response: HttpResponse) -> HttpResponse {
        match self.unread.clone() {
            Some(unread) => response.map_body(|_, body| unread.held_by(body)),
            None => response,
        }
    }

    /// Renders an error as a problem, and keeps the headers that were added to it.
    fn in_words(&self, problem: &Error, response: &HttpResponse) -> HttpResponse {
        let mut answer = problem.answer(self.locale, &self.request_id);
        for (name, value) in response.headers() {
            if !answer.headers().contains_key(name) {
                answer.headers_mut().append(name.clone(), value.clone());
            }
        }
        answer
    }

    fn protect(&self, headers: &mut HeaderMap) {
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        set("x-request-id", &self.request_id);
        if let Some((policy, left)) = self.told.headers() {
            set("ratelimit-policy", &policy);
            set("ratelimit", &left);
        }
        protect(headers, &self.asked);
    }
}

/// The service's own error, or the meaning of a framework error (such as a malformed request line).
fn known(error: &actix_web::Error) -> Error {
    match error.as_error::<Error>() {
        Some(problem) => problem.duplicate(),
        None => match error.as_response_error().status_code().as_u16() {
            413 => Error::of("body_too_large").with("most", "1 MiB"),
            400..=499 => Error::of("request_invalid"),
            _ => Error::internal(error),
        },
    }
}

/// A 404 with the part of the request that leads nowhere. Where the handler names none it is what the last parameter of
/// the path names.
fn located(problem: Error, request: &HttpRequest) -> Error {
    let path = request.match_info();
    let last = || {
        let pattern = request.match_pattern()?;
        pattern.rsplit_once('{')?.1.split('}').next().map(str::to_owned)
    };
    let Some(part) = problem.part().map(str::to_owned).or_else(last) else { return problem };
    let value = path.get(&part).map(str::to_owned).or_else(|| {
        let mut query = form_urlencoded::parse(request.query_string().as_bytes());
        query.find(|(name, _)| *name == part).map(|(_, value)| value.into_owned())
    });
    let whole = || request.path().trim_start_matches("/api/v1").to_owned();
    problem.located(&part, value.unwrap_or_else(whole))
}

fn log(problem: &Error) {
    // As a text: the log quotes what a line must not hold.
    match problem {
        Error::Internal(cause) => tracing::error!(cause = format!("{cause:#}"), "failed"),
        Error::Busy(cause) => tracing::warn!(cause = format!("{cause:#}"), "turned away"),
        Error::Refused { .. } => {}
    }
}

fn count(method: &Method, route: String, status: StatusCode, started: Instant) {
    // Clients may write any word as a method; the metrics know the standard's.
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method);
    let labels = [
        ("method", if known { method.to_string() } else { "other".into() }),
        ("route", route),
        ("status", status.as_u16().to_string()),
    ];
    metrics::histogram!("http_request_duration_seconds", &labels).record(started.elapsed().as_secs_f64());
}
