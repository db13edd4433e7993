//! Databases for tests. The first test of a process starts Postgres the way the service does and migrates one template;
//! each test then clones it. A clone is some hundred files, which a disk takes ten times as long for as memory: the
//! clusters lie in `/dev/shm` where that has room, else in `target/test-postgres`. Test processes that run at once take a directory each,
//! so that none stands on a server that dies with another; what a dead one left is dropped when its directory is
//! taken next.
//!
//! `THIDUA_TEST_SQL` names a file of SQL that the template runs right after the migrations: with one that distributes
//! the tables (docs/several-machines.md) every test runs on a distributed database.

use std::{
    env,
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rustix::{fs::statvfs, process::getuid};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use thidua::db::{Conn, Db, embedded, migrations};

use super::wait;

const FIXTURE: &str = include_str!("fixture.sql");

struct Cluster {
    server: Arc<embedded::Server>,
    template: String,
    in_memory: bool,
    /// Authority as long as this process lives.
    _slot: File,
}

/// A database of one test, dropped with it.
pub struct Database {
    name: String,
    pub url: SecretString,
}

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);

impl Database {
    pub fn create() -> Self {
        // What is in memory anyway is copied faster than it is logged.
        let strategy = if CLUSTER.in_memory { "file_copy" } else { "wal_log" };
        Self::named(&format!("TEMPLATE {} STRATEGY {strategy}", CLUSTER.template))
    }

    /// One that is filled as the template is, with this SQL after the migrations.
    pub fn filled(more: &str) -> Self {
        let database = Self::named("");
        fill(&database.url, more);
        database
    }

    fn named(options: &str) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        CLUSTER.admin(&format!("CREATE DATABASE {name} {options}"));
        Self { url: CLUSTER.server.url(&name), name }
    }

    /// The same database under another address, for what is not to be counted as the service's.
    pub fn url_behind(&self) -> SecretString {
        format!("{} application_name=test", self.url.expose_secret()).into()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        CLUSTER.admin(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// The directory of clusters, and whether it is in memory. Each checkout and user has its own.
fn home() -> (PathBuf, bool) {
    const ROOM: u64 = 2 * 1024 * 1024 * 1024;
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-postgres");
    let memory = Path::new("/dev/shm");
    let free = statvfs(memory).map_or(0, |fs| fs.f_bavail * fs.f_frsize);
    if free < ROOM {
        return (target, false);
    }
    let mut hasher = DefaultHasher::new();
    (&target, getuid().as_raw()).hash(&mut hasher);
    (memory.join(format!("thidua-test-{:016x}", hasher.finish())), true)
}

impl Cluster {
    fn start() -> Self {
        let (home, in_memory) = home();
        let (dir, slot) = (0..64)
            .find_map(|n| {
                let dir = home.join(n.to_string());
                fs::create_dir_all(&dir).expect("the directory of clusters can be written");
                let slot = File::create(dir.join("slot.lock")).expect("the directory of clusters can be written");
                slot.try_lock().ok().map(|()| (dir, slot))
            })
            .expect("fewer than 64 test processes at once");
        let server = embedded::Server::start(&dir).expect("Postgres starts");
        let more = more_sql();
        let cluster = Self { server, template: format!("template_{}", fingerprint(&more)), in_memory, _slot: slot };
        cluster.sweep(&more);
        cluster
    }

    /// Drops what an earlier process left, and makes the template where the migrations changed.
    fn sweep(&self, more: &str) {
        // Test data may be lost with the machine: nothing waits for the disk.
        self.admin("ALTER SYSTEM SET fsync = off");
        self.admin("ALTER SYSTEM SET full_page_writes = off");
        self.admin("ALTER SYSTEM SET max_wal_size = '96MB'");
        self.admin("SELECT pg_reload_conf()");
        let names = self.databases();
        for name in names.iter().filter(|name| **name != self.template) {
            self.admin(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
        if names.contains(&self.template) {
            return;
        }
        self.admin("CREATE DATABASE half_made");
        fill(&self.server.url("half_made"), more);
        self.admin(&format!("ALTER DATABASE half_made RENAME TO {}", self.template));
    }

    fn databases(&self) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Name {
            #[diesel(sql_type = Text)]
            name: String,
        }
        const OURS: &str =
            "SELECT datname::text AS name FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'";
        wait(async {
            let mut conn = connect(&self.server.url("postgres")).await;
            let names: Vec<Name> = diesel::sql_query(OURS).load(&mut conn).await.expect("the databases");
            names.into_iter().map(|row| row.name).collect()
        })
    }

    /// A background process of the server (an extension's) may hold a database for a moment: it is asked again.
    fn admin(&self, sql: &str) {
        let (url, started) = (self.server.url("postgres"), Instant::now());
        while let Err(error) = try_execute(&url, sql) {
            let held = error.to_string().contains("is being accessed by other users");
            assert!(held && started.elapsed() < Duration::from_secs(20), "{sql}: {error}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The schema, `more`, and what every test finds.
fn fill(url: &SecretString, more: &str) {
    wait(migrations::migrate(url)).expect("the migrations run");
    for sql in [more, FIXTURE] {
        try_execute(url, sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

fn try_execute(url: &SecretString, sql: &str) -> diesel::QueryResult<()> {
    wait(async { connect(url).await.batch_execute(sql).await })
}

/// What `THIDUA_TEST_SQL` adds to the template.
fn more_sql() -> String {
    let read = |file| fs::read_to_string(&file).unwrap_or_else(|error| panic!("THIDUA_TEST_SQL={file:?}: {error}"));
    env::var_os("THIDUA_TEST_SQL").map(read).unwrap_or_default()
}

async fn connect(url: &SecretString) -> AsyncPgConnection {
    AsyncPgConnection::establish(url.expose_secret()).await.expect("Postgres answers")
}

/// What the template is made of, in sixteen digits.
pub fn fingerprint(more: &str) -> String {
    let mut files: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations"))
        .expect("migrations")
        .flatten()
        .map(|entry| entry.path().join("up.sql"))
        .collect();
    files.sort();
    let mut digest = Sha256::new();
    digest.update(FIXTURE);
    digest.update(more);
    files.iter().filter_map(|file| fs::read(file).ok()).for_each(|sql| digest.update(sql));
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// All that a database holds, as a digest.
pub fn stored(db: &Db) -> String {
    #[derive(QueryableByName)]
    struct Stored {
        #[diesel(sql_type = Text)]
        digest: String,
    }
    let query = "SELECT md5(string_agg(rows.content, E'\\n' ORDER BY tablename)) AS digest FROM pg_tables,
        LATERAL (SELECT tablename || query_to_xml(
            format('SELECT md5(t::text) FROM %I t ORDER BY 1', tablename), true, false, '')::text AS content) AS rows
        WHERE schemaname = 'public'";
    let run = async |conn: &mut Conn| Ok(diesel::sql_query(query).get_result::<Stored>(conn).await?);
    wait(db.read(run)).unwrap_or_else(|error| panic!("{query}: {error}")).digest
}
