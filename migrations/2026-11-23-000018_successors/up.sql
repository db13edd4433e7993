-- The unit that goes on where one was merged into another.
ALTER TABLE units ADD COLUMN successor_id uuid;
ALTER TABLE units ADD CONSTRAINT units_successor_fkey FOREIGN KEY (locality_id, successor_id) REFERENCES units (locality_id, id);
ALTER TABLE units ADD CONSTRAINT units_successor_check
    CHECK (successor_id IS NULL OR (successor_id <> id AND valid_to IS NOT NULL));
