DROP TABLE activity_versions;
DROP TABLE activities;
DROP TABLE concern_acts;
DROP TABLE concerns;
