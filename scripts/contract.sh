#!/usr/bin/env bash
# The committed document as others read it: it is small, Spectral finds no warning, four generators make clients of it
# without one, the clients take values that they do not know, and a generated TypeScript client talks to the service.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts=$PWD/scripts
tools=target/contract
mkdir -p "$tools"
cp openapi/openapi.json scripts/client.mts "$tools"
cargo build --locked --quiet
thidua=$PWD/target/debug/thidua
cd "$tools"

most() { # most NUMBER MOST WHAT
    [ "$1" -le "$2" ] || { echo "$1 $3, and $2 are the most: what do many operations repeat?" >&2; exit 1; }
}
quiet() { # quiet NAME COMMAND…: runs a generator, which must not warn
    local name=$1
    shift
    "$@" > "$name.log" 2>&1 || { cat "$name.log" >&2; exit 1; }
    ! grep -iE 'warn|error' "$name.log" || { echo "$name warns" >&2; exit 1; }
}

most "$(wc -c < openapi.json)" 700000 'bytes of document'
[ -x node_modules/.bin/openapi-ts ] && [ -x node_modules/.bin/orval ] ||
    npm install --silent --no-audit --no-fund --no-save \
        @stoplight/spectral-cli@6 openapi-typescript@7 openapi-fetch@0.17 typescript@5 @types/node@20 orval@7 \
        @hey-api/openapi-ts@0.95
[ -x python/bin/openapi-python-client ] ||
    { python3 -m venv python && python/bin/python -m pip install --quiet openapi-python-client==0.29.1; }

echo 'extends: ["spectral:oas"]' > spectral.yaml
node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity warn openapi.json
rm -rf hey orval.ts pyclient
quiet openapi-typescript node_modules/.bin/openapi-typescript openapi.json --default-non-nullable=false -o api.d.ts
# An operation takes 85 lines with its types: its parameters, its answers, and the verbs that its path does not have.
operations=$(python/bin/python -c 'import json; d = json.load(open("openapi.json")); print(sum("operationId" in one
    for path in d["paths"].values() for one in path.values() if isinstance(one, dict)))')
most "$(wc -l < api.d.ts)" $((88 * operations)) 'lines of TypeScript'
quiet orval node_modules/.bin/orval --input ./openapi.json --output ./orval.ts
quiet openapi-ts node_modules/.bin/openapi-ts -i ./openapi.json -o hey
quiet openapi-python-client python/bin/openapi-python-client generate --path openapi.json --output-path pyclient \
    --meta none --config "$scripts/python-client.yaml"
python/bin/python "$scripts/tomorrow.py" openapi.json pyclient tomorrow.mts
node_modules/.bin/tsc --strict --noUncheckedIndexedAccess --skipLibCheck false --target es2022 --module nodenext \
    --outDir out client.mts tomorrow.mts

# Where Postgres runs as another user (under root), that user must reach its directory.
home=$(mktemp -d) && chmod 755 "$home"
RUST_LOG=warn "$thidua" demo --data-dir "$home"
RUST_LOG=warn "$thidua" serve --data-dir "$home" --bind 127.0.0.1:0 > "$home/serve" &
service=$!
# Postgres goes down after the service, and still writes while it does.
trap 'kill $service; wait $service; for _ in $(seq 50); do rm -rf "$home" 2> /dev/null && break; sleep 0.2; done' EXIT
timeout 60 sh -c "until grep -q http '$home/serve'; do sleep 0.1; done"
node out/client.mjs "$(grep -o 'http://[0-9.:]*' "$home/serve" | head -1)" "$home/demo-accounts.json"
