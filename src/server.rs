//! The server: every feature's routes on one screen, every job, every rule on the organisation tree.

use std::{net::TcpListener, sync::LazyLock, time::Duration};

use actix_http::{HttpService, body::MessageBody, error::DispatchError};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App as ActixApp, Error, HttpServer,
    dev::{AppConfig, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    rt::net::TcpStream,
    web::{self, Data, PayloadConfig},
};
use futures_util::future::BoxFuture;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::Value;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};

use crate::{
    activities,
    app::App,
    assessments, audit, awards, concerns, council, docs, events,
    http::{
        BodyTime, Connections, Deadline, Feature, Leaving, Limits, Operations, RequestLine, Secure, Stuck, answer,
        cors, deadline, fallback, leaving,
    },
    identity, initiatives, jobs, law, localities, movements, nominations, openapi, ops, papers, people, progress,
    published, rankings, screens, submissions, telemetry, units,
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
    jobs::Kind::of::<progress::FoldTotals>(),
    jobs::Kind::of::<progress::CheckTotals>(),
];

/// Every rule that a change of the organisation tree must keep.
const TREE_RULES: units::TreeRules = units::TreeRules(&[movements::tree_rule, submissions::tree_rule]);

/// Who names the kinds of units.
const UNIT_KINDS: units::UnitKinds = units::UnitKinds(movements::unit_kinds);

/// Who names the kinds of people.
const PERSON_KINDS: people::PersonKinds = people::PersonKinds(movements::person_kinds);

/// Every rule that an amendment of a plan must keep.
const PLAN_RULES: movements::PlanRules = movements::PlanRules(&[submissions::plan_rule, assessments::plan_rule]);

/// Every feature's routes.
const FEATURES: [fn(&mut ServiceConfig); 22] = [
    identity::routes,
    localities::routes,
    units::routes,
    people::routes,
    movements::routes,
    submissions::routes,
    activities::routes,
    concerns::routes,
    initiatives::routes,
    screens::routes,
    progress::routes,
    nominations::routes,
    assessments::routes,
    council::routes,
    law::routes,
    papers::routes,
    rankings::routes,
    awards::routes,
    published::routes,
    audit::routes,
    events::routes,
    openapi::vocabulary_routes,
];

/// Every route of the service.
pub fn routes(config: &mut ServiceConfig) {
    let features = FEATURES.into_iter().enumerate();
    let features = features.map(|(number, routes)| scope("").guard(Feature(number)).configure(routes));
    config.configure(ops::routes).configure(openapi::routes).configure(identity::well_known);
    config.service(features.fold(scope("/api/v1"), |api, feature| api.service(feature)));
}

/// The OpenAPI document of all routes.
pub fn document() -> Value {
    openapi::document(routes)
}

/// What servers take from the document: made once in a process, however many servers run in it.
static DOCUMENT: LazyLock<(Data<Operations>, Data<openapi::Document>)> = LazyLock::new(|| {
    let (document, features) = (document(), FEATURES.map(openapi::operation_ids));
    (Data::new(Operations::of(&document, &features)), Data::new(openapi::Document(document.to_string().into())))
});

/// Makes what takes a while before the first server.
pub fn prepare() {
    LazyLock::force(&DOCUMENT);
}

/// A server of nothing but the metrics, for a port that is not published.
pub fn serve_metrics(app: App, listener: TcpListener, stop: BoxFuture<'static, ()>) -> std::io::Result<Server> {
    let (shared, metrics) = (Data::new(app), Data::new(telemetry::metrics()));
    let server = HttpServer::new(move || {
        let app = ActixApp::new().app_data(shared.clone()).app_data(metrics.clone()).app_data(ops::MetricsPort);
        app.service(ops::get_metrics)
    });
    Ok(server.workers(1).shutdown_signal(stop).listen(listener)?.run())
}

