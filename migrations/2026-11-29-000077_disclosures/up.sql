-- When the council's ballots on one criterion of one candidate were disclosed, and whose count. It is decided once: what is
-- shown follows from these rows and from no other. A disclosure that a recusal voids is followed by another round, in which
-- everybody votes anew.

ALTER TABLE assessments
    -- Of a ballot of the council: the round in which it was cast.
    ADD COLUMN round integer NOT NULL DEFAULT 1;

CREATE TABLE disclosures (
    locality_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    criterion text NOT NULL,
    round integer NOT NULL,
    -- Of a secret vote the ballots of these members count, the newest of each in the round.
    members uuid[] NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT disclosures_pkey PRIMARY KEY (locality_id, nomination_id, criterion, round),
    CONSTRAINT disclosures_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);
CREATE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was disclosed stays so: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER disclosures_insert_only BEFORE UPDATE OR DELETE ON disclosures
    FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_change();
CREATE TRIGGER disclosures_no_truncate BEFORE TRUNCATE ON disclosures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_change();
