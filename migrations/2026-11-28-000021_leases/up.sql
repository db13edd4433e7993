-- Which claim a job is held by, new at each claim: a worker that was paused past its lease finds another's here and
-- leaves the job alone. Null while nobody holds the job.
ALTER TABLE jobs ADD COLUMN lease_id uuid;
