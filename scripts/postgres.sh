#!/bin/sh
# Sees to it that PostgreSQL's server binaries are there, and prints the directory they are in. Looks where the service
# looks (src/db/embedded/place.rs): PG_BINDIR, then Debian's newest version, then PATH. Where there are none it installs
# them with apt-get, as root or with sudo.
#
#   --dry-run   says what apt-get would do, and does nothing
#   PG_SEARCH   directories to look in, separated by colons, instead of Debian's and PATH
set -eu

holds_server() { [ -x "$1/postgres" ] && [ -x "$1/initdb" ]; }

search() {
    if [ -n "${PG_BINDIR:-}" ]; then
        holds_server "$PG_BINDIR" && echo "$PG_BINDIR" && return
        echo "PG_BINDIR=$PG_BINDIR holds no postgres and initdb; correct or unset it" >&2
        exit 3
    fi
    if [ -n "${PG_SEARCH+set}" ]; then
        dirs=$PG_SEARCH
    else
        dirs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5,5nr | tr '\n' ':')$PATH
    fi
    old=$IFS
    IFS=:
    for dir in $dirs; do
        if holds_server "$dir"; then
            echo "$dir"
            return
        fi
    done
    IFS=$old
    return 1
}

if found=$(search); then
    echo "$found"
    exit
elif [ $? -ne 1 ]; then
    exit 3
fi

if ! command -v apt-get >/dev/null; then
    echo "no PostgreSQL server found; install version 14 or newer and name its directory in PG_BINDIR" >&2
    exit 3
fi
if [ "${1:-}" = --dry-run ]; then
    exec apt-get install --dry-run --no-install-recommends postgresql
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
fi
echo "no PostgreSQL server found; installing it: $as_root apt-get install postgresql" >&2
{
    $as_root apt-get update
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql
} >&2
search
