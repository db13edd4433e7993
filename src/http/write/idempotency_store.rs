//! Stored replies of idempotent requests, in the transaction of the work.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{AccountId, Conn, LocalityId, Lock, schema::answers, try_advisory_lock},
    http::{Error, Reply, Result},
};

/// Minimum retention of a reply.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// The owner of a key: two accounts may use the same key.
pub struct Key {
    pub locality: LocalityId,
    pub account: AccountId,
    pub text: String,
}

/// State of a key.
pub enum Claim {
    New,
    Answered(Reply),
    /// The same request was done, and its answer had a secret: it is done again, as far as what it changed lets it.
    Withheld,
    /// The key was used for another request.
    OtherRequest,
    /// The first request with this key is still running.
    Running,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = answers)]
struct Row {
    fingerprint: Vec<u8>,
    status: i16,
    body: serde_json::Value,
    etag: Option<String>,
    location: Option<String>,
    withheld: bool,
}

/// Takes the key for this transaction, or returns its state. No request waits for another one's work.
pub async fn claim(conn: &mut Conn, key: &Key, fingerprint: &[u8]) -> Result<Claim> {
    let lock = Lock::Answer { locality: key.locality, account: key.account, key: &key.text };
    if !try_advisory_lock(conn, lock).await? {
        return Ok(Claim::Running);
    }
    let found: Option<Row> = answers::table
        .find((key.locality, key.account, &key.text))
        .select(Row::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(match found {
        None => Claim::New,
        Some(row) if row.fingerprint != fingerprint => Claim::OtherRequest,
        Some(row) if row.withheld => Claim::Withheld,
        Some(row) => Claim::Answered(Reply {
            status: row.status as u16,
            body: serde_json::to_vec(&row.body).map_err(Error::internal)?.into(),
            etag: row.etag,
            location: row.location,
            link: None,
            replayed: true,
            secret: false,
            public: false,
        }),
    })
}

/// Stores the reply with its work; of one with a secret only that there was one.
pub async fn keep(conn: &mut Conn, key: &Key, fingerprint: &[u8], reply: &Reply, now: DateTime<Utc>) -> Result<()> {
    let body = if reply.secret { serde_json::Value::Null } else { reply.document()? };
    diesel::insert_into(answers::table)
        .values((
            answers::locality_id.eq(key.locality),
            answers::account_id.eq(key.account),
            answers::key.eq(&key.text),
            answers::fingerprint.eq(fingerprint),
            answers::status.eq(reply.status as i16),
            answers::body.eq(body),
            answers::etag.eq(&reply.etag),
            answers::location.eq(&reply.location),
            answers::created_at.eq(now),
            answers::withheld.eq(reply.secret),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes expired replies. Those that a wrong clock dated in the future are kept for the usual time from now on.
pub async fn forget(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
    let future = answers::table.filter(answers::created_at.gt(now));
    diesel::update(future).set(answers::created_at.eq(now)).execute(conn).await?;
    let old = answers::table.filter(answers::created_at.lt(now - KEPT));
    Ok(diesel::delete(old).execute(conn).await?)
}
