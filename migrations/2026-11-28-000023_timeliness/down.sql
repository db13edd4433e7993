-- What was measured before is not kept; the measure stays.
SELECT 1;
