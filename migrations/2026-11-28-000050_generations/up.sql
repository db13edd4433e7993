-- Which state of what hardly changes a locality has: units, plans, movements, periods, calendar. Every write that changes
-- any of it renews the generation in its transaction, so that instances may hold what they read under it. A locality
-- without a row has its own id for a generation.
CREATE TABLE generations (
    locality uuid NOT NULL,
    -- Random, so that one that was rolled back never returns.
    generation uuid NOT NULL,
    CONSTRAINT generations_pkey PRIMARY KEY (locality),
    CONSTRAINT generations_locality_fkey FOREIGN KEY (locality) REFERENCES localities (id)
);
