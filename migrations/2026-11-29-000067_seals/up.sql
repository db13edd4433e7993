-- What a run answers for: digests of its inputs, its method and its output, and the service's proof over all of it. Runs
-- from before have none, and get none: a seal says what was so when the run was made.
ALTER TABLE rankings ADD COLUMN seal jsonb;
-- The run whose facts a preview ranks again by other rules.
ALTER TABLE rankings ADD COLUMN replays uuid;
ALTER TABLE rankings ADD CONSTRAINT rankings_replays_fkey
    FOREIGN KEY (locality_id, replays) REFERENCES rankings (locality_id, id);

CREATE FUNCTION refuse_ranking_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a sealed ranking is kept as it was made: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Of a sealed run only the state changes, and the names beside it.
CREATE TRIGGER rankings_sealed_kept BEFORE UPDATE ON rankings FOR EACH ROW
    WHEN (OLD.seal IS NOT NULL AND
          (OLD.locality_id, OLD.id, OLD.movement_id, OLD.award, OLD.mode, OLD.as_of, OLD.late, OLD.plan_version, OLD.engine,
           OLD.inputs, OLD.output, OLD.created_by, OLD.created_at, OLD.seal, OLD.replays) IS DISTINCT FROM
          (NEW.locality_id, NEW.id, NEW.movement_id, NEW.award, NEW.mode, NEW.as_of, NEW.late, NEW.plan_version, NEW.engine,
           NEW.inputs, NEW.output, NEW.created_by, NEW.created_at, NEW.seal, NEW.replays))
    EXECUTE FUNCTION refuse_ranking_change();
CREATE TRIGGER rankings_kept BEFORE DELETE ON rankings
    FOR EACH ROW EXECUTE FUNCTION refuse_ranking_change();
CREATE TRIGGER rankings_no_truncate BEFORE TRUNCATE ON rankings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ranking_change();

-- The public keys by which proofs are verified, for ever: no key leaves.
CREATE TABLE proof_keys (
    -- The DID of the service that signs with it.
    controller text NOT NULL,
    -- Multikey, as in the DID document.
    key text NOT NULL,
    published_at timestamptz NOT NULL,
    CONSTRAINT proof_keys_pkey PRIMARY KEY (controller, key)
);

CREATE FUNCTION refuse_proof_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'keys of proofs are kept for ever: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER proof_keys_insert_only BEFORE UPDATE OR DELETE ON proof_keys
    FOR EACH ROW EXECUTE FUNCTION refuse_proof_key_change();
CREATE TRIGGER proof_keys_no_truncate BEFORE TRUNCATE ON proof_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_proof_key_change();
