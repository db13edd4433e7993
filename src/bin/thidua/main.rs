//! The command line: `thidua serve` and what prepares and checks it. Errors go to standard error in one line with
//! their cure. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 cannot reach what it needs.

mod command_line;
mod import;

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use clap::Parser;
use command_line::{
    AccountCommand, AuditCommand, Cli, ClientCommand, Command, KeysCommand, NewAccountArgs, NewClientArgs, PlanCommand,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use thidua::{
    app::App,
    audit::{self, AuditHead},
    auth::{ExternalIssuers, Hasher, Issuer, Keys, Secret},
    clock::{Clock, day},
    config::{Config, LogFormat, Store},
    db::{AccountId, Db, audit_log, embedded, migrations},
    demo,
    finding::Finding,
    http::{self, Actor, Locale, Turns},
    identity::{self, NewAccount, NewClient},
    jobs, localities,
    movements::{self, plan::Plan},
    openapi, people, server, submissions, telemetry,
};
use tokio::signal::unix::{SignalKind, signal};

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
        Ok(code) => code,
        Err(error) => {
            eprintln!("thidua: {error:#}");
            ExitCode::from(3)
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(config) => serve(config).await?,
        Command::Migrate(store) => open(&store).await.map(drop)?,
        Command::Openapi => print(&openapi::text(&server::document())),
        Command::Health { bind } => health(bind).await?,
        Command::Account(AccountCommand::Create(args)) => create_account(args).await?,
        Command::Client(ClientCommand::Create(args)) => create_client(args).await?,
        Command::Keys(KeysCommand::Rotate { data_dir }) => {
            let kid = Keys::rotate(&data_dir.join("keys"))?;
            print(&format!("tokens are signed by {kid} from now on\n"));
        }
        Command::Import(args) => return import::import(args).await,
        Command::Plan(PlanCommand::Lint { file }) => return lint_plan(&file),
        Command::Plan(PlanCommand::Load { file, locality, store }) => load_plan(&file, &locality, &store).await?,
        Command::Audit(AuditCommand::Verify { locality, head, store }) => {
            return verify_audit(locality.as_deref(), head.as_deref(), &store).await;
        }
        Command::Plan(PlanCommand::Schema) => print(&movements::schema::plan_schema()),
        Command::Demo(store) => {
            demo::tell(open(&store).await?, &store).await?;
            print(&format!(
                "the sample accounts' passwords are in {}\n",
                store.data_dir.join("demo-accounts.json").display()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).ok();
}

fn read_plan(file: &Path) -> anyhow::Result<Plan> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    http::read(&bytes).map_err(|error| in_words(&error))
}

/// An error in one line, with everything that is wrong where.
fn in_words(error: &http::Error) -> anyhow::Error {
    let findings = error.findings().iter().map(say).collect::<Vec<_>>().join("; ");
    let colon = if findings.is_empty() { "" } else { ": " };
    anyhow::anyhow!("{}{colon}{findings}", error.in_english())
}

fn say(finding: &Finding) -> String {
    let message = http::fill(http::entry(finding.code).message(Locale::En), &finding.args);
    format!("{} {}: {message}", finding.pointer, finding.code)
}

fn lint_plan(file: &Path) -> anyhow::Result<ExitCode> {
    let plan = match read_plan(file) {
        Ok(plan) => plan,
        Err(error) => {
            eprintln!("thidua: {error:#}");
            return Ok(ExitCode::from(1));
        }
    };
    let findings = movements::lint::lint(&plan);
    for finding in &findings {
        print(&format!("{} {}\n", if finding.warning { "warning" } else { "error" }, say(finding)));
    }
    Ok(ExitCode::from(u8::from(findings.iter().any(|finding| !finding.warning))))
}

async fn load_plan(file: &Path, locality: &str, store: &Store) -> anyhow::Result<()> {
    let plan = read_plan(file)?;
    let db = open(store).await?;
    let at = Clock::system().now();
    let loaded = db
        .tx(async |conn| {
            let locality = localities::find(conn, locality, day(at)).await?.ok_or_else(http::Error::not_found)?;
            // Nobody is logged in on the command line: it has the nil account.
            let actor = Actor { account: AccountId::nil(), acting_for: Vec::new(), locality: locality.id, at };
            movements::load(conn, &actor, &plan).await?;
            let made = movements::find(conn, locality.id, &plan.code).await?;
            let subject = format!("movements/{}", plan.code);
            let made = movements::Stored::whole(&made);
            audit_log::insert_command(conn, Some(locality.id), "create_movement", subject, at, &made).await
        })
        .await;
    loaded.map_err(|error| in_words(&error))?;
    print(&format!("loaded draft movement {} into {locality}\n", plan.code));
    Ok(())
}

async fn verify_audit(locality: Option<&str>, head: Option<&Path>, store: &Store) -> anyhow::Result<ExitCode> {
    let head: Option<AuditHead> = head.map(read_head).transpose()?;
    let db = open(store).await?;
    let dir = store.data_dir.join("keys");
    // Without its keys at hand the head's signature is not asked about; its number and hash are.
    let keys = dir.is_dir().then(|| Keys::open(&dir)).transpose()?;
    let logs = audit::logs(&db, locality, head.as_ref().map(|head| head.locality)).await;
    let (mut holds, mut read) = (true, true);
    for (id, name) in logs.map_err(|error| in_words(&error))? {
        let kept = head.as_ref().filter(|head| head.locality == id || locality.is_some());
        // A log that cannot be read keeps no other from being verified.
        match audit::inspect(&db, id, kept, keys.as_ref()).await {
            Ok(verdict) => {
                print(&format!("{name}: {verdict}\n"));
                holds &= verdict.holds();
            }
            Err(error) => {
                eprintln!("thidua: {name}: {error}");
                read = false;
            }
        }
    }
    Ok(ExitCode::from(match (holds, read) {
        (false, _) => 1,
        (true, false) => 3,
        (true, true) => 0,
    }))
}

fn read_head(file: &Path) -> anyhow::Result<AuditHead> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} holds no head", file.display()))
}

