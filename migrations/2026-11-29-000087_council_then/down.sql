DROP TRIGGER assessments_no_truncate ON assessments;
DROP TRIGGER assessments_kept ON assessments;
DROP FUNCTION refuse_assessment_change();
ALTER TABLE disclosures DROP COLUMN council;
