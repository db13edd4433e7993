DELETE FROM assessments WHERE (locality_id, nomination_id) IN
    (SELECT locality_id, id FROM nominations WHERE household_id IS NOT NULL);
DELETE FROM nomination_events WHERE (locality_id, nomination_id) IN
    (SELECT locality_id, id FROM nominations WHERE household_id IS NOT NULL);
DELETE FROM nominations WHERE household_id IS NOT NULL;
ALTER TABLE nominations DROP CONSTRAINT nominations_candidate_key;
ALTER TABLE nominations ADD CONSTRAINT nominations_candidate_key
    UNIQUE NULLS NOT DISTINCT (locality_id, movement_id, award, unit_id, person_id);
ALTER TABLE nominations DROP CONSTRAINT nominations_one_check;
ALTER TABLE nominations ADD CONSTRAINT nominations_one_check CHECK (num_nonnulls(unit_id, person_id) = 1);
ALTER TABLE nominations DROP COLUMN household_id;
DELETE FROM initiative_owners WHERE household_id IS NOT NULL;
ALTER TABLE initiative_owners DROP CONSTRAINT initiative_owners_one_check;
ALTER TABLE initiative_owners ADD CONSTRAINT initiative_owners_one_check CHECK (num_nonnulls(unit_id, person_id) = 1);
ALTER TABLE initiative_owners DROP COLUMN household_id;
DROP TABLE household_versions;
DROP TABLE households;
