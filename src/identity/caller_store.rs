//! Who a token belongs to, with the roles and scopes that hold today.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Date, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    auth::Basis,
    db::{
        AccountId, Conn, LocalityId, Lock, UnitId, advisory_lock, from_text,
        schema::{external_accounts, role_grants},
        statement, to_text,
    },
    http::{ALL, Account, Authority, Caller, Error, Grant, Locality, Result, Scope, access},
};

/// The subject of a token.
pub struct TokenSubject {
    pub account: Account,
    pub must_change_password: bool,
    pub locality: Option<Locality>,
    /// The locality of the code that was asked for.
    pub named: Option<Locality>,
    /// Of its own locality, or of the one that was asked for.
    pub generation: Option<Uuid>,
    pub grants: Vec<Grant>,
}

/// The enabled account `$1` on the day `$2`, by its open sign-in `$3`; its locality, and what it may do. A delegated role is
/// valid while its source is.
const PERSON: &str = "
    SELECT a.username, a.must_change_password, o.id, o.code, o.name, e.generation,
           NULL AS scope, NULL::uuid AS unit_id, g.roles, g.units, g.lenders
    FROM accounts a
    LEFT JOIN localities o ON o.id = a.locality_id
    LEFT JOIN generations e ON e.locality = a.locality_id
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(r.role ORDER BY r.id), '{}') AS roles,
               coalesce(array_agg(r.unit_id ORDER BY r.id), '{}') AS units,
               coalesce(array_agg(s.account_id ORDER BY r.id), '{}') AS lenders
        FROM role_grants r LEFT JOIN role_grants s ON s.id = r.delegated_from
        WHERE r.account_id = a.id AND r.ended_at IS NULL
          AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to >= $2)
          AND (r.confirm_until IS NULL OR r.confirmed_at IS NOT NULL)
          AND (r.delegated_from IS NULL
               OR s.ended_at IS NULL AND s.valid_from <= $2 AND (s.valid_to IS NULL OR s.valid_to >= $2)
                  AND EXISTS (SELECT FROM accounts l WHERE l.id = s.account_id AND l.disabled_at IS NULL))
    ) g
    WHERE a.id = $1 AND a.disabled_at IS NULL
      AND ($3 IS NULL OR EXISTS (
          SELECT FROM sign_ins i WHERE i.id = $3 AND i.account_id = $1 AND i.ended_at IS NULL))";

/// The enabled client `$1`. A statement of its own, as is [`NAMED`]: one for everybody costs every request twice as much.
const CLIENT: &str = "
    SELECT a.username, a.must_change_password, o.id, o.code, o.name, e.generation,
           c.scope, c.unit_id, '{}'::text[] AS roles, '{}'::uuid[] AS units, '{}'::uuid[] AS lenders
    FROM accounts a
    LEFT JOIN localities o ON o.id = a.locality_id
    LEFT JOIN generations e ON e.locality = a.locality_id
    LEFT JOIN clients c ON c.id = a.id
    WHERE a.id = $1 AND a.disabled_at IS NULL AND a.kind = 'client'";

/// The locality of the code `$1` on the day `$2`.
const NAMED: &str = "
    SELECT n.id, n.code, n.name, e.generation
    FROM localities n LEFT JOIN generations e ON e.locality = n.id
    WHERE n.code = $1 AND n.valid_from <= $2 AND (n.valid_to IS NULL OR n.valid_to >= $2)";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    username: String,
    #[diesel(sql_type = Bool)]
    must_change_password: bool,
    #[diesel(embed)]
    own: Place,
    #[diesel(sql_type = Nullable<Text>)]
    scope: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    unit_id: Option<UnitId>,
    #[diesel(sql_type = Array<Text>)]
    roles: Vec<String>,
    #[diesel(sql_type = Array<Nullable<SqlUuid>>)]
    units: Vec<Option<UnitId>>,
    #[diesel(sql_type = Array<Nullable<SqlUuid>>)]
    lenders: Vec<Option<AccountId>>,
}

/// A locality with its generation, if there is one.
#[derive(Default, QueryableByName)]
struct Place {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<LocalityId>,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    generation: Option<Uuid>,
}

