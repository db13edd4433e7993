-- Localities, their units and people. What may change with time (name, kind, parent, position) stands in version rows
-- by the day they begin, so that any day's tree can be told again.

CREATE TABLE localities (
    id uuid NOT NULL,
    -- The administrative code, as text; a code has passed from one commune to another, so it holds between days.
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    created_at timestamptz NOT NULL,
    CONSTRAINT localities_pkey PRIMARY KEY (id),
    CONSTRAINT localities_code_from_key UNIQUE (code, valid_from),
    CONSTRAINT localities_code_check CHECK (code ~ '^[0-9]{5}$'),
    CONSTRAINT localities_kind_check CHECK (kind IN ('xa', 'phuong', 'dac_khu')),
    CONSTRAINT localities_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX localities_code_now_key ON localities (code) WHERE valid_to IS NULL;

CREATE TABLE units (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    -- Codes that other systems know the unit by, by system.
    external_codes jsonb NOT NULL,
    version integer NOT NULL,
    CONSTRAINT units_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT units_code_key UNIQUE (locality_id, code),
    CONSTRAINT units_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id),
    CONSTRAINT units_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
);

CREATE TABLE unit_versions (
    locality_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    valid_from date NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    parent_id uuid,
    CONSTRAINT unit_versions_pkey PRIMARY KEY (locality_id, unit_id, valid_from),
    CONSTRAINT unit_versions_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT unit_versions_parent_fkey FOREIGN KEY (locality_id, parent_id) REFERENCES units (locality_id, id),
    CONSTRAINT unit_versions_parent_check CHECK (parent_id <> unit_id)
);

-- A person who may be nominated; not a login. No birth date, phone or identity number is kept.
CREATE TABLE people (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    CONSTRAINT people_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT people_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id)
);

CREATE TABLE person_versions (
    locality_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from date NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    position text,
    -- A resident belongs to none.
    unit_id uuid,
    -- The name without diacritics and in lower case, for search.
    search_name text NOT NULL,
    -- Given name (last word) first: the order people are listed in.
    sort_name text NOT NULL,
    CONSTRAINT person_versions_pkey PRIMARY KEY (locality_id, person_id, valid_from),
    CONSTRAINT person_versions_person_fkey FOREIGN KEY (locality_id, person_id) REFERENCES people (locality_id, id),
    CONSTRAINT person_versions_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id)
);
CREATE INDEX person_versions_sort_idx ON person_versions (locality_id, sort_name);
