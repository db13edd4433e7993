DROP TRIGGER audit_records_no_truncate ON audit_records;
DROP TRIGGER audit_records_insert_only ON audit_records;
CREATE TRIGGER audit_records_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
DROP TRIGGER audit_chain_no_truncate ON audit_chain;
DROP TRIGGER audit_chain_insert_only ON audit_chain;
CREATE TRIGGER audit_chain_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
DROP TRIGGER evidence_no_truncate ON evidence;
DROP TRIGGER evidence_insert_only ON evidence;
CREATE TRIGGER evidence_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_evidence_change();
DROP TRIGGER evidence_chunks_no_truncate ON evidence_chunks;
DROP TRIGGER evidence_chunks_insert_only ON evidence_chunks;
CREATE TRIGGER evidence_chunks_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_chunks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_evidence_change();
DROP TRIGGER events_no_truncate ON events;
DROP TRIGGER events_insert_only ON events;
CREATE TRIGGER events_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
DROP TRIGGER event_numbers_no_truncate ON event_numbers;
DROP TRIGGER event_numbers_insert_only ON event_numbers;
CREATE TRIGGER event_numbers_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event_numbers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
DROP TRIGGER audit_texts_no_truncate ON audit_texts;
DROP TRIGGER audit_texts_keep ON audit_texts;
CREATE TRIGGER audit_texts_keep BEFORE DELETE OR TRUNCATE ON audit_texts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
