DROP TABLE initiative_replications;
ALTER TABLE initiatives DROP CONSTRAINT initiatives_level_check;
ALTER TABLE initiatives DROP CONSTRAINT initiatives_state_check;
-- What was told twice is rejected with its reason, or stands as it was recognised.
UPDATE initiatives i
    SET state = CASE WHEN i.level IS NULL THEN 'rejected' ELSE 'recognised' END,
        reason = CASE WHEN i.level IS NULL THEN d.reason ELSE i.reason END
    FROM initiative_duplicates d WHERE d.locality_id = i.locality_id AND d.initiative_id = i.id;
DROP TABLE initiative_duplicates;
ALTER TABLE initiatives ADD CONSTRAINT initiatives_state_check CHECK (state IN ('proposed', 'recognised', 'rejected'));
ALTER TABLE initiatives ADD CONSTRAINT initiatives_level_check CHECK ((state = 'recognised') = (level IS NOT NULL));
