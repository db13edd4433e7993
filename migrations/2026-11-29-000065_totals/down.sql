DROP INDEX movements_template_idx;
DROP TABLE totals_by_period;
DROP TABLE totals;
DROP TABLE approved_changes;
