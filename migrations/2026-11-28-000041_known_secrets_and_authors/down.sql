ALTER TABLE answers DROP COLUMN withheld;
ALTER TABLE submissions DROP COLUMN drafted_by;
ALTER TABLE accounts DROP CONSTRAINT accounts_password_issued_by_fkey;
ALTER TABLE accounts DROP COLUMN password_issued_by;
