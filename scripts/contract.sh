#!/usr/bin/env bash
# The committed document as others read it: Spectral finds no warning, and a TypeScript client that is generated from it
# compiles under --strict and talks to the service.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=target/contract
mkdir -p "$tools"
cp openapi/openapi.json scripts/client.mts "$tools"
cargo build --locked --quiet
thidua=$PWD/target/debug/thidua
cd "$tools"
[ -x node_modules/.bin/spectral ] && [ -d node_modules/openapi-fetch ] ||
    npm install --silent --no-audit --no-fund --no-save \
        @stoplight/spectral-cli@6 openapi-typescript@7 openapi-fetch@0.17 typescript@5 @types/node@20
echo 'extends: ["spectral:oas"]' > spectral.yaml
node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity warn openapi.json
node_modules/.bin/openapi-typescript openapi.json --default-non-nullable=false -o api.d.ts > /dev/null
node_modules/.bin/tsc --strict --noUncheckedIndexedAccess --skipLibCheck false --target es2022 --module nodenext \
    --outDir out client.mts

# Where Postgres runs as another user (under root), that user must reach its directory.
home=$(mktemp -d) && chmod 755 "$home"
RUST_LOG=warn "$thidua" demo --data-dir "$home"
RUST_LOG=warn "$thidua" serve --data-dir "$home" --bind 127.0.0.1:0 > "$home/serve" &
service=$!
# Postgres goes down after the service, and still writes while it does.
trap 'kill $service; wait $service; for _ in $(seq 50); do rm -rf "$home" 2> /dev/null && break; sleep 0.2; done' EXIT
timeout 60 sh -c "until grep -q http '$home/serve'; do sleep 0.1; done"
node out/client.mjs "$(grep -o 'http://[0-9.:]*' "$home/serve" | head -1)" "$home/demo-accounts.json"
