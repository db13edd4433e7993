-- Movements, their plans and their reporting periods.

CREATE TABLE movements (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    -- What movements of several localities share, for city-wide figures.
    template text,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    launched_at timestamptz,
    closed_at timestamptz,
    concluded_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT movements_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT movements_code_key UNIQUE (locality_id, code),
    CONSTRAINT movements_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id),
    CONSTRAINT movements_state_check CHECK (state IN ('draft', 'launched', 'closed', 'concluded'))
);

-- Issued versions of a plan never change; an amendment is a new version with the day it takes effect.
CREATE TABLE plan_versions (
    locality_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    document jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT plan_versions_pkey PRIMARY KEY (locality_id, movement_id, version),
    CONSTRAINT plan_versions_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id)
);

CREATE TABLE periods (
    locality_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    code text NOT NULL,
    starts_on date NOT NULL,
    -- The last day, included.
    cutoff_on date NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL,
    reason text,
    version integer NOT NULL,
    CONSTRAINT periods_pkey PRIMARY KEY (locality_id, movement_id, code),
    CONSTRAINT periods_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id),
    CONSTRAINT periods_days_check CHECK (starts_on <= cutoff_on),
    CONSTRAINT periods_state_check CHECK (state IN ('open', 'closed', 'reopened'))
);
