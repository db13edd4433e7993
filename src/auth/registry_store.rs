//! The registry in the database.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jsonwebtoken::DecodingKey;

use super::keys::OtherKey;
use crate::{
    db::{Conn, schema::signing_keys},
    http::Result,
};

/// How long ago an instance has registered its key, at most, to count as running.
const RUNNING: TimeDelta = TimeDelta::minutes(3);

/// Stores that the issuer signs with this key at `now`. An instant never goes back: the sample data have a clock of
/// their own.
pub async fn upsert(conn: &mut Conn, kid: &str, x: &str, issuer: &str, now: DateTime<Utc>) -> Result<()> {
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(kid),
            signing_keys::x.eq(x),
            signing_keys::issuer.eq(issuer),
            signing_keys::signed_at.eq(now),
        ))
        .on_conflict(signing_keys::kid)
        .do_update()
        .set((
            signing_keys::issuer.eq(excluded(signing_keys::issuer)),
            signing_keys::signed_at.eq(excluded(signing_keys::signed_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Every registered key; one that cannot be read is left out.
pub async fn all(conn: &mut Conn) -> Result<BTreeMap<String, OtherKey>> {
    let columns = (signing_keys::kid, signing_keys::x, signing_keys::signed_at);
    let rows: Vec<(String, String, DateTime<Utc>)> = signing_keys::table.select(columns).load(conn).await?;
    let key = |(kid, x, signed_at): (String, String, DateTime<Utc>)| {
        let decoding = DecodingKey::from_ed_components(&x).ok()?;
        Some((kid, OtherKey { decoding, x, signed_at }))
    };
    Ok(rows.into_iter().filter_map(key).collect())
}

/// The issuers, other than this one, of keys that sign at present.
pub async fn other_issuers(conn: &mut Conn, kid: &str, issuer: &str, now: DateTime<Utc>) -> Result<Vec<String>> {
    let others = signing_keys::kid.ne(kid).and(signing_keys::issuer.ne(issuer));
    let running = signing_keys::signed_at.gt(now - RUNNING);
    Ok(signing_keys::table
        .filter(others.and(running))
        .select(signing_keys::issuer)
        .distinct()
        .order(signing_keys::issuer)
        .load(conn)
        .await?)
}
