DROP TABLE council_votes;
DROP TABLE council_attendances;
DROP TABLE council_sessions;
