-- Sessions of the council (phiên họp): who took part, the votes on each candidate, and what they came to.
CREATE TABLE council_sessions (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    award text NOT NULL,
    state text NOT NULL,
    held_on date NOT NULL,
    -- What was said, for the minutes.
    notes text,
    -- The closed session that this one corrects.
    replaces uuid,
    -- The award's rules as the session was opened.
    rules jsonb NOT NULL,
    -- What it came to, once closed.
    outcome jsonb,
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_by uuid,
    closed_at timestamptz,
    CONSTRAINT council_sessions_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT council_sessions_movement_fkey FOREIGN KEY (locality_id, movement_id)
        REFERENCES movements (locality_id, id),
    CONSTRAINT council_sessions_replaces_fkey FOREIGN KEY (locality_id, replaces)
        REFERENCES council_sessions (locality_id, id),
    CONSTRAINT council_sessions_replaces_key UNIQUE (locality_id, replaces),
    CONSTRAINT council_sessions_state_check CHECK (state IN ('open', 'closed')),
    CONSTRAINT council_sessions_closed_check CHECK ((state = 'closed') = (outcome IS NOT NULL))
);
CREATE INDEX council_sessions_award_idx ON council_sessions (locality_id, movement_id, award, opened_at, id);
-- One at a time.
CREATE UNIQUE INDEX council_sessions_open_key ON council_sessions (locality_id, movement_id, award) WHERE state = 'open';

CREATE TABLE council_attendances (
    locality_id uuid NOT NULL,
    session_id uuid NOT NULL,
    member_id uuid NOT NULL,
    attendance text NOT NULL,
    CONSTRAINT council_attendances_pkey PRIMARY KEY (locality_id, session_id, member_id),
    CONSTRAINT council_attendances_session_fkey FOREIGN KEY (locality_id, session_id)
        REFERENCES council_sessions (locality_id, id),
    CONSTRAINT council_attendances_check CHECK (attendance IN ('present', 'written', 'absent'))
);

-- The votes on one candidate; a recount is a new row.
CREATE TABLE council_votes (
    locality_id uuid NOT NULL,
    session_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    version integer NOT NULL,
    -- Issued, returned, valid, invalid, for, against.
    count jsonb NOT NULL,
    -- By member, of an open vote.
    votes jsonb,
    -- Members who were recused when it was counted.
    recused uuid[] NOT NULL,
    counted_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT council_votes_pkey PRIMARY KEY (locality_id, session_id, nomination_id, version),
    CONSTRAINT council_votes_session_fkey FOREIGN KEY (locality_id, session_id)
        REFERENCES council_sessions (locality_id, id),
    CONSTRAINT council_votes_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);
