//! Logins: failed ones, the addresses of successful ones, sign-ins and their refresh tokens.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::throttle::{Failures, OF_ACCOUNT, OF_ADDRESS, WINDOW, wait};
use crate::{
    db::{
        AccountId, Conn, Lock, advisory_lock,
        schema::{accounts, login_addresses, login_failures, refresh_tokens, sign_ins},
    },
    http::Result,
};

/// How long an address is remembered after the last login from it.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

/// Counts a login as failed until it succeeds, unless the earlier failures forbid it: then returns the seconds to wait.
/// Deletes failures more than a day away.
pub async fn record_failure(
    conn: &mut Conn,
    username: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<std::result::Result<Uuid, i64>> {
    // Attempts on one username queue here, so that each sees those before it.
    advisory_lock(conn, Lock::Guesses { username }).await?;
    let known: bool = diesel::select(diesel::dsl::exists(
        login_addresses::table
            .inner_join(accounts::table)
            .filter(accounts::username.eq(username).and(login_addresses::address.eq(address))),
    ))
    .get_result(conn)
    .await?;
    // A wrong clock leaves failures in the future, which count for nobody.
    let window = || login_failures::at.gt(now - WINDOW).and(login_failures::at.le(now));
    let recent = || login_failures::table.select(login_failures::at).filter(window()).into_boxed();
    let of_name = recent().filter(login_failures::username.eq(username)).order(login_failures::at.desc());
    let of_address = recent().filter(login_failures::address.eq(address)).order(login_failures::at.desc());
    let failures = match known {
        true => Failures {
            of_account: newest(conn, of_name.filter(login_failures::address.eq(address)), OF_ACCOUNT).await?,
            of_address: None,
        },
        false => Failures {
            of_account: newest(conn, of_name.filter(login_failures::known.eq(false)), OF_ACCOUNT).await?,
            of_address: newest(conn, of_address, OF_ADDRESS).await?,
        },
    };
    if let Some(seconds) = wait(&failures, now) {
        return Ok(Err(seconds));
    }
    let id = Uuid::now_v7();
    let row = (
        login_failures::username.eq(username),
        login_failures::at.eq(now),
        login_failures::id.eq(id),
        login_failures::address.eq(address),
        login_failures::known.eq(known),
    );
    diesel::insert_into(login_failures::table).values(row).execute(conn).await?;
    let of_no_use = login_failures::at.lt(now - TimeDelta::days(1)).or(login_failures::at.gt(now + TimeDelta::days(1)));
    diesel::delete(login_failures::table.filter(of_no_use)).execute(conn).await?;
    Ok(Ok(id))
}

/// The instant of the `nth` newest failure.
async fn newest(
    conn: &mut Conn,
    failures: login_failures::BoxedQuery<'_, diesel::pg::Pg, diesel::sql_types::Timestamptz>,
    nth: i64,
) -> Result<Option<DateTime<Utc>>> {
    Ok(failures.offset(nth - 1).limit(1).first(conn).await.optional()?)
}

/// The password was right: the failure is removed, and the address is known for the account.
pub async fn clear_failures(
    conn: &mut Conn,
    guess: Uuid,
    account: AccountId,
    address: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::delete(login_failures::table.filter(login_failures::id.eq(guess))).execute(conn).await?;
    let seen = (
        login_addresses::account_id.eq(account),
        login_addresses::address.eq(address),
        login_addresses::last_at.eq(now),
    );
    diesel::insert_into(login_addresses::table)
        .values(seen)
        .on_conflict((login_addresses::account_id, login_addresses::address))
        .do_update()
        .set(login_addresses::last_at.eq(now))
        .execute(conn)
        .await?;
    let old = login_addresses::account_id.eq(account).and(login_addresses::last_at.lt(now - REMEMBERED));
    diesel::delete(login_addresses::table.filter(old)).execute(conn).await?;
    Ok(())
}

/// Forgets the failures of an account whose password was set anew.
pub async fn forget_failures(conn: &mut Conn, username: &str) -> Result<()> {
    diesel::delete(login_failures::table.filter(login_failures::username.eq(username))).execute(conn).await?;
    Ok(())
}

pub async fn sign_in(conn: &mut Conn, account: AccountId, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let row = (
        sign_ins::id.eq(id),
        sign_ins::account_id.eq(account),
        sign_ins::created_at.eq(now),
        sign_ins::expires_at.eq(until),
    );
    diesel::insert_into(sign_ins::table).values(row).execute(conn).await?;
    Ok(id)
}

pub async fn keep_token(conn: &mut Conn, digest: &[u8], sign_in: Uuid, until: DateTime<Utc>) -> Result<()> {
    let row = (
        refresh_tokens::digest.eq(digest),
        refresh_tokens::sign_in_id.eq(sign_in),
        refresh_tokens::expires_at.eq(until),
    );
    diesel::insert_into(refresh_tokens::table).values(row).execute(conn).await?;
    Ok(())
}

/// A refresh token with its sign-in.
#[derive(Queryable)]
pub struct RefreshGrant {
    pub sign_in: Uuid,
    pub account: AccountId,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    /// Digest of who used it.
    pub used_from: Option<Vec<u8>>,
    /// The token that replaced it, masked.
    pub successor: Option<Vec<u8>>,
    pub sign_in_began_at: DateTime<Utc>,
    pub sign_in_expires_at: DateTime<Utc>,
}

/// The token of an active sign-in; the sign-in is locked, so that two uses run one after the other.
pub async fn lock_token(conn: &mut Conn, digest: &[u8]) -> Result<Option<RefreshGrant>> {
    let found = refresh_tokens::table.filter(refresh_tokens::digest.eq(digest)).select(refresh_tokens::sign_in_id);
    let Some(sign_in) = found.first::<Uuid>(conn).await.optional()? else { return Ok(None) };
    let open = sign_ins::table.filter(sign_ins::id.eq(sign_in).and(sign_ins::ended_at.is_null()));
    let open = open.select((sign_ins::account_id, sign_ins::created_at, sign_ins::expires_at)).for_update();
    type Open = (AccountId, DateTime<Utc>, DateTime<Utc>);
    let Some((account, sign_in_began_at, sign_in_expires_at)) = open.first::<Open>(conn).await.optional()? else {
        return Ok(None);
    };
    // Read again: the previous holder of the lock may have used it.
    let use_of = (refresh_tokens::used_at, refresh_tokens::used_from, refresh_tokens::successor);
    let token = refresh_tokens::table.find(digest).select((refresh_tokens::expires_at, use_of));
    let (expires_at, (used_at, used_from, successor)) = token.first(conn).await?;
    Ok(Some(RefreshGrant {
        sign_in,
        account,
        expires_at,
        used_at,
        used_from,
        successor,
        sign_in_began_at,
        sign_in_expires_at,
    }))
}

/// Replaces a token by its successor.
pub async fn use_token(
    conn: &mut Conn,
    digest: &[u8],
    now: DateTime<Utc>,
    from: &[u8],
    successor: Option<Vec<u8>>,
) -> Result<()> {
    let used =
        (refresh_tokens::used_at.eq(now), refresh_tokens::used_from.eq(from), refresh_tokens::successor.eq(successor));
    diesel::update(refresh_tokens::table.find(digest)).set(used).execute(conn).await?;
    Ok(())
}

/// Whether a token waits for its use.
pub async fn is_unused(conn: &mut Conn, digest: &[u8]) -> Result<bool> {
    let unused = refresh_tokens::table.filter(refresh_tokens::digest.eq(digest).and(refresh_tokens::used_at.is_null()));
    Ok(diesel::select(diesel::dsl::exists(unused)).get_result(conn).await?)
}

pub async fn end_sign_in(conn: &mut Conn, sign_in: Uuid, because: &str, now: DateTime<Utc>) -> Result<()> {
    let open = sign_ins::table.filter(sign_ins::id.eq(sign_in).and(sign_ins::ended_at.is_null()));
    let ended = (sign_ins::ended_at.eq(now), sign_ins::ended_because.eq(because));
    diesel::update(open).set(ended).execute(conn).await?;
    Ok(())
}

/// Ends all sign-ins of an account but one.
pub async fn end_sign_ins(
    conn: &mut Conn,
    account: AccountId,
    but: Option<Uuid>,
    because: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let others = sign_ins::account_id.eq(account).and(sign_ins::id.ne(but.unwrap_or_default()));
    let open = sign_ins::table.filter(others.and(sign_ins::ended_at.is_null()));
    let ended = (sign_ins::ended_at.eq(now), sign_ins::ended_because.eq(because));
    diesel::update(open).set(ended).execute(conn).await?;
    Ok(())
}

/// Deletes expired sign-ins with their tokens.
pub async fn forget_sign_ins(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize> {
    Ok(diesel::delete(sign_ins::table.filter(sign_ins::expires_at.lt(before))).execute(conn).await?)
}
