"""The two services that answer over HTTP: thidua, and the peer in benches/peer. Started, logged in to, stopped."""

from __future__ import annotations

import functools
import http.client
import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PASSWORD = "đúng ngựa pin ghim"


class Service:
    """A process that answers on a port of the loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self, command: list[str], environment: dict[str, str], log: Path, ready: str, cwd: str = ".") -> None:
        with log.open("ab") as words:
            self.process = subprocess.Popen(
                command, env={**os.environ, **environment}, stdout=words, stderr=words, cwd=cwd)
        for _ in range(300):
            try:
                if self.ask("GET", ready)[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"{command[0]} does not start; its words are in {log}")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def ask(self, method: str, path: str, token: str = "", body: Any = None, **headers: str) -> tuple[int, Any]:
        """One request and its JSON answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if isinstance(body, (dict, list)):
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(method, path, body.encode() if isinstance(body, str) else body, sent)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text

    def must(self, method: str, path: str, token: str = "", body: Any = None, **headers: str) -> Any:
        status, answer = self.ask(method, path, token, body, **headers)
        if not 200 <= status < 300:
            raise SystemExit(f"{method} {path} answers {status}: {json.dumps(answer, ensure_ascii=False)[:2000]}")
        return answer


class Thidua(Service):
    """The binary under test, on one database of the cluster."""

    def __init__(self, binary: Path, port: int, place: Path) -> None:
        super().__init__(port)
        self.binary, self.place = binary.resolve(), place

    def start(self, url: str) -> None:
        self.url = url
        environment = {
            "DATABASE_URL": url, "THIDUA_DATA_DIR": str(self.place), "RUST_LOG": "error",
            "THIDUA_ACCOUNT_RATE": "0", "THIDUA_ADDRESS_RATE": "0",
        }
        self.place.mkdir(parents=True, exist_ok=True)
        # Issuer and audience are the same whatever the port.
        command = [str(self.binary), "serve", "--bind", f"127.0.0.1:{self.port}", "--public-url", "http://bench"]
        self.launch(command, environment, self.place / "log", "/health/ready")

    def command(self, *words: str, said: str = "") -> None:
        environment = {
            **os.environ, "DATABASE_URL": self.url, "THIDUA_DATA_DIR": str(self.place), "RUST_LOG": "error"}
        done = subprocess.run(
            [self.binary, *words], check=False, input=said.encode(), env=environment, capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"thidua {' '.join(words)}: {done.stderr.decode()}{done.stdout.decode()}")

    def account(self, name: str, role: str, locality: str = "", unit: str = "") -> None:
        of = ["--locality", locality] if locality else []
        of += ["--unit", unit] if unit else []
        self.command("account", "create", "--username", name, "--role", role, *of, said=PASSWORD + "\n")

    def tokens(self) -> Callable[[str], str]:
        """Tokens by the name of the account, each account logged in once: they last for fifteen minutes."""
        return functools.cache(self.log_in)

    def log_in(self, name: str) -> str:
        answer = self.must("POST", "/api/v1/auth/login", body={"username": name, "password": PASSWORD})
        return str(answer["access_token"])


class Peer(Service):
    """FastAPI, asyncpg and uvloop with two workers, on the same database and with the same tokens."""

    def start(self, cluster_environment: dict[str, str], database: str, python: Path, jwks: Any, place: Path) -> None:
        environment = {
            "PGHOST": cluster_environment["PGHOST"], "PGUSER": cluster_environment["PGUSER"], "PGDATABASE": database,
            "JWKS": json.dumps(jwks), "ISSUER": "http://bench",
        }
        command = [
            str(python), "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
        ]
        self.launch(command, environment, place / "peer.log", "/health", cwd="benches/peer")