/// A server on `listener`, not yet running. When `stop` ends, it finishes the requests at hand and ends too.
///
/// `stop` comes behind a pointer: were this function generic, every handler would be compiled again in the binary and in
/// each test binary.
pub fn serve(app: App, listener: TcpListener, stop: BoxFuture<'static, ()>) -> std::io::Result<Server> {
    let (workers, shutdown) = (app.config.workers, app.config.shutdown_seconds);
    let patience = Duration::from_secs(app.config.request_seconds);
    let connections = Connections::of(&app.config.edge, patience);
    let (leaving, stop) = leaving(stop);
    let site = Site::of(app, leaving.clone());
    // What `HttpServer` does, with connections that are counted and watched, and idle ones that are kept for a moment
    // after the signal.
    let service = move || {
        let (connections, leaving) = (connections.clone(), leaving.clone());
        let site = site.app().into_factory().map_err(|error: Error| error.error_response());
        let http = HttpService::build()
            .client_request_timeout(patience)
            .client_disconnect_timeout(DISCONNECT_MOST)
            .graceful_shutdown_signal(move || leaving.clone().idle_connections_end())
            .h1(map_config(site, |()| AppConfig::default()));
        let accept = move |stream: TcpStream| {
            let connections = connections.clone();
            async move { connections.accept(stream).map_err(DispatchError::Io) }
        };
        fn_service(accept).and_then(http)
    };
    let server = Server::build().shutdown_signal(stop).shutdown_timeout(shutdown);
    let server = if workers > 0 { server.workers(workers) } else { server };
    Ok(server.listen("http", listener, service)?.run())
}

/// How long a closed connection waits for its client to close too.
const DISCONNECT_MOST: Duration = Duration::from_secs(1);

/// Everything that the workers of a server share.
#[derive(Clone)]
struct Site {
    app: Data<App>,
    operations: Data<Operations>,
    document: Data<openapi::Document>,
    metrics: Data<PrometheusHandle>,
    limits: Data<Limits>,
    stuck: Data<Stuck>,
    most: Deadline,
    patience: BodyTime,
    secure: Secure,
    leaving: Leaving,
    tree_rules: Data<units::TreeRules>,
    plan_rules: Data<movements::PlanRules>,
    unit_kinds: Data<units::UnitKinds>,
    person_kinds: Data<people::PersonKinds>,
}

impl Site {
    fn of(app: App, leaving: Leaving) -> Self {
        let (operations, document) = DOCUMENT.clone();
        Self {
            operations,
            document,
            metrics: Data::new(telemetry::metrics()),
            limits: Data::new(Limits::of(&app.config.edge)),
            stuck: Data::default(),
            most: Deadline(Duration::from_secs(app.config.edge.answer_seconds)),
            patience: BodyTime(Duration::from_secs(app.config.request_seconds)),
            secure: Secure(app.issuer.url().starts_with("https:")),
            leaving,
            tree_rules: Data::new(TREE_RULES),
            plan_rules: Data::new(PLAN_RULES),
            unit_kinds: Data::new(UNIT_KINDS),
            person_kinds: Data::new(PERSON_KINDS),
            app: Data::new(app),
        }
    }

    /// The application of one worker.
    fn app(
        &self,
    ) -> ActixApp<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody + use<>>,
            Error = Error,
            InitError = (),
        > + use<>,
    > {
        ActixApp::new()
            .into_utoipa_app()
            .app_data(self.app.clone())
            .app_data(self.operations.clone())
            .app_data(self.metrics.clone())
            .app_data(PayloadConfig::new(BODY_MOST))
            .app_data(self.patience)
            .app_data(self.limits.clone())
            .app_data(self.stuck.clone())
            .app_data(self.most)
            .app_data(self.secure)
            .app_data(self.leaving.clone())
            .app_data(self.tree_rules.clone())
            .app_data(self.plan_rules.clone())
            .app_data(self.unit_kinds.clone())
            .app_data(self.person_kinds.clone())
            .configure(routes)
            .into_app()
            .configure(docs::routes)
            .app_data(self.document.clone())
            .default_service(web::to(fallback))
            .wrap(from_fn(identity::guard))
            .wrap(from_fn(deadline))
            .wrap(cors(&self.app.config.edge.cors_origins))
            .wrap(from_fn(answer))
            .wrap(TracingLogger::<RequestLine>::new())
    }
}