/// The database, started where need be, migrated and checked.
async fn open(store: &Store) -> anyhow::Result<Db> {
    telemetry::init(LogFormat::Text);
    let (url, server) = match &store.database_url {
        Some(url) => (with_password(url, store.database_password_file.as_deref())?, None),
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

/// The address with the password of a file, as Postgres's `key=value` pairs.
fn with_password(url: &SecretString, file: Option<&Path>) -> anyhow::Result<SecretString> {
    let Some(file) = file else { return Ok(url.clone()) };
    let password = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let password = password.trim_end().replace('\\', "\\\\").replace('\'', "\\'");
    Ok(format!("{} password='{password}'", url.expose_secret()).into())
}

/// Asks a running service whether it is ready; for supervisors that can only run a command.
async fn health(bind: SocketAddr) -> anyhow::Result<()> {
    let ip = if bind.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { bind.ip() };
    let url = format!("http://{}/health/ready", SocketAddr::new(ip, bind.port()));
    let asked = reqwest::Client::new().get(&url).timeout(Duration::from_secs(2)).send();
    asked.await.and_then(reqwest::Response::error_for_status).with_context(|| format!("{url} is not ready"))?;
    Ok(())
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
        external: config.issuers_file.as_deref().map_or(Ok(ExternalIssuers::default()), ExternalIssuers::read)?,
        hasher: Hasher::new(config.hashers),
        imports: Turns::new(config.imports),
        config: Arc::new(config),
    };
    app.db
        .tx(async |conn| {
            jobs::enqueue(conn, &app, &jobs::ForgetAnswers {}).await?;
            jobs::enqueue(conn, &app, &identity::ForgetSignIns {}).await?;
            jobs::enqueue(conn, &app, &submissions::ForgetImports {}).await?;
            jobs::enqueue(conn, &app, &people::ForgetPeople {}).await?;
            jobs::enqueue(conn, &app, &submissions::RemindUnits {}).await
        })
        .await
        .map_err(anyhow::Error::msg)?;
    actix_web::rt::spawn(jobs::work(app.clone(), server::JOBS));
    actix_web::rt::spawn(audit::keep_chaining(app.clone()));
    let server = server::serve(app, listener, asked_to_stop()?)?;
    print(&format!("thidua answers at {url}; the API is explained at {url}/docs/\n"));
    Ok(server.await?)
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
    identity::create_account(&db, &Hasher::new(1), new, Clock::system().now()).await?;
    print(&format!("{} may log in\n", args.username));
    Ok(())
}

async fn create_client(args: NewClientArgs) -> anyhow::Result<()> {
    let db = open(&args.store).await?;
    let (now, secret) = (Clock::system().now(), Secret::random());
    let new = NewClient {
        client_id: &args.client_id,
        name: &args.name,
        unit: args.unit.as_deref(),
        scopes: &args.scopes,
        jwks: None,
    };
    let made = db.tx(async |conn| {
        let place = identity::place(conn, args.locality.as_deref(), None, day(now)).await?;
        let place = place.ok_or_else(http::Error::not_found)?;
        identity::create_client(conn, place.locality, &new, Some(&secret), now).await?;
        let subject = format!("clients/{}", args.client_id);
        let made = json!({"client_id": args.client_id, "name": args.name, "scopes": args.scopes});
        audit_log::insert_command(conn, place.locality, "create_client", subject, now, &made).await
    });
    made.await.map_err(|error| in_words(&error))?;
    print(&format!("{}\n", secret.text));
    Ok(())
}
