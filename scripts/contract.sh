#!/usr/bin/env bash
# The committed document as others read it: Spectral finds no warning, and TypeScript takes its generated types.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=target/contract
mkdir -p "$tools"
cp openapi/openapi.json "$tools/openapi.json"
cd "$tools"
[ -x node_modules/.bin/spectral ] && [ -x node_modules/.bin/tsc ] ||
    npm install --silent --no-audit --no-fund --no-save @stoplight/spectral-cli@6 openapi-typescript@7 typescript@5
echo 'extends: ["spectral:oas"]' > spectral.yaml
node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity warn openapi.json
node_modules/.bin/openapi-typescript openapi.json --default-non-nullable=false -o api.d.ts > /dev/null
cat > use.ts <<'TS'
import type { operations } from "./api";
type Draft = operations["draft_submission"]["requestBody"]["content"]["application/json"];
export const draft: Draft = { secret: false, values: [{ indicator: "CCHC-12", state: "none_arose" }] };
TS
node_modules/.bin/tsc --strict --noEmit --skipLibCheck false use.ts
echo 'the document lints clean and its types compile'
