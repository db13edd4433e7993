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
