//! What approvals have changed that is not folded into the totals yet, from the database.

use diesel::{
    dsl::AsSelect,
    pg::Pg,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt;

use crate::{
    db::{Conn, LocalityId, MovementId, SubmissionId, UnitId, statement},
    http::Result,
    submissions::{
        revisions::{NUMBERS, NumberRow},
        value::Value,
    },
};

/// A report of a unit of which some report was approved since the totals were folded.
pub struct ChangedReport {
    /// Of which of the movements asked about, from 0.
    pub movement: usize,
    pub unit: UnitId,
    pub period: String,
    pub late: bool,
    /// What counted when the totals were folded.
    pub before: Option<Vec<Value>>,
    /// What counts now.
    pub after: Option<Vec<Value>>,
}

/// Every approved report of each such unit of some movements.
pub async fn changed_reports(conn: &mut Conn, movements: &[(LocalityId, MovementId)]) -> Result<Vec<ChangedReport>> {
    type Columns = (BigInt, SqlUuid, SqlUuid, Text, SqlUuid, Nullable<Integer>, Nullable<Integer>, Bool);
    type Row = (i64, LocalityId, UnitId, String, SubmissionId, Option<i32>, Option<i32>, bool);
    // A report that was approved several times counted as before the first of them.
    const CHANGED: &str = "WITH changed AS MATERIALIZED (
            SELECT a.place, c.locality_id, c.movement_id, c.unit_id, c.period,
                   nullif(min(coalesce(c.former_revision, 0)), 0) AS former
            FROM unnest($1, $2) WITH ORDINALITY AS a (locality, movement, place)
            JOIN approved_changes c ON c.locality_id = a.locality AND c.movement_id = a.movement
            GROUP BY a.place, c.locality_id, c.movement_id, c.unit_id, c.period
        )
        SELECT u.place, s.locality_id, s.unit_id, s.period, s.id,
               CASE WHEN c.unit_id IS NULL THEN s.approved_revision ELSE c.former END, s.approved_revision,
               s.first_submitted_at > p.due_at
        FROM (SELECT DISTINCT place, locality_id, movement_id, unit_id FROM changed) u
        JOIN periods p ON p.locality_id = u.locality_id AND p.movement_id = u.movement_id
        JOIN submissions s ON s.locality_id = u.locality_id AND s.movement_id = u.movement_id
            AND s.period = p.code AND s.unit_id = u.unit_id
        LEFT JOIN changed c ON c.locality_id = s.locality_id AND c.movement_id = s.movement_id
            AND c.unit_id = s.unit_id AND c.period = s.period
        WHERE s.approved_revision IS NOT NULL";
    let (localities, ids): (Vec<LocalityId>, Vec<MovementId>) = movements.iter().copied().unzip();
    let asked = statement(CHANGED).bind::<Array<SqlUuid>, _>(localities).bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<Row> = asked.in_order::<Columns>().load(conn).await?;
    let mut reports = Vec::with_capacity(rows.len());
    let mut wanted = Vec::new();
    for (place, locality, unit, period, id, before, after, late) in rows {
        let both = [(Side::Before, before), (Side::After, after.filter(|_| before != after))];
        let said = both.into_iter().filter_map(|(side, revision)| Some((side, revision?)));
        wanted.extend(said.map(|(side, revision)| Wanted { report: reports.len(), side, locality, id, revision }));
        let stood = |revision: Option<i32>| revision.map(|_| Vec::new());
        let (before, after, changed) = (stood(before), stood(after), before != after);
        reports.push((changed, ChangedReport { movement: place as usize - 1, unit, period, late, before, after }));
    }
    say(conn, &wanted, &mut reports).await?;
    let whole = |(changed, report): (bool, ChangedReport)| match changed {
        true => report,
        false => ChangedReport { after: report.before.clone(), ..report },
    };
    Ok(reports.into_iter().map(whole).collect())
}

#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

/// A revision whose values one side of a report is.
struct Wanted {
    report: usize,
    side: Side,
    locality: LocalityId,
    id: SubmissionId,
    revision: i32,
}

async fn say(conn: &mut Conn, wanted: &[Wanted], reports: &mut [(bool, ChangedReport)]) -> Result<()> {
    let said = statement(format!(
        "SELECT s.place, {NUMBERS} FROM unnest($1, $2, $3) WITH ORDINALITY AS s (locality, id, revision, place)
         JOIN revision_values v ON v.locality_id = s.locality AND v.submission_id = s.id AND v.revision = s.revision"
    ))
    .bind::<Array<SqlUuid>, _>(wanted.iter().map(|one| one.locality).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(wanted.iter().map(|one| one.id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(wanted.iter().map(|one| one.revision).collect::<Vec<_>>())
    .in_order::<(BigInt, AsSelect<NumberRow, Pg>)>();
    let mut rows = said.load_stream::<(i64, NumberRow)>(conn).await?;
    while let Some((place, row)) = rows.try_next().await? {
        let Wanted { report, side, .. } = wanted[place as usize - 1];
        let report = &mut reports[report].1;
        let values = match side {
            Side::Before => &mut report.before,
            Side::After => &mut report.after,
        };
        values.get_or_insert_default().push(row.value()?);
    }
    Ok(())
}
