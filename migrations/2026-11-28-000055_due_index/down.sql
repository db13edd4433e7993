DROP INDEX periods_due_idx;
