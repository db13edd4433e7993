//! Roles that administrators grant, and that holders delegate (KT., ủy quyền).

use actix_web::{HttpRequest, get, post, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::{
    store::{self, GrantRow, NewGrant},
    view::{GivenRole, RoleGrant, told, tree, view},
};
use crate::{
    app::App,
    days,
    db::{AccountId, Conn, LocalityId, to_text},
    finding::Finding,
    http::{
        Access, Caller, Error, Json, ListQuery, NoBody, Page, Path, Query, Reason, Reply, Result, Role, WriteRequest,
        WriteScope, forbidden,
    },
    identity::{
        accounts,
        caller_store::administer_in_turn,
        codes::{self, IssuedCode},
        confirmation,
        place_store::{Place, named_unit},
        rules::{CONFIRMED_WITHIN, check_days, check_lent, check_place, check_term},
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_role_grants)
        .service(get_role_grant)
        .service(create_role_grant)
        .service(confirm_role_grant)
        .service(create_delegation)
        .service(end_role_grant);
}

#[derive(Deserialize, IntoParams)]
struct GrantFilter {
    /// Only grants of this account.
    #[param(example = "phong-vhxh-1")]
    account: Option<String>,
}

/// Role grants
///
/// All grants of the locality, including ended ones, oldest first; the city's if no locality is given. Sort keys:
/// `given`, `account`, `role`, `valid_from`.
#[utoipa::path(
    tag = "identity", params(GrantFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<RoleGrant>), Error)
)]
#[get("/role-grants")]
async fn list_role_grants(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    filter: Query<GrantFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    caller.permit_anywhere()?;
    let (order, locality) = (page.order(&store::SORTS)?, caller.realm());
    app.db
        .read(async |conn| {
            let listed = store::list(conn, locality, filter.account.as_deref(), &order).await?;
            let tree = tree(conn, &caller).await?;
            Page::listed(listed.try_map(|row| view(row, &tree))?, &order, |view| view)?.reply(&req)
        })
        .await
}

/// A role grant
///
/// The grant, and its end if it has ended early.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The grant", body = RoleGrant), Error))]
#[get("/role-grants/{id}")]
async fn get_role_grant(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let row = store::find(conn, caller.realm(), *id).await?;
            caller.permit_anywhere()?;
            let tree = tree(conn, &caller).await?;
            Reply::ok(view(row, &tree)?)
        })
        .await
}

/// A new role grant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRoleGrant {
    #[schema(example = "phong-vhxh-3")]
    account: String,
    role: Role,
    /// Code of the unit, for reporter and unit_head; the role covers its descendants.
    #[serde(default)]
    unit: Option<String>,
    /// Default: today.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_from: Option<NaiveDate>,
    /// Last day, inclusive; default: no end.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_to: Option<NaiveDate>,
}

/// Grant a role
///
/// Grants a role to an account of the same locality, from a day on. Administrators cannot grant roles to themselves. The
/// roles `chair`, `standing_agency`, `council_member`, `locality_admin`, `city_viewer` and `city_admin` permit nothing until
/// a second administrator confirms the grant within a day. If one administrator alone could know how to log in to the account, by
/// a code of theirs, the answer has the first half of a new one-time code, and earlier codes end.
#[utoipa::path(
    tag = "identity", responses((status = 201, description = "Granted", body = GivenRole), Error)
)]
#[post("/role-grants")]
async fn create_role_grant(app: Data<App>, write: WriteRequest, body: Json<NewRoleGrant>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            administer_in_turn(conn, scope).await?.permit_anywhere()?;
            let (new, locality) = (body.unjudged(), scope.realm());
            let valid_from = new.valid_from.unwrap_or_else(|| scope.today());
            let mut findings = check_place(new.role, locality, new.unit.as_deref());
            findings.extend(check_days(valid_from, new.valid_to, scope.today()));
            let account = account(conn, locality, "/account", &new.account, &mut findings).await?;
            let place = place(conn, locality, new.unit.as_deref(), &mut findings).await?;
            if account == Some(scope.account.id) {
                return Err(Error::of("own_account"));
            }
            Error::check(findings)?;
            let account = account.ok_or_else(Error::not_found)?;
            let NewRoleGrant { role, valid_to, .. } = new;
            let (granted_by, delegated_from, reason) = (Some(scope.account.id), None, None);
            let confirm_until = role.needs_confirmation().then(|| scope.now + CONFIRMED_WITHIN);
            let grant = NewGrant {
                account,
                role,
                place,
                valid_from,
                valid_to,
                delegated_from,
                reason,
                granted_by,
                confirm_until,
            };
            let one_time_code = match confirm_until {
                Some(_) => codes::issue_for_role(conn, scope, account).await?,
                None => None,
            };
            given(conn, scope, grant, one_time_code).await
        })
        .await
}

