//! The database that a command works on. Every command says which one that is.

use std::path::Path;

use anyhow::{Context, ensure};
use secrecy::SecretString;
use thidua::{
    config::{LogFormat, Store},
    db::{Db, describe, embedded, migrations, with_password},
    telemetry,
};

/// Who opens the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Opener {
    /// The service makes an embedded one where it is given none. It migrates, or refuses a schema that lacks migrations.
    Service { migrates: bool },
    /// The sample data come into an embedded one too.
    Demo,
    /// Every other command works on a database that is there.
    Command,
}

/// The database that is there, migrated and checked.
pub async fn open(store: &Store) -> anyhow::Result<Db> {
    open_for(Opener::Command, store).await
}

pub async fn open_for(opener: Opener, store: &Store) -> anyhow::Result<Db> {
    telemetry::init(LogFormat::Text);
    let (url, server) = match &store.database_url {
        Some(url) => {
            let url = complete(url, store.database_password_file.as_deref())?;
            tell(opener, &describe(&url)?);
            (url, None)
        }
        None => {
            ensure!(
                opener != Opener::Command || embedded::Server::is_made(&store.data_dir)?,
                "DATABASE_URL is not set, and {} holds no database; set it, name the directory with --data-dir, or make \
                 a database with: thidua serve",
                std::path::absolute(&store.data_dir)?.display()
            );
            let server = embedded::Server::start(&store.data_dir)?;
            tell(opener, &format!("the database of {}", std::path::absolute(&store.data_dir)?.display()));
            (server.url("postgres"), Some(server))
        }
    };
    match opener {
        Opener::Service { migrates: false } => migrations::check(&url).await?,
        _ => migrations::migrate(&url).await?,
    }
    let db = Db::connect(&url, store.db_connections, server)?;
    db.check_durability().await?;
    Ok(db)
}

/// Says which database it is: the service in its log, a command in a line of its own.
fn tell(opener: Opener, database: &str) {
    match opener {
        Opener::Service { .. } => tracing::info!(database, "works on"),
        Opener::Demo | Opener::Command => eprintln!("thidua: works on {database}"),
    }
}

/// The address with the password of a file.
fn complete(url: &SecretString, file: Option<&Path>) -> anyhow::Result<SecretString> {
    let Some(file) = file else { return Ok(url.clone()) };
    let said = || format!("cannot read {}; it must be readable by the user that runs thidua", file.display());
    let password = std::fs::read_to_string(file).with_context(said)?;
    Ok(with_password(url, password.trim_end_matches(['\r', '\n'])))
}
