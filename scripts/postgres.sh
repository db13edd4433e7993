#!/usr/bin/env bash
# Installs Postgres server binaries where the service would find none (the same search as src/db/embedded/).
#   scripts/postgres.sh            installs if need be
#   scripts/postgres.sh --dry-run  says what would be installed
# PG_SEARCH replaces the directory of versioned binaries, so that the step can be tried on a machine that has them.
set -euo pipefail

holds_server() { [ -x "$1/postgres" ] && [ -x "$1/initdb" ]; }

find_server() {
    if [ -n "${PG_BINDIR:-}" ]; then holds_server "$PG_BINDIR"; return; fi
    local dir
    for dir in "${PG_SEARCH:-/usr/lib/postgresql}"/*/bin; do
        if holds_server "$dir"; then return 0; fi
    done
    [ -n "${PG_SEARCH:-}" ] && return 1
    local IFS=:
    for dir in $PATH; do
        if holds_server "$dir"; then return 0; fi
    done
    return 1
}

if find_server; then exit 0; fi

as_root=()
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo > /dev/null; then
        echo "Postgres is not installed. As root, run: apt-get update && apt-get install -y postgresql" >&2
        exit 3
    fi
    as_root=(sudo)
fi
# Without the cluster that Debian would make and start: the service starts its own.
if [ "${1:-}" = --dry-run ]; then
    exec apt-get install --dry-run --no-install-recommends postgresql
fi
echo "installing Postgres with the system's package manager" >&2
"${as_root[@]}" apt-get update -q
"${as_root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.d/none.conf > /dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql
find_server || { echo "apt-get installed no server binaries where they were expected; set PG_BINDIR" >&2; exit 3; }
