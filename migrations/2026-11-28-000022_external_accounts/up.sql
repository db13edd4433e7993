-- External issuers have one name in SQL, Rust and documents.
ALTER TABLE outside_accounts RENAME TO external_accounts;
ALTER TABLE external_accounts RENAME CONSTRAINT outside_accounts_pkey TO external_accounts_pkey;
ALTER TABLE external_accounts RENAME CONSTRAINT outside_accounts_account_fkey TO external_accounts_account_fkey;
