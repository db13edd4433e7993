//! The public keys of proofs. They are only inserted: what was signed is verified for ever.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, schema::proof_keys},
    http::Result,
};

/// Publishes a key, unless it is.
pub async fn publish(conn: &mut Conn, controller: &str, key: &str, at: DateTime<Utc>) -> Result<()> {
    let row = (proof_keys::controller.eq(controller), proof_keys::key.eq(key), proof_keys::published_at.eq(at));
    diesel::insert_into(proof_keys::table).values(row).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}

/// Every key with its controller, the oldest first.
pub async fn all(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let order = (proof_keys::published_at, proof_keys::controller, proof_keys::key);
    Ok(proof_keys::table.order(order).select((proof_keys::controller, proof_keys::key)).load(conn).await?)
}
