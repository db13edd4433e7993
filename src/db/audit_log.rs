//! The audit log's writing side: one record per write, inserted in the transaction of the work, so that neither commits
//! without the other. Writers only insert; the sequencer (`audit/`) chains the records.

use chrono::{DateTime, SubsecRound, Utc};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, Bytea, Nullable, Text as SqlText, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{AccountId, Conn, LocalityId};
use crate::{
    canonical::hex,
    problem::{Error, Result},
    record::{Change, Parts, Text, Told, changes, salted},
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

/// The one statement that writes a record; its text never changes, so that Postgres parses it once.
struct Insert<'a> {
    id: Uuid,
    entry: &'a Entry,
    at: DateTime<Utc>,
    told: Told,
    text_digest: Vec<u8>,
}

impl QueryId for Insert<'_> {
    type QueryId = Insert<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for Insert<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH text AS (INSERT INTO audit_texts (locality_id, record_id, salt, actor, reason, changes) VALUES (",
        );
        out.push_bind_param::<SqlUuid, _>(&self.entry.locality)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlText, _>(&self.told.salt)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlText, _>(&self.entry.actor)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<SqlText>, _>(&self.entry.reason)?;
        out.push_sql(", ");
        // What was sent ahead in pieces comes first.
        out.push_sql("(coalesce(current_setting('thidua.told', true), '') || ");
        out.push_bind_param::<SqlText, _>(&self.told.changes)?;
        out.push_sql(")::jsonb)), pending AS (INSERT INTO audit_pending (locality_id, record_id) VALUES (");
        out.push_bind_param::<SqlUuid, _>(&self.entry.locality)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(
            ")) INSERT INTO audit_records (locality_id, id, account_id, roles, action, subject, names, request_id, at, \
             before_digest, after_digest, text_digest) VALUES (",
        );
        out.push_bind_param::<SqlUuid, _>(&self.entry.locality)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.entry.account)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlText>, _>(&self.entry.roles)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlText, _>(&self.entry.action)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlText, _>(&self.entry.subject)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlText>, _>(&self.entry.names)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<SqlUuid>, _>(&self.entry.request)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Bytea>, _>(&self.told.before)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Bytea>, _>(&self.told.after)?;
        out.push_sql(", ");
        out.push_bind_param::<Bytea, _>(&self.text_digest)?;
        out.push_sql(")");
        Ok(())
    }
}

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
    diesel::sql_query(
        "SELECT length(set_config('thidua.told', coalesce(current_setting('thidua.told', true), '') || $1, true))",
    )
    .bind::<SqlText, _>(piece)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) fn whole(entry: &Entry, changes: Vec<Change>) -> Result<Told> {
    let salt = salt();
    let part = |thing: &Option<Value>| thing.as_ref().map(|thing| salted(&salt, thing).map(Vec::from)).transpose();
    let (before, after) = (part(&entry.before), part(&entry.after));
    let changes = serde_json::to_value(changes).map_err(Error::internal)?;
    let (written, actor, reason) = (changes.to_string(), entry.actor.clone(), entry.reason.clone());
    let text = Text { actor, changes, reason, salt };
    Ok(Told {
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

pub(super) async fn write(conn: &mut Conn, entry: &Entry, told: Told) -> Result<()> {
    let text_digest = told.text.to_vec();
    let insert = Insert { id: Uuid::now_v7(), entry, at: entry.at.trunc_subsecs(6), told, text_digest };
    insert.execute(conn).await?;
    Ok(())
}

pub(super) fn salt() -> String {
    hex(&rand::random::<[u8; 16]>())
}
