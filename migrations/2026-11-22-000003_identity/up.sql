-- Human logins and what they may do. Usernames are global; a login belongs to one locality or to the city.

CREATE TABLE accounts (
    id uuid NOT NULL,
    username text NOT NULL,
    -- Null: the city's, above localities.
    locality_id uuid,
    -- argon2id, PHC string.
    password_hash text NOT NULL,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (id),
    CONSTRAINT accounts_username_key UNIQUE (username),
    CONSTRAINT accounts_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id),
    CONSTRAINT accounts_username_check CHECK (username ~ '^[a-z0-9][a-z0-9._-]{2,62}$')
);

CREATE TABLE role_grants (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    locality_id uuid,
    -- For unit roles: the top of the subtree.
    unit_id uuid,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT role_grants_pkey PRIMARY KEY (id),
    CONSTRAINT role_grants_account_fkey FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT role_grants_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT role_grants_once_key UNIQUE NULLS NOT DISTINCT (account_id, role, locality_id, unit_id, valid_from),
    CONSTRAINT role_grants_scope_check CHECK (
        CASE
            WHEN role IN ('reporter', 'unit_head') THEN locality_id IS NOT NULL AND unit_id IS NOT NULL
            WHEN role IN ('standing_agency', 'council_member', 'chair', 'auditor', 'locality_admin')
                THEN locality_id IS NOT NULL AND unit_id IS NULL
            WHEN role IN ('city_viewer', 'city_admin') THEN locality_id IS NULL AND unit_id IS NULL
            ELSE false
        END
    )
);

-- Login attempts that failed, to slow down guessing (10 an account in 10 minutes).
CREATE TABLE login_failures (
    username text NOT NULL,
    at timestamptz NOT NULL,
    id uuid NOT NULL,
    CONSTRAINT login_failures_pkey PRIMARY KEY (username, at, id)
);
