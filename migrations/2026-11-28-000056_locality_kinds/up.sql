-- Provinces, agencies and schools launch movements, too; only administrative units have an administrative code.
ALTER TABLE localities DROP CONSTRAINT localities_kind_check;
ALTER TABLE localities ADD CONSTRAINT localities_kind_check CHECK (
    kind IN ('xa', 'phuong', 'dac_khu', 'tinh', 'thanh_pho', 'so', 'co_quan', 'truong', 'khac'));
ALTER TABLE localities DROP CONSTRAINT localities_code_check;
ALTER TABLE localities ADD CONSTRAINT localities_code_check CHECK (CASE
    WHEN kind IN ('xa', 'phuong', 'dac_khu') THEN code ~ '^[0-9]{5}$'
    WHEN kind IN ('tinh', 'thanh_pho') THEN code ~ '^[0-9]{2}$'
    ELSE code ~ '^[0-9-]*[a-z][a-z0-9-]*$' AND length(code) BETWEEN 2 AND 63
END);
