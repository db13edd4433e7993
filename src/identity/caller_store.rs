//! Who a token belongs to, with the roles and scopes that hold today.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    auth::Basis,
    db::{
        AccountId, Conn, LocalityId, Lock, UnitId, advisory_lock, from_text,
        schema::{accounts, clients, external_accounts, localities as localities_table, role_grants, sign_ins},
        to_text,
    },
    http::{ALL, Account, Authority, Caller, Error, Grant, Locality, Result, Scope, access},
};

diesel::alias!(role_grants as lent: Lent);

/// The subject of a token.
pub struct TokenSubject {
    pub account: Account,
    pub must_change_password: bool,
    pub locality: Option<Locality>,
    pub grants: Vec<Grant>,
}

/// The enabled account of a token whose basis is still valid, with its locality and its roles and scopes on `today`.
pub async fn find_caller(
    conn: &mut Conn,
    id: AccountId,
    ground: &Basis,
    today: NaiveDate,
) -> Result<Option<TokenSubject>> {
    type Row = (String, bool, Option<(LocalityId, String, String)>);
    let enabled = accounts::id.eq(id).and(accounts::disabled_at.is_null());
    let select = (
        accounts::username,
        accounts::must_change_password,
        (localities_table::id, localities_table::code, localities_table::name).nullable(),
    );
    let query = accounts::table.left_join(localities_table::table).filter(enabled).select(select);
    let (row, grants, sign_in): (Option<Row>, Vec<Grant>, _) = match ground {
        Basis::SignIn(sign_in) => {
            let open = sign_ins::table.filter(sign_ins::id.eq(sign_in).and(sign_ins::account_id.eq(id)));
            let open = open.filter(sign_ins::ended_at.is_null()).select(sign_ins::id);
            let row = query.filter(diesel::dsl::exists(open)).first(conn).await.optional()?;
            (row, grants(conn, id, today).await?, Some(*sign_in))
        }
        Basis::Client(scopes) => {
            let row = query.filter(accounts::kind.eq("client")).first(conn).await.optional()?;
            (row, scoped(conn, id, scopes).await?, None)
        }
        Basis::External => (query.first(conn).await.optional()?, grants(conn, id, today).await?, None),
    };
    Ok(row.map(|(username, must_change_password, locality)| TokenSubject {
        account: Account { id, username, sign_in },
        must_change_password,
        locality: locality.map(|(id, code, name)| Locality { id, code, name }),
        grants,
    }))
}

/// Waits for other changes of rights in the same place, and reads the caller's rights again: two administrators cannot
/// end each other at once. Roles of an external issuer stay as in the token.
pub async fn administer_in_turn(conn: &mut Conn, caller: &Caller) -> Result<Caller> {
    let realm = caller.locality.as_ref().map_or(LocalityId::nil(), |locality| locality.id);
    advisory_lock(conn, Lock::Rights(realm)).await?;
    let Some(sign_in) = caller.account.sign_in else { return Ok(caller.clone()) };
    let found = find_caller(conn, caller.account.id, &Basis::SignIn(sign_in), caller.today()).await?;
    let grants = found.ok_or_else(|| Error::of("unauthenticated"))?.grants;
    Ok(Caller { grants, ..caller.clone() })
}

/// Whether an enabled account has a role today that permits an operation. The roles of an external issuer are in its
/// tokens only: an account of its that never had such a role here is believed.
pub async fn may_still(conn: &mut Conn, account: AccountId, operation: &str, today: NaiveDate) -> Result<bool> {
    let enabled = accounts::table.filter(accounts::id.eq(account).and(accounts::disabled_at.is_null()));
    if !diesel::select(diesel::dsl::exists(enabled)).get_result(conn).await? {
        return Ok(false);
    }
    let access = access(operation);
    if grants(conn, account, today).await?.iter().any(|grant| access.answers(grant.held)) {
        return Ok(true);
    }
    let permitting = ALL.iter().filter(|role| access.answers(Authority::Role(**role)));
    let permitting: Vec<String> = permitting.map(to_text).collect::<Result<_>>()?;
    let external = external_accounts::table.filter(external_accounts::account_id.eq(account));
    let had = role_grants::table.filter(role_grants::account_id.eq(account).and(role_grants::role.eq_any(permitting)));
    let believed = diesel::dsl::exists(external).and(diesel::dsl::not(diesel::dsl::exists(had)));
    Ok(diesel::select(believed).get_result(conn).await?)
}

/// The roles that are valid on `today`. A delegated role is valid while its source is.
async fn grants(conn: &mut Conn, account: AccountId, today: NaiveDate) -> Result<Vec<Grant>> {
    let source = lent.on(lent.field(role_grants::id).nullable().eq(role_grants::delegated_from));
    let source_holds = lent
        .field(role_grants::ended_at)
        .is_null()
        .and(lent.field(role_grants::valid_from).le(today))
        .and(lent.field(role_grants::valid_to).is_null().or(lent.field(role_grants::valid_to).ge(today)));
    let lender = accounts::table.filter(accounts::id.eq(lent.field(role_grants::account_id)));
    let lender = lender.filter(accounts::disabled_at.is_null());
    let rows: Vec<(String, Option<UnitId>, Option<AccountId>)> = role_grants::table
        .left_join(source)
        .filter(role_grants::account_id.eq(account).and(role_grants::ended_at.is_null()))
        .filter(role_grants::valid_from.le(today))
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.ge(today)))
        .filter(role_grants::confirm_until.is_null().or(role_grants::confirmed_at.is_not_null()))
        .filter(
            role_grants::delegated_from.is_null().or(source_holds.assume_not_null().and(diesel::dsl::exists(lender))),
        )
        .select((role_grants::role, role_grants::unit_id, lent.field(role_grants::account_id).nullable()))
        .order(role_grants::id)
        .load(conn)
        .await?;
    let grant = |(role, unit, acting_for)| Ok(Grant { held: Authority::Role(from_text(role)?), unit, acting_for });
    rows.into_iter().map(grant).collect()
}

/// The requested scopes that the client still has.
async fn scoped(conn: &mut Conn, client: AccountId, asked: &[Scope]) -> Result<Vec<Grant>> {
    let row = clients::table.filter(clients::id.eq(client)).select((clients::scope, clients::unit_id));
    let Some((scope, unit)): Option<(String, Option<UnitId>)> = row.first(conn).await.optional()? else {
        return Ok(Vec::new());
    };
    let had = Scope::read(&scope).filter(|scope| asked.contains(scope));
    Ok(had.map(|scope| Grant { held: Authority::Scope(scope), unit, acting_for: None }).collect())
}
