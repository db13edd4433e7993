-- Numerator, denominator and count are in units of 10^-decimals, as the plan gives the indicator.
ALTER TABLE revision_values ADD COLUMN decimals smallint NOT NULL DEFAULT 0
    CONSTRAINT revision_values_decimals_check CHECK (decimals BETWEEN 0 AND 6);
