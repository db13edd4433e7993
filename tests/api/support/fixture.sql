-- Two localities with the same units, in the template that every test's database is a copy of.
INSERT INTO localities (id, code, name, kind, valid_from, created_at) VALUES
    ('00000000-0000-7000-8000-000000010210', '10210', 'Xã Hồng Vân', 'xa', '2025-07-01', '2025-07-01'),
    ('00000000-0000-7000-8000-000000010213', '10213', 'Xã Láng Giềng', 'xa', '2025-07-01', '2025-07-01');

CREATE TEMPORARY TABLE made (code text, name text, kind text, parent text);
INSERT INTO made VALUES
    ('phong-kinh-te', 'Phòng Kinh tế', 'division', NULL),
    ('phong-vhxh', 'Phòng Văn hóa - Xã hội', 'division', NULL),
    ('to-so-hoa', 'Tổ số hóa', 'division', 'phong-vhxh'),
    ('van-phong', 'Văn phòng HĐND và UBND', 'office', NULL),
    ('van-phong-dang-uy', 'Văn phòng Đảng ủy', 'party_board', NULL),
    ('mat-tran', 'Ủy ban MTTQ Việt Nam xã', 'front', NULL),
    ('trung-tam-hcc', 'Trung tâm Phục vụ hành chính công', 'service', NULL),
    ('thon-1', 'Thôn 1', 'hamlet', NULL),
    ('thon-2', 'Thôn 2', 'hamlet', NULL);

INSERT INTO units (locality_id, id, code, valid_from, external_codes, version)
    SELECT l.id, gen_random_uuid(), m.code, '2025-07-01', '{}', 1 FROM localities l, made m;
INSERT INTO unit_versions (locality_id, unit_id, valid_from, name, kind, parent_id)
    SELECT u.locality_id, u.id, u.valid_from, m.name, m.kind, p.id
    FROM units u JOIN made m ON m.code = u.code
        LEFT JOIN units p ON p.locality_id = u.locality_id AND p.code = m.parent;
DROP TABLE made;

-- What is held in memory of a locality counts until its generation is renewed, and answers are given again until it has one
-- more record: every transaction of the service that changes what is held or shown must leave that trace. One of a test
-- behind the service's back renews the generation by itself.
CREATE FUNCTION require_trace() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.locality_id ELSE NEW.locality_id END;
    own xid := pg_current_xact_id()::xid;
BEGIN
    IF (CASE TG_ARGV[0]
        WHEN 'renewed generation' THEN EXISTS (SELECT FROM generations WHERE locality = changed AND xmin = own)
        ELSE EXISTS (SELECT FROM audit_pending WHERE locality_id = changed AND xmin = own)
    END) THEN
        RETURN NULL;
    END IF;
    IF current_setting('application_name') NOT IN ('test', 'session') THEN
        RAISE EXCEPTION '% of % without a %', TG_OP, TG_TABLE_NAME, TG_ARGV[0];
    END IF;
    INSERT INTO generations (locality, generation) VALUES (changed, gen_random_uuid())
        ON CONFLICT (locality) DO UPDATE SET generation = excluded.generation;
    RETURN NULL;
END $$;
DO $$
DECLARE
    held text[] := ARRAY['units', 'unit_versions', 'movements', 'plan_versions', 'periods', 'calendars'];
    shown text[] := held || ARRAY[
        'people', 'person_versions', 'households', 'household_versions', 'submissions', 'submission_events',
        'submission_revisions', 'concerns', 'concern_acts', 'activities', 'activity_versions', 'initiatives', 'initiative_owners',
        'initiative_replications', 'nominations', 'rankings'];
    traced record;
BEGIN
    FOR traced IN
        SELECT unnest(held) AS name, 'renewed generation' AS trace UNION ALL SELECT unnest(shown), 'record'
    LOOP
        -- By name the renewal comes first.
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I
                 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_trace(%L)',
            traced.name || CASE traced.trace WHEN 'record' THEN '_shown' ELSE '_renewal' END, traced.name, traced.trace);
    END LOOP;
END $$;
