DROP TABLE proof_keys;
DROP FUNCTION refuse_proof_key_change();
DROP TRIGGER rankings_no_truncate ON rankings;
DROP TRIGGER rankings_kept ON rankings;
DROP TRIGGER rankings_sealed_kept ON rankings;
DROP FUNCTION refuse_ranking_change();
ALTER TABLE rankings DROP CONSTRAINT rankings_replays_fkey;
ALTER TABLE rankings DROP COLUMN replays;
ALTER TABLE rankings DROP COLUMN seal;
