-- Which revision counts in place of which, for each approval, until it is folded into the totals. Written with the approval
-- and never changed, so that no approval waits for a row of another.
CREATE TABLE approved_changes (
    locality_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    period text NOT NULL,
    unit_id uuid NOT NULL,
    revision integer NOT NULL,
    -- None where nothing was approved before.
    former_revision integer,
    CONSTRAINT approved_changes_pkey PRIMARY KEY (locality_id, movement_id, period, unit_id, revision)
);

-- What the approved reports of a movement come to, as of what was folded. It holds under the generation of the locality
-- in which it was counted: afterwards it is counted anew.
CREATE TABLE totals (
    locality_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    generation uuid NOT NULL,
    CONSTRAINT totals_pkey PRIMARY KEY (locality_id, movement_id),
    CONSTRAINT totals_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id)
        ON DELETE CASCADE
);

-- By reporting period: of each indicator counts, sums and stocks.
CREATE TABLE totals_by_period (
    locality_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    period text NOT NULL,
    parts text NOT NULL,
    CONSTRAINT totals_by_period_pkey PRIMARY KEY (locality_id, movement_id, period),
    CONSTRAINT totals_by_period_totals_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES totals
        ON DELETE CASCADE
);
CREATE INDEX movements_template_idx ON movements (template, launched_at) WHERE template IS NOT NULL;
