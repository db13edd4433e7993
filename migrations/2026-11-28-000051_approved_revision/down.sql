ALTER TABLE submissions DROP COLUMN approved_revision;
