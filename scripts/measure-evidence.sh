#!/bin/sh
# Memory of the service while files of 20 MiB go in and out, eight at once. Needs curl, jq and a built thidua.
set -eu
cd "$(dirname "$0")/.."
thidua=${THIDUA:-target/debug/thidua}
dir=$(mktemp -d)
RUST_LOG=warn "$thidua" demo --data-dir "$dir/data" >/dev/null
THIDUA_BIND=127.0.0.1:18089 RUST_LOG=warn "$thidua" serve --data-dir "$dir/data" >/dev/null 2>&1 &
serve=$!
trap 'kill $serve; wait $serve || true; rm -rf "$dir"' EXIT
base=http://127.0.0.1:18089
until curl -sf $base/health/ready >/dev/null; do sleep 0.2; done
rss() { awk '/'"$1"'/ {print $2 " KiB"}' /proc/$serve/status; }
account=$(jq -c '[.[] | select(.roles | index("standing_agency"))][0]' "$dir/data/demo-accounts.json")
token=$(echo "$account" | jq -c '{username, password}' |
    curl -s $base/api/v1/auth/login -H 'Content-Type: application/json' -d @- | jq -r .access_token)
auth="Authorization: Bearer $token"
base=$base/api/v1
# A report that nobody has begun: the last open period, a unit that owes something.
movement=cchc-2025-h2
period=$(curl -s -H "$auth" $base/movements/$movement/periods | jq -r '[.items[] | select(.state == "open")][-1].code')
unit=$(curl -s -H "$auth" "$base/movements/$movement/submissions/completeness?period=$period" | jq -r '.missing[0].unit')
{ printf '%%PDF-1.7\n'; head -c 20971500 /dev/urandom; printf '\n%%%%EOF\n'; } | head -c 20971520 >"$dir/a.pdf"
printf '%%%%EOF\n' | dd of="$dir/a.pdf" bs=1 seek=20971514 conv=notrunc 2>/dev/null
echo "idle $(rss VmRSS)"
for _ in 1 2 3 4 5 6 7 8; do
    curl -s --retry 9 -H "$auth" -F "file=@$dir/a.pdf" "$base/movements/$movement/submissions/$period/$unit/evidence" \
        | jq -r .id >>"$dir/ids" &
    pids="${pids:-} $!"
done
wait $pids
echo "after 8 uploads of 20 MiB at once: peak $(rss VmHWM), now $(rss VmRSS)"
pids=
for id in $(cat "$dir/ids"); do
    curl -s --limit-rate 20M -H "$auth" "$base/evidence/$id/file" -o "$dir/$id" &
    pids="$pids $!"
done
wait $pids
for id in $(cat "$dir/ids"); do cmp "$dir/$id" "$dir/a.pdf"; done
echo "after 8 downloads at once: peak $(rss VmHWM), now $(rss VmRSS)"
