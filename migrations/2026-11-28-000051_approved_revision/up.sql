-- The newest approved revision. A report that has not changed since the instant asked about needs no look at its acts.
ALTER TABLE submissions ADD COLUMN approved_revision integer;
UPDATE submissions s SET approved_revision = (
    SELECT max(e.revision) FROM submission_events e
    WHERE e.locality_id = s.locality_id AND e.submission_id = s.id AND e.action = 'approve');
