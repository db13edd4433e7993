//! What an import changes, written in a few statements however much it is.

use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value as Json;

use super::act::Change;
use crate::{
    db::{Conn, SubmissionId, UnitId, events, word},
    http::{Actor, Error, Result},
    movements::Movement,
    submissions::{rules::Action, store::Submission, telling, value::Value},
};

/// Values that one statement writes, about: the rest waits, so that an import is never sent whole.
const VALUES: usize = 4_000;

/// How many of the changes, from the first on, are written at once.
pub fn portion(changes: &[Change]) -> usize {
    let mut values = 0;
    let fits = |change: &&Change| {
        values += change.after.content.values.len();
        values <= VALUES
    };
    changes.iter().take_while(fits).count().max(1)
}

/// Stores the drafts, and of those handed in the revision, its values and the event.
pub async fn apply(conn: &mut Conn, actor: &Actor, movement: &Movement, changes: &[Change]) -> Result<()> {
    let (new, old): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.before.is_none());
    let written = insert(conn, movement, &after(&new)).await? + update(conn, movement, &after(&old)).await?;
    if written != changes.len() {
        return Err(Error::internal("an import wrote fewer drafts than it changed"));
    }
    let submitted: Vec<&Submission> =
        changes.iter().filter(|change| change.submitted).map(|change| &change.after).collect();
    if !submitted.is_empty() {
        insert_revisions(conn, actor, &submitted).await?;
        insert_values(conn, actor, &submitted).await?;
        insert_events(conn, actor, &submitted).await?;
        let told = changes.iter().filter(|change| change.submitted).filter_map(|Change { place, after, .. }| {
            let unit = place.rsplit('/').next()?;
            telling::acted(Action::Submit, movement, &after.period, unit, after.revision)
        });
        events::emit(conn, actor.locality, actor.at, &told.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

fn after<'a>(changes: &[&'a Change]) -> Vec<&'a Submission> {
    changes.iter().map(|change| &change.after).collect()
}

fn each<T>(of: &[&Submission], member: impl Fn(&Submission) -> T) -> Vec<T> {
    of.iter().map(|submission| member(submission)).collect()
}

fn drafts(of: &[&Submission]) -> Result<Vec<String>> {
    of.iter().map(|submission| serde_json::to_string(&submission.content).map_err(Error::internal)).collect()
}

fn states(of: &[&Submission]) -> Result<Vec<String>> {
    of.iter().map(|submission| word(submission.state)).collect()
}

async fn insert(conn: &mut Conn, movement: &Movement, new: &[&Submission]) -> Result<usize> {
    if new.is_empty() {
        return Ok(0);
    }
    let insert = diesel::sql_query(
        "INSERT INTO submissions (locality_id, movement_id, id, period, unit_id, state, draft, revision,
             first_submitted_at, late, updated_at, version)
         SELECT $1, $2, u.id, u.period, u.unit, u.state, u.draft::jsonb, u.revision, u.submitted, u.late, u.updated,
             u.version
         FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             AS u (id, period, unit, state, draft, revision, submitted, late, updated, version)",
    );
    Ok(insert
        .bind::<SqlUuid, _>(movement.locality)
        .bind::<SqlUuid, _>(movement.id)
        .bind::<Array<SqlUuid>, _>(each(new, |s| s.id))
        .bind::<Array<Text>, _>(each(new, |s| s.period.clone()))
        .bind::<Array<SqlUuid>, _>(each(new, |s| -> UnitId { s.unit }))
        .bind::<Array<Text>, _>(states(new)?)
        .bind::<Array<Text>, _>(drafts(new)?)
        .bind::<Array<Integer>, _>(each(new, |s| s.revision))
        .bind::<Array<Nullable<Timestamptz>>, _>(each(new, |s| s.first_submitted_at))
        .bind::<Array<Bool>, _>(each(new, |s| s.late))
        .bind::<Array<Timestamptz>, _>(each(new, |s| s.updated_at))
        .bind::<Array<Integer>, _>(each(new, |s| s.version))
        .execute(conn)
        .await?)
}

async fn update(conn: &mut Conn, movement: &Movement, old: &[&Submission]) -> Result<usize> {
    if old.is_empty() {
        return Ok(0);
    }
    let update = diesel::sql_query(
        "UPDATE submissions AS s SET state = u.state, draft = u.draft::jsonb, revision = u.revision,
             first_submitted_at = u.first_submitted_at, late = u.late, updated_at = u.updated_at, version = u.version
         FROM unnest($2, $3, $4, $5, $6, $7, $8, $9)
             AS u (id, state, draft, revision, first_submitted_at, late, updated_at, version)
         WHERE s.locality_id = $1 AND s.id = u.id AND s.version = u.version - 1",
    );
    Ok(update
        .bind::<SqlUuid, _>(movement.locality)
        .bind::<Array<SqlUuid>, _>(each(old, |s| -> SubmissionId { s.id }))
        .bind::<Array<Text>, _>(states(old)?)
        .bind::<Array<Text>, _>(drafts(old)?)
        .bind::<Array<Integer>, _>(each(old, |s| s.revision))
        .bind::<Array<Nullable<Timestamptz>>, _>(each(old, |s| s.first_submitted_at))
        .bind::<Array<Bool>, _>(each(old, |s| s.late))
        .bind::<Array<Timestamptz>, _>(each(old, |s| s.updated_at))
        .bind::<Array<Integer>, _>(each(old, |s| s.version))
        .execute(conn)
        .await?)
}

