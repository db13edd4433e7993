//! The log in the database: pending records chained, the chain read for the verifier, records listed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Bytea, Jsonb, Nullable, Text as SqlText, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::chain::{Link, Row};
use crate::{
    db::{
        Conn, LocalityId, Lock,
        schema::{
            audit_chain as chain, audit_pending as pending, audit_records as records, audit_texts as texts, localities,
        },
        statement, try_advisory_lock,
    },
    http::Result,
    record::{REDACTION, Record, Text},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = records)]
struct RecordRow {
    locality_id: Uuid,
    id: Uuid,
    account_id: Uuid,
    roles: Vec<Option<String>>,
    action: String,
    subject: String,
    names: Vec<Option<String>>,
    request_id: Option<Uuid>,
    at: DateTime<Utc>,
    before_digest: Option<Vec<u8>>,
    after_digest: Option<Vec<u8>>,
    text_digest: Vec<u8>,
}

impl RecordRow {
    fn into_domain(self) -> Record {
        Record {
            account: self.account_id,
            action: self.action,
            after: self.after_digest,
            at: self.at,
            before: self.before_digest,
            id: self.id,
            locality: self.locality_id,
            names: self.names,
            request: self.request_id,
            roles: self.roles,
            subject: self.subject,
            text: self.text_digest,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = texts)]
struct TextRow {
    salt: String,
    actor: String,
    reason: Option<String>,
    changes: Value,
}

impl TextRow {
    fn into_domain(self) -> Text {
        Text { actor: self.actor, changes: self.changes, reason: self.reason, salt: self.salt }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = chain)]
struct LinkRow {
    seq: i64,
    record_id: Uuid,
    previous: Vec<u8>,
    hash: Vec<u8>,
    chained_at: DateTime<Utc>,
}

impl LinkRow {
    fn into_domain(self) -> Link {
        let Self { seq, record_id, previous, hash, chained_at } = self;
        Link { seq, record: record_id, previous, hash, chained_at }
    }
}

/// Localities with pending records.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<LocalityId>> {
    Ok(pending::table.select(pending::locality_id).distinct().load(conn).await?)
}

/// The logs there are, each with the code of its locality: the one of a code, or all.
pub async fn logs(
    conn: &mut Conn,
    locality: Option<&str>,
    kept: Option<LocalityId>,
) -> Result<Vec<(LocalityId, String)>> {
    let known = localities::table.select((localities::id, localities::code)).load(conn).await?;
    let mut logs: BTreeMap<LocalityId, String> = known.into_iter().collect();
    for id in written(conn).await?.into_iter().chain(kept) {
        logs.entry(id).or_insert_with(|| "above localities".to_owned());
    }
    let asked = |(_, name): &(LocalityId, String)| locality.is_none_or(|code| name == code);
    let mut logs: Vec<(LocalityId, String)> = logs.into_iter().filter(asked).collect();
    logs.sort_by(|(_, one), (_, other)| one.cmp(other));
    Ok(logs)
}

/// Where records were written: one look into the index for each locality, however many its records.
async fn written(conn: &mut Conn) -> Result<Vec<LocalityId>> {
    let mut found: Vec<LocalityId> = Vec::new();
    loop {
        let mut next = records::table.select(records::locality_id).order(records::locality_id).limit(1).into_boxed();
        if let Some(last) = found.last() {
            next = next.filter(records::locality_id.gt(*last));
        }
        match next.first(conn).await.optional()? {
            Some(id) => found.push(id),
            None => return Ok(found),
        }
    }
}

/// Locks a locality's chain for this transaction; false where another instance holds it.
pub async fn take(conn: &mut Conn, locality: LocalityId) -> Result<bool> {
    try_advisory_lock(conn, Lock::Chain(locality)).await
}

/// The last link; none before the first.
pub async fn last(conn: &mut Conn, locality: LocalityId) -> Result<Option<Link>> {
    let of_locality = chain::table.filter(chain::locality_id.eq(locality)).order(chain::seq.desc());
    let last: Option<LinkRow> = of_locality.select(LinkRow::as_select()).first(conn).await.optional()?;
    Ok(last.map(LinkRow::into_domain))
}

