//! People and heads of households whose term is over, and every place in the database where their names stand.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use uuid::Uuid;

use super::{
    names::{plain, sort_key},
    retention::{LastPart, mention, pseudonym},
};
use crate::{
    clock::day,
    db::{
        Conn, LocalityId,
        audit_log::Entry,
        redaction::{self, Whose},
        schema::localities,
        statement,
    },
    http::Result,
    record::REDACTION,
};

/// Whose names are forgotten.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Person,
    /// The heads of a household.
    Household,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Person, Self::Household];

    /// Where they are registered, as addresses say, too.
    fn table(self) -> &'static str {
        match self {
            Self::Person => "people",
            Self::Household => "households",
        }
    }

    /// Their states, and the column of the name there.
    fn states(self) -> (&'static str, &'static str) {
        match self {
            Self::Person => ("person_versions", "name"),
            Self::Household => ("household_versions", "head"),
        }
    }

    /// A statement written for people, for these.
    fn of(self, sql: &str) -> String {
        match self {
            Self::Person => sql.to_owned(),
            Self::Household => sql.replace("person_id", "household_id"),
        }
    }
}

/// A person, or a household.
#[derive(Clone, Copy)]
pub struct Named {
    pub kind: Kind,
    pub id: Uuid,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

/// A locality whose people are looked through.
#[derive(Queryable)]
pub struct Tenant {
    pub id: LocalityId,
    pub code: String,
}

/// Somebody known by name.
#[derive(QueryableByName)]
pub struct NamedPerson {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Date)]
    registered_on: NaiveDate,
    #[diesel(sql_type = Bool)]
    takes_part: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    concluded_at: Option<DateTime<Utc>>,
}

impl NamedPerson {
    pub fn last_part(&self) -> LastPart {
        let concluded_on = self.concluded_at.map(day);
        LastPart { registered_on: self.registered_on, takes_part: self.takes_part, concluded_on }
    }
}

/// Movements of a locality that a person took part in.
const PARTS: &str = "SELECT person_id, movement_id FROM nominations WHERE locality_id = $1 AND person_id IS NOT NULL
     UNION SELECT o.person_id, i.movement_id
           FROM initiative_owners o JOIN initiatives i ON i.locality_id = $1 AND i.id = o.initiative_id
           WHERE o.locality_id = $1 AND o.person_id IS NOT NULL";

/// How long one statement may take: a name is looked for in every text of the locality.
const PATIENCE: &str = "SET LOCAL statement_timeout = '5min'";

/// Every locality there ever was.
pub async fn tenants(conn: &mut Conn) -> Result<Vec<Tenant>> {
    Ok(localities::table.select((localities::id, localities::code)).order(localities::id).load(conn).await?)
}

/// Those of a locality who are known by name, with a newest state from that day or before.
pub async fn known_since(
    conn: &mut Conn,
    kind: Kind,
    locality: LocalityId,
    day: NaiveDate,
) -> Result<Vec<NamedPerson>> {
    let (table, (states, _)) = (kind.table(), kind.states());
    let known = statement(kind.of(&format!(
        "SELECT p.id, s.registered_on,
                coalesce(bool_or(m.state <> 'concluded'), false) AS takes_part, max(m.concluded_at) AS concluded_at
         FROM {table} p
             JOIN (SELECT person_id, max(valid_from) AS registered_on FROM {states}
                   WHERE locality_id = $1 GROUP BY person_id HAVING max(valid_from) <= $2) s ON s.person_id = p.id
             LEFT JOIN ({PARTS}) part ON part.person_id = p.id
             LEFT JOIN movements m ON m.locality_id = $1 AND m.id = part.movement_id
         WHERE p.locality_id = $1 AND p.forgotten_at IS NULL
         GROUP BY p.id, s.registered_on
         ORDER BY p.id"
    )));
    Ok(known.bind::<SqlUuid, _>(locality).bind::<Date, _>(day).load(conn).await?)
}

const DOSSIERS: &str = "nomination_id IN (SELECT id FROM nominations WHERE locality_id = $1 AND person_id = $2)";
const IDEAS: &str = "id IN (SELECT initiative_id FROM initiative_owners WHERE locality_id = $1 AND person_id = $2)";
/// What units write is about no person surely.
const NOBODY: &str = "false";
const USES: &str =
    "initiative_id IN (SELECT initiative_id FROM initiative_owners WHERE locality_id = $1 AND person_id = $2)";
const RUNS: &str = "movement_id IN (SELECT movement_id FROM nominations WHERE locality_id = $1 AND person_id = $2)";

/// A column in which a name may stand.
struct Mention {
    table: &'static str,
    column: &'static str,
    kind: &'static str,
    /// Rows that are surely about the person.
    about: &'static str,
    /// Rows that may be touched at all.
    open: &'static str,
}

