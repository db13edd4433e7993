DROP TABLE evidence_chunks;
DROP TABLE evidence;
DROP FUNCTION refuse_evidence_change;
