-- A draft of a movement may be deleted, and what was ranked with it to try it out goes with it. Nothing else can refer to
-- a draft.
ALTER TABLE rankings DROP CONSTRAINT rankings_movement_fkey;
ALTER TABLE rankings ADD CONSTRAINT rankings_movement_fkey
    FOREIGN KEY (locality_id, movement_id) REFERENCES movements (locality_id, id) ON DELETE CASCADE;
