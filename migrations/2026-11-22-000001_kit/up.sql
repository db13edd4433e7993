-- What the kit itself stores. Every tenant table's keys start with locality_id (see migrations/README.md).

-- Stored answers of requests that carried an Idempotency-Key. locality_id is the nil UUID for work above localities.
CREATE TABLE answers (
    locality_id uuid NOT NULL,
    account_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint NOT NULL,
    body jsonb NOT NULL,
    etag text,
    location text,
    created_at timestamptz NOT NULL,
    CONSTRAINT answers_pkey PRIMARY KEY (locality_id, account_id, key)
);
CREATE INDEX answers_created_at_idx ON answers (created_at);

-- Work to be done after the transaction that asks for it. A job is claimed by a lease, so that a worker that dies
-- gives it back by itself.
CREATE TABLE jobs (
    id uuid NOT NULL,
    name text NOT NULL,
    payload jsonb NOT NULL,
    -- At most one waiting job of a name and key; null for jobs that may stand in any number.
    once text,
    state text NOT NULL,
    attempts integer NOT NULL,
    run_at timestamptz NOT NULL,
    leased_until timestamptz,
    error text,
    created_at timestamptz NOT NULL,
    CONSTRAINT jobs_pkey PRIMARY KEY (id),
    CONSTRAINT jobs_once_key UNIQUE (name, once),
    CONSTRAINT jobs_state_check CHECK (state IN ('queued', 'dead'))
);
CREATE INDEX jobs_due_idx ON jobs (run_at) WHERE state = 'queued';
