//! The database that a command works on.

use std::path::Path;

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use thidua::{
    config::{LogFormat, Store},
    db::{Db, embedded, migrations},
    telemetry,
};

/// The database, started where need be, migrated and checked.
pub async fn open(store: &Store) -> anyhow::Result<Db> {
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
