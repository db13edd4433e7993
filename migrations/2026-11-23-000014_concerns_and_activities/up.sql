-- What surrounds the reports: concerns that units raise, activities of propaganda that they hold.

-- A concern (khó khăn, vướng mắc, kiến nghị) as it stands. Its words never change; what became of it stands in its acts.
CREATE TABLE concerns (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    -- What it is about, where it is about one indicator or one period.
    indicator text,
    period text,
    state text NOT NULL,
    -- Concerns that the agency put before the chair together share one summary.
    summary_id uuid,
    raised_by uuid NOT NULL,
    raised_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT concerns_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT concerns_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id),
    CONSTRAINT concerns_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT concerns_period_fkey FOREIGN KEY (locality_id, movement_id, period)
        REFERENCES periods (locality_id, movement_id, code),
    CONSTRAINT concerns_kind_check CHECK (kind IN ('difficulty', 'proposal', 'plan_change')),
    CONSTRAINT concerns_state_check CHECK (state IN ('raised', 'consolidated', 'decided', 'replied')),
    CONSTRAINT concerns_summary_check CHECK ((state = 'raised') = (summary_id IS NULL))
);
CREATE INDEX concerns_movement_idx ON concerns (locality_id, movement_id, id);
CREATE INDEX concerns_summary_idx ON concerns (locality_id, summary_id) WHERE summary_id IS NOT NULL;

-- Every act on a concern, with its words. Only inserted; the words alone may give way to a pseudonym when a person's
-- retention ends.
CREATE TABLE concern_acts (
    locality_id uuid NOT NULL,
    concern_id uuid NOT NULL,
    -- Of the concern after the act.
    version integer NOT NULL,
    action text NOT NULL,
    actor_id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- The summary made, or decided on, or replied to.
    summary_id uuid,
    outcome text,
    -- The agency's summary, the chair's decision, the reply.
    text text,
    CONSTRAINT concern_acts_pkey PRIMARY KEY (locality_id, concern_id, version),
    CONSTRAINT concern_acts_concern_fkey FOREIGN KEY (locality_id, concern_id) REFERENCES concerns (locality_id, id),
    CONSTRAINT concern_acts_action_check CHECK (action IN ('raise', 'consolidate', 'decide', 'reply')),
    CONSTRAINT concern_acts_outcome_check CHECK ((action = 'decide') = (outcome IS NOT NULL)),
    CONSTRAINT concern_acts_text_check CHECK ((action = 'raise') = (text IS NULL)),
    CONSTRAINT concern_acts_summary_check CHECK ((action = 'raise') = (summary_id IS NULL))
);

-- An activity of propaganda (hoạt động tuyên truyền) as it stands.
CREATE TABLE activities (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    state text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    held_on date NOT NULL,
    place text,
    participants bigint,
    description text,
    -- Documents of the unit's reports in this movement.
    evidence uuid[] NOT NULL,
    version integer NOT NULL,
    CONSTRAINT activities_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT activities_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id),
    CONSTRAINT activities_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT activities_state_check CHECK (state IN ('recorded', 'withdrawn')),
    CONSTRAINT activities_participants_check CHECK (participants >= 0)
);
CREATE INDEX activities_movement_idx ON activities (locality_id, movement_id, id);

-- Every act on an activity, with what was said of it from then on. Only inserted, but for names as above.
CREATE TABLE activity_versions (
    locality_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    version integer NOT NULL,
    action text NOT NULL,
    actor_id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- Why it was corrected or withdrawn.
    reason text,
    content jsonb NOT NULL,
    CONSTRAINT activity_versions_pkey PRIMARY KEY (locality_id, activity_id, version),
    CONSTRAINT activity_versions_activity_fkey FOREIGN KEY (locality_id, activity_id)
        REFERENCES activities (locality_id, id),
    CONSTRAINT activity_versions_action_check CHECK (action IN ('record', 'correct', 'withdraw')),
    CONSTRAINT activity_versions_reason_check CHECK ((action = 'record') = (reason IS NULL))
);
