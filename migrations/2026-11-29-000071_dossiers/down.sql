ALTER TABLE nominations DROP COLUMN facts;
ALTER TABLE nominations DROP COLUMN initiatives;
ALTER TABLE nominations DROP COLUMN evidence;
