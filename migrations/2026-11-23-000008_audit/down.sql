DROP TABLE audit_chain, audit_pending, audit_texts, audit_records;
DROP FUNCTION refuse_audit_change;
