DROP INDEX person_versions_since_idx;
ALTER TABLE rankings DROP COLUMN texts;
ALTER TABLE people DROP COLUMN forgotten_at;
