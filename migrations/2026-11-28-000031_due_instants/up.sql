-- Due instants that move: an amendment of the plan sets others, and the agency postpones one.

-- What the plan gives; null where the agency has not postponed it.
ALTER TABLE periods ADD COLUMN original_due_at timestamptz;
-- Why the agency postponed it.
ALTER TABLE periods ADD COLUMN due_reason text;

CREATE FUNCTION refuse_due_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'moves of due instants are kept: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Every move of a due instant. Insert-only: it tells which one was known at an instant.
CREATE TABLE due_changes (
    locality_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    period text NOT NULL,
    -- Of the period, after the move.
    version integer NOT NULL,
    former_due_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    reason text NOT NULL,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT due_changes_pkey PRIMARY KEY (locality_id, movement_id, period, version),
    CONSTRAINT due_changes_period_fkey FOREIGN KEY (locality_id, movement_id, period)
        REFERENCES periods (locality_id, movement_id, code)
);
CREATE TRIGGER due_changes_insert_only BEFORE UPDATE OR DELETE ON due_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_due_change();
CREATE TRIGGER due_changes_no_truncate BEFORE TRUNCATE ON due_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_due_change();
