#!/usr/bin/env bash
# Forms and exports in LibreOffice's hands; installs it where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
if ! command -v soffice > /dev/null; then
    root apt-get update -q > /dev/null
    root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends libreoffice-calc > /dev/null
fi
cargo test --locked --test api -- --ignored submissions::excel_compat
