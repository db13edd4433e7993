DROP TABLE recusals;
DROP TABLE council_members;
DROP TABLE assessment_returns;
ALTER TABLE assessments DROP COLUMN reason, DROP COLUMN internal_comment;
