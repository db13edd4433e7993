DROP TABLE person_versions;
DROP TABLE people;
DROP TABLE unit_versions;
DROP TABLE units;
DROP TABLE localities;
