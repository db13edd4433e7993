DROP TABLE submission_events;
DROP TABLE revision_values;
DROP TABLE submission_revisions;
DROP TABLE submissions;
