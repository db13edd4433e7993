#!/usr/bin/env bash
# Installs what the bench needs below target/bench, and runs it: see run.py.
set -euo pipefail
cd "$(dirname "$0")/.."
place=target/bench
mkdir -p "$place"
scripts/postgres.sh
root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
python3 -c 'import ensurepip' 2> /dev/null ||
    root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3 python3-venv > /dev/null
if ! cmp -s benches/peer/requirements.txt "$place/venv/requirements.txt"; then
    rm -rf "$place/venv"
    python3 -m venv "$place/venv"
    "$place/venv/bin/pip" install -q --disable-pip-version-check -r benches/peer/requirements.txt
    cp benches/peer/requirements.txt "$place/venv/requirements.txt"
fi
[ "$place/load" -nt benches/load.rs ] || rustc --edition 2024 -O benches/load.rs -o "$place/load"
[ -n "${THIDUA:-}" ] || cargo build --locked --release
exec python3 benches/run.py
