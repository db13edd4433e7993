//! `thidua serve`, and `thidua health` that asks whether it is ready.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use thidua::{
    app::App,
    audit,
    auth::{self, ExternalIssuers, Hasher, Issuer, Keys, Sealer},
    clock::Clock,
    config::Config,
    db::Memory,
    http::{Locale, Permits},
    identity, jobs, people, progress, server, submissions, telemetry,
};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    database::{Opener, open_for},
    output::{self, print},
};

/// Asks a running service whether it is ready; for supervisors that can only run a command.
pub async fn health(bind: SocketAddr) -> anyhow::Result<()> {
    let ip = if bind.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { bind.ip() };
    let url = format!("http://{}/health/ready", SocketAddr::new(ip, bind.port()));
    let asked = reqwest::Client::new().get(&url).timeout(Duration::from_secs(2)).send();
    asked.await.and_then(reqwest::Response::error_for_status).with_context(|| format!("{url} is not ready"))?;
    Ok(())
}

pub async fn serve(mut config: Config) -> anyhow::Result<()> {
    telemetry::init(config.log_format, telemetry::LINES_OF_REQUESTS);
    let listener = TcpListener::bind(config.bind)
        .with_context(|| format!("cannot listen on {}; choose another address with --bind", config.bind))?;
    let address = listener.local_addr()?;
    let url = config.public_url.get_or_insert_with(|| format!("http://{address}")).clone();
    allow_connections(&config);
    // While Postgres starts.
    std::thread::spawn(server::prepare);
    let metrics = config.metrics_bind.map(TcpListener::bind).transpose();
    let metrics = metrics.context("cannot listen on the address of --metrics-bind; choose another one")?;
    let db = open_for(Opener::Service { migrates: !config.no_migrate }, &config.store).await?;
    let directory = config.store.data_dir.join("keys");
    let keys = Keys::open(&directory)?;
    let app = App {
        db,
        memory: Memory::default(),
        clock: Clock::system(),
        issuer: Issuer::new(Arc::new(keys), url.clone(), config.token_seconds),
        sealer: Sealer::open(&directory, &url)?,
        external: config.issuers_file.as_deref().map_or(Ok(ExternalIssuers::default()), ExternalIssuers::read)?,
        hasher: Hasher::new(config.hashers),
        imports: Permits::new(config.imports),
        rankings: Permits::of_cores(),
        draws: Permits::new(1),
        pages: Permits::new(1),
        config: Arc::new(config),
    };
    app.db
        .tx(async |conn| {
            jobs::enqueue(conn, &app, &jobs::ForgetAnswers {}).await?;
            jobs::enqueue(conn, &app, &identity::ForgetSignIns {}).await?;
            jobs::enqueue(conn, &app, &submissions::ForgetImports {}).await?;
            jobs::enqueue(conn, &app, &people::ForgetPeople {}).await?;
            jobs::enqueue(conn, &app, &progress::FoldTotals {}).await?;
            jobs::enqueue(conn, &app, &progress::CheckTotals {}).await?;
            jobs::enqueue(conn, &app, &submissions::RemindUnits {}).await
        })
        .await
        .map_err(|error| anyhow::anyhow!(error.in_english()))?;
    register_key(&app).await?;
    actix_web::rt::spawn(jobs::work(app.clone(), server::JOBS));
    actix_web::rt::spawn(audit::keep_chaining(app.clone()));
    if let Some(listener) = metrics {
        tracing::info!(address = %listener.local_addr()?, "metrics are answered at");
        actix_web::rt::spawn(server::serve_metrics(app.clone(), listener, Box::pin(asked_to_stop()?))?);
    }
    let server = server::serve(app, listener, Box::pin(asked_to_stop()?))?;
    print(&match output::locale() {
        Locale::Vi => format!("thidua chạy tại {url}; tài liệu API ở {url}/docs/\n"),
        Locale::En => format!("thidua answers at {url}; the API is explained at {url}/docs/\n"),
    });
    Ok(server.await?)
}

/// Raises the limit of open files to what the settings may need, as far as the system permits.
fn allow_connections(config: &Config) {
    /// Files that are no client's connection.
    const OTHERS: u64 = 256;
    let limits = getrlimit(Resource::Nofile);
    let needed = (config.edge.connections + config.store.db_connections) as u64 + OTHERS;
    let possible = limits.maximum.map_or(needed, |most| most.min(needed));
    if limits.current.is_some_and(|most| most < possible) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(possible), ..limits }).ok();
    }
}

/// Registers the signing key, so that the other instances accept this one's tokens from the first on.
async fn register_key(app: &App) -> anyhow::Result<()> {
    let (keys, url, now) = (app.issuer.keys().clone(), app.issuer.url().to_owned(), app.clock.now());
    auth::register(&app.db, &keys, &url, now).await.map_err(anyhow::Error::msg)?;
    auth::greet(&app.db, &keys, &url, now).await.map_err(anyhow::Error::msg)?;
    actix_web::rt::spawn(auth::keep_registered(app.db.clone(), keys, url, app.clock.clone()));
    Ok(())
}

/// Ends with SIGTERM (a supervisor) or SIGINT (Ctrl-C), listened to from now on.
fn asked_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}
