//! `thidua account` and `thidua client`: makes the first of each.

use std::io::Read;

use serde_json::json;
use thidua::{
    auth::{Hasher, Secret},
    clock::{Clock, day},
    db::audit_log,
    http::Error,
    identity::{self, NewAccount, NewClient},
};

use crate::{
    command_line::{NewAccountArgs, NewClientArgs},
    database::open,
    output::{in_words, print},
};

pub async fn create_account(args: NewAccountArgs) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let db = open(&args.store).await?;
    let new = NewAccount {
        username: &args.username,
        password: password.trim_end_matches(['\r', '\n']),
        role: args.role,
        locality: args.locality.as_deref(),
        unit: args.unit.as_deref(),
    };
    identity::create_account(&db, &Hasher::new(1), new, Clock::system().now()).await?;
    print(&format!("{} may log in\n", args.username));
    Ok(())
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
