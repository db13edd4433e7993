-- Which claim a job is held by, new at each claim: a worker that was paused past its lease finds another's here and
-- leaves the job alone. Null while nobody holds the job.
ALTER TABLE jobs ADD COLUMN lease_id uuid;

-- What one account did is looked for in the whole log; without this, all of it is read for somebody who did little.
CREATE INDEX audit_texts_actor_idx ON audit_texts (locality_id, actor);
