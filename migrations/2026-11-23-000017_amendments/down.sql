ALTER TABLE plan_versions DROP COLUMN reason;
ALTER TABLE movements DROP COLUMN plan_version;
