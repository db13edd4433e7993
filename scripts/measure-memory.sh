#!/usr/bin/env bash
# The memory of the service without any variable set: idle, under 400 logins at once, and under 1,500 connections that
# ask and never read. Fails where a figure is above its bound. Imports are in scripts/measure-import.sh. Needs a built
# thidua (best a release), Postgres's binaries and python3.
set -euo pipefail
cd "$(dirname "$0")/.."
thidua=${THIDUA:-target/release/thidua}
port=${PORT:-18088}
dir=$(mktemp -d) && chmod 755 "$dir"
env -u MALLOC_ARENA_MAX -u MALLOC_MMAP_THRESHOLD_ RUST_LOG=${RUST_LOG:-error} \
    "$thidua" serve --data-dir "$dir" --bind "127.0.0.1:$port" > /dev/null 2> "$dir/log" &
service=$!
trap 'kill "$service" 2> /dev/null || true; wait "$service" 2> /dev/null || true; rm -rf "$dir"' EXIT
until "$thidua" health --bind "127.0.0.1:$port" 2> /dev/null; do sleep 0.2; done

failed=0
mib() { awk -v of="$1" '$1 == of ":" { print int($2 / 1024) }' "/proc/$service/status"; }
tell() { # tell WHAT MIB MOST
    echo "$1: $2 MiB, at most $3"
    [ "$2" -le "$3" ] || failed=1
}
# What the start took goes back to the system within some seconds.
sleep 15
tell 'idle' "$(mib VmRSS)" 40

echo 5 > "/proc/$service/clear_refs"
python3 - "$port" <<'PYTHON'
import collections, http.client, json, sys, threading, time
port, answers, begun = int(sys.argv[1]), collections.Counter(), time.time()
def log_in(n):
    try:
        # Each from an address of its own: one alone is soon told to wait.
        source = (f"127.0.{n // 250}.{n % 250 + 2}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120, source_address=source)
        credentials = json.dumps({"username": f"nobody-{n}", "password": "đúng ngựa pin ghim"})
        connection.request("POST", "/api/v1/auth/login", credentials.encode(), {"Content-Type": "application/json"})
        answers[connection.getresponse().status] += 1
    except OSError as error:
        answers[type(error).__name__] += 1
threads = [threading.Thread(target=log_in, args=(n,)) for n in range(400)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(f"400 logins at once: {dict(answers)} in {time.time() - begun:.1f} s")
PYTHON
tell '  peak' "$(mib VmHWM)" 128
sleep 15
tell '  and after' "$(mib VmRSS)" 64

echo 5 > "/proc/$service/clear_refs"
ulimit -n "$(ulimit -Hn)"
python3 - "$port" "${SECONDS_UNREAD:-45}" <<'PYTHON'
import select, socket, sys, time
port, patience = int(sys.argv[1]), float(sys.argv[2])
request = b"GET /openapi.json HTTP/1.1\r\nHost: here\r\n\r\n" * 8
opened = []
for _ in range(1500):
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    try:
        connection.sendall(request)
    except OSError:
        pass
    opened.append(connection)
begun = time.time()
def is_open(connection):
    # The state of the connection, by the first byte of its tcp_info: 1 is established.
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1
while time.time() - begun < patience and any(map(is_open, opened)):
    time.sleep(1)
left = sum(map(is_open, opened))
print(f"1,500 connections that never read: {left} open after {time.time() - begun:.0f} s")
sys.exit(left > 0)
PYTHON
tell '  peak' "$(mib VmHWM)" 256
"$thidua" health --bind "127.0.0.1:$port"
exit "$failed"