/// Confirm a role
///
/// A second administrator, of the locality or the city, confirms a grant within a day; of a delegation that waits, any
/// administrator. Neither who granted the role nor who gets it can, and who granted it must still be an administrator; a
/// delegation ends with the delegator's role. What one administrator alone could know of the account ends: its password
/// and sessions, if the password stems from a code of one administrator, and such codes. Then the answer has the second half of the one-time code whose first half the request answered; if there is none, the
/// password is reset (`POST /accounts/{username}/reset-password`).
#[utoipa::path(
    tag = "identity", responses((status = 200, description = "Confirmed", body = GivenRole), Error)
)]
#[post("/role-grants/{id}/confirm")]
async fn confirm_role_grant(app: Data<App>, write: WriteRequest, id: Path<Uuid>, _: NoBody) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            store::find(conn, scope.realm(), *id).await?;
            administer_in_turn(conn, scope).await?.permit_anywhere()?;
            // As it is now that nobody else changes it.
            let row = store::find(conn, scope.realm(), *id).await?;
            confirmation::check(conn, &row.request(), row.requested_by(), scope.account.id, scope.now).await?;
            let one_time_code = codes::complete_for_role(conn, row.account, Some(scope.account.id), scope.now).await?;
            store::confirm(conn, row.id, Some(scope.account.id), scope.now).await?;
            scope.also_names(row.granted_by.map(|giver| format!("accounts/{giver}")));
            scope.before(&row)?;
            let row = store::find(conn, scope.realm(), *id).await?;
            scope.after(&row)?;
            told(conn, scope, row, one_time_code).await?.answer(Reply::ok)
        })
        .await
}

/// A new delegation.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDelegation {
    /// Username of the delegate.
    #[schema(example = "pho-chu-tich")]
    to: String,
    role: Role,
    /// Code of the unit, for unit roles.
    #[serde(default)]
    unit: Option<String>,
    /// Default: today.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_from: Option<NaiveDate>,
    /// Last day, inclusive; at most a year after the first.
    #[serde(deserialize_with = "days::day")]
    valid_to: NaiveDate,
    #[validate(nested)]
    reason: Reason,
}

