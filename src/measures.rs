//! What this instance measures when its metrics are read: pool, jobs, imports, audit queue, process, build. The names
//! follow Prometheus: base units, a unit at the end, counters `_total`.

use std::time::Duration;

use metrics::{describe_gauge, gauge};
use metrics_exporter_prometheus::PrometheusBuilder;
use metrics_process::Collector;

use crate::{
    app::App,
    audit::{self, Backlog},
    http::Result,
    jobs::{self, Standing},
    progress,
    telemetry::{COMMIT, NUMBER},
};

/// How long the database may take; beyond that the rest is answered without it.
const DATABASE_MOST: Duration = Duration::from_secs(5);

/// The gauges in Prometheus text format. A recorder of their own holds them: several instances in one process do not
/// overwrite each other's.
pub async fn measure(app: &App) -> String {
    let stored = tokio::time::timeout(DATABASE_MOST, stored(app)).await;
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        set("thidua_build_info", "The program; always 1.", &[("version", NUMBER), ("commit", COMMIT)], 1);
        measure_pool(app);
        set("thidua_imports_running", "Imports that run now.", &[], app.imports.taken());
        set("thidua_imports_max", "Imports that may run at one time.", &[], app.imports.most());
        let reached = matches!(stored, Ok(Ok(_)));
        set("thidua_database_up", "Whether the database answered: 1 or 0.", &[], u32::from(reached));
        if let Ok(Ok((jobs, backlog, wrong))) = &stored {
            measure_jobs(jobs);
            measure_backlog(backlog);
            set("thidua_totals_wrong", "Totals that the last check found wrong.", &[], *wrong);
        }
        let process = Collector::default();
        process.describe();
        process.collect();
    });
    recorder.handle().render()
}

async fn stored(app: &App) -> Result<(Standing, Backlog, i64)> {
    let now = app.clock.now();
    app.db
        .read(async |conn| {
            let (jobs, backlog) = (jobs::standing(conn, now).await?, audit::backlog(conn, now).await?);
            Ok((jobs, backlog, progress::wrong_totals(conn).await?))
        })
        .await
}

fn measure_pool(app: &App) {
    let pool = app.db.status();
    let name = "thidua_db_pool_connections";
    set(name, "Open connections to the database, by what they do.", &[("state", "idle")], pool.idle);
    set(name, "", &[("state", "busy")], pool.open.saturating_sub(pool.idle));
    set("thidua_db_pool_connections_max", "Connections that may be open.", &[], pool.most);
    set("thidua_db_pool_waiting", "Requests that wait for a connection.", &[], pool.waiting);
}

fn measure_jobs(jobs: &Standing) {
    let name = "thidua_jobs";
    set(name, "Jobs by state: due and not begun, running, dead after all attempts.", &[("state", "due")], jobs.due);
    set(name, "", &[("state", "running")], jobs.running);
    set(name, "", &[("state", "dead")], jobs.dead);
    set("thidua_jobs_oldest_due_seconds", "How long the oldest due job has waited.", &[], jobs.oldest_due_seconds);
}

fn measure_backlog(backlog: &Backlog) {
    set("thidua_audit_unchained_records", "Audit records not yet chained.", &[], backlog.records);
    set("thidua_audit_unchained_seconds", "How long the oldest of them has waited.", &[], backlog.oldest_seconds);
}

fn set(name: &'static str, help: &'static str, labels: &[(&'static str, &'static str)], value: impl TryInto<u32>) {
    if !help.is_empty() {
        describe_gauge!(name, help);
    }
    // A count beyond four thousand million reads as that.
    gauge!(name, labels).set(f64::from(value.try_into().unwrap_or(u32::MAX)));
}
