#!/usr/bin/env bash
# What a failover costs (docs/several-machines.md): writes go to a service on two Postgres servers of this machine, the
# primary is stopped as by a power cut, the replica is promoted. Counts the acknowledged writes that are gone and the
# seconds without a write. Needs a built thidua, Postgres's binaries, python3; ends by itself and leaves nothing.
#   scripts/failover.sh           a write waits for the replica; one that is gone is an error
#   scripts/failover.sh --async   a write does not wait for the replica
set -euo pipefail
cd "$(dirname "$0")/.."
thidua=${THIDUA:-target/debug/thidua}
[ -x "$thidua" ] || cargo build --locked
port=${PORT:-18090}
primary_port=$((port + 1))
replica_port=$((port + 2))
bin=$(dirname "$(ls -d "${PG_BINDIR:-/usr/lib/postgresql/*/bin}"/initdb 2> /dev/null || ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
dir=$(mktemp -d) && chmod 755 "$dir"
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export PGPASSWORD=$password

# Postgres refuses to run as root.
as_owner=()
mkdir "$dir/postgres" && echo "$password" > "$dir/postgres/password"
if [ "$(id -u)" = 0 ]; then
    owner=$(id -u postgres 2> /dev/null || id -u nobody)
    as_owner=(setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups)
    chown -R "$owner" "$dir/postgres"
fi
pg() { (cd "$dir/postgres" && "${as_owner[@]}" "$bin/$1" "${@:2}"); }
start() { # start NAME PORT
    pg pg_ctl -s -w -D "$dir/postgres/$1" -l "$dir/postgres/$1.log" \
        -o "-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c cluster_name=$1" start
}
service='' load=''
end() {
    for pid in $load $service; do kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null; done
    for name in primary replica; do pg pg_ctl -s -m immediate -D "$dir/postgres/$name" stop 2> /dev/null; done
    rm -rf "$dir"
}
trap 'end || true' EXIT

pg initdb -D "$dir/postgres/primary" -U thidua -A scram-sha-256 --pwfile "$dir/postgres/password" -E UTF8 --locale C > /dev/null
start primary "$primary_port"
pg pg_basebackup -h 127.0.0.1 -p "$primary_port" -U thidua -D "$dir/postgres/replica" -R -c fast
start replica "$replica_port"
sql() { # sql PORT QUERY
    pg psql -h 127.0.0.1 -p "$1" -U thidua -qAtX -v ON_ERROR_STOP=1 -c "$2" postgres
}
if [ "${1:-}" != --async ]; then
    # Said to the primary alone: a replica that is promoted must not wait for a replica of its own.
    sql "$primary_port" "ALTER SYSTEM SET synchronous_standby_names = 'replica'"
    sql "$primary_port" 'SELECT pg_reload_conf()' > /dev/null
    until [ "$(sql "$primary_port" 'SELECT max(sync_state) FROM pg_stat_replication')" = sync ]; do sleep 0.1; done
fi

export DATABASE_URL="postgres://thidua:$password@127.0.0.1:$primary_port,127.0.0.1:$replica_port/postgres?target_session_attrs=read-write&connect_timeout=2&tcp_user_timeout=5"
export RUST_LOG=error THIDUA_DATA_DIR=$dir/data THIDUA_ADDRESS_RATE=0 THIDUA_ACCOUNT_RATE=0
"$thidua" serve --bind "127.0.0.1:$port" > /dev/null 2> "$dir/log" &
service=$!
until "$thidua" health --bind "127.0.0.1:$port" 2> /dev/null; do
    kill -0 "$service" || { cat "$dir/log" >&2; exit 1; }
    sleep 0.1
done
echo 'đúng ngựa pin ghim' | "$thidua" account create --username thanh-pho --role city_admin > /dev/null

cat > "$dir/load.py" <<'PYTHON'
"""Makes localities, eight at a time, and notes when each was acknowledged; at the end, which of them are there."""
import itertools, json, os, sys, threading, time, urllib.request

api, notes = sys.argv[1] + "/api/v1", sys.argv[2]


def ask(path, body=None, token=None):
    headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(api + path, data, headers), timeout=10) as answer:
        return json.load(answer)


def log_in():
    return ask("/auth/login", {"username": "thanh-pho", "password": "đúng ngựa pin ghim"})["access_token"]


token, codes, acknowledged = log_in(), itertools.count(10000), open(notes, "a", buffering=1)


def write():
    while not os.path.exists(notes + ".end"):
        code = str(next(codes))
        try:
            ask("/localities", {"code": code, "name": "Xã", "kind": "xa", "valid_from": "2025-07-01"}, token)
            acknowledged.write(f"{time.time():.3f} {code}\n")
        except OSError:
            time.sleep(0.02)


writers = [threading.Thread(target=write) for _ in range(8)]
[writer.start() for writer in writers]
[writer.join() for writer in writers]

kept, cursor = set(), ""
while cursor is not None:
    page = ask("/localities?limit=200" + (cursor and "&cursor=" + cursor), token=token)
    kept.update(locality["code"] for locality in page["items"])
    cursor = page["next_cursor"]
written = sorted((float(at), code) for at, code in map(str.split, open(notes)))
lost = [code for _, code in written if code not in kept]
wait, since = max((after[0] - before[0], before[0]) for before, after in zip(written, written[1:]))
before = sum(at <= since for at, _ in written)
print(f"acknowledged {before} writes before and {len(written) - before} after; lost {len(lost)}; {wait:.2f} s without a write")
sys.exit(1 if lost else 0)
PYTHON
touch "$dir/acknowledged"
python3 "$dir/load.py" "http://127.0.0.1:$port" "$dir/acknowledged" > "$dir/told" &
load=$!
written() { wc -l < "$dir/acknowledged"; }
wait_for() { # wait_for WRITES
    for _ in $(seq 600); do
        [ "$(written)" -ge "$1" ] && return
        kill -0 "$load" || return 1
        sleep 0.1
    done
    echo "not $1 writes within a minute" >&2
    return 1
}
wait_for 300
stopped=$(date +%s%N)
pg pg_ctl -s -m immediate -D "$dir/postgres/primary" stop
pg pg_ctl -s -w -D "$dir/postgres/replica" promote
promoted=$(date +%s%N)
wait_for $(($(written) + 300))
touch "$dir/acknowledged.end"
result=0
wait "$load" || result=$?
load=''
echo "${1:-sync}: promoted within $(((promoted - stopped) / 1000000)) ms; $(cat "$dir/told")"
[ "${1:-}" = --async ] || exit "$result"
