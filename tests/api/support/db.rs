//! Databases for tests. The first test of a process starts Postgres in `target/test-postgres` the way the service
//! does, and migrates one template; each test then clones it. Test processes that run at once take a directory each,
//! so that none stands on a server that dies with another; what a dead one left is dropped when its directory is
//! taken next.

use std::{
    fs::{self, File},
    path::Path,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use thidua::db::{Conn, Db, embedded, migrations};

use super::wait;

const FIXTURE: &str = include_str!("fixture.sql");

struct Cluster {
    server: Arc<embedded::Server>,
    template: String,
    /// Held as long as this process lives.
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
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        CLUSTER.admin(&format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY wal_log", CLUSTER.template));
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

impl Cluster {
    fn start() -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-postgres");
        let (dir, slot) = (0..64)
            .find_map(|n| {
                let dir = home.join(n.to_string());
                fs::create_dir_all(&dir).expect("target can be written");
                let slot = File::create(dir.join("slot.lock")).expect("target can be written");
                slot.try_lock().ok().map(|()| (dir, slot))
            })
            .expect("fewer than 64 test processes at once");
        let server = embedded::Server::start(&dir).expect("Postgres starts");
        let cluster = Self { server, template: format!("template_{}", fingerprint()), _slot: slot };
        cluster.sweep();
        cluster
    }

    /// Drops what an earlier process left, and makes the template where the migrations changed.
    fn sweep(&self) {
        // Test data may be lost with the machine: nothing waits for the disk.
        self.admin("ALTER SYSTEM SET fsync = off");
        self.admin("ALTER SYSTEM SET full_page_writes = off");
        self.admin("SELECT pg_reload_conf()");
        let names = self.databases();
        for name in names.iter().filter(|name| **name != self.template) {
            self.admin(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
        if names.contains(&self.template) {
            return;
        }
        self.admin("CREATE DATABASE half_made");
        let url = self.server.url("half_made");
        wait(migrations::migrate(&url)).expect("the migrations run");
        execute(&url, FIXTURE);
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

    fn admin(&self, sql: &str) {
        execute(&self.server.url("postgres"), sql);
    }
}

fn execute(url: &SecretString, sql: &str) {
    wait(async {
        let mut conn = connect(url).await;
        conn.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    });
}

async fn connect(url: &SecretString) -> AsyncPgConnection {
    AsyncPgConnection::establish(url.expose_secret()).await.expect("Postgres answers")
}

/// What the template is made of, in sixteen digits.
fn fingerprint() -> String {
    let mut files: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations"))
        .expect("migrations")
        .flatten()
        .map(|entry| entry.path().join("up.sql"))
        .collect();
    files.sort();
    let mut digest = Sha256::new();
    digest.update(FIXTURE);
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
