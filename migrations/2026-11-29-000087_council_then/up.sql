-- Everybody who was of the council when ballots were disclosed: who among them has no ballot there is seen for good. Null of
-- a disclosure from before.
ALTER TABLE disclosures ADD COLUMN council uuid[];

-- A score stays as it was given, and a ballot as it was cast. Of a row only its words change, where a name is taken out.
CREATE FUNCTION refuse_assessment_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a score stays as it was given: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER assessments_kept BEFORE DELETE OR UPDATE OF
    locality_id, nomination_id, criterion, stage, assessor_id, version, points, passed, at, round ON assessments
    FOR EACH ROW EXECUTE FUNCTION refuse_assessment_change();
CREATE TRIGGER assessments_no_truncate BEFORE TRUNCATE ON assessments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_assessment_change();
