ALTER TABLE submission_events DROP COLUMN acting_for;
