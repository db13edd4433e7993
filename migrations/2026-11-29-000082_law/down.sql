DROP TABLE legal_figures;
DROP TABLE legal_bases;
DROP FUNCTION refuse_law_change();
