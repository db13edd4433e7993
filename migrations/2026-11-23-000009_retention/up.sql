-- People are forgotten after a term: their names become pseudonyms.

-- When the person's names gave way to a pseudonym; null again once somebody registers a new state.
ALTER TABLE people ADD COLUMN forgotten_at timestamptz;

-- What people read beside the figures of a run (names, titles, comments), apart from what was judged: a name can be
-- forgotten here while inputs and output keep every byte. Runs from before hold their texts in inputs and output.
ALTER TABLE rankings ADD COLUMN texts jsonb NOT NULL DEFAULT '{}';
ALTER TABLE rankings ALTER COLUMN texts DROP DEFAULT;

-- Whose newest state is old is looked for every day.
CREATE INDEX person_versions_since_idx ON person_versions (valid_from);
