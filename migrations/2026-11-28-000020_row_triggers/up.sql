-- What is only inserted refuses each row's change by itself. A trigger of the whole statement is asked by the table that
-- a statement names, and not by the parts that hold its rows where the table is distributed. TRUNCATE knows no rows.

DROP TRIGGER audit_records_insert_only ON audit_records;
CREATE TRIGGER audit_records_insert_only BEFORE UPDATE OR DELETE ON audit_records
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_records_no_truncate BEFORE TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

DROP TRIGGER audit_chain_insert_only ON audit_chain;
CREATE TRIGGER audit_chain_insert_only BEFORE UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

DROP TRIGGER evidence_insert_only ON evidence;
CREATE TRIGGER evidence_insert_only BEFORE UPDATE OR DELETE ON evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_evidence_change();
CREATE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_evidence_change();

DROP TRIGGER evidence_chunks_insert_only ON evidence_chunks;
CREATE TRIGGER evidence_chunks_insert_only BEFORE UPDATE OR DELETE ON evidence_chunks
    FOR EACH ROW EXECUTE FUNCTION refuse_evidence_change();
CREATE TRIGGER evidence_chunks_no_truncate BEFORE TRUNCATE ON evidence_chunks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_evidence_change();

DROP TRIGGER events_insert_only ON events;
CREATE TRIGGER events_insert_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();

DROP TRIGGER event_numbers_insert_only ON event_numbers;
CREATE TRIGGER event_numbers_insert_only BEFORE UPDATE OR DELETE ON event_numbers
    FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
CREATE TRIGGER event_numbers_no_truncate BEFORE TRUNCATE ON event_numbers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();

-- Its words may be replaced.
DROP TRIGGER audit_texts_keep ON audit_texts;
CREATE TRIGGER audit_texts_keep BEFORE DELETE ON audit_texts
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_texts_no_truncate BEFORE TRUNCATE ON audit_texts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
