DROP TABLE rankings;
DROP TABLE assessments;
DROP TABLE nomination_events;
DROP TABLE nominations;
DROP TABLE initiative_owners;
DROP TABLE initiatives;
