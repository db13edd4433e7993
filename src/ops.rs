//! What keeps the service running and explained: health, metrics, the pages of problem codes.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{AUTHORIZATION, VARY},
    web::Data,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    app::App,
    http::{Error, Locale, Path, Reply, Result, accepted, client_address, entries, split},
    measures::measure,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(check_liveness)
        .service(check_readiness)
        .service(get_metrics)
        .service(list_problems)
        .service(get_problem);
}

/// State of the service.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Liveness
///
/// Answers as long as the process runs; does not use the database.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Alive", body = Health)))]
#[get("/health/live")]
async fn check_liveness() -> Result<Reply> {
    Reply::ok(Health { status: "ok" })
}

/// Readiness
///
/// Answers 200 if the database answers, has space, and loses no acknowledged write; else 503, with the part that is not
/// ready. Asks on a connection of its own, so that a busy service answers too.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Ready", body = Health), Error))]
#[get("/health/ready")]
async fn check_readiness(app: Data<App>) -> Result<Reply> {
    let findings = app.db.findings().await;
    if !findings.is_empty() {
        return Err(Error::of("not_ready").because(findings).with("retry_after", 5));
    }
    Reply::ok(Health { status: "ok" })
}

/// Prometheus metrics
///
/// Requires the configured bearer token. Without one, answers only clients on the service's own machine that come
/// through no proxy; and nobody if the metrics have a port of their own.
#[utoipa::path(
    tag = "operations",
    responses((status = 200, description = "Metrics in Prometheus text format", body = String, content_type = "text/plain"), Error)
)]
#[get("/metrics")]
pub async fn get_metrics(req: HttpRequest, app: Data<App>, handle: Data<PrometheusHandle>) -> Result<HttpResponse> {
    let own_port = req.app_data::<MetricsPort>().is_some();
    if app.config.metrics_bind.is_some() && !own_port {
        return Err(Error::of("path_unknown"));
    }
    let open = match &app.config.metrics_token {
        Some(token) => {
            let expected = format!("Bearer {}", token.expose_secret());
            let given = req.headers().get(AUTHORIZATION).map_or(&[][..], |given| given.as_bytes());
            // In a time that says nothing of how much of it is right.
            verify_slices_are_equal(given, expected.as_bytes()).is_ok()
        }
        None => own_port || is_local(&req, &app),
    };
    match open {
        true => Ok(HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4")
            .body(handle.render() + &measure(&app).await)),
        false => Err(Error::of("unauthenticated")),
    }
}

/// Marks the server of the port that has nothing but metrics.
#[derive(Clone, Copy)]
pub struct MetricsPort;

/// Headers in which proxies tell that they passed a request on.
const PASSED_ON: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Whether the client is on this machine itself. A proxy on the same host is not the client: it writes a header, or it
/// is what ends TLS in front of the service.
fn is_local(req: &HttpRequest, app: &App) -> bool {
    let passed_on = PASSED_ON.iter().any(|name| req.headers().contains_key(*name));
    client_address(req).to_canonical().is_loopback() && !passed_on && !app.issuer.url().starts_with("https:")
}

/// Meaning of a problem code, and what to do.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemCode {
    #[schema(example = "not_found")]
    code: String,
    status: u16,
    title: String,
    cure: String,
}

impl ProblemCode {
    fn of(entry: &crate::http::Entry, locale: Locale) -> Self {
        let (title, cure) = split(entry.message(locale));
        Self { code: entry.code.clone(), status: entry.status, title: title.into(), cure: cure.into() }
    }
}

/// Problem codes
///
/// All codes of problems and findings, with their status, meaning and remedy.
#[utoipa::path(tag = "operations", responses((status = 200, description = "All codes", body = [ProblemCode])))]
#[get("/problems")]
async fn list_problems(req: HttpRequest) -> Result<Reply> {
    let locale = Locale::of(req.headers());
    Reply::ok(entries().map(|entry| ProblemCode::of(entry, locale)).collect::<Vec<_>>())
}

/// Problem code
///
/// The page that a problem's `type` names: HTML for people, JSON for machines, by `Accept`.
#[utoipa::path(
    tag = "operations",
    params(("code" = String, Path, description = "A problem or finding code", example = "not_found")),
    responses((status = 200, description = "Meaning of the code", content((ProblemCode = "application/json"), (String = "text/html"))), Error)
)]
#[get("/problems/{code}")]
async fn get_problem(req: HttpRequest, code: Path<String>) -> Result<HttpResponse> {
    let locale = Locale::of(req.headers());
    let entry = entries().find(|entry| entry.code == *code).ok_or_else(Error::not_found)?;
    let problem = ProblemCode::of(entry, locale);
    let vary = (VARY, "Accept, Accept-Language");
    if accepted(&req, &["application/json", "text/html"])? == "application/json" {
        return Ok(HttpResponse::Ok().insert_header(vary).json(problem));
    }
    let ProblemCode { code, status, title, cure } = problem;
    Ok(HttpResponse::Ok().insert_header(vary).content_type("text/html; charset=utf-8").body(format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{code}</title>\
         <h1>{title}</h1><p>{cure}</p><p><code>{code}</code> · HTTP {status}</p></html>",
        locale.tag()
    )))
}
