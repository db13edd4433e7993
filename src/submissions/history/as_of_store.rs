//! Submissions as they were known at an instant, from the database.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::replay::Snapshot;
use crate::{
    db::{Conn, Listed, LocalityId, Order, Positioned, Total, UnitId, to_text},
    http::Result,
    movements::Movement,
    submissions::{
        lifecycle::{Action, leads_to},
        list_store::{Filter, Summary},
        revisions,
        store::{DUE_KNOWN, Submission},
    },
};

/// The submission as it was known: its content is what was handed in last.
pub async fn submission_as_of(
    conn: &mut Conn,
    locality: LocalityId,
    found: Submission,
    snapshot: &Snapshot<'_>,
    due_at: DateTime<Utc>,
) -> Result<Submission> {
    Ok(Submission {
        state: snapshot.state,
        content: revisions::content(conn, locality, found.id, snapshot.revision).await?,
        revision: snapshot.revision,
        first_submitted_at: snapshot.first.map(|(_, at)| at),
        late: snapshot.first.is_some_and(|(_, at)| at > due_at),
        lateness_excuse: snapshot.lateness_excuse.map(str::to_owned),
        updated_at: snapshot.last.at,
        version: snapshot.last.version,
        ..found
    })
}

/// What a list would have shown at `as_of` of what was handed in by then.
pub async fn list_as_of(
    conn: &mut Conn,
    movement: &Movement,
    filter: &Filter,
    as_of: DateTime<Utc>,
    order: &Order,
) -> Result<Listed<Summary>> {
    let state = filter.state.map(to_text).transpose()?;
    let (mut actions, mut states) = (Vec::new(), Vec::new());
    for (action, state) in Action::ALL.into_iter().filter_map(|action| Some((action, leads_to(action)?))) {
        actions.push(to_text(action)?);
        states.push(to_text(state)?);
    }
    let (place_periods, place_units): (Option<Vec<String>>, Option<Vec<UnitId>>) =
        filter.places.clone().map(|places| places.into_iter().unzip()).unzip();
    let known = format!(
        "SELECT s.locality_id, s.id, s.period, s.unit_id, e.state, e.revision,
                f.submitted_at AS first_submitted_at, COALESCE(f.submitted_at > p.due_at, false) AS late,
                e.excuse AS lateness_excuse, e.at AS updated_at, e.version
         FROM submissions s
         {DUE_KNOWN}
         LEFT JOIN LATERAL (
             SELECT r.revision, r.submitted_at FROM submission_revisions r
             WHERE r.locality_id = $1 AND r.submission_id = s.id AND r.submitted_at <= $3 AND NOT EXISTS (
                 SELECT 1 FROM submission_events w
                 WHERE w.locality_id = $1 AND w.submission_id = s.id AND w.revision = r.revision
                   AND w.action = 'withdraw' AND w.at <= $3)
             ORDER BY r.revision LIMIT 1
         ) f ON true
         JOIN LATERAL (
             SELECT (array_agg(leads.state ORDER BY version DESC) FILTER (WHERE leads.state IS NOT NULL))[1] AS state,
                    (array_agg(reason ORDER BY version DESC) FILTER (WHERE action = 'excuse' AND revision >= f.revision))[1]
                        AS excuse,
                    max(revision) AS revision, max(at) AS at, max(version) AS version
             FROM submission_events LEFT JOIN unnest($8, $9) AS leads (action, state) USING (action)
             WHERE locality_id = $1 AND submission_id = s.id AND at <= $3
         ) e ON e.state IS NOT NULL
         WHERE s.locality_id = $1 AND s.movement_id = $2
           AND s.period = COALESCE($4, s.period) AND ($5 IS NULL OR s.unit_id = ANY($5))
           AND e.state = COALESCE($6, e.state) AND ($7 IS NULL OR COALESCE(f.submitted_at > p.due_at, false) = $7)
           AND ($10 IS NULL OR (s.period, s.unit_id) IN (SELECT * FROM unnest($10, $11)))"
    );
    let query = |sql: String| {
        diesel::sql_query(sql)
            .bind::<SqlUuid, _>(movement.locality)
            .bind::<SqlUuid, _>(movement.id)
            .bind::<Timestamptz, _>(as_of)
            .bind::<Nullable<Text>, _>(filter.period.clone())
            .bind::<Nullable<Array<SqlUuid>>, _>(filter.units.clone())
            .bind::<Nullable<Text>, _>(state.clone())
            .bind::<Nullable<Bool>, _>(filter.late)
            .bind::<Array<Text>, _>(actions.clone())
            .bind::<Array<Text>, _>(states.clone())
            .bind::<Nullable<Array<Text>>, _>(place_periods.clone())
            .bind::<Nullable<Array<SqlUuid>>, _>(place_units.clone())
    };
    let page = query(format!(
        "SELECT submissions.*, {position} AS keys FROM ({known}) AS submissions
         WHERE $12 IS NOT NULL AND {beyond} ORDER BY {by} LIMIT $13",
        position = order.position(),
        beyond = order.beyond_array("$12"),
        by = order.by(),
    ));
    let page = page.bind::<Array<Text>, _>(order.values()).bind::<BigInt, _>(order.fetch());
    let rows: Vec<(Summary, Positioned)> = page.load(conn).await?;
    let total = match order.count {
        true => Some(
            query(format!("SELECT count(*) AS total FROM ({known}) AS known")).get_result::<Total>(conn).await?.total,
        ),
        false => None,
    };
    Ok(Listed { rows: rows.into_iter().map(|(row, positioned)| (row, positioned.keys)).collect(), total })
}
