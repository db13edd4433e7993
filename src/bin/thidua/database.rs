//! The database that a command works on. Every command says which one that is.

use std::path::Path;

use anyhow::{Context, ensure};
use secrecy::SecretString;
use thidua::{
    config::{LogFormat, Store},
    db::{Db, Whereabouts, describe, embedded, migrations, whereabouts, with_password},
    http::Locale,
    telemetry,
};

use crate::output::{locale, words};

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
    let usual = if opener == Opener::Demo { telemetry::WARNINGS } else { telemetry::LINES_OF_REQUESTS };
    telemetry::init(LogFormat::Text, usual);
    let (url, server) = match &store.database_url {
        Some(url) => {
            let url = complete(url, store.database_password_file.as_deref())?;
            tell(opener, &described(opener, &url)?);
            (url, None)
        }
        None => {
            ensure!(
                opener != Opener::Command || embedded::Server::is_made(&store.data_dir)?,
                none_in(&std::path::absolute(&store.data_dir)?.display().to_string())
            );
            let server = embedded::Server::start(&store.data_dir)?;
            let dir = std::path::absolute(&store.data_dir)?;
            let of = match opener {
                Opener::Service { .. } => "the database of",
                Opener::Demo | Opener::Command => words("cơ sở dữ liệu trong", "the database of"),
            };
            tell(opener, &format!("{of} {}", dir.display()));
            (server.url("postgres"), Some(server))
        }
    };
    match opener {
        Opener::Service { migrates: false } => migrations::check(&url).await?,
        _ => migrations::migrate(&url).await?,
    }
    let db = Db::connect(&url, store.db_connections, server);
    db.check_durability().await?;
    Ok(db)
}

fn none_in(dir: &str) -> String {
    match locale() {
        Locale::Vi => format!(
            "chưa đặt DATABASE_URL, và {dir} không có cơ sở dữ liệu; đặt biến này, chỉ thư mục bằng \
             --data-dir, hoặc tạo cơ sở dữ liệu bằng: thidua serve"
        ),
        Locale::En => format!(
            "DATABASE_URL is not set, and {dir} holds no database; set it, name the directory with --data-dir, or make a \
             database with: thidua serve"
        ),
    }
}

/// Which database it is, in the language of a command's reader; a service's log is English.
fn described(opener: Opener, url: &SecretString) -> anyhow::Result<String> {
    match (opener, locale()) {
        (Opener::Demo | Opener::Command, Locale::Vi) => {
            let Whereabouts { name, places, user } = whereabouts(url)?;
            Ok(format!("cơ sở dữ liệu {name} tại {places}, người dùng {user}"))
        }
        _ => describe(url),
    }
}

/// Says which database it is: the service in its log, a command in a line of its own.
fn tell(opener: Opener, database: &str) {
    match opener {
        Opener::Service { .. } => tracing::info!(database, "works on"),
        Opener::Demo | Opener::Command => eprintln!("thidua: {} {database}", words("làm việc trên", "works on")),
    }
}

/// The address with the password of a file.
fn complete(url: &SecretString, file: Option<&Path>) -> anyhow::Result<SecretString> {
    let Some(file) = file else { return Ok(url.clone()) };
    let said = || {
        let must =
            words("người dùng chạy thidua phải đọc được tệp này", "it must be readable by the user that runs thidua");
        format!("{} {}; {must}", words("không đọc được", "cannot read"), file.display())
    };
    let password = std::fs::read_to_string(file).with_context(said)?;
    Ok(with_password(url, password.trim_end_matches(['\r', '\n'])))
}
