-- Amendments of a plan. The number of the newest version stands with the movement, so that who holds the movement's row
-- holds its plan; why a version was issued stands with the version.
ALTER TABLE movements ADD COLUMN plan_version integer NOT NULL DEFAULT 1;
ALTER TABLE movements ALTER COLUMN plan_version DROP DEFAULT;

-- Null for the first version: it is the plan itself.
ALTER TABLE plan_versions ADD COLUMN reason text;
ALTER TABLE plan_versions ADD CONSTRAINT plan_versions_reason_check CHECK ((version = 1) = (reason IS NULL));