async fn insert_revisions(conn: &mut Conn, actor: &Actor, submitted: &[&Submission]) -> Result<()> {
    let on_behalf = |s: &&Submission| s.content.on_behalf.as_ref().map(serde_json::to_value).transpose();
    let on_behalf: Vec<Option<Json>> =
        submitted.iter().map(on_behalf).collect::<serde_json::Result<_>>().map_err(Error::internal)?;
    diesel::sql_query(
        "INSERT INTO submission_revisions (locality_id, submitted_by, submitted_at, submission_id, revision, narrative,
             on_behalf)
         SELECT $1, $2, $3, u.* FROM unnest($4, $5, $6, $7) AS u",
    )
    .bind::<SqlUuid, _>(actor.locality)
    .bind::<SqlUuid, _>(actor.account)
    .bind::<Timestamptz, _>(actor.at)
    .bind::<Array<SqlUuid>, _>(each(submitted, |s| s.id))
    .bind::<Array<Integer>, _>(each(submitted, |s| s.revision))
    .bind::<Array<Nullable<Text>>, _>(each(submitted, |s| s.content.narrative.clone()))
    .bind::<Array<Nullable<Jsonb>>, _>(on_behalf)
    .execute(conn)
    .await?;
    Ok(())
}

/// Arrays of arrays must be of one length each, so the documents of a value come as one text.
async fn insert_values(conn: &mut Conn, actor: &Actor, submitted: &[&Submission]) -> Result<()> {
    let values: Vec<(&Submission, &Value)> =
        submitted.iter().flat_map(|s| s.content.values.iter().map(|value| (*s, value))).collect();
    let states: Vec<String> = values.iter().map(|(_, value)| word(value.state)).collect::<Result<_>>()?;
    let number = |of: fn(&Value) -> Option<i64>| values.iter().map(|(_, value)| of(value)).collect::<Vec<_>>();
    let text =
        |of: fn(&Value) -> Option<&String>| values.iter().map(|(_, value)| of(value).cloned()).collect::<Vec<_>>();
    let evidence =
        |value: &Value| format!("{{{}}}", value.evidence.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    diesel::sql_query(
        "INSERT INTO revision_values (locality_id, submission_id, revision, indicator, field, state, numerator,
             denominator, count, level, value, rank, population, estimated, explanation, evidence)
         SELECT $1, u.id, u.revision, u.indicator, u.field, u.state, u.numerator, u.denominator, u.count, u.level,
             u.value, u.rank, u.population, u.estimated, u.explanation, u.evidence::uuid[]
         FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
             AS u (id, revision, indicator, field, state, numerator, denominator, count, level, value, rank,
                   population, estimated, explanation, evidence)",
    )
    .bind::<SqlUuid, _>(actor.locality)
    .bind::<Array<SqlUuid>, _>(values.iter().map(|(s, _)| s.id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(values.iter().map(|(s, _)| s.revision).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(values.iter().map(|(_, value)| value.indicator.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(values.iter().map(|(_, value)| value.field.as_deref().unwrap_or("")).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(states)
    .bind::<Array<Nullable<BigInt>>, _>(number(|value| value.numerator))
    .bind::<Array<Nullable<BigInt>>, _>(number(|value| value.denominator))
    .bind::<Array<Nullable<BigInt>>, _>(number(|value| value.count))
    .bind::<Array<Nullable<Text>>, _>(text(|value| value.level.as_ref()))
    .bind::<Array<Nullable<Numeric>>, _>(
        values.iter().map(|(_, value)| value.value.map(rust_decimal::Decimal::from)).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<BigInt>>, _>(number(|value| value.rank))
    .bind::<Array<Nullable<BigInt>>, _>(number(|value| value.population))
    .bind::<Array<Bool>, _>(values.iter().map(|(_, value)| value.estimated).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(text(|value| value.explanation.as_ref()))
    .bind::<Array<Text>, _>(values.iter().map(|(_, value)| evidence(value)).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_events(conn: &mut Conn, actor: &Actor, submitted: &[&Submission]) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO submission_events (locality_id, actor_id, acting_for, at, action, remarks, submission_id, version,
             revision)
         SELECT $1, $2, $8, $3, $4, '[]', u.* FROM unnest($5, $6, $7) AS u",
    )
    .bind::<SqlUuid, _>(actor.locality)
    .bind::<SqlUuid, _>(actor.account)
    .bind::<Timestamptz, _>(actor.at)
    .bind::<Text, _>(word(Action::Submit)?)
    .bind::<Array<SqlUuid>, _>(each(submitted, |s| s.id))
    .bind::<Array<Integer>, _>(each(submitted, |s| s.version))
    .bind::<Array<Integer>, _>(each(submitted, |s| s.revision))
    .bind::<Array<SqlUuid>, _>(&actor.acting_for)
    .execute(conn)
    .await?;
    Ok(())
}
