-- The last instant passed at which reports were due: part of what the state of a locality is known by.
CREATE INDEX periods_due_idx ON periods (locality_id, due_at);
