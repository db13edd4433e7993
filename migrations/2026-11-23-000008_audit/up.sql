-- The audit log: one record for each write, in the write's own transaction, and for each locality a chain of hashes
-- over the records. locality_id is the nil UUID for work above localities. No table refers to another: a writer takes
-- no lock that another writer of the locality holds, and the verifier finds what does not fit together.

-- Refuses what an insert-only table does not take.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is kept as it was written: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- What was done, by whom, when. Insert-only. It holds digests and no words about people.
CREATE TABLE audit_records (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    -- The nil UUID: the command line.
    account_id uuid NOT NULL,
    -- By which of the account's roles it was allowed.
    roles text[] NOT NULL,
    -- The operation.
    action text NOT NULL,
    -- The thing: its path below /api/v1.
    subject text NOT NULL,
    -- Other things that one record speaks of (the dossiers of a list that was read).
    names text[] NOT NULL,
    request_id uuid,
    at timestamptz NOT NULL,
    -- SHA-256 over the canonical JSON of {"salt", "thing"}: the thing before and after, as stored.
    before_digest bytea,
    after_digest bytea,
    -- SHA-256 over the canonical JSON of the record's row of audit_texts.
    text_digest bytea NOT NULL,
    CONSTRAINT audit_records_pkey PRIMARY KEY (locality_id, id)
);
CREATE INDEX audit_records_at_idx ON audit_records (locality_id, at, id);
CREATE INDEX audit_records_subject_idx ON audit_records (locality_id, subject text_pattern_ops);
CREATE INDEX audit_records_names_idx ON audit_records USING gin (names) WHERE names <> '{}';
CREATE TRIGGER audit_records_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- The same in words. The one table of the log whose words may be replaced, when a person's retention ends: the salt
-- goes with them, so that the digests left behind tell nothing.
CREATE TABLE audit_texts (
    locality_id uuid NOT NULL,
    record_id uuid NOT NULL,
    salt text NOT NULL,
    -- The username at the time.
    actor text NOT NULL,
    reason text,
    -- [{pointer, from, to}]
    changes jsonb NOT NULL,
    CONSTRAINT audit_texts_pkey PRIMARY KEY (locality_id, record_id)
);
CREATE TRIGGER audit_texts_keep BEFORE DELETE OR TRUNCATE ON audit_texts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Records not yet chained: a queue, filled by writers and emptied by the sequencer. Records commit in any order, so no
-- watermark of ids or times could tell what is still to be chained.
CREATE TABLE audit_pending (
    locality_id uuid NOT NULL,
    record_id uuid NOT NULL,
    CONSTRAINT audit_pending_pkey PRIMARY KEY (locality_id, record_id)
);

-- The chain. Insert-only. hash is SHA-256 over the canonical JSON of {chained_at, previous, record, seq}.
CREATE TABLE audit_chain (
    locality_id uuid NOT NULL,
    seq bigint NOT NULL,
    record_id uuid NOT NULL,
    -- 32 zero bytes before the first.
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamptz NOT NULL,
    CONSTRAINT audit_chain_pkey PRIMARY KEY (locality_id, seq),
    CONSTRAINT audit_chain_record_key UNIQUE (locality_id, record_id)
);
CREATE TRIGGER audit_chain_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
