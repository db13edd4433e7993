//! Logs and metrics: one structured line a request, no bodies, no tokens, no names.

use std::io::{IsTerminal, stderr};

use metrics::{counter, describe_counter, describe_histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tracing::Level;
use tracing_subscriber::{EnvFilter, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;

/// The program's number, the commit that it was built from, and both.
pub const NUMBER: &str = env!("CARGO_PKG_VERSION");
pub const COMMIT: &str = env!("THIDUA_COMMIT");
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("THIDUA_COMMIT"), ")");

/// Upper bounds of the histogram's buckets in seconds, up to the longest that a request may take.
const BUCKETS: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

pub const REQUEST_SECONDS: &str = "http_request_duration_seconds";
pub const LOG_IN_FAILURES: &str = "thidua_log_in_failures_total";
/// The codes of problems that count as failures to log in.
pub const LOG_IN_CODES: [&str; 3] = ["login_failed", "login_throttled", "invalid_client"];

/// How much a service logs, and a command that asks itself hundreds of requests.
pub const LINES_OF_REQUESTS: &str = "info,actix_server=warn";
pub const WARNINGS: &str = "warn";

/// Logs to standard error; `RUST_LOG` sets how much in place of `usual`, but never so much that it would tell what requests
/// hold.
pub fn init(format: LogFormat, usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    // Below `info` libraries tell what they carry: heads of requests with their tokens, statements with their values.
    // What the connections' machine says of unreadable requests, clients alone decide how often.
    let discreet = filter_fn(|about| {
        let target = about.target();
        (*about.level() <= Level::INFO || target.starts_with("thidua")) && target != "actix_http::h1::dispatcher"
    });
    // Colours are for a terminal: a file or a journal gets text.
    let colours = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr).with_ansi(colours);
    let registry = tracing_subscriber::registry().with(filter).with(discreet);
    match format {
        LogFormat::Text => registry.with(lines.with_target(false)).try_init(),
        LogFormat::Json => registry.with(lines.json().with_span_list(false)).try_init(),
    }
    .ok(); // a second start in one process (tests) keeps the first one's logs
}

/// The metrics of this process; a second call in one process shares the first one's.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = recorder();
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

fn recorder() -> PrometheusRecorder {
    // Only an empty list of buckets is refused: then durations are summaries.
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap_or_default().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        describe_histogram!(REQUEST_SECONDS, "Duration of requests, by operation and class of status.");
        describe_counter!(LOG_IN_FAILURES, "Failed log-ins of people and clients, by the problem's code.");
        // A counter that is there from the start shows its first increase.
        LOG_IN_CODES.into_iter().for_each(|code| counter!(LOG_IN_FAILURES, "code" => code).absolute(0));
    });
    recorder
}
