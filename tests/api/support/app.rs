//! A service for one test: its own database, server and clock, with two localities and everybody in them.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, OnceLock},
};

use chrono::{DateTime, Utc};
use clap::Parser;
use diesel::{QueryableByName, sql_types};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use secrecy::{ExposeSecret, SecretString};
use thidua::{
    app::App,
    auth::{ExternalIssuers, Hasher, Issuer, Keys, Sealer},
    clock::Clock,
    config::Config,
    db::{AccountId, Db, Memory},
    http::{Permits, Role},
    server,
};
use uuid::Uuid;

use super::{
    client::Client,
    db::Database,
    statements, {RUNTIME, wait},
};

/// Everybody's password.
pub const PASSWORD: &str = "đúng ngựa pin ghim";

/// 9 o'clock in Việt Nam on a working day within the movement of Hồng Vân.
const START: &str = "2025-09-10T02:00:00Z";

/// What a client needs to know of a service.
pub struct Service {
    pub app: App,
    pub url: String,
    /// Connections of the test's own, behind the service's back: what they send is none of its statements.
    behind: Db,
    /// The database, where every write is tried out before it is done.
    pub tried_out_on: OnceLock<Db>,
    /// The operations that refused a key for another request, where every write is sent with a key and then changed.
    pub refused_keys: OnceLock<Mutex<BTreeSet<String>>>,
}

/// One locality with its people. Each asked for by role; made when first asked for.
pub struct Commune {
    service: Arc<Service>,
    pub code: &'static str,
}

/// A running service. Its helpers without a locality are those of Hồng Vân.
pub struct TestApp {
    pub clock: Clock,
    /// The neighbouring locality, with the same units.
    pub elsewhere: Commune,
    home: Commune,
    server: actix_web::dev::ServerHandle,
    // Dropped last, after the connections to it.
    database: Database,
}

impl Deref for TestApp {
    type Target = Commune;

    fn deref(&self) -> &Commune {
        &self.home
    }
}

impl TestApp {
    pub fn start() -> Self {
        Self::start_with(|_| ())
    }

    /// A service with settings of its own.
    pub fn start_with(set: impl FnOnce(&mut Config)) -> Self {
        Self::start_on(Database::create(), set)
    }

    /// A service on this database.
    pub fn on(database: Database) -> Self {
        Self::start_on(database, |_| ())
    }

    fn start_on(database: Database, set: impl FnOnce(&mut Config)) -> Self {
        statements::watch();
        let mut config = settings();
        set(&mut config);
        let clock = Clock::standing_at(START.parse().expect("an instant"));
        let (service, server) = serve(config, &database, clock.clone(), KEYS.clone());
        let home = Commune { service: service.clone(), code: "10210" };
        let elsewhere = Commune { service, code: "10213" };
        Self { clock, elsewhere, home, server, database }
    }

    /// Another instance with the same settings, on the same database and clock and the same directory of keys.
    pub fn another(&self) -> Instance {
        let config = Config::clone(&self.home.service.app.config);
        let (service, server) = serve(config, &self.database, self.clock.clone(), open_keys());
        Instance { commune: Commune { service, code: self.home.code }, server }
    }

    /// Sets the clock.
    pub fn at(&self, instant: &str) {
        self.clock.set(instant.parse::<DateTime<Utc>>().expect("an instant"));
    }

    /// From now on whatever can be tried out is, before it is done: it must be answered alike and store nothing.
    pub fn tries_out_first(&self) {
        let db = self.service.behind.clone();
        assert!(self.service.tried_out_on.set(db).is_ok(), "said once");
    }

    /// From now on whatever takes an Idempotency-Key is sent with one, and once done as another request with the same key.
    pub fn uses_keys_again(&self) {
        assert!(self.service.refused_keys.set(Mutex::default()).is_ok(), "said once");
    }

    /// The operations that refused the second one.
    pub fn refused_keys(&self) -> BTreeSet<String> {
        self.service.refused_keys.get().map(|refused| refused.lock().unwrap().clone()).unwrap_or_default()
    }

