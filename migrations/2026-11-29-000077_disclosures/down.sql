DROP TABLE disclosures;
DROP FUNCTION refuse_disclosure_change();
ALTER TABLE assessments DROP COLUMN round;
