#!/usr/bin/env bash
# The running service against its document: schemathesis tries every operation in all its phases with all its checks, as
# two people of two localities. Argument: examples of each operation (25). The database is one of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
examples=${1:-25}
scripts=$PWD/scripts
tools=$PWD/target/contract
mkdir -p "$tools"
[ -n "${THIDUA:-}" ] || cargo build --locked --quiet
thidua=${THIDUA:-$PWD/target/debug/thidua}
[ -x "$tools/python/bin/python" ] || python3 -m venv "$tools/python"
# By `-m`: the scripts of an environment that was copied name the one that it was copied from.
"$tools/python/bin/python" -c 'import schemathesis' 2> /dev/null ||
    "$tools/python/bin/python" -m pip install --quiet schemathesis==4.32.5

home=$(mktemp -d) && chmod 755 "$home"
RUST_LOG=warn "$thidua" demo --data-dir "$home"
RUST_LOG=warn THIDUA_ADDRESS_RATE=0 THIDUA_ACCOUNT_RATE=0 "$thidua" serve --data-dir "$home" --bind 127.0.0.1:0 \
    > "$home/serve" &
service=$!
# Postgres goes down after the service, and still writes while it does.
trap 'kill $service; wait $service; for _ in $(seq 50); do rm -rf "$home" 2> /dev/null && break; sleep 0.2; done' EXIT
timeout 60 sh -c "until grep -q http '$home/serve'; do sleep 0.1; done"
export THIDUA_URL THIDUA_USERNAME THIDUA_PASSWORD
THIDUA_URL=$(grep -o 'http://[0-9.:]*' "$home/serve" | head -1)

account() { # account ROLE MEMBER: of the sample accounts
    python3 -c 'import json, sys; print(next(one[sys.argv[3]] for one in json.load(open(sys.argv[1])) if sys.argv[2] in one["roles"]))' \
        "$home/demo-accounts.json" "$1" "$2"
}
# A second locality with an administrator.
THIDUA_USERNAME=$(account city_admin username) THIDUA_PASSWORD=$(account city_admin password) \
    python3 "$scripts/fuzz_auth.py" post /localities '{"code": "10212", "name": "Xã Thử", "kind": "xa", "valid_from": "2025-07-01"}'
"$thidua" account create --username thu-quan-tri --role locality_admin --locality 10212 --data-dir "$home" \
    <<< 'bon tu ngau nhien 1'

failed=0
try() { # try USERNAME PASSWORD
    THIDUA_USERNAME=$1 THIDUA_PASSWORD=$2
    # Whoever logs out, or changes the password, ends the sign-in of the other requests.
    PYTHONPATH=$scripts SCHEMATHESIS_HOOKS=fuzz_auth "$tools/python/bin/python" -m schemathesis.cli \
        --config-file "$scripts/schemathesis.toml" run "$THIDUA_URL/openapi.json" \
        --checks all --max-examples "$examples" --exclude-operation-id log_out --exclude-operation-id change_password \
        --continue-on-failure --suppress-health-check all --no-color || failed=1
}
try "$(account standing_agency username)" "$(account standing_agency password)"
try thu-quan-tri 'bon tu ngau nhien 1'
exit $failed
