-- Roles that decide or administer are given by one administrator and confirmed by a second one; until then they permit
-- nothing. Null in confirm_until: no confirmation is needed.
ALTER TABLE role_grants
    ADD COLUMN granted_by uuid,
    ADD COLUMN confirm_until timestamptz,
    ADD COLUMN confirmed_by uuid,
    ADD COLUMN confirmed_at timestamptz;
ALTER TABLE role_grants ADD CONSTRAINT role_grants_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES accounts (id);
ALTER TABLE role_grants ADD CONSTRAINT role_grants_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES accounts (id);

-- One-time codes with which people set their password. A code for an account with roles as above has a second half,
-- which the administrator who confirms is shown.
CREATE TABLE password_codes (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- SHA-256 of each half, which is 256 random bits.
    digest bytea NOT NULL,
    second_digest bytea,
    issued_by uuid NOT NULL,
    valid_until timestamptz NOT NULL,
    needs_confirmation boolean NOT NULL,
    confirmed_by uuid,
    confirmed_at timestamptz,
    -- Redeemed, or superseded by a newer code or password.
    ended_at timestamptz,
    CONSTRAINT password_codes_pkey PRIMARY KEY (id),
    CONSTRAINT password_codes_account_fkey FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT password_codes_issued_by_fkey FOREIGN KEY (issued_by) REFERENCES accounts (id),
    CONSTRAINT password_codes_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES accounts (id)
);
CREATE INDEX password_codes_account_idx ON password_codes (account_id) WHERE ended_at IS NULL;

-- A client that lost the answer to a refresh asks again: who asked, and the next token under a key that only the
-- replaced token gives.
ALTER TABLE refresh_tokens
    ADD COLUMN used_from bytea,
    ADD COLUMN successor bytea;