impl Place {
    fn locality(self) -> Option<Locality> {
        Some(Locality { id: self.id?, code: self.code?, name: self.name? })
    }
}

/// The enabled account of a token whose basis is still valid, with its locality and its roles and scopes on `today`; and
/// the locality of a code.
pub async fn find_caller(
    conn: &mut Conn,
    id: AccountId,
    ground: &Basis,
    named: Option<&str>,
    today: NaiveDate,
) -> Result<Option<TokenSubject>> {
    let person = |sign_in: Option<Uuid>| {
        statement(PERSON).bind::<SqlUuid, _>(id).bind::<Date, _>(today).bind::<Nullable<SqlUuid>, _>(sign_in)
    };
    let (find, sign_in, asked) = match ground {
        Basis::SignIn(sign_in) => (person(Some(*sign_in)), Some(*sign_in), None),
        Basis::Client(scopes) => (statement(CLIENT).bind::<SqlUuid, _>(id), None, Some(scopes)),
        Basis::External => (person(None), None, None),
    };
    let Some(row) = find.get_result::<Row>(conn).await.optional()? else { return Ok(None) };
    let named = match named {
        Some(code) => {
            statement(NAMED).bind::<Text, _>(code).bind::<Date, _>(today).get_result::<Place>(conn).await.optional()?
        }
        None => None,
    };
    let named = named.unwrap_or_default();
    let roles = row
        .roles
        .into_iter()
        .zip(row.units)
        .zip(row.lenders)
        .map(|((role, unit), acting_for)| Ok(Grant { held: Authority::Role(from_text(role)?), unit, acting_for }));
    let mut grants: Vec<Grant> = roles.collect::<Result<_>>()?;
    if let (Some(asked), Some(had)) = (asked, row.scope) {
        // The requested scopes that the client still has.
        let had = Scope::read(&had).filter(|scope| asked.contains(scope));
        grants.extend(had.map(|scope| Grant { held: Authority::Scope(scope), unit: row.unit_id, acting_for: None }));
    }
    Ok(Some(TokenSubject {
        account: Account { id, username: row.username, sign_in },
        must_change_password: row.must_change_password,
        generation: row.own.generation.or(named.generation),
        locality: row.own.locality(),
        named: named.locality(),
        grants,
    }))
}

/// Waits for other changes of rights in the same place, and reads the caller's rights again: two administrators cannot
/// end each other at once. Roles of an external issuer stay as in the token.
pub async fn administer_in_turn(conn: &mut Conn, caller: &Caller) -> Result<Caller> {
    let realm = caller.locality.as_ref().map_or(LocalityId::nil(), |locality| locality.id);
    advisory_lock(conn, Lock::Rights(realm)).await?;
    let Some(sign_in) = caller.account.sign_in else { return Ok(caller.clone()) };
    let found = find_caller(conn, caller.account.id, &Basis::SignIn(sign_in), None, caller.today()).await?;
    let grants = found.ok_or_else(|| Error::of("unauthenticated"))?.grants;
    Ok(Caller { grants, ..caller.clone() })
}

/// Whether an enabled account has a role today that permits an operation. The roles of an external issuer are in its
/// tokens only: an account of its that never had such a role here is believed.
pub async fn may_still(conn: &mut Conn, account: AccountId, operation: &str, today: NaiveDate) -> Result<bool> {
    let Some(found) = find_caller(conn, account, &Basis::External, None, today).await? else { return Ok(false) };
    let access = access(operation);
    if found.grants.iter().any(|grant| access.answers(grant.held)) {
        return Ok(true);
    }
    let permitting = ALL.iter().filter(|role| access.answers(Authority::Role(**role)));
    let permitting: Vec<String> = permitting.map(to_text).collect::<Result<_>>()?;
    let external = external_accounts::table.filter(external_accounts::account_id.eq(account));
    let had = role_grants::table.filter(role_grants::account_id.eq(account).and(role_grants::role.eq_any(permitting)));
    let believed = diesel::dsl::exists(external).and(diesel::dsl::not(diesel::dsl::exists(had)));
    Ok(diesel::select(believed).get_result(conn).await?)
}
