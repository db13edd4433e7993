-- What people are called on screens and in lists; the name of an account stays what it logs in with.
ALTER TABLE accounts ADD COLUMN display_name text;
