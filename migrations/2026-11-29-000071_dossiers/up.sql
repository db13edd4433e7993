-- What a dossier relies on: documents, recognised initiatives, and facts that the agency confirms.

ALTER TABLE nominations ADD COLUMN evidence uuid[] NOT NULL DEFAULT '{}';
-- An initiative serves one form of award of one movement.
ALTER TABLE nominations ADD COLUMN initiatives uuid[] NOT NULL DEFAULT '{}';
-- The share of women, and the day from which achievements count after discipline: claims until the nomination is verified.
ALTER TABLE nominations ADD COLUMN facts jsonb NOT NULL DEFAULT '{}';
