ALTER TABLE initiatives DROP COLUMN proposed_for;
ALTER TABLE nomination_events DROP COLUMN acting_for;
