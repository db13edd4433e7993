#!/usr/bin/env bash
# What row-level security would cost: a point read and a write of a tenant table, by pgbench, with and without a policy
# that reads a transaction-local setting. docs/decisions.md tells what was concluded. Needs Postgres's server binaries.
set -euo pipefail
bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
data=$(mktemp -d) && chmod 755 "$data" && [ "$(id -u)" != 0 ] || chown postgres "$data"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi; }
cd "$data"
as "$bin/initdb" -D "$data/pg" -A trust > /dev/null
as "$bin/pg_ctl" -D "$data/pg" -o "-c listen_addresses= -c unix_socket_directories=$data" -l "$data/log" -w start > /dev/null
trap 'as "$bin/pg_ctl" -D "$data/pg" -m fast stop > /dev/null; rm -rf "$data"' EXIT
sql() { as "$bin/psql" -h "$data" -qAt postgres "$@"; }
sql <<'SQL'
CREATE TABLE plain (locality_id uuid, id int, v bigint, PRIMARY KEY (locality_id, id));
INSERT INTO plain SELECT lpad(l::text, 32, '0')::uuid, i, i FROM generate_series(1, 126) l, generate_series(1, 4000) i;
CREATE TABLE walled (LIKE plain INCLUDING ALL);
INSERT INTO walled SELECT * FROM plain;
ALTER TABLE walled ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON walled USING (locality_id = current_setting('thidua.locality')::uuid);
CREATE ROLE service LOGIN;
GRANT SELECT, UPDATE ON plain, walled TO service;
VACUUM ANALYZE plain; VACUUM ANALYZE walled;
SQL
head='\set l random(1, 126)
\set i random(1, 4000)'
own="lpad(:l::text, 32, '0')::uuid"
echo "$head
SELECT v FROM plain WHERE locality_id = $own AND id = :i;" > read-plain.sql
# A read without a transaction of its own needs one for the setting: begin, set, read, commit.
echo "$head
BEGIN;
SELECT set_config('thidua.locality', ($own)::text, true);
SELECT v FROM walled WHERE locality_id = $own AND id = :i;
COMMIT;" > read-walled.sql
echo "$head
BEGIN;
UPDATE plain SET v = v + 1 WHERE locality_id = $own AND id = :i;
COMMIT;" > write-plain.sql
echo "$head
BEGIN;
SELECT set_config('thidua.locality', ($own)::text, true);
UPDATE walled SET v = v + 1 WHERE locality_id = $own AND id = :i;
COMMIT;" > write-walled.sql
for round in 1 2 3; do
    for script in read-plain read-walled write-plain write-walled; do
        tps=$(as "$bin/pgbench" -h "$data" -U service -n -M prepared -c 4 -j 1 -T "${SECONDS_EACH:-5}" -f "$script.sql" postgres 2> /dev/null | awk '/tps/ { printf "%d", $3 }')
        echo "round $round $script $tps tps"
    done
done
