-- An answer may also be that a criterion does not apply: neither points nor passed.
ALTER TABLE assessments DROP CONSTRAINT assessments_one_check;
ALTER TABLE assessments ADD CONSTRAINT assessments_one_check CHECK (num_nonnulls(points, passed) <= 1);