/// Pending records.
pub async fn pending(conn: &mut Conn, locality: LocalityId, limit: i64) -> Result<Vec<Record>> {
    let same = records::locality_id.eq(pending::locality_id).and(records::id.eq(pending::record_id));
    let rows: Vec<RecordRow> = pending::table
        .inner_join(records::table.on(same))
        .filter(pending::locality_id.eq(locality))
        .order(pending::record_id)
        .limit(limit)
        .select(RecordRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(RecordRow::into_domain).collect())
}

/// Appends links, and takes their records out of the queue.
pub async fn append(conn: &mut Conn, locality: LocalityId, links: &[Link]) -> Result<()> {
    let column = |of: fn(&Link) -> Vec<u8>| links.iter().map(of).collect::<Vec<_>>();
    let ids: Vec<Uuid> = links.iter().map(|link| link.record).collect();
    statement(
        "INSERT INTO audit_chain (locality_id, seq, record_id, previous, hash, chained_at)
         SELECT $1, * FROM unnest($2, $3, $4, $5, $6)",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<Array<BigInt>, _>(links.iter().map(|link| link.seq).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(&ids)
    .bind::<Array<Bytea>, _>(column(|link| link.previous.clone()))
    .bind::<Array<Bytea>, _>(column(|link| link.hash.clone()))
    .bind::<Array<Timestamptz>, _>(links.iter().map(|link| link.chained_at).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    let done = pending::table.filter(pending::locality_id.eq(locality).and(pending::record_id.eq_any(ids)));
    diesel::delete(done).execute(conn).await?;
    Ok(())
}

/// Number of pending records.
pub async fn unchained(conn: &mut Conn, locality: LocalityId) -> Result<i64> {
    Ok(pending::table.filter(pending::locality_id.eq(locality)).count().get_result(conn).await?)
}

/// The records of all localities that wait to be chained, for the metrics.
#[derive(Debug, QueryableByName)]
pub struct Backlog {
    #[diesel(sql_type = BigInt)]
    pub records: i64,
    #[diesel(sql_type = BigInt)]
    pub oldest_seconds: i64,
}

pub async fn backlog(conn: &mut Conn, now: DateTime<Utc>) -> Result<Backlog> {
    let waiting =
        "SELECT count(*) AS records, coalesce(extract(epoch FROM $1 - min(r.at)), 0)::bigint AS oldest_seconds
        FROM audit_pending p JOIN audit_records r ON r.locality_id = p.locality_id AND r.id = p.record_id";
    Ok(statement(waiting).bind::<Timestamptz, _>(now).get_result(conn).await?)
}

/// Links after a number, in order, each with its record and text.
pub async fn links(conn: &mut Conn, locality: LocalityId, after: i64, limit: i64) -> Result<Vec<Row>> {
    type Found = (LinkRow, Option<RecordRow>, Option<TextRow>);
    let record = records::locality_id.eq(chain::locality_id).and(records::id.eq(chain::record_id));
    let text = texts::locality_id.eq(chain::locality_id).and(texts::record_id.eq(chain::record_id));
    let found: Vec<Found> = chain::table
        .left_join(records::table.on(record))
        .left_join(texts::table.on(text))
        .filter(chain::locality_id.eq(locality).and(chain::seq.gt(after)))
        .order(chain::seq)
        .limit(limit)
        .select((LinkRow::as_select(), Option::<RecordRow>::as_select(), Option::<TextRow>::as_select()))
        .load(conn)
        .await?;
    let row = |(link, record, text): Found| Row {
        link: link.into_domain(),
        record: record.map(RecordRow::into_domain),
        text: text.map(TextRow::into_domain),
    };
    Ok(found.into_iter().map(row).collect())
}

/// The digests of redactions that are not yet chained.
pub async fn waiting_redactions(conn: &mut Conn, locality: LocalityId) -> Result<Vec<Value>> {
    let record = records::locality_id.eq(pending::locality_id).and(records::id.eq(pending::record_id));
    let text = texts::locality_id.eq(pending::locality_id).and(texts::record_id.eq(pending::record_id));
    Ok(pending::table
        .inner_join(records::table.on(record))
        .inner_join(texts::table.on(text))
        .filter(pending::locality_id.eq(locality).and(records::action.eq(REDACTION)))
        .select(texts::changes)
        .load(conn)
        .await?)
}

/// An id of the log, and whether it is where it should be.
#[derive(QueryableByName)]
pub struct Placed {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Bool)]
    pub placed: bool,
}

