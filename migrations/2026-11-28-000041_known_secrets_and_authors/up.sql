-- Who issued the code that the password stems from, where they alone could know it; null where nobody could. A code of
-- two halves and a password of the command line are known to no single administrator.
ALTER TABLE accounts ADD COLUMN password_issued_by uuid;
ALTER TABLE accounts ADD CONSTRAINT accounts_password_issued_by_fkey
    FOREIGN KEY (password_issued_by) REFERENCES accounts (id);
-- Which of the earlier codes was redeemed is not on record: the last one that was not confirmed counts.
UPDATE accounts SET password_issued_by = c.issued_by
FROM (
    SELECT DISTINCT ON (account_id) account_id, issued_by, confirmed_at
    FROM password_codes WHERE ended_at IS NOT NULL ORDER BY account_id, ended_at DESC
) AS c
WHERE c.account_id = accounts.id AND c.confirmed_at IS NULL AND accounts.password_hash IS NOT NULL;

-- Who wrote what a report says since it was last approved, and for whom. Of drafts from before it is not known.
ALTER TABLE submissions ADD COLUMN drafted_by uuid[] NOT NULL DEFAULT '{}';

-- A request whose answer has a secret is known by its key, and its answer is not kept.
ALTER TABLE answers ADD COLUMN withheld boolean NOT NULL DEFAULT false;
