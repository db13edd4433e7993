DROP TABLE jobs;
DROP TABLE answers;
