//! What the service is told from outside: one struct, each setting a flag and an environment variable of one name.
//! The doc comments are the manual (`thidua serve --help`).

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use secrecy::SecretString;

/// Settings of everything that touches the database.
#[derive(Debug, Clone, Args)]
pub struct Store {
    /// Postgres to use, as a URL or as `key=value` words. Absent: the service starts a server of its own in the data
    /// directory.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// File that holds the database's password, where `--database-url` names none.
    #[arg(long, env = "THIDUA_DATABASE_PASSWORD_FILE")]
    pub database_password_file: Option<PathBuf>,

    /// Where the service keeps its own files: the embedded Postgres, signing keys, sample passwords.
    #[arg(long, env = "THIDUA_DATA_DIR", default_value = ".data")]
    pub data_dir: PathBuf,

    /// The most database connections at one time.
    #[arg(long, env = "THIDUA_DB_CONNECTIONS", default_value_t = 16)]
    pub db_connections: usize,
}

/// Settings of `thidua serve`.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub store: Store,

    /// Address and port to answer on.
    #[arg(long, env = "THIDUA_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// How clients reach the service; the issuer and audience of its tokens. Default: http:// and the bound address.
    #[arg(long, env = "THIDUA_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Seconds that an access token lives, at most 900.
    #[arg(long, env = "THIDUA_TOKEN_SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u32).range(30..=900))]
    pub token_seconds: u32,

    /// File that lists outside issuers of tokens (single sign-on), as docs/single-sign-on.md explains. Absent: none.
    #[arg(long, env = "THIDUA_ISSUERS_FILE")]
    pub issuers_file: Option<PathBuf>,

    /// Password hashings at one time; more wait, so that logins never starve reads.
    #[arg(long, env = "THIDUA_HASHERS", default_value_t = 2)]
    pub hashers: usize,

    /// Worker threads; 0 means one a core.
    #[arg(long, env = "THIDUA_WORKERS", default_value_t = 0)]
    pub workers: usize,

    /// Seconds a client gets to send the head of a request, and again its body.
    #[arg(long, env = "THIDUA_REQUEST_SECONDS", default_value_t = 30)]
    pub request_seconds: u64,

    /// Seconds that running requests get to finish after SIGTERM.
    #[arg(long, env = "THIDUA_SHUTDOWN_SECONDS", default_value_t = 25)]
    pub shutdown_seconds: u64,

    /// Bearer token that opens /metrics. Absent: /metrics answers loopback only.
    #[arg(long, env = "THIDUA_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<SecretString>,

    /// Logs for people (`text`) or machines (`json`).
    #[arg(long, env = "THIDUA_LOG_FORMAT", default_value = "text", value_enum)]
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}
