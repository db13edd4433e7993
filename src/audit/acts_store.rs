//! The acts on reports, by which the log shows what was handed in of their drafts.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Integer, Text as SqlText, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::visibility::{Act, Acts};
use crate::{
    db::{Conn, LocalityId, statement},
    http::Result,
};

#[derive(QueryableByName)]
struct ActRow {
    #[diesel(sql_type = SqlText)]
    path: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    submits: bool,
    #[diesel(sql_type = Bool)]
    edits: bool,
}

/// The acts on the reports, or the reports of the evidence, of these paths.
pub async fn acts(conn: &mut Conn, locality: LocalityId, paths: &[String]) -> Result<Acts> {
    if paths.is_empty() {
        return Ok(Acts::new());
    }
    let found: Vec<ActRow> = statement(
        "SELECT asked.path, e.version, e.at, e.action = 'submit' AS submits, e.action = 'submit' AND EXISTS (
             SELECT 1 FROM audit_records r JOIN audit_texts t ON t.locality_id = r.locality_id AND t.record_id = r.id
             WHERE r.locality_id = $1 AND r.action = 'import_submissions'
               AND r.at BETWEEN e.at - interval '1 ms' AND e.at + interval '1 ms'
               AND r.names @> ARRAY['movements/' || m.code || '/submissions/' || s.period || '/' || u.code]
               AND t.changes @> jsonb_build_array(jsonb_build_object(
                   'pointer', '/' || s.period || '~1' || u.code || '/version', 'to', e.version))
               AND jsonb_path_exists(t.changes, '$[*].pointer ? (@ starts with $values)',
                   jsonb_build_object('values', '/' || s.period || '~1' || u.code || '/values'))
         ) AS edits
         FROM (SELECT DISTINCT path, split_part(path, '/', 2) AS movement, split_part(path, '/', 4) AS period,
                      split_part(path, '/', 5) AS unit
               FROM unnest($2) AS p (path) WHERE path LIKE 'movements/%/submissions/%/%'
               UNION ALL
               SELECT DISTINCT p.path, m.code, d.period, u.code
               FROM unnest($2) AS p (path)
                   JOIN evidence d ON d.locality_id = $1 AND p.path = 'evidence/' || d.id
                   JOIN movements m ON m.locality_id = $1 AND m.id = d.movement_id
                   JOIN units u ON u.locality_id = $1 AND u.id = d.unit_id) AS asked
             JOIN movements m ON m.locality_id = $1 AND m.code = asked.movement
             JOIN units u ON u.locality_id = $1 AND u.code = asked.unit
             JOIN submissions s ON s.locality_id = $1 AND s.movement_id = m.id AND s.period = asked.period
                 AND s.unit_id = u.id
             JOIN submission_events e ON e.locality_id = $1 AND e.submission_id = s.id",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<Array<SqlText>, _>(paths)
    .load(conn)
    .await?;
    let mut acts = Acts::new();
    for ActRow { path, version, at, submits, edits } in found {
        acts.entry(path).or_default().add(version, Act { at, submits, edits });
    }
    Ok(acts)
}
