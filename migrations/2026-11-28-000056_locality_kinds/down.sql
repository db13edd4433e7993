ALTER TABLE localities DROP CONSTRAINT localities_kind_check;
ALTER TABLE localities ADD CONSTRAINT localities_kind_check CHECK (kind IN ('xa', 'phuong', 'dac_khu'));
ALTER TABLE localities DROP CONSTRAINT localities_code_check;
ALTER TABLE localities ADD CONSTRAINT localities_code_check CHECK (code ~ '^[0-9]{5}$');
