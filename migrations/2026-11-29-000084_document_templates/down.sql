DROP TABLE document_templates;
DROP FUNCTION refuse_wording_change();
