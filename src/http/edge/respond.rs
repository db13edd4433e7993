//! The outermost layer: every response gets its request id, the remaining quotas and its security headers; every error
//! its text in the caller's language; every 5xx one log line with its cause; every request is counted in the metrics.

use std::{net::IpAddr, time::Instant};

use actix_cors::CorsError;
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use tracing_actix_web::RequestId;

use super::{
    headers::{Requested, protect},
    leaving::Leaving,
    limits::{RateLimitShares, client_address},
    pieces::in_pieces,
};
use crate::{
    db::AccountId,
    http::{Error, Locale, Operations, body::BodyTimeout, path_of},
    telemetry::{LOG_IN_CODES, LOG_IN_FAILURES, REQUEST_SECONDS},
};

/// Whether clients reach the service by HTTPS.
#[derive(Clone, Copy)]
pub struct Secure(pub bool);

/// The account of a request, for its line in the log.
#[derive(Clone, Copy)]
pub struct RequestAccount(pub AccountId);

/// The parts of the request that a response needs; the request itself is not held, because routing needs it.
#[derive(Clone)]
struct Frame {
    locale: Locale,
    request_id: String,
    asked: Requested,
    told: RateLimitShares,
    unread: Option<BodyTimeout>,
    /// This instance takes no further request of the connection.
    last: bool,
}

pub async fn answer(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    let started = Instant::now();
    let frame = Frame::of(&mut req);
    let (operation, client) = (operation(&req), client_address(req.request()));
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
    let account = answered.as_ref().ok().and_then(|response| {
        response.request().extensions().get::<RequestAccount>().map(|account| account.0.to_string())
    });
    tell(status, started, client, account.as_deref());
    count(operation, status, started);
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
        let last = req.app_data::<Leaving>().is_some_and(Leaving::is_near);
        Self { locale: Locale::of(req.headers()), request_id, asked, told, unread, last }
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

    fn hold(&self, mut response: HttpResponse) -> HttpResponse {
        if self.last {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        let response = response.map_body(|_, body| in_pieces(body));
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
        None if error.as_error::<CorsError>().is_some() => match error.as_error() {
            Some(CorsError::OriginNotAllowed) => Error::of("origin_unlisted"),
            Some(CorsError::MethodNotAllowed | CorsError::HeadersNotAllowed) => Error::of("preflight_refused"),
            _ => Error::of("request_invalid"),
        },
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
        let pattern = request.app_data::<Data<Operations>>()?.pattern(path.as_str())?;
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
        Error::StorageFull(cause) => tracing::error!(cause = format!("{cause:#}"), "the database's disk is full"),
        Error::Busy(cause) => tracing::warn!(cause = format!("{cause:#}"), "turned away"),
        Error::Refused { code, .. } if LOG_IN_CODES.contains(code) => {
            metrics::counter!(LOG_IN_FAILURES, "code" => *code).increment(1);
        }
        Error::Refused { .. } => {}
    }
}

/// The id of the operation, as the document has it: no client can make up another one.
fn operation(req: &ServiceRequest) -> String {
    let operations = req.app_data::<Data<Operations>>();
    let found = operations.and_then(|all| all.at(path_of(req.request()), req.method()));
    found.map_or_else(|| "other".into(), |operation| operation.id.clone())
}

/// The one line of a request; its span has the id, the method and the route.
fn tell(status: StatusCode, started: Instant, client: IpAddr, account: Option<&str>) {
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = status.as_u16(), duration_ms, %client, account, "answered");
}

fn count(operation: String, status: StatusCode, started: Instant) {
    let class = match status.as_u16() {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    };
    let labels = [("operation", operation), ("status", class.into())];
    metrics::histogram!(REQUEST_SECONDS, &labels).record(started.elapsed().as_secs_f64());
}
