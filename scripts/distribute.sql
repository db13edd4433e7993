-- Distributes the tables of localities over the nodes of a Citus cluster (docs/several-machines.md). On the
-- coordinator, as the tables' owner, after `thidua migrate` and before the service starts:
--   psql -v ON_ERROR_STOP=1 -f scripts/distribute.sql "$DATABASE_URL"

-- Insert-only tables refuse changes row by row, on whatever node the row is.
SET citus.enable_unsafe_triggers = on;
-- All tables hang together by their foreign keys and are made in one transaction.
SET citus.multi_shard_modify_mode = 'sequential';

-- A table of the coordinator cannot refer to rows of other nodes. The service looks a unit up before it gives a role in
-- it, and units are never deleted.
ALTER TABLE role_grants DROP CONSTRAINT IF EXISTS role_grants_unit_fkey;
ALTER TABLE clients DROP CONSTRAINT IF EXISTS clients_unit_fkey;

DO $$
DECLARE
    waiting oid[] := ARRAY(
        SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
          AND a.attname = 'locality_id' AND a.attnotnull);
    chosen regclass;
BEGIN
    -- What they refer to, and what is of no locality, is the same on every node.
    FOR chosen IN
        SELECT DISTINCT confrelid FROM pg_constraint
        WHERE contype = 'f' AND conrelid = ANY(waiting) AND confrelid <> ALL(waiting)
    LOOP
        PERFORM create_reference_table(chosen);
    END LOOP;
    -- A table after those that it refers to.
    WHILE cardinality(waiting) > 0 LOOP
        SELECT t.oid INTO STRICT chosen FROM unnest(waiting) AS t (oid)
        WHERE NOT EXISTS (
            SELECT FROM pg_constraint
            WHERE contype = 'f' AND conrelid = t.oid AND confrelid <> t.oid AND confrelid = ANY(waiting))
        ORDER BY t.oid LIMIT 1;
        PERFORM create_distributed_table(chosen, 'locality_id');
        waiting := array_remove(waiting, chosen::oid);
    END LOOP;
END
$$;
