-- Sign-ins with their refresh tokens, machine clients, accounts of outside issuers, delegation.

-- A client is an account that no human logs in to; an account of an outside issuer has no password here.
ALTER TABLE accounts
    ADD COLUMN kind text NOT NULL DEFAULT 'person',
    -- Set with a password that somebody else chose: until it is changed, nothing else may be done.
    ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD CONSTRAINT accounts_kind_check CHECK (kind IN ('person', 'client') AND (kind = 'person' OR password_hash IS NULL));

-- A grant is never deleted: it runs out (valid_to) or is ended at once (ended_at).
ALTER TABLE role_grants
    ADD COLUMN ended_at timestamptz,
    -- The grant that this one is lent from (KT., ủy quyền); it holds only while that one does.
    ADD COLUMN delegated_from uuid,
    ADD COLUMN reason text,
    DROP CONSTRAINT role_grants_once_key,
    ADD CONSTRAINT role_grants_delegated_from_fkey FOREIGN KEY (delegated_from) REFERENCES role_grants (id),
    ADD CONSTRAINT role_grants_delegated_check CHECK (delegated_from IS NULL OR valid_to IS NOT NULL);
CREATE UNIQUE INDEX role_grants_once_key ON role_grants
    (account_id, role, locality_id, unit_id, valid_from, delegated_from) NULLS NOT DISTINCT WHERE ended_at IS NULL;
CREATE INDEX role_grants_locality_idx ON role_grants (locality_id, id);
CREATE INDEX accounts_locality_idx ON accounts (locality_id, username);

-- One login and all the refresh tokens that come of it. Ended, none of its tokens is worth anything.
CREATE TABLE sign_ins (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    -- No refreshing beyond this.
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_because text,
    CONSTRAINT sign_ins_pkey PRIMARY KEY (id),
    CONSTRAINT sign_ins_account_fkey FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT sign_ins_ended_check CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);
CREATE INDEX sign_ins_account_idx ON sign_ins (account_id) WHERE ended_at IS NULL;

CREATE TABLE refresh_tokens (
    -- SHA-256 of the token, which is 256 random bits.
    digest bytea NOT NULL,
    sign_in_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (digest),
    CONSTRAINT refresh_tokens_sign_in_fkey FOREIGN KEY (sign_in_id) REFERENCES sign_ins (id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_sign_in_idx ON refresh_tokens (sign_in_id);

-- Addresses that an account logged in from: guesses made elsewhere do not shut it out there.
CREATE TABLE login_addresses (
    account_id uuid NOT NULL,
    address text NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT login_addresses_pkey PRIMARY KEY (account_id, address),
    CONSTRAINT login_addresses_account_fkey FOREIGN KEY (account_id) REFERENCES accounts (id)
);

ALTER TABLE login_failures
    ADD COLUMN address text NOT NULL DEFAULT '',
    -- Whether the account had logged in from there before.
    ADD COLUMN known boolean NOT NULL DEFAULT false;
CREATE INDEX login_failures_address_idx ON login_failures (address, at);
CREATE INDEX login_failures_at_idx ON login_failures (at);

CREATE TABLE clients (
    id uuid NOT NULL,
    name text NOT NULL,
    -- For a client of one unit: the top of the subtree it acts in.
    locality_id uuid,
    unit_id uuid,
    -- As RFC 6749 writes it: names between blanks.
    scope text NOT NULL,
    -- Public keys (RFC 7517) that verify its assertions (RFC 7523).
    jwks jsonb NOT NULL,
    last_used_at timestamptz,
    CONSTRAINT clients_pkey PRIMARY KEY (id),
    CONSTRAINT clients_account_fkey FOREIGN KEY (id) REFERENCES accounts (id),
    CONSTRAINT clients_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT clients_unit_check CHECK (unit_id IS NULL OR locality_id IS NOT NULL)
);

CREATE TABLE client_secrets (
    -- SHA-256 of the secret, which is 256 random bits.
    digest bytea NOT NULL,
    client_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    -- Set when a newer one takes its place: both hold for a while.
    expires_at timestamptz,
    last_used_at timestamptz,
    CONSTRAINT client_secrets_pkey PRIMARY KEY (digest),
    CONSTRAINT client_secrets_client_fkey FOREIGN KEY (client_id) REFERENCES clients (id)
);
CREATE INDEX client_secrets_client_idx ON client_secrets (client_id);

-- Assertions already used: each is good once.
CREATE TABLE client_assertions (
    client_id uuid NOT NULL,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT client_assertions_pkey PRIMARY KEY (client_id, jti),
    CONSTRAINT client_assertions_client_fkey FOREIGN KEY (client_id) REFERENCES clients (id)
);
CREATE INDEX client_assertions_expires_at_idx ON client_assertions (expires_at);

-- Who an outside issuer's subject is here.
CREATE TABLE outside_accounts (
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id uuid NOT NULL,
    CONSTRAINT outside_accounts_pkey PRIMARY KEY (issuer, subject),
    CONSTRAINT outside_accounts_account_fkey FOREIGN KEY (account_id) REFERENCES accounts (id)
);