    /// The statements that the service sends while `work` runs, by their texts; `BEGIN` and `COMMIT` count too.
    pub fn statements<T>(&self, work: impl FnOnce() -> T) -> Vec<String> {
        statements::during(self.database.url.expose_secret(), work)
    }

    /// The test's own database.
    pub fn database_url(&self) -> &SecretString {
        &self.database.url
    }

    pub fn city_admin(&self) -> Client {
        self.account("city-admin", Role::CityAdmin, None)
    }

    pub fn city_viewer(&self) -> Client {
        self.account("city-viewer", Role::CityViewer, None)
    }
}

/// One more server of a service, as seen from its home commune.
pub struct Instance {
    commune: Commune,
    server: actix_web::dev::ServerHandle,
}

impl Deref for Instance {
    type Target = Commune;

    fn deref(&self) -> &Commune {
        &self.commune
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        wait(self.server.stop(false));
    }
}

/// Starts a server on a port of its own.
fn serve(
    config: Config,
    database: &Database,
    clock: Clock,
    keys: Arc<Keys>,
) -> (Arc<Service>, actix_web::dev::ServerHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let public_url = config.public_url.clone().unwrap_or_else(|| url.clone());
    let config = Arc::new(config);
    let app = App {
        db: Db::connect(&database.url, 8, None),
        memory: Memory::default(),
        clock,
        sealer: Sealer::new(PROOF_KEYS.clone(), &public_url),
        issuer: Issuer::new(keys, public_url, config.token_seconds),
        external: config
            .issuers_file
            .as_deref()
            .map_or(Ok(ExternalIssuers::default()), ExternalIssuers::read)
            .expect("issuers"),
        hasher: Hasher::new(2),
        imports: Permits::new(config.imports),
        rankings: Permits::of_cores(),
        draws: Permits::new(1),
        pages: Permits::new(1),
        config,
    };
    let server = {
        let _inside = RUNTIME.enter();
        server::serve(app.clone(), listener, Box::pin(std::future::pending())).expect("the server starts")
    };
    let handle = server.handle();
    RUNTIME.spawn(server);
    let behind = Db::connect(&database.url_behind(), 8, None);
    (Arc::new(Service { app, url, behind, tried_out_on: OnceLock::new(), refused_keys: OnceLock::new() }), handle)
}

impl Drop for TestApp {
    fn drop(&mut self) {
        wait(self.server.stop(false));
    }
}

impl Commune {
    /// Somebody without a token.
    pub fn anon(&self) -> Client {
        Client::anonymous(self.service.clone())
    }

    /// Logs in with the password that everybody has.
    pub fn login(&self, username: &str) -> Client {
        let credentials = serde_json::json!({"username": username, "password": PASSWORD});
        let token = self.anon().post("/auth/login", credentials).ok();
        self.anon().bearing(token["access_token"].as_str().expect("a token"))
    }

    pub fn reporter(&self, unit: &str) -> Client {
        self.account(&format!("reporter.{unit}"), Role::Reporter, Some(unit))
    }

    pub fn head(&self, unit: &str) -> Client {
        self.account(&format!("head.{unit}"), Role::UnitHead, Some(unit))
    }

    pub fn agency(&self) -> Client {
        self.account("agency", Role::StandingAgency, None)
    }

    /// Another official of the standing agency.
    pub fn agency_2(&self) -> Client {
        self.account("agency-2", Role::StandingAgency, None)
    }

    pub fn council_member(&self) -> Client {
        self.account("council", Role::CouncilMember, None)
    }

    pub fn chair(&self) -> Client {
        self.account("chair", Role::Chair, None)
    }

    pub fn auditor(&self) -> Client {
        self.account("auditor", Role::Auditor, None)
    }

    pub fn admin(&self) -> Client {
        self.account("admin", Role::LocalityAdmin, None)
    }

