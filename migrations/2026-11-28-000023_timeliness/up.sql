-- Timeliness is measured at the first submit that the unit did not take back. Each revision keeps what was measured when
-- it was handed in, so that any instant can be asked about. Null where an older service wrote the revision: the report's
-- own measure holds.
ALTER TABLE submission_revisions ADD COLUMN late boolean;

UPDATE submissions s SET first_submitted_at = (
    SELECT min(r.submitted_at) FROM submission_revisions r
    WHERE r.locality_id = s.locality_id AND r.submission_id = s.id AND NOT EXISTS (
        SELECT 1 FROM submission_events w
        WHERE w.locality_id = r.locality_id AND w.submission_id = r.submission_id AND w.revision = r.revision
          AND w.action = 'withdraw'))
WHERE EXISTS (
    SELECT 1 FROM submission_events w
    WHERE w.locality_id = s.locality_id AND w.submission_id = s.id AND w.action = 'withdraw');

UPDATE submissions s SET late = COALESCE(s.first_submitted_at > p.due_at, false)
FROM periods p
WHERE p.locality_id = s.locality_id AND p.movement_id = s.movement_id AND p.code = s.period AND EXISTS (
    SELECT 1 FROM submission_events w
    WHERE w.locality_id = s.locality_id AND w.submission_id = s.id AND w.action = 'withdraw');

UPDATE submissions SET lateness_excuse = NULL WHERE NOT late;

UPDATE submission_revisions r SET late = r.submitted_at > p.due_at
FROM submissions s, periods p
WHERE s.locality_id = r.locality_id AND s.id = r.submission_id
  AND p.locality_id = s.locality_id AND p.movement_id = s.movement_id AND p.code = s.period AND EXISTS (
    SELECT 1 FROM submission_events w
    WHERE w.locality_id = r.locality_id AND w.submission_id = r.submission_id AND w.revision = r.revision
      AND w.action = 'withdraw');

UPDATE submission_revisions r SET late = s.late
FROM submissions s
WHERE s.locality_id = r.locality_id AND s.id = r.submission_id AND r.late IS NULL;
