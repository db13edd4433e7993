//! `thidua account` and `thidua client`: makes the first of each, and sets a lost password.

use std::{
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde_json::json;
use thidua::{
    auth::{Hasher, Secret, first_password},
    clock::{Clock, day},
    config::Store,
    db::audit_log,
    http::Error,
    identity::{self, NewAccount, NewClient, NewPassword},
};
use uuid::Uuid;

use crate::{
    command_line::{NewAccountArgs, NewClientArgs, ResetPasswordArgs},
    database::open,
    output::{in_words, print, words},
};

pub async fn create_account(args: NewAccountArgs) -> anyhow::Result<()> {
    let password = from_standard_input()?;
    let db = open(&args.store).await?;
    let new = NewAccount {
        username: &args.username,
        password: &password,
        role: args.role,
        locality: args.locality.as_deref(),
        unit: args.unit.as_deref(),
    };
    let made = identity::create_account(&db, &Hasher::new(1), new, Clock::system().now()).await;
    made.map_err(|error| in_words(&error))?;
    print(&format!("{} {}\n", args.username, words("đã đăng nhập được", "may log in")));
    Ok(())
}

pub async fn reset_password(args: ResetPasswordArgs) -> anyhow::Result<()> {
    let password = match &args.to_file {
        Some(_) => first_password(),
        None => from_standard_input()?,
    };
    let db = open(&args.store).await?;
    // The file before the password: one that cannot be written leaves the account as it is.
    if let Some(path) = &args.to_file {
        let cannot = words("không ghi được tệp mới", "cannot write the new file");
        write_secret(path, &password).with_context(|| format!("{cannot} {}", path.display()))?;
    }
    let new = NewPassword { username: &args.username, password: &password };
    let done = identity::reset_password(&db, &Hasher::new(1), new, Clock::system().now()).await;
    if let (Err(_), Some(path)) = (&done, &args.to_file) {
        std::fs::remove_file(path).ok();
    }
    done.map_err(|error| in_words(&error))?;
    let place = |path: &PathBuf| format!("; {} {}", words("mật khẩu ở tệp", "the password is in"), path.display());
    let place = args.to_file.as_ref().map(place).unwrap_or_default();
    let must = words("phải đổi mật khẩu ở lần đăng nhập tới", "must change the password at the next login");
    print(&format!("{} {must}{place}\n", args.username));
    Ok(())
}

pub async fn confirm(store: &Store, grant: Uuid) -> anyhow::Result<()> {
    let db = open(store).await?;
    let confirmed = identity::confirm_grant(&db, grant, Clock::system().now()).await;
    let (username, role) = confirmed.map_err(|error| in_words(&error))?;
    print(&format!("{username} {} {role}\n", words("giữ vai trò", "holds the role")));
    print(words(
        "Mật khẩu đặt bằng mã của một quản trị viên hết giá trị: đặt lại bằng thidua account reset-password\n",
        "A password by the code of one administrator has ended: thidua account reset-password sets another\n",
    ));
    Ok(())
}

fn from_standard_input() -> anyhow::Result<String> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

fn write_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(format!("{secret}\n").as_bytes())?;
    file.sync_all()
}

pub async fn create_client(args: NewClientArgs) -> anyhow::Result<()> {
    let db = open(&args.store).await?;
    let (now, secret) = (Clock::system().now(), Secret::random());
    let new = NewClient {
        client_id: &args.client_id,
        name: &args.name,
        unit: args.unit.as_deref(),
        scopes: &args.scopes,
        jwks: None,
    };
    let made = db.tx(async |conn| {
        let place = identity::place(conn, args.locality.as_deref(), None, day(now)).await?;
        let place = place.ok_or_else(Error::not_found)?;
        identity::create_client(conn, place.locality, &new, Some(&secret), now).await?;
        let subject = format!("clients/{}", args.client_id);
        let made = json!({"client_id": args.client_id, "name": args.name, "scopes": args.scopes});
        audit_log::insert_command(conn, place.locality, "create_client", subject, now, &made).await
    });
    made.await.map_err(|error| in_words(&error))?;
    print(&format!("{}\n", secret.text));
    Ok(())
}