/// Delegate a role
///
/// Delegates one of the caller's own roles to another account of the locality, until a day. The delegation ends with
/// the caller's role; a delegated role cannot be delegated again. A role that decides, judges or administers permits nothing
/// until an administrator confirms the delegation within a day, if one administrator alone could know how to log in to
/// the account; then the answer has the first half of a new one-time code, and earlier codes end.
#[utoipa::path(tag = "identity", responses((status = 201, description = "Delegated", body = GivenRole), Error))]
#[post("/delegations")]
async fn create_delegation(app: Data<App>, write: WriteRequest, body: Json<NewDelegation>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            scope.permit_anywhere()?;
            let new = body.valid()?;
            let (locality, valid_from) = (scope.realm(), new.valid_from.unwrap_or_else(|| scope.today()));
            let mut findings = check_place(new.role, locality, new.unit.as_deref());
            findings.extend(check_days(valid_from, Some(new.valid_to), scope.today()));
            findings.extend(check_term(valid_from, new.valid_to));
            let account = account(conn, locality, "/to", &new.to, &mut findings).await?;
            let place = place(conn, locality, new.unit.as_deref(), &mut findings).await?;
            if account == Some(scope.account.id) {
                return Err(Error::of("own_account"));
            }
            let role = to_text(new.role)?;
            let own = store::own_grant(conn, scope.account.id, &role, place.unit, scope.today()).await?;
            findings.extend(check_lent(new.role, own.is_some()));
            Error::check(findings)?;
            let account = account.ok_or_else(Error::not_found)?;
            let delegated_from = own;
            let (valid_to, reason) = (Some(new.valid_to), Some(&*new.reason));
            let (role, granted_by) = (new.role, Some(scope.account.id));
            let one_time_code = match role.needs_confirmation() {
                true => codes::issue_for_role(conn, scope, account).await?,
                false => None,
            };
            let confirm_until = one_time_code.as_ref().map(|half| half.valid_until);
            let grant = NewGrant {
                account,
                role,
                place,
                valid_from,
                valid_to,
                delegated_from,
                reason,
                granted_by,
                confirm_until,
            };
            given(conn, scope, grant, one_time_code).await
        })
        .await
}

/// The grant as stored, with what happens next.
async fn given(
    conn: &mut Conn,
    scope: &WriteScope,
    grant: NewGrant<'_>,
    one_time_code: Option<IssuedCode>,
) -> Result<Reply> {
    let id = store::grant(conn, grant, scope.now).await?.ok_or_else(|| Error::of("grant_stands"))?;
    let row = store::find(conn, scope.realm(), id).await?;
    scope.after(&row)?;
    let given = told(conn, scope, row, one_time_code).await?;
    given.answer(|given| Reply::created(format!("/api/v1/role-grants/{id}"), given))
}

/// End a role
///
/// Takes effect at the account's next request. An administrator ends any role, a delegator their own delegations.
#[utoipa::path(tag = "identity", responses((status = 200, description = "Ended", body = RoleGrant), Error))]
#[post("/role-grants/{id}/end")]
async fn end_role_grant(app: Data<App>, write: WriteRequest, id: Path<Uuid>, _: NoBody) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let row = store::find(conn, scope.realm(), *id).await?;
            let now = administer_in_turn(conn, scope).await?;
            let administers = now.holds(Role::LocalityAdmin) || now.holds(Role::CityAdmin);
            if !administers && row.lender.as_ref() != Some(&scope.account.username) {
                return Err(forbidden(Access::Roles(&[Role::LocalityAdmin, Role::CityAdmin])));
            }
            if row.account == scope.account.id {
                return Err(Error::of("own_account"));
            }
            if !store::end_grant(conn, row.id, scope.now).await? {
                return Err(Error::of("grant_ended"));
            }
            scope.before(&row)?;
            let row = GrantRow { ended_at: Some(scope.now), ..row };
            scope.after(&row)?;
            let tree = tree(conn, scope).await?;
            Reply::ok(view(row, &tree)?)
        })
        .await
}

/// The enabled account of that name; none and a finding if it does not exist.
async fn account(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    pointer: &str,
    username: &str,
    findings: &mut Vec<Finding>,
) -> Result<Option<AccountId>> {
    let found = accounts::find(conn, locality, username).await?.filter(|row| row.disabled_at.is_none());
    if found.is_none() {
        findings.push(Finding::new(pointer, "account_unknown").with("account", username));
    }
    Ok(found.map(|row| row.id))
}

/// Above localities there are no units; [`check_place`] reports one.
async fn place(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    unit: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Result<Place> {
    let unit = match locality {
        Some(_) => named_unit(conn, locality, unit, findings).await?,
        None => None,
    };
    Ok(Place { locality, unit })
}