const fn text(table: &'static str, column: &'static str, about: &'static str) -> Mention {
    Mention { table, column, kind: "text", about, open: "true" }
}

const fn json(table: &'static str, column: &'static str, about: &'static str) -> Mention {
    Mention { kind: "jsonb", ..text(table, column, about) }
}

/// Runs from before texts stood apart hold them in what later runs keep to the byte.
const fn early(column: &'static str) -> Mention {
    Mention { open: "texts = '{}'", ..json("rankings", column, RUNS) }
}

/// What was published of an award stays.
const UNPUBLISHED: Mention = Mention {
    open: "NOT EXISTS (SELECT FROM award_publications p
                       WHERE p.locality_id = $1 AND p.decision_id = award_certificates.decision_id)",
    ..json("award_certificates", "recipient", DOSSIERS)
};

/// Where else a person's name may stand than in their own states. Whatever new column takes in what people write about
/// a person belongs here (a test looks through the whole database); nothing that a digest covers may, and the
/// audit log's words have a way of their own ([`redact`]). Units' reports are documents of their own, and stored answers live a day.
const MENTIONS: [Mention; 44] = [
    text("nominations", "achievement", "person_id = $2"),
    text("nominations", "on_behalf_reason", "person_id = $2"),
    text("nominations", "reason", "person_id = $2"),
    text("nominations", "hold_reason", "person_id = $2"),
    text("nominations", "hold_source", "person_id = $2"),
    json("nominations", "facts", "person_id = $2"),
    text("nomination_events", "reason", DOSSIERS),
    json("nomination_events", "dossier", DOSSIERS),
    text("assessments", "comment", DOSSIERS),
    text("assessments", "internal_comment", DOSSIERS),
    text("assessments", "reason", DOSSIERS),
    text("assessment_returns", "reason", DOSSIERS),
    text("recusals", "reason", DOSSIERS),
    text("council_sessions", "notes", NOBODY),
    text("award_proposals", "quota_reason", NOBODY),
    text("award_proposals", "late_reason", NOBODY),
    text("award_proposal_candidates", "reason", DOSSIERS),
    text("award_proposal_ends", "reason", NOBODY),
    text("award_consultations", "document", NOBODY),
    text("award_consultations", "response", NOBODY),
    text("award_objections", "text", DOSSIERS),
    text("award_objection_answers", "text", NOBODY),
    text("award_decision_candidates", "reason", DOSSIERS),
    text("award_acts", "reason", DOSSIERS),
    text("award_publications", "reason", NOBODY),
    text("award_certificates", "reason", DOSSIERS),
    UNPUBLISHED,
    text("initiatives", "title", IDEAS),
    text("initiatives", "summary", IDEAS),
    text("initiatives", "reason", IDEAS),
    text("initiative_duplicates", "reason", USES),
    text("initiative_replications", "note", USES),
    text("initiative_replications", "withdrawn_reason", USES),
    text("concerns", "title", NOBODY),
    text("concerns", "text", NOBODY),
    text("concern_acts", "text", NOBODY),
    text("activities", "title", NOBODY),
    text("activities", "place", NOBODY),
    text("activities", "description", NOBODY),
    text("activity_versions", "reason", NOBODY),
    json("activity_versions", "content", NOBODY),
    json("rankings", "texts", RUNS),
    early("inputs"),
    early("output"),
];

