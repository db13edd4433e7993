-- Initiatives, nominations, assessments and rankings.

CREATE TABLE initiatives (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    title text NOT NULL,
    summary text NOT NULL,
    state text NOT NULL,
    -- Level of recognition, once recognised.
    level text,
    reason text,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT initiatives_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT initiatives_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id),
    CONSTRAINT initiatives_state_check CHECK (state IN ('proposed', 'recognised', 'rejected')),
    CONSTRAINT initiatives_level_check CHECK ((state = 'recognised') = (level IS NOT NULL))
);
CREATE INDEX initiatives_movement_idx ON initiatives (locality_id, movement_id, id);

-- A joint initiative has several owners, and counts in full for each.
CREATE TABLE initiative_owners (
    locality_id uuid NOT NULL,
    initiative_id uuid NOT NULL,
    position integer NOT NULL,
    unit_id uuid,
    person_id uuid,
    CONSTRAINT initiative_owners_pkey PRIMARY KEY (locality_id, initiative_id, position),
    CONSTRAINT initiative_owners_initiative_fkey FOREIGN KEY (locality_id, initiative_id)
        REFERENCES initiatives (locality_id, id),
    CONSTRAINT initiative_owners_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT initiative_owners_person_fkey FOREIGN KEY (locality_id, person_id) REFERENCES people (locality_id, id),
    CONSTRAINT initiative_owners_one_check CHECK (num_nonnulls(unit_id, person_id) = 1)
);

CREATE TABLE nominations (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    award text NOT NULL,
    unit_id uuid,
    person_id uuid,
    -- The participant group whose criteria judge the candidate.
    participant_group text NOT NULL,
    state text NOT NULL,
    achievement text NOT NULL,
    -- Points the candidate claims, by criterion.
    self_scores jsonb NOT NULL,
    -- Does the work directly: a claim until the nomination is verified, then what the agency confirmed. Persons only.
    direct_work boolean NOT NULL,
    on_behalf_reason text,
    reason text,
    -- Nobody is awarded while discipline, inspection or a complaint is pending.
    hold_reason text,
    hold_source text,
    version integer NOT NULL,
    CONSTRAINT nominations_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT nominations_candidate_key UNIQUE NULLS NOT DISTINCT (locality_id, movement_id, award, unit_id, person_id),
    CONSTRAINT nominations_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id),
    CONSTRAINT nominations_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT nominations_person_fkey FOREIGN KEY (locality_id, person_id) REFERENCES people (locality_id, id),
    CONSTRAINT nominations_one_check CHECK (num_nonnulls(unit_id, person_id) = 1),
    CONSTRAINT nominations_state_check CHECK (state IN ('nominated', 'verified', 'rejected', 'withdrawn')),
    CONSTRAINT nominations_hold_check CHECK ((hold_reason IS NULL) = (hold_source IS NULL))
);

-- Every act on a nomination, with the dossier as it stood after it: what was known at any instant can be asked again.
CREATE TABLE nomination_events (
    locality_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    version integer NOT NULL,
    action text NOT NULL,
    actor_id uuid NOT NULL,
    at timestamptz NOT NULL,
    reason text,
    -- The nomination after the act.
    dossier jsonb NOT NULL,
    CONSTRAINT nomination_events_pkey PRIMARY KEY (locality_id, nomination_id, version),
    CONSTRAINT nomination_events_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);

-- Points given to a nomination on a criterion. A new score is a new row; the newest counts.
CREATE TABLE assessments (
    locality_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    criterion text NOT NULL,
    stage text NOT NULL,
    assessor_id uuid NOT NULL,
    version integer NOT NULL,
    points numeric(23, 8),
    passed boolean,
    comment text,
    at timestamptz NOT NULL,
    CONSTRAINT assessments_pkey PRIMARY KEY (locality_id, nomination_id, criterion, stage, assessor_id, version),
    CONSTRAINT assessments_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id),
    CONSTRAINT assessments_stage_check CHECK (stage IN ('appraisal', 'council')),
    CONSTRAINT assessments_one_check CHECK (num_nonnulls(points, passed) = 1)
);
-- An appraisal is the agency's, whoever of it gives it: one line of versions for each criterion.
CREATE UNIQUE INDEX assessments_appraisal_key ON assessments (locality_id, nomination_id, criterion, version)
    WHERE stage = 'appraisal';

-- Runs of the ranking method. Inputs are frozen whole, so that anybody may recompute the output.
CREATE TABLE rankings (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    award text NOT NULL,
    mode text NOT NULL,
    state text NOT NULL,
    as_of timestamptz NOT NULL,
    -- Run after the proposal's deadline.
    late boolean NOT NULL,
    plan_version integer NOT NULL,
    -- The version of the method's meaning.
    engine integer NOT NULL,
    inputs jsonb NOT NULL,
    output jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT rankings_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT rankings_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id),
    CONSTRAINT rankings_mode_check CHECK (mode IN ('preview', 'official')),
    CONSTRAINT rankings_state_check CHECK (state IN ('preview', 'official', 'superseded'))
);
CREATE INDEX rankings_award_idx ON rankings (locality_id, movement_id, award, created_at, id);
-- A new official run supersedes the one before it.
CREATE UNIQUE INDEX rankings_official_key ON rankings (locality_id, movement_id, award) WHERE state = 'official';
