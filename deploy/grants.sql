-- The rights of the role that runs the service: it owns nothing, so that it can drop no trigger of the audit log. Run by
-- the owner of the tables (or a superuser) after every `thidua migrate`: new tables need their grants.
BEGIN;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'thidua_service') THEN
        CREATE ROLE thidua_service LOGIN;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO thidua_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO thidua_service;
REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM thidua_service;
REVOKE UPDATE, DELETE ON audit_records, audit_chain FROM thidua_service;
REVOKE DELETE ON audit_texts FROM thidua_service;
COMMIT;
