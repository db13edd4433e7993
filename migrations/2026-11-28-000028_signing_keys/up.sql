-- The public keys of all instances: each verifies the tokens of the others. No private key is in the database.
CREATE TABLE signing_keys (
    kid text CONSTRAINT signing_keys_pkey PRIMARY KEY,
    x text NOT NULL,
    issuer text NOT NULL,
    -- When an instance last said that it signs with it.
    signed_at timestamptz NOT NULL
);
