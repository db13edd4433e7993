DROP TABLE periods;
DROP TABLE plan_versions;
DROP TABLE movements;
