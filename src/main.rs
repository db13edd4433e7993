//! The command line: `thidua serve` and what prepares and checks it. Errors go to standard error in one line with
//! their cure. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 cannot reach what it needs.

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;
use thidua::{
    app::{self, App},
    clock::Clock,
    config::{Config, LogFormat, Store},
    db::{Db, embedded, migrations},
    http::Role,
    identity::{self, Hasher, Issuer, Keys, NewAccount},
    openapi, telemetry,
};
use tokio::signal::unix::{SignalKind, signal};

/// Runs and judges public-sector emulation movements.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests: migrates, checks the database's settings, then answers ready.
    Serve(Config),
    /// Bring the schema up to date and end.
    Migrate(Store),
    /// Print the OpenAPI document.
    Openapi,
    /// Human logins.
    #[command(subcommand)]
    Account(AccountCommand),
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Make a login with one role, or give an existing one another role; the password comes from standard input.
    Create(NewAccountArgs),
}

#[derive(Args)]
struct NewAccountArgs {
    #[command(flatten)]
    store: Store,
    #[arg(long)]
    username: String,
    #[arg(long, value_enum)]
    role: Role,
    /// Administrative code of the locality; none for city roles.
    #[arg(long)]
    locality: Option<String>,
    /// Code of the unit, for reporter and unit_head.
    #[arg(long)]
    unit: Option<String>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = actix_web::rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can always be built at start")
    })
    .block_on(run(cli.command));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("thidua: {error:#}");
            ExitCode::from(3)
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(config) => serve(config).await,
        Command::Migrate(store) => open(&store).await.map(drop),
        Command::Openapi => {
            // A reader that has seen enough (`| head`) is no error.
            writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&openapi::document())?).ok();
            Ok(())
        }
        Command::Account(AccountCommand::Create(args)) => create_account(args).await,
    }
}

/// The database, started where need be, migrated and checked.
async fn open(store: &Store) -> anyhow::Result<Db> {
    telemetry::init(LogFormat::Text);
    let (url, server) = match &store.database_url {
        Some(url) => (url.clone(), None),
        None => {
            let server = embedded::Server::start(&store.data_dir)?;
            (SecretString::from(server.url("postgres")), Some(server))
        }
    };
    migrations::migrate(&url).await?;
    let db = Db::connect(&url, store.db_connections, server)?;
    db.check_durability().await?;
    Ok(db)
}

async fn serve(mut config: Config) -> anyhow::Result<()> {
    telemetry::init(config.log_format);
    let listener = TcpListener::bind(config.bind)
        .with_context(|| format!("cannot listen on {}; choose another address with --bind", config.bind))?;
    let address = listener.local_addr()?;
    let url = config.public_url.get_or_insert_with(|| format!("http://{address}")).clone();
    let db = open(&config.store).await?;
    let keys = Keys::open(&config.store.data_dir.join("keys"))?;
    let app = App {
        db,
        clock: Clock::system(),
        issuer: Issuer::new(Arc::new(keys), url.clone(), config.token_seconds),
        hasher: Hasher::new(config.hashers),
        config: Arc::new(config),
    };
    let server = app::serve(app, listener, asked_to_stop())?;
    println!("thidua answers at {url}; the API is explained at {url}/docs/");
    Ok(server.await?)
}

/// Ends with SIGTERM (a supervisor) or SIGINT (Ctrl-C).
async fn asked_to_stop() {
    let mut terminated = signal(SignalKind::terminate()).expect("signals can be listened to");
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

async fn create_account(args: NewAccountArgs) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let db = open(&args.store).await?;
    let new = NewAccount {
        username: &args.username,
        password: password.trim_end_matches(['\r', '\n']),
        role: args.role,
        locality: args.locality.as_deref(),
        unit: args.unit.as_deref(),
    };
    identity::create_account(&db, &Hasher::new(1), new, Clock::system().now()).await
}
