//! Accounts of people: an administrator creates, renames and disables them.

use actix_web::{HttpRequest, get, patch, post, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    access::another,
    store::{self, Row},
    view::{AccountView, AccountWithCode},
};
use crate::{
    app::App,
    db::AccountId,
    http::{
        Bounded, Caller, Error, IfMatch, Json, ListQuery, Page, Path, Query, Reply, Result, WriteRequest, nullable,
        present,
    },
    identity::{codes, rules::username, sign_ins},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_accounts).service(create_account).service(get_account).service(patch_account);
}

/// Accounts
///
/// The people's accounts of the locality, by username; the city's if no locality is given. Sort keys: `username`,
/// `display_name`, `created_at`.
#[utoipa::path(
    tag = "identity", params(ListQuery),
    responses((status = 200, description = "A page", body = Page<AccountView>), Error)
)]
#[get("/accounts")]
async fn list_accounts(req: HttpRequest, app: Data<App>, caller: Caller, page: Query<ListQuery>) -> Result<Reply> {
    caller.permit_anywhere()?;
    let order = page.order(&store::SORTS)?;
    let rows = app.db.read(async |conn| store::list(conn, caller.realm(), &order).await).await?;
    Page::listed(rows, &order, AccountView::from)?.reply(&req)
}

/// A new account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccountBody {
    #[validate(custom(function = username))]
    #[schema(min_length = 3, max_length = 63, pattern = "^[a-z0-9][a-z0-9._-]{2,62}$", example = "phong-vhxh-3")]
    username: String,
    /// What its holder is called.
    #[serde(default)]
    #[validate(nested)]
    #[schema(example = "Nguyễn Thị Hòa")]
    display_name: Option<Bounded<120>>,
}

/// Create an account
///
/// Answers a one-time code, shown once, with which the owner sets the password (`POST /auth/redeem`). Roles are granted
/// separately.
#[utoipa::path(tag = "identity", responses((status = 201, description = "Created", body = AccountWithCode), Error))]
#[post("/accounts")]
async fn create_account(app: Data<App>, write: WriteRequest, body: Json<NewAccountBody>) -> Result<Reply> {
    write.caller.permit_anywhere()?;
    let NewAccountBody { username, display_name } = body.valid()?;
    write
        .run(&app.db, async |conn, scope| {
            let new = store::NewAccountRow {
                id: AccountId::new(),
                username: &username,
                locality: scope.realm(),
                kind: "person",
                password_hash: None,
                must_change_password: false,
            };
            store::insert(conn, &new, scope.now).await?;
            store::set_display_name(conn, new.id, display_name.as_deref()).await?;
            let row = store::find(conn, scope.realm(), &username).await?.ok_or_else(Error::not_found)?;
            let code = codes::issue(conn, scope, row.id, false).await?;
            scope.after(&row)?;
            let body = AccountWithCode::of(row, code, scope.locale);
            Ok(Reply::created(format!("/api/v1/accounts/{username}"), body)?.tag(1).hidden())
        })
        .await
}

/// An account
///
/// An account of the locality, or of the city if no locality is given.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The account", body = AccountView), Error))]
#[get("/accounts/{username}")]
async fn get_account(app: Data<App>, caller: Caller, username: Path<String>) -> Result<Reply> {
    let row = app.db.read(async |conn| store::find(conn, caller.realm(), &username).await).await?;
    let row = row.ok_or_else(Error::not_found)?;
    caller.permit_anywhere()?;
    let version = row.version;
    Ok(Reply::ok(AccountView::from(row))?.tag(version))
}

/// Changes of an account; what is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountPatch {
    /// A disabled account is refused from its next request on.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, required = false)]
    disabled: Option<bool>,
    /// What its holder is called; null removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(nested)]
    #[schema(value_type = Option<Bounded<120>>, example = "Nguyễn Thị Hòa")]
    display_name: Option<Option<Bounded<120>>>,
}

/// Change an account
///
/// Disabling it ends all sessions at once. Administrators cannot change their own account.
#[utoipa::path(tag = "identity", params(IfMatch), responses((status = 200, description = "Changed", body = AccountView), Error))]
#[patch("/accounts/{username}")]
async fn patch_account(
    app: Data<App>,
    write: WriteRequest,
    username: Path<String>,
    if_match: IfMatch,
    body: Json<AccountPatch>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let row = another(conn, scope, &username, &if_match).await?;
            let AccountPatch { disabled, display_name } = body.valid()?;
            let at = match disabled {
                Some(true) => Some(row.disabled_at.unwrap_or(scope.now)),
                Some(false) => None,
                None => row.disabled_at,
            };
            let display_name = display_name.map_or(row.display_name.clone(), |name| name.map(String::from));
            store::set_display_name(conn, row.id, display_name.as_deref()).await?;
            let version = store::set_disabled(conn, row.id, at).await?;
            if disabled == Some(true) {
                sign_ins::end_sign_ins(conn, row.id, None, "account disabled", scope.now).await?;
            }
            scope.before(&row)?;
            let row = Row { disabled_at: at, display_name, version, ..row };
            scope.after(&row)?;
            Ok(Reply::ok(AccountView::from(row))?.tag(version))
        })
        .await
}
