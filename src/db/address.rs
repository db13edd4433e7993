//! The address of Postgres, as people write it: a URL or `key=value` words. `sslmode` and `sslrootcert` are read here,
//! because the driver knows neither `verify-ca` nor `verify-full`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{Config, Host};

/// What a connection's certificate must prove, as libpq's `sslmode` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    Disable,
    /// TLS if the server has it, nothing proven.
    Prefer,
    /// TLS, nothing proven.
    Require,
    /// The server's certificate comes from a trusted authority.
    VerifyCa,
    /// And it names the host.
    VerifyFull,
}

/// An address without its two settings of TLS, and these.
#[derive(Debug, PartialEq)]
pub struct Address {
    pub plain: String,
    pub mode: TlsMode,
    /// The authorities' file; none for the system's.
    pub roots: Option<PathBuf>,
}

impl Address {
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let (plain, settings) = if is_url(text) { split_url(text)? } else { split_words(text)? };
        let last = |name| settings.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let roots = last("sslrootcert").filter(|roots| *roots != "system").map(PathBuf::from);
        let mode = match last("sslmode") {
            None | Some("prefer" | "allow") => TlsMode::Prefer,
            Some("disable") => TlsMode::Disable,
            // As libpq does: whoever names authorities wants them asked.
            Some("require") if roots.is_some() => TlsMode::VerifyCa,
            Some("require") => TlsMode::Require,
            Some("verify-ca") => TlsMode::VerifyCa,
            Some("verify-full") => TlsMode::VerifyFull,
            Some(other) => {
                bail!("sslmode={other} is not known; choose one of disable, prefer, require, verify-ca and verify-full")
            }
        };
        Ok(Self { plain, mode, roots })
    }

    /// The driver's settings.
    pub fn config(&self) -> anyhow::Result<Config> {
        self.plain.parse().map_err(in_full).context("the database's address cannot be read")
    }
}

/// Whether TLS is to be spoken: never on a Unix socket that nobody asked it of.
pub fn wants_tls(mode: TlsMode, config: &Config) -> bool {
    let local =
        || config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_))) && config.get_hostaddrs().is_empty();
    match mode {
        TlsMode::Disable => false,
        TlsMode::Prefer => !local(),
        _ => true,
    }
}

/// The address with this password.
pub fn with_password(address: &SecretString, password: &str) -> SecretString {
    let text = address.expose_secret();
    if is_url(text) {
        let joint = if text.contains('?') { '&' } else { '?' };
        return format!("{text}{joint}password={}", utf8_percent_encode(password, NON_ALPHANUMERIC)).into();
    }
    let password = password.replace('\\', "\\\\").replace('\'', "\\'");
    format!("{text} password='{password}'").into()
}

/// Where a database is, without its password.
pub struct Whereabouts {
    pub name: String,
    pub places: String,
    pub user: String,
}

/// Which database this is, for people: without its password.
pub fn describe(address: &SecretString) -> anyhow::Result<String> {
    let Whereabouts { name, places, user } = whereabouts(address)?;
    Ok(format!("database {name} at {places} as {user}"))
}

pub fn whereabouts(address: &SecretString) -> anyhow::Result<Whereabouts> {
    let config = Address::read(address.expose_secret())?.config()?;
    let ports = config.get_ports();
    let port = |i: usize| ports.get(i).or(ports.first()).copied().unwrap_or(5432);
    let place = |(i, host): (usize, &Host)| match host {
        Host::Tcp(name) => format!("{name}:{}", port(i)),
        Host::Unix(dir) => dir.display().to_string(),
    };
    let mut places: Vec<String> = config.get_hosts().iter().enumerate().map(place).collect();
    if places.is_empty() {
        places = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    }
    let user = config.get_user().unwrap_or_default();
    let name = config.get_dbname().unwrap_or(user).to_owned();
    Ok(Whereabouts { name, places: places.join(", "), user: user.to_owned() })
}

/// An error of the driver with its causes, which it does not show by itself.
pub fn in_full(error: tokio_postgres::Error) -> anyhow::Error {
    anyhow::anyhow!("{:#}", anyhow::Error::new(error))
}

fn is_url(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

type Settings = Vec<(String, String)>;

fn is_of_tls(name: &str) -> bool {
    matches!(name, "sslmode" | "sslrootcert")
}

fn split_url(text: &str) -> anyhow::Result<(String, Settings)> {
    let Some((before, query)) = text.split_once('?') else { return Ok((text.to_owned(), Vec::new())) };
    let name = |pair: &&str| is_of_tls(pair.split('=').next().unwrap_or_default());
    let (ours, others): (Vec<&str>, Vec<&str>) = query.split('&').partition(name);
    let setting = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decode_str(value).decode_utf8().with_context(|| format!("{name} is not UTF-8"))?;
        Ok((name.to_owned(), value.into_owned()))
    };
    let settings = ours.into_iter().map(setting).collect::<anyhow::Result<_>>()?;
    let joint = if others.is_empty() { "" } else { "?" };
    Ok((format!("{before}{joint}{}", others.join("&")), settings))
}

fn split_words(text: &str) -> anyhow::Result<(String, Settings)> {
    let (mut plain, mut settings, mut rest) = (Vec::new(), Vec::new(), text.trim());
    while !rest.is_empty() {
        let (name, after) =
            rest.split_once('=').context("the database's address is neither a URL nor key=value words")?;
        let (value, length) = word(after.trim_start())?;
        let taken = after.len() - after.trim_start().len() + length;
        match name.trim() {
            name if is_of_tls(name) => settings.push((name.to_owned(), value)),
            _ => plain.push(&rest[..name.len() + 1 + taken]),
        }
        rest = rest[name.len() + 1 + taken..].trim_start();
    }
    // What names no TLS stays as it was written.
    Ok((if settings.is_empty() { text.to_owned() } else { plain.join(" ") }, settings))
}

/// A value and its length as written: bare or in single quotes, a backslash before a character that means itself.
fn word(text: &str) -> anyhow::Result<(String, usize)> {
    let quoted = text.starts_with('\'');
    let (mut value, mut escaped) = (String::new(), false);
    for (at, c) in text.char_indices().skip(usize::from(quoted)) {
        match c {
            _ if escaped => escaped = false,
            '\\' => {
                escaped = true;
                continue;
            }
            '\'' if quoted => return Ok((value, at + 1)),
            c if !quoted && c.is_whitespace() => return Ok((value, at)),
            _ => {}
        }
        value.push(c);
    }
    if quoted {
        bail!("a quote of the database's address does not end");
    }
    Ok((value, text.len()))
}
