//! Redaction of the audit log when a person's retention ends. It goes through the log page by page, so that neither
//! memory nor the duration of a statement depends on the length of the log or the number of records found.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text as SqlText, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    AccountId, Conn, LocalityId,
    audit_log::{Entry, salt, whole, write},
    schema::audit_texts as texts,
    statement,
};
use crate::{
    canonical::hex,
    problem::{Error, Result},
    record::{Change, REDACTION, Text},
};

/// Records read in one statement.
const PAGE: i64 = 500;
/// Approximate number of records that one redaction record names.
const NAMED: usize = 10_000;

/// What to redact.
#[derive(Debug, Default)]
pub struct Whose<'a> {
    /// Subjects: their records, and those of subjects below them, lose reason and values; the names of changed members
    /// stay.
    pub subjects: &'a [String],
    /// Accounts: their records keep everything but the name, which becomes `pseudonym`.
    pub accounts: &'a [AccountId],
    /// Texts, as regular expressions of Postgres, replaced by `pseudonym` everywhere.
    pub mentions: &'a [String],
    pub pseudonym: &'a str,
}

/// Redacts the log in the caller's transaction and returns the number of records. The records stay unchanged, and the
/// redaction is itself recorded (`entry` names its author), with the digest of each text before and after, so that the
/// verifier can distinguish redacted texts from forged ones.
pub async fn redact(conn: &mut Conn, entry: Entry, whose: &Whose<'_>) -> Result<usize> {
    let entry = Entry { action: REDACTION.into(), ..entry };
    let (mut count, mut named, mut after) = (0, Vec::new(), Uuid::nil());
    loop {
        let page = page(conn, entry.locality, whose, after).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        let found = find(conn, entry.locality, whose, &page).await?;
        count += found.len();
        named.extend(replace(conn, entry.locality, whose.pseudonym, found).await?);
        if named.len() >= NAMED {
            record(conn, &entry, std::mem::take(&mut named)).await?;
        }
    }
    if !named.is_empty() {
        record(conn, &entry, named).await?;
    }
    Ok(count)
}

/// The next records that may contain such texts, in order of their ids. A text may be anywhere; subjects and accounts
/// are found without reading the texts.
async fn page(conn: &mut Conn, locality: LocalityId, whose: &Whose<'_>, after: Uuid) -> Result<Vec<Uuid>> {
    if !whose.mentions.is_empty() {
        let next = texts::table.filter(texts::locality_id.eq(locality).and(texts::record_id.gt(after)));
        return Ok(next.select(texts::record_id).order(texts::record_id).limit(PAGE).load(conn).await?);
    }
    #[derive(QueryableByName)]
    struct Place {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    // What lies below a thing begins with its path and `/`, after which comes `0`: a range of the subjects' index.
    let places: Vec<Place> = statement(
        "SELECT r.id FROM unnest($3) AS s (subject) JOIN audit_records r ON r.locality_id = $1
             AND (r.subject = s.subject OR r.subject ~>=~ (s.subject || '/') AND r.subject ~<~ (s.subject || '0'))
         WHERE r.id > $2
         UNION SELECT r.id FROM audit_records r WHERE r.locality_id = $1 AND r.id > $2 AND r.account_id = ANY($4)
         ORDER BY id LIMIT $5",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<SqlUuid, _>(after)
    .bind::<Array<SqlText>, _>(whose.subjects)
    .bind::<Array<SqlUuid>, _>(whose.accounts)
    .bind::<BigInt, _>(PAGE)
    .load(conn)
    .await?;
    Ok(places.into_iter().map(|place| place.id).collect())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    record_id: Uuid,
    #[diesel(sql_type = SqlText)]
    salt: String,
    #[diesel(sql_type = SqlText)]
    actor: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    reason: Option<String>,
    #[diesel(sql_type = Jsonb)]
    changes: Value,
    #[diesel(sql_type = Bool)]
    of_subject: bool,
    #[diesel(sql_type = Bool)]
    of_account: bool,
    /// The same with the texts replaced.
    #[diesel(sql_type = Nullable<SqlText>)]
    plain_reason: Option<String>,
    #[diesel(sql_type = Jsonb)]
    plain_changes: Value,
}

/// Those of the page that contain such texts.
async fn find(conn: &mut Conn, locality: LocalityId, whose: &Whose<'_>, page: &[Uuid]) -> Result<Vec<Found>> {
    // Without words, what nothing matches.
    let mentions = if whose.mentions.is_empty() { "$.^".to_owned() } else { whose.mentions.join("|") };
    let found = statement(
        "SELECT * FROM (
             SELECT t.record_id, t.salt, t.actor, t.reason, t.changes,
                    regexp_replace(t.reason, $5, $6, 'gi') AS plain_reason,
                    regexp_replace(t.changes::text, $5, $6, 'gi')::jsonb AS plain_changes,
                    r.account_id = ANY($3) AS of_account,
                    EXISTS (SELECT FROM unnest($2) AS s (subject)
                            WHERE r.subject = s.subject OR starts_with(r.subject, s.subject || '/')) AS of_subject
             FROM audit_texts t JOIN audit_records r ON r.locality_id = $1 AND r.id = t.record_id
             WHERE t.locality_id = $1 AND t.record_id = ANY($7) AND r.action <> $4
         ) AS looked_at
         WHERE of_account OR of_subject OR plain_reason <> reason OR plain_changes <> changes ORDER BY record_id",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<Array<SqlText>, _>(whose.subjects)
    .bind::<Array<SqlUuid>, _>(whose.accounts)
    .bind::<SqlText, _>(REDACTION)
    .bind::<SqlText, _>(mentions)
    .bind::<SqlText, _>(whose.pseudonym)
    .bind::<Array<SqlUuid>, _>(page);
    Ok(found.load(conn).await?)
}

/// Stores the redacted texts; returns the digests of each before and after.
async fn replace(conn: &mut Conn, locality: LocalityId, pseudonym: &str, found: Vec<Found>) -> Result<Vec<Change>> {
    let mut changes = Vec::with_capacity(found.len());
    for row in found {
        let (id, of_account, of_subject) = (row.record_id, row.of_account, row.of_subject);
        let before = Text { actor: row.actor, changes: row.changes, reason: row.reason, salt: row.salt };
        let after = Text {
            actor: if of_account { pseudonym.to_owned() } else { before.actor.clone() },
            changes: if of_subject { without_values(&before.changes) } else { row.plain_changes },
            reason: row.plain_reason.filter(|_| !of_subject),
            // The salt goes in any case: with it the name or the values could be found again by trying digests.
            salt: salt(),
        };
        diesel::update(texts::table.find((locality, id)))
            .set((
                texts::salt.eq(&after.salt),
                texts::actor.eq(&after.actor),
                texts::reason.eq(&after.reason),
                texts::changes.eq(&after.changes),
            ))
            .execute(conn)
            .await?;
        let digest = |text: &Text| text.digest().map(|digest| json!(hex(&digest))).map_err(Error::internal);
        changes.push(Change { pointer: format!("/{id}"), from: digest(&before)?, to: digest(&after)? });
    }
    Ok(changes)
}

/// The pointers, each with nothing from and nothing to.
fn without_values(changes: &Value) -> Value {
    let bare = |change: &Value| json!({"pointer": change["pointer"], "from": null, "to": null});
    changes.as_array().into_iter().flatten().map(bare).collect()
}

/// Records what was replaced.
async fn record(conn: &mut Conn, entry: &Entry, named: Vec<Change>) -> Result<()> {
    write(conn, entry, whole(entry, named)?).await
}
