-- What happened, for whoever follows: each event in the transaction of the act that it tells of.

CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are kept as they were told: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Insert-only. No table refers to another: a writer takes no lock that another writer of the locality holds.
CREATE TABLE events (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    -- Code of the movement.
    movement text NOT NULL,
    -- The thing: its path below /api/v1.
    subject text NOT NULL,
    occurred_at timestamptz NOT NULL,
    -- Facts of the thing; nothing about people.
    data jsonb NOT NULL,
    -- What must not be told twice, and by which words it is known.
    once text,
    CONSTRAINT events_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT events_once_key UNIQUE (locality_id, once)
);
CREATE TRIGGER events_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();

-- Events not yet numbered, in the order in which they were told. They commit in any order, so no watermark could tell
-- which are still to come: readers follow the numbers, which are given to committed events alone.
CREATE TABLE event_queue (
    locality_id uuid NOT NULL,
    event_id uuid NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT event_queue_pkey PRIMARY KEY (locality_id, event_id)
);

-- The order in which events are read, without gaps. Insert-only.
CREATE TABLE event_numbers (
    locality_id uuid NOT NULL,
    seq bigint NOT NULL,
    event_id uuid NOT NULL,
    CONSTRAINT event_numbers_pkey PRIMARY KEY (locality_id, seq),
    CONSTRAINT event_numbers_event_key UNIQUE (locality_id, event_id)
);
CREATE TRIGGER event_numbers_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event_numbers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
