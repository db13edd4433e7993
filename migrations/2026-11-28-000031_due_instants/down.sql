DROP TABLE due_changes;
DROP FUNCTION refuse_due_change();
ALTER TABLE periods DROP COLUMN due_reason;
ALTER TABLE periods DROP COLUMN original_due_at;
