-- How many totals of the movement were wrong at the last check.
ALTER TABLE totals ADD COLUMN wrong integer NOT NULL DEFAULT 0;
