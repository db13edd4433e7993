//! Configuration: one struct, each setting a flag and an environment variable of the same name. The doc comments are
//! the manual (`thidua serve --help`).

use std::{net::SocketAddr, path::PathBuf};

use actix_web::http::Uri;
use clap::Args;
use ipnet::IpNet;
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

    /// Maximum number of database connections.
    #[arg(long, env = "THIDUA_DB_CONNECTIONS", default_value_t = 16)]
    pub db_connections: usize,
}

/// Settings of `thidua serve`.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub store: Store,

    #[command(flatten)]
    pub edge: Edge,

    /// Refuse to start where the schema lacks migrations, instead of running them: for a database role that owns nothing
    /// (docs/audit.md).
    #[arg(long, env = "THIDUA_NO_MIGRATE", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_migrate: bool,

    /// Address and port to answer on.
    #[arg(long, env = "THIDUA_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// How clients reach the service; the issuer and audience of its tokens. Default: http:// and the bound address.
    #[arg(long, env = "THIDUA_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Lifetime of an access token in seconds, at most 900.
    #[arg(long, env = "THIDUA_TOKEN_SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u32).range(30..=900))]
    pub token_seconds: u32,

    /// File that lists external issuers of tokens (single sign-on), see docs/single-sign-on.md. Absent: none.
    #[arg(long, env = "THIDUA_ISSUERS_FILE")]
    pub issuers_file: Option<PathBuf>,

    /// Concurrent password hashings; more wait, so that logins never starve reads.
    #[arg(long, env = "THIDUA_HASHERS", default_value_t = 2)]
    pub hashers: usize,

    /// Concurrent imports; more wait, and after a while answer 503. One of 32 MiB takes up to 200 MiB.
    #[arg(long, env = "THIDUA_IMPORTS", default_value_t = 2, value_parser = imports)]
    pub imports: usize,

    /// LibreOffice's program (`soffice`), which makes the pages (PDF) of papers, see docs/papers.md. Absent: papers are
    /// documents and workbooks.
    #[arg(long, env = "THIDUA_SOFFICE")]
    pub soffice: Option<PathBuf>,

    /// Worker threads; 0 means one a core.
    #[arg(long, env = "THIDUA_WORKERS", default_value_t = 0)]
    pub workers: usize,

    /// Seconds for a client to send the head of a request, again for its body, and to take a part of the answer.
    #[arg(long, env = "THIDUA_REQUEST_SECONDS", default_value_t = 30)]
    pub request_seconds: u64,

    /// Seconds for running requests to finish after SIGTERM.
    #[arg(long, env = "THIDUA_SHUTDOWN_SECONDS", default_value_t = 25)]
    pub shutdown_seconds: u64,

    /// Retention in years: a pseudonym then replaces the name of a person without further participation; 0 for never.
    #[arg(long, env = "THIDUA_RETENTION_YEARS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(..=100))]
    pub retention_years: u32,

    /// Hours before a period's due instant at which units that have not reported get a reminder (`submission.reminder`
    /// in `GET /events`), comma-separated; 0 for none.
    #[arg(long, env = "THIDUA_REMIND_HOURS_BEFORE", default_value = "72,24", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(..=8760))]
    pub remind_hours_before: Vec<u32>,

    /// Hours after it at which they are reported overdue (`submission.overdue`), comma-separated; 0 for none.
    #[arg(long, env = "THIDUA_REMIND_HOURS_AFTER", default_value = "1,72", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(..=8760))]
    pub remind_hours_after: Vec<u32>,

    /// Address and port of a second listener that answers /metrics and nothing else; /metrics is then nowhere else.
    #[arg(long, env = "THIDUA_METRICS_BIND")]
    pub metrics_bind: Option<SocketAddr>,

    /// Bearer token for /metrics. Absent, and without --metrics-bind: /metrics answers clients on this machine that come
    /// through no proxy, and nobody if the public URL is https.
    #[arg(long, env = "THIDUA_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<SecretString>,

    /// Log format: for people (`text`) or machines (`json`).
    #[arg(long, env = "THIDUA_LOG_FORMAT", default_value = "text", value_enum)]
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Settings of the service's edge.
#[derive(Debug, Clone, Args)]
pub struct Edge {
    /// Requests per minute and address on this instance, an IPv6 /64 being one address; 0 for no limit.
    #[arg(long, env = "THIDUA_ADDRESS_RATE", default_value_t = 6000)]
    pub address_rate: u32,

    /// Requests per minute and account or client on this instance; 0 for no limit.
    #[arg(long, env = "THIDUA_ACCOUNT_RATE", default_value_t = 3000)]
    pub account_rate: u32,

    /// Networks of the proxies in front of the service (10.0.0.0/8, ::1/128), comma-separated. Only these are trusted
    /// for a client's address; every proxy on the way must be listed.
    #[arg(long, env = "THIDUA_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,

    /// The header in which these proxies write the client's address. The other one is ignored: a proxy that does not
    /// write it passes on a client's forgery.
    #[arg(long, env = "THIDUA_PROXY_HEADER", default_value = "x-forwarded-for", value_enum)]
    pub proxy_header: ProxyHeader,

    /// Allowed CORS origins of front ends (https://thidua.example), comma-separated and exact.
    #[arg(long, env = "THIDUA_CORS_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub cors_origins: Vec<String>,

    /// Open connections of this instance; more are answered 503 and closed. 0 for no limit.
    #[arg(long, env = "THIDUA_CONNECTIONS", default_value_t = 4096)]
    pub connections: usize,

    /// Open connections of one address, an IPv6 /64 being one address and trusted proxies being excepted; more are
    /// answered 429 and closed. 0 for no limit.
    #[arg(long, env = "THIDUA_ADDRESS_CONNECTIONS", default_value_t = 1024)]
    pub address_connections: usize,

    /// Maximum seconds of a request, from its head to its response.
    #[arg(long, env = "THIDUA_ANSWER_SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub answer_seconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ProxyHeader {
    XForwardedFor,
    Forwarded,
}

fn imports(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|most| (1..=64).contains(most)).ok_or("from 1 to 64")
}

/// An origin as browsers write it: scheme, host and perhaps a port, in lower case, and nothing behind.
fn origin(text: &str) -> Result<String, &'static str> {
    let uri: Option<Uri> = text.parse().ok();
    let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?.as_str())));
    match parts {
        Some((scheme @ ("http" | "https"), host))
            if format!("{scheme}://{host}") == text && text == text.to_lowercase() && !host.contains(['*', '@']) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("an origin is http:// or https://, a host in lower case, perhaps a port, and nothing more"),
    }
}

impl Config {
    /// How clients reach the service, without a slash at the end; empty until it listens.
    pub fn service_url(&self) -> &str {
        self.public_url.as_deref().unwrap_or_default().trim_end_matches('/')
    }
}
