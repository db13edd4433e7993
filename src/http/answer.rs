//! The outermost layer: every answer gets its request id and safety headers, every error its words in the caller's
//! language, every 5xx one log line with its cause, every request its place in the metrics.

use std::time::Instant;

use actix_web::{
    HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};
use tracing_actix_web::RequestId;

use super::{Error, Locale};

pub async fn answer(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> actix_web::Result<ServiceResponse<BoxBody>> {
    let started = Instant::now();
    let locale = Locale::of(req.headers());
    let request_id = req.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    // The request is not held meanwhile: routing needs it for itself. The guard answers its own errors.
    let response = next.call(req).await?.map_into_boxed_body();
    let mut response = in_words(response, locale, &request_id);
    let documentation = response.request().path().starts_with("/docs/");
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-request-id", &request_id);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    // Nothing of ours but the documentation's own page loads anything.
    if !documentation {
        set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".into());
    // Clients may write any word as a method; the metrics know the standard's.
    let method = response.request().method();
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method);
    let labels = [
        ("method", if known { method.to_string() } else { "other".into() }),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::histogram!("http_request_duration_seconds", &labels).record(started.elapsed().as_secs_f64());
    Ok(response)
}

/// Says an error in words. Errors of the framework itself (a broken request line, say) become problems too.
fn in_words(response: ServiceResponse, locale: Locale, request_id: &str) -> ServiceResponse {
    let Some(error) = response.response().error() else { return response };
    let foreign;
    let problem = match error.as_error::<Error>() {
        Some(problem) => problem,
        None => {
            foreign = match response.status().as_u16() {
                413 => Error::of("body_too_large"),
                400..=499 => Error::of("request_invalid"),
                _ => Error::internal(error),
            };
            &foreign
        }
    };
    match problem {
        Error::Internal(cause) => tracing::error!(cause = format!("{cause:#}"), "failed"),
        Error::Busy(cause) => tracing::warn!(cause = format!("{cause:#}"), "turned away"),
        Error::Refused { .. } => {}
    }
    let answer = problem.answer(locale, request_id);
    response.into_response(answer)
}
