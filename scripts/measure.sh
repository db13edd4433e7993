#!/usr/bin/env bash
# What docs/measurements.md tells, measured on this machine: binary size, idle memory, lines per file.
set -euo pipefail
cd "$(dirname "$0")/.."

lines() { find src -name '*.rs' ! -name schema.rs -exec wc -l {} + | awk '$2 != "total" { print $1 }' | sort -n; }
lines | awk '{ all[NR] = $1 } END { print "files", NR, "median lines", all[int((NR + 1) / 2)], "most", all[NR] }'

cargo build --locked --release
thidua=target/release/thidua
echo "binary $(($(stat -c %s "$thidua") / 1048576)) MiB"

data=$(mktemp -d)
chmod 755 "$data"
"$thidua" serve --data-dir "$data" --bind 127.0.0.1:18080 > /dev/null 2>&1 &
service=$!
trap 'kill "$service" 2> /dev/null || true; wait "$service" 2> /dev/null || true; rm -rf "$data"' EXIT
until "$thidua" health --bind 127.0.0.1:18080 2> /dev/null; do sleep 0.2; done
awk '/VmRSS/ { print "idle memory", int($2 / 1024), "MiB" }' "/proc/$service/status"
