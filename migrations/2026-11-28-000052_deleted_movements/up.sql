-- The last version of a deleted draft: a movement of the same code goes on from there, so that no ETag comes twice.
CREATE TABLE deleted_movements (
    locality_id uuid NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    CONSTRAINT deleted_movements_pkey PRIMARY KEY (locality_id, code),
    CONSTRAINT deleted_movements_locality_fkey FOREIGN KEY (locality_id) REFERENCES localities (id)
);
