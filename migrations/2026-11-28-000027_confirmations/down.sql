ALTER TABLE refresh_tokens DROP COLUMN successor, DROP COLUMN used_from;
DROP TABLE password_codes;
ALTER TABLE role_grants DROP COLUMN confirmed_at, DROP COLUMN confirmed_by, DROP COLUMN confirm_until, DROP COLUMN granted_by;
