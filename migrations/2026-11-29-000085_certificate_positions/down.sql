ALTER TABLE award_certificates DROP COLUMN position;