/// Records after an id, each: is it in the chain, or waiting for it?
pub async fn records_placed(conn: &mut Conn, locality: LocalityId, after: Uuid, limit: i64) -> Result<Vec<Placed>> {
    placed(
        conn,
        "SELECT r.id, (EXISTS (SELECT FROM audit_chain c WHERE c.locality_id = $1 AND c.record_id = r.id)
                OR EXISTS (SELECT FROM audit_pending p WHERE p.locality_id = $1 AND p.record_id = r.id)) AS placed
         FROM audit_records r WHERE r.locality_id = $1 AND r.id > $2 ORDER BY r.id LIMIT $3",
        (locality, after, limit),
    )
    .await
}

/// Texts after an id, each with whether its record exists.
pub async fn texts_placed(conn: &mut Conn, locality: LocalityId, after: Uuid, limit: i64) -> Result<Vec<Placed>> {
    placed(
        conn,
        "SELECT t.record_id AS id,
                EXISTS (SELECT FROM audit_records r WHERE r.locality_id = $1 AND r.id = t.record_id) AS placed
         FROM audit_texts t WHERE t.locality_id = $1 AND t.record_id > $2 ORDER BY t.record_id LIMIT $3",
        (locality, after, limit),
    )
    .await
}

async fn placed(
    conn: &mut Conn,
    query: &'static str,
    (locality, after, limit): (LocalityId, Uuid, i64),
) -> Result<Vec<Placed>> {
    let query = statement(query).bind::<SqlUuid, _>(locality).bind::<SqlUuid, _>(after);
    Ok(query.bind::<BigInt, _>(limit).load(conn).await?)
}

/// Which records a list shows.
#[derive(Default)]
pub struct Filter {
    /// A username at the time.
    pub actor: Option<String>,
    /// A subject, with those below it.
    pub subject: Option<String>,
    pub action: Option<String>,
    pub from: Option<DateTime<Utc>>,
    /// Excluded.
    pub to: Option<DateTime<Utc>>,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub limit: i64,
}

/// A record with its text and, once chained, its number.
#[derive(QueryableByName)]
pub struct Listed {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub seq: Option<i64>,
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = Array<SqlText>)]
    pub roles: Vec<String>,
    #[diesel(sql_type = SqlText)]
    pub action: String,
    #[diesel(sql_type = SqlText)]
    pub subject: String,
    #[diesel(sql_type = Array<SqlText>)]
    pub names: Vec<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub request_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub before_digest: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub after_digest: Option<Vec<u8>>,
    #[diesel(sql_type = SqlText)]
    pub salt: String,
    #[diesel(sql_type = SqlText)]
    pub actor: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Jsonb)]
    pub changes: Value,
}

/// Newest first.
pub async fn list(conn: &mut Conn, locality: LocalityId, filter: Filter) -> Result<Vec<Listed>> {
    let (at, id) = filter.after.unzip();
    let literally = |subject: &String| subject.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let below = filter.subject.as_ref().map(|subject| format!("{}/%", literally(subject)));
    let rows = statement(
        "SELECT r.*, c.seq, t.salt, t.actor, t.reason, t.changes
         FROM audit_records r JOIN audit_texts t ON t.locality_id = r.locality_id AND t.record_id = r.id
             LEFT JOIN audit_chain c ON c.locality_id = r.locality_id AND c.record_id = r.id
         WHERE r.locality_id = $1 AND ($2 IS NULL OR t.actor = $2)
           AND ($3 IS NULL OR r.subject = $3 OR r.subject LIKE $4 OR (r.names <> '{}' AND r.names @> ARRAY[$3]))
           AND ($5 IS NULL OR r.action = $5) AND ($6 IS NULL OR r.at >= $6) AND ($7 IS NULL OR r.at < $7)
           AND ($8 IS NULL OR (r.at, r.id) < ($8, $9))
         ORDER BY r.at DESC, r.id DESC LIMIT $10",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<Nullable<SqlText>, _>(filter.actor)
    .bind::<Nullable<SqlText>, _>(filter.subject)
    .bind::<Nullable<SqlText>, _>(below)
    .bind::<Nullable<SqlText>, _>(filter.action)
    .bind::<Nullable<Timestamptz>, _>(filter.from)
    .bind::<Nullable<Timestamptz>, _>(filter.to)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(filter.limit)
    .load(conn)
    .await?;
    Ok(rows)
}
