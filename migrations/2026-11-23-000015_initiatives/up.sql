-- Initiatives that were told twice, and the units that use one.

-- A duplicate counts nowhere from then on; a level it was recognised at stays, for what was known before.
ALTER TABLE initiatives DROP CONSTRAINT initiatives_state_check;
ALTER TABLE initiatives ADD CONSTRAINT initiatives_state_check
    CHECK (state IN ('proposed', 'recognised', 'rejected', 'duplicate'));
ALTER TABLE initiatives DROP CONSTRAINT initiatives_level_check;
ALTER TABLE initiatives ADD CONSTRAINT initiatives_level_check
    CHECK (CASE state WHEN 'recognised' THEN level IS NOT NULL WHEN 'duplicate' THEN true ELSE level IS NULL END);

-- Which other one an initiative is the same as. Only inserted.
CREATE TABLE initiative_duplicates (
    locality_id uuid NOT NULL,
    initiative_id uuid NOT NULL,
    -- The one that counts in its place.
    duplicate_of uuid NOT NULL,
    reason text NOT NULL,
    marked_by uuid NOT NULL,
    marked_at timestamptz NOT NULL,
    CONSTRAINT initiative_duplicates_pkey PRIMARY KEY (locality_id, initiative_id),
    CONSTRAINT initiative_duplicates_initiative_fkey FOREIGN KEY (locality_id, initiative_id)
        REFERENCES initiatives (locality_id, id),
    CONSTRAINT initiative_duplicates_of_fkey FOREIGN KEY (locality_id, duplicate_of)
        REFERENCES initiatives (locality_id, id),
    CONSTRAINT initiative_duplicates_other_check CHECK (duplicate_of <> initiative_id)
);
CREATE INDEX initiative_duplicates_of_idx ON initiative_duplicates (locality_id, duplicate_of);

-- Units that took an initiative over (nhân rộng).
CREATE TABLE initiative_replications (
    locality_id uuid NOT NULL,
    initiative_id uuid NOT NULL,
    -- Of the initiative after it was recorded.
    version integer NOT NULL,
    unit_id uuid NOT NULL,
    used_from date NOT NULL,
    note text,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    CONSTRAINT initiative_replications_pkey PRIMARY KEY (locality_id, initiative_id, version),
    CONSTRAINT initiative_replications_initiative_fkey FOREIGN KEY (locality_id, initiative_id)
        REFERENCES initiatives (locality_id, id),
    CONSTRAINT initiative_replications_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT initiative_replications_withdrawn_check
        CHECK (num_nulls(withdrawn_by, withdrawn_at, withdrawn_reason) IN (0, 3))
);
CREATE UNIQUE INDEX initiative_replications_unit_key ON initiative_replications (locality_id, initiative_id, unit_id)
    WHERE withdrawn_at IS NULL;
