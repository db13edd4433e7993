ALTER TABLE rankings DROP CONSTRAINT rankings_movement_fkey;
ALTER TABLE rankings ADD CONSTRAINT rankings_movement_fkey
    FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id);
