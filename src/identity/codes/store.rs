//! One-time codes in the database, by their digests.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    db::{AccountId, Conn, schema::password_codes as codes},
    http::Result,
    identity::rules::Request,
};

/// A code that is neither redeemed nor superseded.
#[derive(Queryable, Selectable)]
#[diesel(table_name = codes)]
pub struct Code {
    pub id: Uuid,
    pub account_id: AccountId,
    pub digest: Vec<u8>,
    pub second_digest: Option<Vec<u8>>,
    pub issued_by: AccountId,
    pub valid_until: DateTime<Utc>,
    pub needs_confirmation: bool,
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl Code {
    pub fn request(&self) -> Request {
        Request {
            by: Some(self.issued_by),
            beneficiary: self.account_id,
            confirm_until: self.needs_confirmation.then_some(self.valid_until),
            confirmed: self.confirmed_at.is_some(),
            ended: false,
        }
    }
}

pub struct NewCode<'a> {
    pub account: AccountId,
    pub digest: &'a [u8],
    pub issued_by: AccountId,
    pub valid_until: DateTime<Utc>,
    pub confirmation_needed: bool,
}

pub async fn insert(conn: &mut Conn, new: NewCode<'_>) -> Result<()> {
    let row = (
        codes::id.eq(Uuid::now_v7()),
        codes::account_id.eq(new.account),
        codes::digest.eq(new.digest),
        codes::issued_by.eq(new.issued_by),
        codes::valid_until.eq(new.valid_until),
        codes::needs_confirmation.eq(new.confirmation_needed),
    );
    diesel::insert_into(codes::table).values(row).execute(conn).await?;
    Ok(())
}

/// The account's code, locked until the transaction ends.
pub async fn lock(conn: &mut Conn, account: AccountId) -> Result<Option<Code>> {
    let open = codes::table.filter(codes::account_id.eq(account).and(codes::ended_at.is_null()));
    Ok(open.select(Code::as_select()).for_update().first(conn).await.optional()?)
}

/// Whether a second administrator confirmed, or has to confirm, the code with which an account's owner can still set the
/// password; none, where there is no such code.
pub async fn open_code(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<Option<bool>> {
    let open = codes::account_id.eq(account).and(codes::ended_at.is_null()).and(codes::valid_until.gt(now));
    let needs = codes::needs_confirmation.or(codes::confirmed_at.is_not_null());
    Ok(codes::table.filter(open).select(needs).first(conn).await.optional()?)
}

/// Confirms a code; from now on it needs its second half.
pub async fn confirm(
    conn: &mut Conn,
    code: Uuid,
    second_digest: &[u8],
    by: AccountId,
    now: DateTime<Utc>,
    valid_until: DateTime<Utc>,
) -> Result<()> {
    let confirmed = (
        codes::second_digest.eq(second_digest),
        codes::confirmed_by.eq(by),
        codes::confirmed_at.eq(now),
        codes::valid_until.eq(valid_until),
    );
    diesel::update(codes::table.find(code)).set(confirmed).execute(conn).await?;
    Ok(())
}

/// Ends all codes of an account.
pub async fn end_codes(conn: &mut Conn, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    let open = codes::table.filter(codes::account_id.eq(account).and(codes::ended_at.is_null()));
    diesel::update(open).set(codes::ended_at.eq(now)).execute(conn).await?;
    Ok(())
}
