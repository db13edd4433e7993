-- Documents behind the figures (tài liệu kiểm chứng), each of one unit's place in one period. Only inserted: a revision
-- that names one names these bytes for good.

CREATE FUNCTION refuse_evidence_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence is kept as it was handed in: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- A file, or a link to where the document stands.
CREATE TABLE evidence (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    period text NOT NULL,
    unit_id uuid NOT NULL,
    -- The file's name as it was sent.
    name text,
    kind text,
    size bigint,
    sha256 bytea,
    link text,
    -- The document's number, day, issuer, and the words that matter.
    number text,
    issued_on date,
    issuer text,
    excerpt text,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL,
    CONSTRAINT evidence_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT evidence_period_fkey FOREIGN KEY (locality_id, movement_id, period)
        REFERENCES periods (locality_id, movement_id, code),
    CONSTRAINT evidence_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT evidence_kind_check CHECK (kind IN ('pdf', 'docx', 'xlsx', 'png', 'jpeg')),
    CONSTRAINT evidence_file_check CHECK (num_nulls(name, kind, size, sha256) = CASE WHEN link IS NULL THEN 0 ELSE 4 END)
);
CREATE INDEX evidence_place_idx ON evidence (locality_id, movement_id, period, unit_id);
-- Where else the same file was used.
CREATE INDEX evidence_sha256_idx ON evidence (locality_id, sha256) WHERE sha256 IS NOT NULL;
CREATE TRIGGER evidence_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_evidence_change();

-- A file's bytes, in pieces that are read and written one by one. Apart from what is looked through.
CREATE TABLE evidence_chunks (
    locality_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    -- From 0.
    number integer NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT evidence_chunks_pkey PRIMARY KEY (locality_id, evidence_id, number),
    CONSTRAINT evidence_chunks_evidence_fkey FOREIGN KEY (locality_id, evidence_id)
        REFERENCES evidence (locality_id, id)
);
-- Every kind we take is compressed already.
ALTER TABLE evidence_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TRIGGER evidence_chunks_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_chunks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_evidence_change();
