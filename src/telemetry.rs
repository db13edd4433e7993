//! Logs and metrics: one structured line a request, no bodies, no tokens, no personal data.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::{Level, Span};
use tracing_actix_web::{RequestId, RootSpanBuilder};
use tracing_subscriber::{EnvFilter, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;

/// Logs to standard error; `RUST_LOG` sets how much, but never so much that it would tell what requests hold.
pub fn init(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    // Below `info` libraries tell what they carry: heads of requests with their tokens, statements with their values.
    // What the connections' machine says of unreadable requests, clients alone decide how often.
    let discreet = filter_fn(|about| {
        let target = about.target();
        (*about.level() <= Level::INFO || target.starts_with("thidua")) && target != "actix_http::h1::dispatcher"
    });
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(filter).with(discreet);
    match format {
        LogFormat::Text => registry.with(lines.with_target(false)).try_init(),
        LogFormat::Json => registry.with(lines.json()).try_init(),
    }
    .ok(); // a second start in one process (tests) keeps the first one's logs
}

/// The metrics of this process; a second call in one process shares the first one's.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // Timings stay in memory until a request for the metrics, which may never come: they are summed up here.
            let upkeep = handle.clone();
            let sum_up = move || {
                loop {
                    std::thread::sleep(std::time::Duration::from_secs(5));
                    upkeep.run_upkeep();
                }
            };
            std::thread::Builder::new().name("metrics".into()).spawn(sum_up).ok();
            metrics::set_global_recorder(recorder).ok();
            handle
        })
        .clone()
}

/// The span of a request and the one line it leaves. The path shown is the route's pattern: codes of units and people
/// stay out of the logs.
pub struct RequestLine;

impl RootSpanBuilder for RequestLine {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let request_id = request.extensions_id();
        let route = request.match_pattern().unwrap_or_else(|| "unmatched".into());
        tracing::info_span!("request", request_id, method = %request.method(), route)
    }

    fn on_request_end<B: MessageBody>(_: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        match outcome {
            Ok(response) => tracing::info!(status = response.status().as_u16(), "answered"),
            Err(error) => tracing::info!(status = error.as_response_error().status_code().as_u16(), "answered"),
        }
    }
}

trait RequestIdText {
    fn extensions_id(&self) -> String;
}

impl RequestIdText for ServiceRequest {
    fn extensions_id(&self) -> String {
        use actix_web::HttpMessage;
        self.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
    }
}
