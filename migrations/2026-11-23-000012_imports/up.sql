-- Imports that are done after the request that asks for them (Prefer: respond-async), as whoever asked.

CREATE TABLE imports (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    -- {"order": {"movement", "mode", "submit", "on_behalf"}, "format", "size", "sha256", "scopes", "locale", "request"};
    -- scopes are those of a machine's token.
    asked jsonb NOT NULL,
    state text NOT NULL,
    -- How often it was taken up.
    attempts integer NOT NULL,
    -- Rows read, and rows dealt with of them.
    received integer NOT NULL,
    done integer NOT NULL,
    -- What would have been answered at once.
    answer jsonb,
    asked_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT imports_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT imports_movement_fkey FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id),
    CONSTRAINT imports_state_check CHECK (state IN ('queued', 'running', 'done', 'failed')),
    CONSTRAINT imports_end_check CHECK (
        num_nulls(answer, ended_at) = CASE WHEN state IN ('done', 'failed') THEN 0 ELSE 2 END
    )
);
CREATE INDEX imports_ended_at_idx ON imports (ended_at);

-- What was sent, in pieces that are written one by one; forgotten with the import's end.
CREATE TABLE import_chunks (
    locality_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- From 0.
    number integer NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT import_chunks_pkey PRIMARY KEY (locality_id, import_id, number),
    CONSTRAINT import_chunks_import_fkey FOREIGN KEY (locality_id, import_id) REFERENCES imports (locality_id, id)
);
