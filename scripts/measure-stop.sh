#!/usr/bin/env bash
# The service is told to stop twenty times while sixteen clients send one request after the other on connections that
# they keep: how many requests get no answer (none may), and how long it takes until a new service answers. Needs a
# built thidua (best a release), Postgres's binaries and python3.
set -euo pipefail
cd "$(dirname "$0")/.."
export THIDUA=${THIDUA:-target/release/thidua} PORT=${PORT:-18089}
dir=$(mktemp -d) && chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
RUST_LOG=${RUST_LOG:-error} THIDUA_DATA_DIR=$dir THIDUA_ADDRESS_RATE=0 python3 - "${ROUNDS:-20}" <<'PYTHON'
import os, signal, socket, subprocess, sys, threading, time
port, rounds = int(os.environ["PORT"]), int(sys.argv[1])
request = b"GET /problems/not_found HTTP/1.1\r\nHost: here\r\n\r\n"
sent = unanswered = 0
counting, kept, restarts = threading.Lock(), threading.Semaphore(0), []

def serve():
    process = subprocess.Popen([os.environ["THIDUA"], "serve", "--bind", f"127.0.0.1:{port}"], stdout=subprocess.PIPE)
    process.stdout.readline()
    return process

def answer(connection):
    """Whether the connection stays open; none where it ended without an answer."""
    read = b""
    while b"\r\n\r\n" not in read:
        part = connection.recv(65536)
        if not part:
            return None
        read += part
    head, _, body = read.partition(b"\r\n\r\n")
    head = head.lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            return None
        body += part
    return b"connection: close" not in head

def client():
    global sent, unanswered
    connection, is_first = socket.create_connection(("127.0.0.1", port)), True
    while True:
        with counting:
            sent += 1
        try:
            connection.sendall(request)
            stays = answer(connection)
        except OSError:
            stays = None
        if stays is None:
            with counting:
                unanswered += 1
        if is_first:
            is_first = False
            kept.release()
        if not stays:
            return

for _ in range(rounds):
    service = serve()
    clients = [threading.Thread(target=client) for _ in range(16)]
    for thread in clients: thread.start()
    for _ in clients: kept.acquire()
    time.sleep(0.5)
    service.send_signal(signal.SIGTERM)
    for thread in clients: thread.join()
    service.wait()
    begun = time.time()
    service = serve()
    restarts.append(time.time() - begun)
    service.send_signal(signal.SIGKILL)
    service.wait()
restarts.sort()
print(f"{rounds} × SIGTERM under 16 kept connections: {sent} requests, {unanswered} without an answer; a start takes "
      f"p50 {restarts[len(restarts) // 2]:.2f} s, at most {restarts[-1]:.2f} s")
sys.exit(unanswered > 0)
PYTHON
