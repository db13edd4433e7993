-- Timeliness is measured at the first submit that the unit did not take back: what was taken back is measured again, and
-- an excuse goes with the submit that it excused.
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

UPDATE submissions SET lateness_excuse = NULL WHERE NOT late AND lateness_excuse IS NOT NULL;
