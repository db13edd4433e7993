DROP TABLE login_failures;
DROP TABLE role_grants;
DROP TABLE accounts;
