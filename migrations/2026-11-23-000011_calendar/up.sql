-- Which days of a year are worked, as a locality has them: holidays, and swapped days (làm bù). Read when a launch sets
-- due instants; those stay as they were set.
CREATE TABLE calendars (
    locality_id uuid NOT NULL,
    year integer NOT NULL,
    -- [{"day", "name"}]
    holidays jsonb NOT NULL,
    working_days jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT calendars_pkey PRIMARY KEY (locality_id, year),
    CONSTRAINT calendars_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id)
);
