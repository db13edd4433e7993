-- The position of a certificate in the lists that tell whoever verifies it whether it still stands. It is that of its row, so
-- that it never moves; of all localities together, for the service has one series of lists.
ALTER TABLE award_certificates ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX award_certificates_position_idx ON award_certificates (position);
