-- The law as a locality records it, beside what the program ships: texts that papers cite, and figures of the bonus. Rows are
-- only inserted, the newest version counts.
CREATE TABLE legal_bases (
    locality_id uuid NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    -- Number, issuer, days, replacement, source.
    basis jsonb NOT NULL,
    recorded_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT legal_bases_pkey PRIMARY KEY (locality_id, code, version),
    CONSTRAINT legal_bases_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id)
);

CREATE TABLE legal_figures (
    locality_id uuid NOT NULL,
    code text NOT NULL,
    valid_from date NOT NULL,
    version integer NOT NULL,
    -- A coefficient, or dong.
    value numeric(23, 8) NOT NULL,
    source text NOT NULL,
    recorded_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT legal_figures_pkey PRIMARY KEY (locality_id, code, valid_from, version),
    CONSTRAINT legal_figures_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id),
    CONSTRAINT legal_figures_value_check CHECK (value > 0)
);

CREATE FUNCTION refuse_law_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was recorded of the law is kept: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER legal_bases_insert_only BEFORE UPDATE OR DELETE ON legal_bases
    FOR EACH ROW EXECUTE FUNCTION refuse_law_change();
CREATE TRIGGER legal_bases_no_truncate BEFORE TRUNCATE ON legal_bases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_law_change();
CREATE TRIGGER legal_figures_insert_only BEFORE UPDATE OR DELETE ON legal_figures
    FOR EACH ROW EXECUTE FUNCTION refuse_law_change();
CREATE TRIGGER legal_figures_no_truncate BEFORE TRUNCATE ON legal_figures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_law_change();
