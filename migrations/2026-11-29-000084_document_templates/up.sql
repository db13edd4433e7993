-- The wordings of papers as a locality changes them; without a row, the one that is shipped. Rows are only inserted, the newest
-- version counts.
CREATE TABLE document_templates (
    locality_id uuid NOT NULL,
    paper text NOT NULL,
    version integer NOT NULL,
    wording jsonb NOT NULL,
    changed_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT document_templates_pkey PRIMARY KEY (locality_id, paper, version),
    CONSTRAINT document_templates_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id)
);

CREATE FUNCTION refuse_wording_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'wordings of papers are kept: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER document_templates_insert_only BEFORE UPDATE OR DELETE ON document_templates
    FOR EACH ROW EXECUTE FUNCTION refuse_wording_change();
CREATE TRIGGER document_templates_no_truncate BEFORE TRUNCATE ON document_templates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_wording_change();
