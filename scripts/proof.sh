#!/usr/bin/env bash
# A ranking's bundle as others verify it: the proof that the real service makes holds for a library that nobody here wrote
# (Digital Bazaar's, of the W3C cryptosuite eddsa-jcs-2022) and for `thidua verify`; a changed bundle does for neither.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=target/proof
mkdir -p "$tools"
cp scripts/proof.mjs "$tools"
cargo build --locked --quiet
thidua=$PWD/target/debug/thidua
cd "$tools"
[ -d node_modules/jsonld-signatures ] ||
    npm install --silent --no-audit --no-fund --no-save \
        @digitalbazaar/data-integrity@2 @digitalbazaar/eddsa-jcs-2022-cryptosuite@1 jsonld-signatures@11

# Where Postgres runs as another user (under root), that user must reach its directory.
home=$(mktemp -d) && chmod 755 "$home"
RUST_LOG=warn "$thidua" demo --data-dir "$home"
RUST_LOG=warn "$thidua" serve --data-dir "$home" --bind 127.0.0.1:0 > "$home/serve" &
service=$!
# Postgres goes down after the service, and still writes while it does.
trap 'kill $service; wait $service; for _ in $(seq 50); do rm -rf "$home" 2> /dev/null && break; sleep 0.2; done' EXIT
timeout 60 sh -c "until grep -q http '$home/serve'; do sleep 0.1; done"
url=$(grep -o 'http://[0-9.:]*' "$home/serve" | head -1)
api=$url/api/v1

password=$(jq -r '.[] | select(.username == "mau.thuong-truc-1").password' "$home/demo-accounts.json")
token=$(jq -n --arg password "$password" '{username: "mau.thuong-truc-1", $password}' |
    curl -sf "$api/auth/login" -H 'Content-Type: application/json' -d @- | jq -r .access_token)
auth="Authorization: Bearer $token"
bundle() { # bundle AWARD FILE: ranks, and downloads what came of it
    local run
    run=$(curl -sf -H "$auth" -H 'Content-Type: application/json' "$api/movements/cchc-2025-h2/awards/$1/rankings" \
        -d '{"mode": "preview", "as_of": "2025-12-14T02:00:00Z"}' | jq -r .id)
    curl -sf -H "$auth" "$api/rankings/$run/bundle" -o "$2"
}
bundle tap-the bundle.json
bundle ca-nhan other.json
curl -sf "$url/.well-known/did.json" -o did.json

holds() { # holds FILE: for the library and for thidua
    node proof.mjs "$1" did.json
    "$thidua" verify "$1" --did did.json
}
refused() { # refused WHAT FILE: by both
    ! node proof.mjs "$2" did.json 2> /dev/null || { echo "the library takes a bundle with $1" >&2; exit 1; }
    ! "$thidua" verify "$2" --did did.json > /dev/null || { echo "thidua takes a bundle with $1" >&2; exit 1; }
}
holds bundle.json
holds other.json
jq -jSc '.output.entries[0].total = "99.99"' bundle.json > changed.json
refused 'another total' changed.json
jq -jSc '.inputs.more = 1' bundle.json > changed.json
refused 'one member more' changed.json
jq -jSc 'del(.inputs.candidates[0])' bundle.json > changed.json
refused 'one candidate less' changed.json
jq -jSc '.output.entries |= reverse' bundle.json > changed.json
refused 'its entries in another order' changed.json
jq -jSc --slurpfile other other.json '.proof = $other[0].proof' bundle.json > changed.json
refused "another run's proof" changed.json
echo 'an independent library verifies the bundles, and refuses changed ones'

# The same for a published certificate's credential, and for the list of those that no longer stand.
json='Content-Type: application/json'
login() {
    local password
    password=$(jq -r --arg name "$1" '.[] | select(.username == $name).password' "$home/demo-accounts.json")
    jq -n --arg name "$1" --arg password "$password" '{username: $name, $password}' |
        curl -sf "$api/auth/login" -H "$json" -d @- | jq -r .access_token
}
chair="Authorization: Bearer $(login mau.chu-tich)"
other="Authorization: Bearer $(login mau.thuong-truc-2)"
run=$(curl -sf -H "$auth" -H "$json" "$api/movements/cchc-2025-h2/awards/tap-the/rankings" \
    -d '{"mode": "official", "as_of": "2025-12-14T02:00:00Z"}')
selected=$(jq -c '[.entries[] | select(.standing == "within_quota").candidate.code]' <<< "$run")
proposal=$api/proposals/$(jq -n --argjson run "$run" --argjson selected "$selected" \
    '{ranking: $run.id, $selected, late_reason: "Chờ ý kiến"}' |
    curl -sf -H "$auth" -H "$json" "$api/movements/cchc-2025-h2/awards/tap-the/proposals" -d @- | jq -r .id)
curl -sf -H "$auth" -H "$json" "$proposal/post" -d '{"working_days": 0}' -o reply
decision=$api/decisions/$(jq -n --argjson accepted "$selected" '{$accepted, signed_as: "chair"}' |
    curl -sf -H "$chair" -H "$json" "$proposal/decide" -d @- | jq -r .id)
curl -sf -H "$auth" -H "$json" "$decision/register" -d "{\"number\": 1, \"date\": \"$(date +%F)\"}" -o reply
code=$(curl -sf -H "$auth" -H "$json" "$decision/certificates" -d '{}' | jq -r '.items[0].code')
curl -sf -H "$other" -H "$json" "$decision/publish" -d '{"reason": "Chưa quét"}' -o reply
curl -sf "$api/public/certificates/$code/credential" -o credential.json
curl -sf "$(jq -r .credentialStatus.statusListCredential credential.json)" -o list.json
curl -sf "$url/.well-known/did.json" -o did.json
for file in credential.json list.json; do
    node proof.mjs "$file" did.json
    jq '.validFrom = "2020-01-01T00:00:00Z"' "$file" > changed.json
    ! node proof.mjs changed.json did.json 2> /dev/null || { echo "the library takes a changed $file" >&2; exit 1; }
done
echo 'and so it does a credential and the list of revoked ones'
