-- Households (hộ gia đình): the third kind of candidate.

-- A household that may be nominated. No birth date, phone or identity number is kept.
CREATE TABLE households (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    -- When the names of its heads gave way to a pseudonym; null again once somebody registers a new state.
    forgotten_at timestamptz,
    CONSTRAINT households_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT households_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id)
);

CREATE TABLE household_versions (
    locality_id uuid NOT NULL,
    household_id uuid NOT NULL,
    valid_from date NOT NULL,
    -- The name of the head of the household.
    head text NOT NULL,
    -- The residential unit (thôn, tổ dân phố) that it lives in.
    unit_id uuid NOT NULL,
    -- The name without diacritics and in lower case, for search.
    search_name text NOT NULL,
    -- Given name (last word) first: the order households are listed in.
    sort_name text NOT NULL,
    CONSTRAINT household_versions_pkey PRIMARY KEY (locality_id, household_id, valid_from),
    CONSTRAINT household_versions_household_fkey FOREIGN KEY (locality_id, household_id)
        REFERENCES households (locality_id, id),
    CONSTRAINT household_versions_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id)
);
CREATE INDEX household_versions_sort_idx ON household_versions (locality_id, sort_name);

ALTER TABLE initiative_owners ADD COLUMN household_id uuid;
ALTER TABLE initiative_owners ADD CONSTRAINT initiative_owners_household_fkey FOREIGN KEY (locality_id, household_id)
    REFERENCES households (locality_id, id);
ALTER TABLE initiative_owners DROP CONSTRAINT initiative_owners_one_check;
ALTER TABLE initiative_owners ADD CONSTRAINT initiative_owners_one_check
    CHECK (num_nonnulls(unit_id, person_id, household_id) = 1);

ALTER TABLE nominations ADD COLUMN household_id uuid;
ALTER TABLE nominations ADD CONSTRAINT nominations_household_fkey FOREIGN KEY (locality_id, household_id)
    REFERENCES households (locality_id, id);
ALTER TABLE nominations DROP CONSTRAINT nominations_one_check;
ALTER TABLE nominations ADD CONSTRAINT nominations_one_check CHECK (num_nonnulls(unit_id, person_id, household_id) = 1);
ALTER TABLE nominations DROP CONSTRAINT nominations_candidate_key;
ALTER TABLE nominations ADD CONSTRAINT nominations_candidate_key
    UNIQUE NULLS NOT DISTINCT (locality_id, movement_id, award, unit_id, person_id, household_id);
