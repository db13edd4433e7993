//! Submissions as they were known at an instant, from the database.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::{
    known::Known,
    lifecycle::{Action, leads_to},
    revisions,
    store::{Filter, Submission, Summary},
};
use crate::{
    db::{Conn, LocalityId, SubmissionId, to_text},
    http::Result,
    movements::Movement,
};

/// The submission as it was known: its content is what was handed in last.
pub async fn as_known(
    conn: &mut Conn,
    locality: LocalityId,
    found: Submission,
    known: &Known<'_>,
) -> Result<Submission> {
    Ok(Submission {
        state: known.state,
        content: revisions::content(conn, locality, found.id, known.revision).await?,
        revision: known.revision,
        first_submitted_at: Some(known.first_submitted_at),
        lateness_excuse: known.lateness_excuse.map(str::to_owned),
        updated_at: known.last.at,
        version: known.last.version,
        ..found
    })
}

/// What a list would have shown at `as_of` of what was handed in by then; by period, then unit.
pub async fn list(conn: &mut Conn, movement: &Movement, filter: Filter, as_of: DateTime<Utc>) -> Result<Vec<Summary>> {
    let (after_period, after_unit) = filter.after.unzip();
    let state = filter.state.map(to_text).transpose()?;
    let (mut actions, mut states) = (Vec::new(), Vec::new());
    for (action, state) in Action::ALL.into_iter().filter_map(|action| Some((action, leads_to(action)?))) {
        actions.push(to_text(action)?);
        states.push(to_text(state)?);
    }
    let rows = diesel::sql_query(
        "SELECT s.period, s.unit_id, e.state, e.revision, s.first_submitted_at, s.late, e.excuse AS lateness_excuse,
                e.at AS updated_at, e.version
         FROM submissions s
         JOIN LATERAL (
             SELECT (array_agg(leads.state ORDER BY version DESC) FILTER (WHERE leads.state IS NOT NULL))[1] AS state,
                    (array_agg(reason ORDER BY version DESC) FILTER (WHERE action = 'excuse'))[1] AS excuse,
                    max(revision) AS revision, max(at) AS at, max(version) AS version
             FROM submission_events LEFT JOIN unnest($11, $12) AS leads (action, state) USING (action)
             WHERE locality_id = $1 AND submission_id = s.id AND at <= $3
         ) e ON e.state IS NOT NULL
         WHERE s.locality_id = $1 AND s.movement_id = $2
           AND s.period = COALESCE($4, s.period) AND ($5 IS NULL OR s.unit_id = ANY($5))
           AND e.state = COALESCE($6, e.state) AND s.late = COALESCE($7, s.late)
           AND ($8 IS NULL OR (s.period, s.unit_id) > ($8, $9))
         ORDER BY s.period, s.unit_id LIMIT $10",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Timestamptz, _>(as_of)
    .bind::<Nullable<Text>, _>(filter.period)
    .bind::<Nullable<Array<SqlUuid>>, _>(filter.units)
    .bind::<Nullable<Text>, _>(state)
    .bind::<Nullable<Bool>, _>(filter.late)
    .bind::<Nullable<Text>, _>(after_period)
    .bind::<Nullable<SqlUuid>, _>(after_unit)
    .bind::<BigInt, _>(filter.limit)
    .bind::<Array<Text>, _>(actions)
    .bind::<Array<Text>, _>(states)
    .load(conn)
    .await?;
    Ok(rows)
}
