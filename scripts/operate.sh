#!/usr/bin/env bash
# Executes docs/operate.md: every sh block, in its order, below a temporary directory, on a Postgres with TLS and
# passwords of its own. What belongs to the machine is replaced: systemd by a process that runs the unit's ExecStart with
# its files, useradd and chown by nothing. nginx, Caddy, promtool and systemd-analyze are asked where they are installed.
#   scripts/operate.sh             with target/debug/thidua
#   THIDUA=… scripts/operate.sh    with another program
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${THIDUA:-}" ]; then
    cargo build --locked --quiet
    THIDUA=$PWD/target/debug/thidua
fi
unset "${!PG@}" DATABASE_URL
T=$(mktemp -d)
chmod 755 "$T"
SERVICE=
cleanup() {
    [ -z "$SERVICE" ] || kill "$SERVICE" 2> /dev/null || true
    [ ! -f "$T/pg/postmaster.pid" ] || kill -INT "$(head -1 "$T/pg/postmaster.pid")" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$T"
}
trap cleanup EXIT

bins=("${PG_BINDIR:-}" /usr/lib/postgresql/*/bin)
for bin in "${bins[@]}"; do [ ! -x "$bin/initdb" ] || PGBIN=$bin; done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
PORT=$(free_port) HTTP=$(free_port) METRICS=$(free_port)
mkdir -p "$T"/{bin,lib,backups,etc/systemd/system,etc/nginx/conf.d,etc/ssl/thidua,etc/thidua,home}

# An authority, and a server's certificate of it.
certify() { # certify DIRECTORY CERTIFICATE KEY
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority \
        -keyout "$T/ca.key" -out "$T/ca.pem" 2> /dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout "$1/$3" \
        -out "$T/request.pem" 2> /dev/null
    openssl x509 -req -in "$T/request.pem" -CA "$T/ca.pem" -CAkey "$T/ca.key" -CAcreateserial -days 2 -out "$1/$2" \
        -extfile <(echo subjectAltName=DNS:localhost) 2> /dev/null
    chmod 600 "$1/$3"
}

# Postgres refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}
start_postgres() {
    install -d -m 700 "$T/pg"
    if [ "$(id -u)" = 0 ]; then command chown postgres: "$T/pg"; fi
    as_postgres "$PGBIN/initdb" -D "$T/pg" --username=postgres --auth-local=trust --auth-host=scram-sha-256 \
        --encoding=UTF8 --locale=C > /dev/null
    certify "$T/pg" server.crt server.key
    if [ "$(id -u)" = 0 ]; then command chown postgres: "$T"/pg/server.*; fi
    command cp "$T/ca.pem" "$T/etc/thidua/db-ca.pem"
    as_postgres env LC_ALL=C "$PGBIN/postgres" -D "$T/pg" -c ssl=on -c listen_addresses=localhost -c port="$PORT" \
        -c unix_socket_directories="$T/pg" > "$T/pg.log" 2>&1 &
    export PGHOST=$T/pg PGPORT=$PORT PGUSER=postgres PATH=$T/bin:$PGBIN:$PATH
    until psql -q -d postgres -c 'SELECT 1' > /dev/null 2>&1; do sleep 0.1; done
}

# Paths, hosts and ports of the page, as they are here.
here() {
    sed -e "s#target/release/thidua#$THIDUA#g; s#/usr/local/bin/#$T/bin/#g; s#/var/lib/thidua#$T/lib#g" \
        -e "s#/var/backups/thidua#$T/backups#g; s#\(^\|[ =<\"']\)/etc/#\1$T/etc/#g; s#:/etc/#:$T/etc/#g" \
        -e "s#host=db\.example#host=localhost port=$PORT#g" \
        -e "s#127\.0\.0\.1:8080#127.0.0.1:$HTTP#g; s#127\.0\.0\.1:9464#127.0.0.1:$METRICS#g"
}
install() {
    command install "$@"
    local to=${*: -1}
    case "$to" in
        *.env | *.service | *.conf) here < "$to" > "$T/moved" && cat "$T/moved" > "$to" ;;
    esac
}
cargo() { :; }
useradd() { :; }
chown() { :; }
stop() {
    [ -n "$SERVICE" ] || return 0
    kill "$SERVICE" && wait "$SERVICE" || true
    SERVICE=
}
start() {
    local run
    run=$(sed -n 's/^ExecStart=//p' "$T/etc/systemd/system/thidua.service")
    (
        set -a
        . "$T/etc/thidua/thidua.env"
        export THIDUA_DATABASE_PASSWORD_FILE=$T/etc/thidua/database-password THIDUA_DATA_DIR=$T/lib
        exec $run
    ) >> "$T/service.log" 2>&1 &
    SERVICE=$!
    for _ in $(seq 100); do
        ! thidua health --bind "127.0.0.1:$HTTP" 2> /dev/null || return 0
        kill -0 "$SERVICE" 2> /dev/null || break
        sleep 0.2
    done
    cat "$T/service.log" >&2
    return 1
}
systemctl() {
    case "$*" in
        daemon-reload | 'reload nginx') ;;
        'stop thidua') stop ;;
        *thidua) stop && start ;;
    esac
}
missing() { ! type -P "$1" > /dev/null && echo "   not tried: $1 is not installed"; }
systemd-analyze() { missing systemd-analyze || command systemd-analyze "$@"; }
promtool() {
    if missing promtool; then cat > /dev/null; else command promtool "$@"; fi
}
caddy() { missing caddy || HOME=$T/home command caddy "$@" > "$T/caddy.log" 2>&1 || { cat "$T/caddy.log" >&2 && return 1; }; }
nginx() {
    missing nginx && return 0
    certify "$T/etc/ssl/thidua" fullchain.pem privkey.pem
    echo "pid $T/nginx.pid; events {} http { access_log off; include $T/etc/nginx/conf.d/*.conf; }" > "$T/nginx.conf"
    command nginx -q "$@" -c "$T/nginx.conf" -p "$T" -e "$T/nginx.log"
}

refused() { # refused WORDS COMMAND…
    local words=$1 said
    shift
    if said=$("$@" 2>&1); then echo "not refused: $*" >&2 && return 1; fi
    grep -q "$words" <<< "$said" || { echo "$said" >&2 && return 1; }
}

# What the page says beside its blocks.
after() {
    case "$1" in
        *'The first administrator')
            refused 'not the sample' thidua demo
            ;;
        *'TLS and the proxy')
            local behind
            behind=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$HTTP/metrics")
            [ "$behind" = 404 ] || { echo "/metrics answers $behind on the service's port" >&2 && return 1; }
            ;;
        *Watch)
            # Every metric of the dashboard is one that the service has.
            curl -sf "http://127.0.0.1:$METRICS/metrics" > "$T/metrics"
            jq -r '.panels[].targets[].expr' deploy/grafana/dashboard.json |
                grep -oE '\b(http|thidua|process)_[a-z_]+' | sort -u |
                while read -r name; do
                    grep -q "^$name[ {]" "$T/metrics" || { echo "no metric is called $name" >&2 && exit 1; }
                done
            jq '[.panels[].targets[].expr | gsub("\\$__rate_interval"; "5m")] | to_entries
                | {groups: [{name: "panels", rules: map({record: "panel:\(.key)", expr: .value})}]}' \
                deploy/grafana/dashboard.json > "$T/panels.yml"
            promtool check rules "$T/panels.yml" > /dev/null
            ;;
        *Restore)
            # The same accounts log in, and the token from before is still believed.
            curl -sf "$api/me" -H "Authorization: Bearer $token" > /dev/null
            mv "$T/lib/keys" "$T/lib/kept"
            mkdir "$T/lib/keys"
            refused 'restore the keys with the database' thidua audit verify --head "$T/backups/head.json"
            rm -r "$T/lib/keys"
            mv "$T/lib/kept" "$T/lib/keys"
            ;;
        *containers)
            # README, this page and the compose file show the same two lines; the container's user can read the password.
            local lines line page
            lines=$(grep -A1 '^install -d -m 700 secrets' README.md)
            while IFS= read -r line; do
                for page in docs/operate.md docker-compose.yml; do
                    grep -qF -- "$line" "$page" || { echo "$page lacks: $line" >&2 && return 1; }
                done
            done <<< "$lines"
            (cd "$T" && eval "$(head -1 <<< "$lines")")
            [ "$(stat -c %a "$T/secrets") $(stat -c %a "$T/secrets/postgres-password")" = '700 444' ]
            missing docker-compose ||
                THIDUA_PUBLIC_URL=https://thidua.example docker-compose -f docker-compose.yml config -q
            ;;
        *'Roll back')
            psql -q -d thidua -c "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')"
            refused 'newer thidua' thidua serve --bind 127.0.0.1:0 --metrics-bind 127.0.0.1:0
            psql -q -d thidua -c "DELETE FROM __diesel_schema_migrations WHERE version = '20991231000001'"
            ;;
    esac
}

start_postgres
heading='' block='' inside=
while IFS= read -r line; do
    case "$inside$line" in
        '## '*)
            [ -z "$heading" ] || after "$heading"
            heading=${line#\#\# }
            printf '== %s\n' "$heading"
            ;;
        '```sh') inside=1 block='' ;;
        '1```')
            inside=
            eval "$(here <<< "$block")"
            ;;
        1*) block+=$line$'\n' ;;
    esac
done < docs/operate.md
after "$heading"
echo 'every block of docs/operate.md was executed'
