//! The server: every feature's routes on one screen, every job, every rule on the organisation tree.

use std::{net::TcpListener, sync::LazyLock, time::Duration};

use actix_web::{
    App as ActixApp, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self, Data, PayloadConfig},
};
use futures_util::future::BoxFuture;
use serde_json::Value;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};
use utoipa_swagger_ui::{Config as DocsConfig, SwaggerUi};

use crate::{
    activities,
    app::App,
    assessments, audit, concerns, events,
    http::{BodyTime, Deadline, Limits, Operations, Secure, answer, cors, deadline, fallback},
    identity, initiatives, jobs, localities, movements, nominations, openapi, ops, people, progress, rankings,
    submissions, telemetry, units,
};

/// Most bytes of an ordinary body.
const BODY_MOST: usize = 1024 * 1024;

/// Every job that the worker runs.
pub const JOBS: &[jobs::Kind] = &[
    jobs::Kind::of::<jobs::ForgetAnswers>(),
    jobs::Kind::of::<identity::ForgetSignIns>(),
    jobs::Kind::of::<people::ForgetPeople>(),
    jobs::Kind::of::<submissions::RemindUnits>(),
    jobs::Kind::of::<submissions::RunImport>(),
    jobs::Kind::of::<submissions::ForgetImports>(),
];

/// Every rule that a change of the organisation tree must keep.
const TREE_RULES: units::TreeRules = units::TreeRules(&[movements::tree_rule, submissions::tree_rule]);

/// Who names the kinds of units.
const UNIT_KINDS: units::UnitKinds = units::UnitKinds(movements::unit_kinds);

/// Every rule that an amendment of a plan must keep.
const PLAN_RULES: movements::PlanRules = movements::PlanRules(&[submissions::plan_rule]);

/// Every route of the service.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(ops::routes).configure(openapi::routes).configure(identity::well_known).service(
        scope("/api/v1")
            .configure(identity::routes)
            .configure(localities::routes)
            .configure(units::routes)
            .configure(people::routes)
            .configure(movements::routes)
            .configure(submissions::routes)
            .configure(activities::routes)
            .configure(concerns::routes)
            .configure(initiatives::routes)
            .configure(progress::routes)
            .configure(nominations::routes)
            .configure(assessments::routes)
            .configure(rankings::routes)
            .configure(audit::routes)
            .configure(events::routes),
    );
}

/// The OpenAPI document of all routes.
pub fn document() -> Value {
    openapi::document(routes)
}

/// What servers take from the document: made once in a process, however many servers run in it.
static DOCUMENT: LazyLock<(Data<Operations>, Data<openapi::Document>)> = LazyLock::new(|| {
    let document = document();
    (Data::new(Operations::of(&document)), Data::new(openapi::Document(document.to_string().into())))
});

/// A server on `listener`, not yet running. When `stop` ends, it finishes the requests at hand and ends too.
///
/// `stop` comes behind a pointer: were this function generic, every handler would be compiled again in the binary and in
/// each test binary.
pub fn serve(app: App, listener: TcpListener, stop: BoxFuture<'static, ()>) -> std::io::Result<Server> {
    let (operations, document) = DOCUMENT.clone();
    let metrics = Data::new(telemetry::metrics());
    let (workers, shutdown) = (app.config.workers, app.config.shutdown_seconds);
    let patience = Duration::from_secs(app.config.request_seconds);
    let limits = Data::new(Limits::of(&app.config.edge));
    let most = Deadline(Duration::from_secs(app.config.edge.answer_seconds));
    let config = app.config.clone();
    let secure = Secure(app.issuer.url().starts_with("https:"));
    let shared = Data::new(app);
    let (tree_rules, plan_rules) = (Data::new(TREE_RULES), Data::new(PLAN_RULES));
    let unit_kinds = Data::new(UNIT_KINDS);
    let server = HttpServer::new(move || {
        let docs =
            SwaggerUi::new("/docs/{_:.*}").config(DocsConfig::from("/openapi.json").persist_authorization(false));
        ActixApp::new()
            .into_utoipa_app()
            .app_data(shared.clone())
            .app_data(operations.clone())
            .app_data(metrics.clone())
            .app_data(PayloadConfig::new(BODY_MOST))
            .app_data(BodyTime(patience))
            .app_data(limits.clone())
            .app_data(most)
            .app_data(secure)
            .app_data(tree_rules.clone())
            .app_data(plan_rules.clone())
            .app_data(unit_kinds.clone())
            .configure(routes)
            .into_app()
            .service(docs)
            .service(web::redirect("/docs", "/docs/"))
            .service(web::redirect("/", "/docs/"))
            .app_data(document.clone())
            .default_service(web::to(fallback))
            .wrap(from_fn(identity::guard))
            .wrap(from_fn(deadline))
            .wrap(cors(&config.edge.cors_origins))
            .wrap(from_fn(answer))
            .wrap(TracingLogger::<telemetry::RequestLine>::new())
    })
    .shutdown_signal(stop)
    .client_request_timeout(patience)
    .shutdown_timeout(shutdown);
    let server = if workers > 0 { server.workers(workers) } else { server };
    Ok(server.listen(listener)?.run())
}
