DROP INDEX audit_texts_actor_idx;
ALTER TABLE jobs DROP COLUMN lease_id;
