//! Accounts from a file.

use std::collections::BTreeMap;

use actix_web::{post, web::Data};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    merge::{Deed, KnownAccount, Merged, merge},
    rows::AccountRow,
};
use crate::{
    app::App,
    db::{AccountId, Conn, LocalityId},
    http::{Actor, Caller, Error, Reply, Result, Upload, WriteRequest, WriteScope},
    identity::{
        accounts::store::{self, NewAccountRow},
        caller_store::administer_in_turn,
        grants::{self, NewGrant},
        place_store::Place,
    },
    tables::{Format, ImportedRows, Reading},
    units::{self, Tree},
};

/// Most bytes of a file of accounts.
const BODY_MOST: usize = 1024 * 1024;
const ROWS_MOST: usize = 500;

pub fn routes(config: &mut ServiceConfig) {
    config.service(import_accounts);
}

/// Import accounts
///
/// One row is an account and a role of it: all rows or none. The same file twice changes nothing, and nothing is taken from
/// anybody. An account made so has no password: its holder comes in by an external issuer, or with a one-time code, which
/// `POST /accounts/codes` issues for up to 200 accounts at once. Roles that approve, judge, decide or administer are not given by a file. Sends a JSON list, NDJSON, CSV (UTF-8; comma, semicolon
/// or tab) or XLSX, at most 1 MiB and 500 rows; tables have the headings Tên đăng nhập, Họ và tên, Vai trò, Đơn vị, or the
/// names of the members.
#[utoipa::path(
    tag = "identity",
    request_body(content(
        (Vec<AccountRow> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, description = "Imported", body = ImportedRows), Error)
)]
#[post("/accounts/import")]
async fn import_accounts(app: Data<App>, write: WriteRequest, file: Upload<BODY_MOST>) -> Result<Reply> {
    let format = Format::of(&file)?;
    write.caller.permit_anywhere()?;
    let reading = format.receive(&app, file).await?;
    write.run(&app.db, async |conn, scope| import(conn, scope, reading).await).await
}

async fn import(conn: &mut Conn, scope: &WriteScope, mut reading: Reading<AccountRow>) -> Result<Reply> {
    let actor = administer_in_turn(conn, scope).await?.permit()?;
    reading.check(ROWS_MOST)?;
    let tree = units::tree(conn, scope.recall()?, scope.today()).await?;
    let known = known(conn, scope, actor.locality, &reading.rows).await?;
    let merged = merge(&known, &tree, actor.locality, &reading.rows).map_err(|refused| reading.rejected(&refused))?;
    let Merged { created, updated, unchanged, deeds } = merged;
    if deeds.contains_key(&scope.account.username) {
        return Err(Error::of("own_account"));
    }
    scope.collect_parts();
    scope.set_subject("accounts".to_owned());
    scope.also_names(deeds.keys().map(|username| format!("accounts/{username}")));
    for (username, deed) in &deeds {
        store_deed(conn, &actor, username, deed).await?;
        let before = known.get(username).map(|held| json!({"display_name": held.display_name}));
        let name = deed.display_name.as_ref().or(known.get(username).and_then(|held| held.display_name.as_ref()));
        let after = json!({"username": username, "display_name": name, "given": given(deed, &tree)});
        scope.part(conn, username, before.as_ref(), &after).await?;
    }
    let is_new = |row: &AccountRow| deeds.get(&row.username).is_some_and(|deed| deed.known.is_none());
    let new = reading.rows.iter().filter(|(_, row)| is_new(row)).map(|(number, _)| (*number, "account_without_code"));
    let new: Vec<_> = new.collect();
    reading.notices.extend(new);
    Reply::ok(reading.imported((created, updated, unchanged), scope.locale))
}

/// The accounts that bear the usernames of the file, with the roles that they hold here.
async fn known(
    conn: &mut Conn,
    caller: &Caller,
    locality: LocalityId,
    rows: &[(usize, AccountRow)],
) -> Result<BTreeMap<String, KnownAccount>> {
    let usernames: Vec<&str> = rows.iter().map(|(_, row)| row.username.as_str()).collect();
    let accounts = store::named(conn, &usernames).await?;
    let mut roles = grants::held(conn, locality, caller.today()).await?;
    let known = accounts.into_iter().map(|account| {
        let held = KnownAccount {
            id: account.id,
            display_name: account.display_name,
            here: account.kind == "person" && account.locality_id == Some(locality),
            own: account.id == caller.account.id,
            roles: roles.remove(&account.id).unwrap_or_default(),
        };
        (account.username, held)
    });
    Ok(known.collect())
}

async fn store_deed(conn: &mut Conn, actor: &Actor, username: &str, deed: &Deed) -> Result<()> {
    let locality = Some(actor.locality);
    let account = match deed.known {
        Some(id) => id,
        None => {
            let (id, kind) = (AccountId::new(), "person");
            let new = NewAccountRow { id, username, locality, kind, password_hash: None, must_change_password: false };
            store::insert(conn, &new, actor.at).await?;
            id
        }
    };
    match &deed.display_name {
        Some(name) if deed.known.is_some() => store::rename(conn, account, name).await?,
        Some(name) => store::set_display_name(conn, account, Some(name)).await?,
        None => {}
    }
    for (role, unit) in &deed.roles {
        let (role, place, valid_from) = (*role, Place { locality, unit: *unit }, crate::clock::day(actor.at));
        let new = NewGrant {
            account,
            role,
            place,
            valid_from,
            valid_to: None,
            delegated_from: None,
            reason: None,
            granted_by: Some(actor.account),
            confirm_until: None,
        };
        grants::grant(conn, new, actor.at).await?;
    }
    Ok(())
}

/// The roles given, for the record.
fn given(deed: &Deed, tree: &Tree) -> Vec<serde_json::Value> {
    let code = |unit: Option<_>| unit.and_then(|id| tree.by_id(id)).map(|unit| unit.code.clone());
    deed.roles.iter().map(|(role, unit)| json!({"role": role, "unit": code(*unit)})).collect()
}
