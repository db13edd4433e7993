-- For whom an act was done by a role that was lent: whoever handed in for somebody has handed in as they.
ALTER TABLE submission_events ADD COLUMN acting_for uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE submission_events ALTER COLUMN acting_for DROP DEFAULT;
