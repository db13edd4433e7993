//! TLS to Postgres, as `sslmode` and `sslrootcert` ask for it, against a server with a certificate of its own authority.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use diesel::{QueryableByName, sql_types::Bool};
use diesel_async::RunQueryDsl;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use thidua::db::embedded;

use super::get;
use crate::{
    embedded::{Home, until},
    support::wait,
};

/// A server on a TCP port.
struct Server {
    process: Child,
    port: u16,
    dir: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn authority() -> (String, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut about = CertificateParams::new(Vec::new()).unwrap();
    about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (about.self_signed(&key).unwrap().pem(), Issuer::new(about, key))
}

fn postgres() -> PathBuf {
    if let Some(dir) = std::env::var_os("PG_BINDIR").filter(|dir| !dir.is_empty()) {
        return PathBuf::from(dir).join("postgres");
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = versions.map(|entry| entry.path().join("bin/postgres")).filter(|program| program.is_file());
    programs.max().expect("a Postgres server")
}

impl Server {
    /// The cluster is made as the service makes its own; its certificate names `localhost` and nothing else.
    fn start(tls: bool) -> Self {
        let dir = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir().unwrap();
        drop(embedded::Server::start(dir.path()).expect("a cluster"));
        let cluster = dir.path().canonicalize().unwrap().join("postgres");
        until("it is down again", || !cluster.join("postmaster.pid").exists());
        let owner = fs::metadata(&cluster).unwrap();
        let (roots, issuer) = authority();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".into()]).unwrap().signed_by(&key, &issuer).unwrap();
        for (name, text) in [("server.crt", certificate.pem()), ("server.key", key.serialize_pem())] {
            fs::write(cluster.join(name), text).unwrap();
            fs::set_permissions(cluster.join(name), fs::Permissions::from_mode(0o600)).unwrap();
            chown(cluster.join(name), Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        fs::write(dir.path().join("roots.pem"), roots).unwrap();
        fs::write(dir.path().join("others.pem"), authority().0).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Command::new("setpriv");
        if owner.uid() != fs::metadata("/proc/self").unwrap().uid() {
            server.args([
                format!("--reuid={}", owner.uid()),
                format!("--regid={}", owner.gid()),
                "--clear-groups".into(),
            ]);
        }
        server
            .arg("--pdeathsig=INT")
            .arg(postgres())
            .arg("-D")
            .arg(&cluster)
            .args(["-c", "listen_addresses=localhost"]);
        server.args(["-c".into(), format!("unix_socket_directories={}", cluster.display())]);
        server.args([
            "-c".into(),
            format!("port={port}"),
            "-c".into(),
            format!("ssl={}", if tls { "on" } else { "off" }),
        ]);
        let log = fs::File::create(dir.path().join("tls.log")).unwrap();
        let process = server.env("LC_ALL", "C").current_dir("/").stdout(Stdio::null()).stderr(log).spawn().unwrap();
        until("it listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { process, port, dir }
    }

    /// Both forms of an address: words, and a URL.
    fn addresses(&self, host: &str, settings: &str) -> [String; 2] {
        let settings = settings.replace("DIR", self.dir.path().to_str().unwrap());
        let port = self.port;
        [
            format!("host={host} port={port} user=thidua dbname=postgres {settings}"),
            format!("postgres://thidua@{host}:{port}/postgres?{}", settings.replace(' ', "&").replace('/', "%2F")),
        ]
    }
}

/// Whether the connection is encrypted, by what Postgres says; or why there is none.
fn connect(address: &str) -> Result<bool, String> {
    #[derive(QueryableByName)]
    struct Seen {
        #[diesel(sql_type = Bool)]
        ssl: bool,
    }
    wait(async {
        let mut conn = thidua::db::connect(address).await.map_err(|error| error.to_string())?;
        let asked = diesel::sql_query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        Ok(asked.get_result::<Seen>(&mut conn).await.map_err(|error| error.to_string())?.ssl)
    })
}

fn ready(server: &Server) {
    until("it is ready", || connect(&server.addresses("localhost", "sslmode=disable")[0]).is_ok());
}

/// Encrypted or not, or words of the refusal.
type Expected = Result<bool, &'static str>;

const WITH_TLS: [(&str, &str, Expected); 14] = [
    ("localhost", "", Ok(true)),
    ("localhost", "sslmode=disable", Ok(false)),
    ("localhost", "sslmode=prefer", Ok(true)),
    ("localhost", "sslmode=allow", Ok(true)),
    ("localhost", "sslmode=require", Ok(true)),
    ("127.0.0.1", "sslmode=require", Ok(true)),
    ("localhost", "sslmode=require sslrootcert=DIR/others.pem", Err("invalid peer certificate")),
    ("127.0.0.1", "sslmode=verify-ca sslrootcert=DIR/roots.pem", Ok(true)),
    ("localhost", "sslmode=verify-ca sslrootcert=DIR/others.pem", Err("invalid peer certificate")),
    ("localhost", "sslmode=verify-full sslrootcert=DIR/roots.pem", Ok(true)),
    ("127.0.0.1", "sslmode=verify-full sslrootcert=DIR/roots.pem", Err("not valid for name")),
    ("localhost", "sslmode=verify-full sslrootcert=DIR/others.pem", Err("invalid peer certificate")),
    ("localhost", "sslmode=verify-full sslrootcert=DIR/none.pem", Err("none.pem cannot be read")),
    ("localhost", "sslmode=verify-full sslrootcert=DIR/tls.log", Err("tls.log")),
];

#[test]
fn each_mode_proves_what_it_promises() {
    let server = Server::start(true);
    ready(&server);
    for (host, settings, expected) in WITH_TLS {
        for address in server.addresses(host, settings) {
            match (connect(&address), expected) {
                (Ok(encrypted), Ok(expected)) => assert_eq!(encrypted, expected, "{address}"),
                (Err(said), Err(words)) => assert!(said.contains(words), "{address}: {said}"),
                (found, _) => panic!("{address}: {found:?}"),
            }
        }
    }
    // Without a file the system's authorities are asked; none of them knows this one.
    for address in server.addresses("localhost", "sslmode=verify-full sslrootcert=system") {
        connect(&address).expect_err("an unknown authority");
    }
    serve_by_tls(&server);
}

fn serve_by_tls(server: &Server) {
    for address in server.addresses("localhost", "sslmode=verify-full sslrootcert=DIR/roots.pem") {
        let home = Home::new();
        let mut serve = home.command(&["serve", "--bind", "127.0.0.1:0"]);
        serve.env("DATABASE_URL", address);
        let service = Home::start(serve);
        assert_eq!(get(&format!("{}/health/ready", service.url), None).0, 200);
    }
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let server = Server::start(false);
    ready(&server);
    for (settings, expected) in [
        ("", Ok(false)),
        ("sslmode=prefer", Ok(false)),
        ("sslmode=require", Err("server does not support TLS")),
        ("sslmode=verify-ca", Err("TLS")),
        ("sslmode=verify-full sslrootcert=DIR/roots.pem", Err("server does not support TLS")),
        ("sslmode=verify-all", Err("sslmode=verify-all is not known")),
    ] {
        for address in server.addresses("localhost", settings) {
            match (connect(&address), expected) {
                (Ok(encrypted), Ok(expected)) => assert_eq!(encrypted, expected, "{address}"),
                (Err(said), Err(words)) => {
                    assert!(said.contains(words) || said.contains("authority"), "{address}: {said}")
                }
                (found, _) => panic!("{address}: {found:?}"),
            }
        }
    }
}
