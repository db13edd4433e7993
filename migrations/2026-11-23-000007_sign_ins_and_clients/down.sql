DROP TABLE outside_accounts;
DROP TABLE client_assertions;
DROP TABLE client_secrets;
DROP TABLE clients;
DROP INDEX login_failures_at_idx;
DROP INDEX login_failures_address_idx;
ALTER TABLE login_failures DROP COLUMN address, DROP COLUMN known;
DROP TABLE login_addresses;
DROP TABLE refresh_tokens;
DROP TABLE sign_ins;
DROP INDEX accounts_locality_idx;
DROP INDEX role_grants_locality_idx;
DROP INDEX role_grants_once_key;
ALTER TABLE role_grants
    DROP CONSTRAINT role_grants_delegated_check,
    DROP CONSTRAINT role_grants_delegated_from_fkey,
    DROP COLUMN ended_at,
    DROP COLUMN delegated_from,
    DROP COLUMN reason,
    ADD CONSTRAINT role_grants_once_key UNIQUE NULLS NOT DISTINCT (account_id, role, locality_id, unit_id, valid_from);
ALTER TABLE accounts
    DROP CONSTRAINT accounts_kind_check,
    DROP COLUMN kind,
    DROP COLUMN must_change_password,
    DROP COLUMN version;
