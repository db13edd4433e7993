ALTER TABLE submissions DROP CONSTRAINT submissions_approved_revision_fkey;
ALTER TABLE submissions DROP COLUMN approved_revision;