    /// An account with a role, made where it does not stand yet. One asked for again under another role holds both.
    pub fn account(&self, name: &str, role: Role, unit: Option<&str>) -> Client {
        let city = role.is_of_city();
        let username = if city { name.to_owned() } else { format!("{name}.{}", self.code) };
        let role = serde_json::to_value(role).expect("a role");
        let locality =
            if city { "NULL".into() } else { format!("(SELECT id FROM localities WHERE code = '{}')", self.code) };
        let unit = unit.map_or("NULL".into(), |unit| {
            format!("(SELECT id FROM units WHERE locality_id = {locality} AND code = '{unit}')")
        });
        self.sql(&format!(
            "INSERT INTO accounts (id, username, locality_id, password_hash, created_at)
                 SELECT gen_random_uuid(), '{username}', {locality}, '{}', '{START}' ON CONFLICT DO NOTHING;
             INSERT INTO role_grants (id, account_id, role, locality_id, unit_id, valid_from)
                 SELECT gen_random_uuid(), id, {role}, {locality}, {unit}, '2025-07-01'
                 FROM accounts WHERE username = '{username}' ON CONFLICT DO NOTHING;
             INSERT INTO sign_ins (id, account_id, created_at, expires_at)
                 SELECT id, id, '{START}', '{START}' FROM accounts WHERE username = '{username}'
                 ON CONFLICT (id) DO UPDATE SET ended_at = NULL, ended_because = NULL",
            *HASH,
            role = role.to_string().replace('"', "'"),
        ));
        let id: Uuid = self.value(&format!("SELECT id AS value FROM accounts WHERE username = '{username}'"));
        Client::of(self.service.clone(), username, AccountId::from(id))
    }

    /// Runs statements behind the service's back.
    pub fn sql(&self, statements: &str) {
        let run = async |conn: &mut thidua::db::Conn| Ok(conn.batch_execute(statements).await?);
        wait(self.service.behind.read(run)).unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// The same, where they may be refused: what the database said.
    pub fn try_sql(&self, statements: &str) -> Result<(), String> {
        let run = async |conn: &mut thidua::db::Conn| {
            let done = conn.batch_execute(statements).await;
            conn.batch_execute("ROLLBACK").await?;
            Ok(done)
        };
        wait(self.service.behind.read(run)).expect("a connection").map_err(|error| error.to_string())
    }

    /// How many rows a query gives.
    pub fn count(&self, query: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = sql_types::BigInt)]
            rows: i64,
        }
        let query = format!("SELECT count(*) AS rows FROM ({query}) AS counted");
        let run = async |conn: &mut thidua::db::Conn| Ok(diesel::sql_query(&query).get_result::<Counted>(conn).await?);
        wait(self.service.behind.read(run)).unwrap_or_else(|error| panic!("{query}: {error}")).rows
    }

    /// The texts that a query gives as `value`.
    pub fn texts(&self, query: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = sql_types::Text)]
            value: String,
        }
        let run = async |conn: &mut thidua::db::Conn| Ok(diesel::sql_query(query).load::<Row>(conn).await?);
        let rows = wait(self.service.behind.read(run)).unwrap_or_else(|error| panic!("{query}: {error}"));
        rows.into_iter().map(|row| row.value).collect()
    }

    fn value(&self, query: &str) -> Uuid {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = sql_types::Uuid)]
            value: Uuid,
        }
        let run = async |conn: &mut thidua::db::Conn| Ok(diesel::sql_query(query).get_result::<Row>(conn).await?);
        wait(self.service.behind.read(run)).unwrap_or_else(|error| panic!("{query}: {error}")).value
    }

    /// The application behind the server, for what has no operation yet.
    pub fn service(&self) -> &App {
        &self.service.app
    }
}

/// One key for every test: making and verifying tokens is the service's own work, keeping keys is tested apart.
static KEYS: LazyLock<Arc<Keys>> = LazyLock::new(open_keys);

fn open_keys() -> Arc<Keys> {
    Arc::new(Keys::open(&directory()).expect("the keys open"))
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys")
}

static PROOF_KEYS: LazyLock<Arc<Keys>> =
    LazyLock::new(|| Arc::new(Keys::open(&Sealer::directory(&directory())).expect("the keys of proofs open")));

/// Hashing a password takes tens of milliseconds: once is enough.
static HASH: LazyLock<String> = LazyLock::new(|| wait(Hasher::new(1).hash(PASSWORD)).expect("a hash"));

/// The service's defaults, with one worker.
fn settings() -> Config {
    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }
    let mut config = Cli::parse_from(["thidua"]).config;
    config.workers = 1;
    config
}