/// Puts the pseudonym in place of the names, wherever they stand, and takes the position away: all of it or, in the caller's
/// transaction, nothing.
pub async fn forget(conn: &mut Conn, locality: LocalityId, who: Named, at: DateTime<Utc>) -> Result<()> {
    let (table, (states, column)) = (who.kind.table(), who.kind.states());
    let names = statement(
        who.kind
            .of(&format!("SELECT DISTINCT {column} AS words FROM {states} WHERE locality_id = $1 AND person_id = $2")),
    );
    let names: Vec<Words> = names.bind::<SqlUuid, _>(locality).bind::<SqlUuid, _>(who.id).load(conn).await?;
    let names: Vec<String> = names.into_iter().map(|name| name.words).collect();
    let stand_in = pseudonym(who.id);
    conn.batch_execute(PATIENCE).await?;
    redact(conn, locality, who, &names, at).await?;
    // In capitals too, as headings write them: not every Postgres knows which letters are one.
    for name in names.iter().flat_map(|name| [name.clone(), name.to_uppercase()]) {
        replace(conn, locality, who, &name, &stand_in).await?;
    }
    let position = if matches!(who.kind, Kind::Person) { ", position = NULL" } else { "" };
    statement(who.kind.of(&format!(
        "UPDATE {states} SET {column} = $3, search_name = $4, sort_name = $5{position}
         WHERE locality_id = $1 AND person_id = $2"
    )))
    .bind::<SqlUuid, _>(locality)
    .bind::<SqlUuid, _>(who.id)
    .bind::<Text, _>(&stand_in)
    .bind::<Text, _>(plain(&stand_in))
    .bind::<Text, _>(sort_key(&stand_in))
    .execute(conn)
    .await?;
    statement(format!(
        "UPDATE {table} SET version = version + 1, forgotten_at = $3 WHERE locality_id = $1 AND id = $2"
    ))
    .bind::<SqlUuid, _>(locality)
    .bind::<SqlUuid, _>(who.id)
    .bind::<Timestamptz, _>(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the names out of the audit log's words, which records it.
async fn redact(conn: &mut Conn, locality: LocalityId, who: Named, names: &[String], at: DateTime<Utc>) -> Result<()> {
    let own = format!("{}/{}", who.kind.table(), who.id);
    let subjects: Vec<Words> = statement(who.kind.of("SELECT $3 AS words
         UNION SELECT 'movements/' || m.code || '/awards/' || n.award || '/nominations/' || $2::text
               FROM nominations n JOIN movements m ON m.locality_id = $1 AND m.id = n.movement_id
               WHERE n.locality_id = $1 AND n.person_id = $2
         UNION SELECT 'initiatives/' || initiative_id::text FROM initiative_owners
               WHERE locality_id = $1 AND person_id = $2"))
    .bind::<SqlUuid, _>(locality)
    .bind::<SqlUuid, _>(who.id)
    .bind::<Text, _>(&own)
    .load(conn)
    .await?;
    let subjects: Vec<String> = subjects.into_iter().map(|found| found.words).collect();
    let mut mentions = Vec::new();
    for name in names.iter().flat_map(|name| [name.clone(), name.to_uppercase()]) {
        if is_alone(conn, locality, who, &name).await? {
            let in_json = serde_json::Value::from(name.as_str()).to_string();
            mentions.extend([name.as_str(), in_json.trim_matches('"')].into_iter().filter_map(mention));
        }
    }
    let entry = Entry::of_command_line(Some(locality), REDACTION, own, at);
    let entry = Entry { actor: "retention".into(), ..entry };
    let whose = Whose { subjects: &subjects, accounts: &[], mentions: &mentions, pseudonym: &pseudonym(who.id) };
    redaction::redact(conn, entry, &whose).await.map(drop)
}

/// Whether nobody else is known by the name: the head of a household may be a person of their own right.
async fn is_alone(conn: &mut Conn, locality: LocalityId, who: Named, name: &str) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Alone {
        #[diesel(sql_type = Bool)]
        alone: bool,
    }
    let namesakes = |kind: Kind| {
        let (table, (states, _)) = (kind.table(), kind.states());
        kind.of(&format!(
            "SELECT FROM {states} v JOIN {table} p ON p.locality_id = $1 AND p.id = v.person_id
             WHERE v.locality_id = $1 AND v.person_id <> $2 AND v.search_name = $3 AND p.forgotten_at IS NULL"
        ))
    };
    let [people, households] = Kind::ALL.map(namesakes);
    let found: Alone = statement(format!("SELECT NOT EXISTS ({people}) AND NOT EXISTS ({households}) AS alone"))
        .bind::<SqlUuid, _>(locality)
        .bind::<SqlUuid, _>(who.id)
        .bind::<Text, _>(plain(name))
        .get_result(conn)
        .await?;
    Ok(found.alone)
}

/// Replaces one of the names in all that was written. Where somebody else is known by the same name, only in what is surely
/// about whom it is.
async fn replace(conn: &mut Conn, locality: LocalityId, who: Named, name: &str, stand_in: &str) -> Result<()> {
    let alone = is_alone(conn, locality, who, name).await?;
    let in_json = serde_json::Value::from(name).to_string();
    for Mention { table, column, kind, about, open } in MENTIONS {
        let written = if kind == "jsonb" { in_json.trim_matches('"') } else { name };
        let Some(mention) = mention(written) else { continue };
        statement(who.kind.of(&format!(
            "UPDATE {table} SET {column} = regexp_replace({column}::text, $3, $4, 'gi')::{kind}
             WHERE locality_id = $1 AND {open} AND ({about} OR $5) AND {column}::text ~* $3"
        )))
        .bind::<SqlUuid, _>(locality)
        .bind::<SqlUuid, _>(who.id)
        .bind::<Text, _>(mention)
        .bind::<Text, _>(stand_in)
        .bind::<Bool, _>(alone)
        .execute(conn)
        .await?;
    }
    Ok(())
}
