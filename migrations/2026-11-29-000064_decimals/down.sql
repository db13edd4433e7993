ALTER TABLE revision_values DROP COLUMN decimals;
