-- What was found under another letter stays so.
SELECT 1;
