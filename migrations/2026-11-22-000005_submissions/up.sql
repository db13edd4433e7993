-- Units' reports. The draft is edited in place; every submit makes a revision that never changes, and every act on it
-- is an event that never changes.

CREATE TABLE submissions (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    period text NOT NULL,
    unit_id uuid NOT NULL,
    state text NOT NULL,
    -- What is being edited: {"narrative", "values"}; the content of the last revision once submitted.
    draft jsonb NOT NULL,
    -- Number of the last revision; 0 before the first submit.
    revision integer NOT NULL,
    -- Timeliness is measured here, and never again.
    first_submitted_at timestamptz,
    late boolean NOT NULL,
    lateness_excuse text,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT submissions_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT submissions_unit_period_key UNIQUE (locality_id, movement_id, period, unit_id),
    CONSTRAINT submissions_period_fkey FOREIGN KEY (locality_id, movement_id, period)
        REFERENCES periods (locality_id, movement_id, code),
    CONSTRAINT submissions_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT submissions_state_check CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'reopened'))
);

CREATE TABLE submission_revisions (
    locality_id uuid NOT NULL,
    submission_id uuid NOT NULL,
    revision integer NOT NULL,
    narrative text,
    submitted_by uuid NOT NULL,
    submitted_at timestamptz NOT NULL,
    -- Where the agency enters for a unit: why, and from what source.
    on_behalf jsonb,
    CONSTRAINT submission_revisions_pkey PRIMARY KEY (locality_id, submission_id, revision),
    CONSTRAINT submission_revisions_submission_fkey FOREIGN KEY (locality_id, submission_id)
        REFERENCES submissions (locality_id, id)
);

-- One figure of a revision. field is '' where the indicator has none.
CREATE TABLE revision_values (
    locality_id uuid NOT NULL,
    submission_id uuid NOT NULL,
    revision integer NOT NULL,
    indicator text NOT NULL,
    field text NOT NULL,
    state text NOT NULL,
    numerator bigint,
    denominator bigint,
    count bigint,
    level text,
    value numeric(23, 8),
    rank bigint,
    population bigint,
    estimated boolean NOT NULL,
    explanation text,
    evidence uuid[] NOT NULL,
    CONSTRAINT revision_values_pkey PRIMARY KEY (locality_id, submission_id, revision, indicator, field),
    CONSTRAINT revision_values_revision_fkey FOREIGN KEY (locality_id, submission_id, revision)
        REFERENCES submission_revisions (locality_id, submission_id, revision),
    CONSTRAINT revision_values_state_check CHECK (state IN ('reported', 'none_arose', 'not_applicable', 'absent')),
    CONSTRAINT revision_values_sign_check CHECK (
        numerator >= 0 AND denominator >= 0 AND count >= 0 AND rank >= 1 AND population >= rank
    )
);

-- What was done with a submission, by whom, when and why.
CREATE TABLE submission_events (
    locality_id uuid NOT NULL,
    submission_id uuid NOT NULL,
    -- The submission's version after the act.
    version integer NOT NULL,
    action text NOT NULL,
    -- The revision acted on.
    revision integer NOT NULL,
    actor_id uuid NOT NULL,
    at timestamptz NOT NULL,
    reason text,
    -- [{indicator, field, text}]
    remarks jsonb NOT NULL,
    CONSTRAINT submission_events_pkey PRIMARY KEY (locality_id, submission_id, version),
    CONSTRAINT submission_events_submission_fkey FOREIGN KEY (locality_id, submission_id)
        REFERENCES submissions (locality_id, id)
);
