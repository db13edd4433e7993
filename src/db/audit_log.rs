//! The audit log's writing side: one record per write, inserted in the transaction of the work, so that neither commits
//! without the other. Writers only insert; the sequencer (`audit/`) chains the records.

use chrono::{DateTime, SubsecRound, Utc};
use diesel::sql_types::{Array, Bytea, Nullable, Text as SqlText, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{AccountId, Conn, LocalityId, statement};
use crate::{
    canonical::hex,
    problem::{Error, Result},
    record::{Change, Parts, RecordedText, Text, changes, salted},
};

/// A new record.
#[derive(Debug, Default)]
pub struct Entry {
    /// The nil id for work above localities.
    pub locality: LocalityId,
    pub account: AccountId,
    pub actor: String,
    /// The account's roles or scopes that permitted it.
    pub roles: Vec<String>,
    /// Id of the operation.
    pub action: String,
    /// Path of the subject below `/api/v1`.
    pub subject: String,
    /// Paths of other resources that the record concerns.
    pub names: Vec<String>,
    pub reason: Option<String>,
    pub request: Option<Uuid>,
    pub at: DateTime<Utc>,
    /// The entity as stored, before and after.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// For recording many entities one by one.
pub fn parts(actor: &str) -> Parts {
    Parts::new(salt(), actor)
}

impl Entry {
    /// Work of the service itself or the command line, without a login.
    pub fn of_command_line(locality: Option<LocalityId>, action: &str, subject: String, at: DateTime<Utc>) -> Self {
        Self {
            locality: locality.unwrap_or(LocalityId::nil()),
            account: AccountId::nil(),
            actor: "command line".into(),
            action: action.into(),
            subject,
            at,
            ..Self::default()
        }
    }
}

/// What was sent ahead in pieces comes first.
const INSERT: &str = "WITH text AS (
        INSERT INTO audit_texts (locality_id, record_id, salt, actor, reason, changes)
        VALUES ($1, $2, $3, $4, $5, (coalesce(current_setting('thidua.told', true), '') || $6)::jsonb)
    ), pending AS (INSERT INTO audit_pending (locality_id, record_id) VALUES ($1, $2))
    INSERT INTO audit_records (locality_id, id, account_id, roles, action, subject, names, request_id, at,
        before_digest, after_digest, text_digest)
    VALUES ($1, $2, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

/// Writes the record of a write. An error here fails the write: nothing is stored without its record.
pub async fn insert(conn: &mut Conn, entry: &Entry) -> Result<()> {
    let nothing = Value::Null;
    let (before, after) = (entry.before.as_ref().unwrap_or(&nothing), entry.after.as_ref().unwrap_or(&nothing));
    write(conn, entry, whole(entry, changes(before, after))?).await
}

/// The same for a write of many entities.
pub async fn insert_parts(conn: &mut Conn, entry: &Entry, parts: Parts) -> Result<()> {
    write(conn, entry, parts.end(entry.reason.as_deref())).await
}

/// Sends a part of the changes ahead of its record. Until then the server keeps it in a setting that ends with the
/// transaction: a connection keeps a buffer for the largest message it has sent.
pub async fn send(conn: &mut Conn, piece: &str) -> Result<()> {
    statement(
        "SELECT length(set_config('thidua.told', coalesce(current_setting('thidua.told', true), '') || $1, true))",
    )
    .bind::<SqlText, _>(piece)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) fn whole(entry: &Entry, changes: Vec<Change>) -> Result<RecordedText> {
    let salt = salt();
    let part = |thing: &Option<Value>| thing.as_ref().map(|thing| salted(&salt, thing).map(Vec::from)).transpose();
    let (before, after) = (part(&entry.before), part(&entry.after));
    let changes = serde_json::to_value(changes).map_err(Error::internal)?;
    let (written, actor, reason) = (changes.to_string(), entry.actor.clone(), entry.reason.clone());
    let text = Text { actor, changes, reason, salt };
    Ok(RecordedText {
        before: before.map_err(Error::internal)?,
        after: after.map_err(Error::internal)?,
        changes: written,
        text: text.digest().map_err(Error::internal)?,
        salt: text.salt,
    })
}

/// The same for an entity created on the command line.
pub async fn insert_command(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    action: &str,
    subject: String,
    at: DateTime<Utc>,
    made: &impl Serialize,
) -> Result<()> {
    let after = Some(serde_json::to_value(made).map_err(Error::internal)?);
    insert(conn, &Entry { after, ..Entry::of_command_line(locality, action, subject, at) }).await
}

pub(super) async fn write(conn: &mut Conn, entry: &Entry, told: RecordedText) -> Result<()> {
    let insert = statement(INSERT)
        .bind::<SqlUuid, _>(entry.locality)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlText, _>(told.salt)
        .bind::<SqlText, _>(&entry.actor)
        .bind::<Nullable<SqlText>, _>(&entry.reason)
        .bind::<SqlText, _>(told.changes)
        .bind::<SqlUuid, _>(entry.account)
        .bind::<Array<SqlText>, _>(&entry.roles)
        .bind::<SqlText, _>(&entry.action)
        .bind::<SqlText, _>(&entry.subject)
        .bind::<Array<SqlText>, _>(&entry.names)
        .bind::<Nullable<SqlUuid>, _>(entry.request)
        .bind::<Timestamptz, _>(entry.at.trunc_subsecs(6))
        .bind::<Nullable<Bytea>, _>(told.before)
        .bind::<Nullable<Bytea>, _>(told.after)
        .bind::<Bytea, _>(told.text.to_vec());
    insert.execute(conn).await?;
    Ok(())
}

pub(super) fn salt() -> String {
    hex(&rand::random::<[u8; 16]>())
}
