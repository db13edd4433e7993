#!/usr/bin/env bash
# What docs/measurements.md tells, measured on this machine: binary size, lines per file.
set -euo pipefail
cd "$(dirname "$0")/.."

lines() { find src -name '*.rs' ! -name schema.rs -exec wc -l {} + | awk '$2 != "total" { print $1 }' | sort -n; }
lines | awk '{ all[NR] = $1 } END { print "files", NR, "median lines", all[int((NR + 1) / 2)], "most", all[NR] }'

cargo build --locked --release
echo "binary $(($(stat -c %s target/release/thidua) / 1048576)) MiB"
