-- For whom a dossier was entered, or an initiative proposed, by a delegated role: the delegator does not decide on it.
ALTER TABLE nomination_events ADD COLUMN acting_for uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE initiatives ADD COLUMN proposed_for uuid[] NOT NULL DEFAULT '{}';
