"""A Postgres of the bench's own, below target/bench: made, started, asked, stopped. It answers on a socket only."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

USER = "thidua"
# What the service would refuse to start with is never set here. The memory is a small server's.
DURABLE = {
    "shared_buffers": "1GB", "max_connections": "200", "listen_addresses": "", "lc_messages": "C", "timezone": "UTC",
    "max_wal_size": "4GB", "logging_collector": "on", "log_destination": "jsonlog", "log_parameter_max_length": "-1",
    "log_rotation_size": "0", "autovacuum": "off", "checkpoint_timeout": "30min",
}
# While the reference data are generated: what is half made is made again.
LOADING = {
    **DURABLE, "fsync": "off", "full_page_writes": "off", "maintenance_work_mem": "1GB", "wal_level": "minimal",
    "max_wal_senders": "0"}


def binaries() -> Path:
    """Where the server's programs are, by the search of scripts/postgres.sh."""
    if found := os.environ.get("PG_BINDIR"):
        return Path(found)
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return versions[-1].parent if versions else Path(shutil.which("initdb") or "/usr/bin/initdb").parent


class Cluster:
    def __init__(self, place: Path) -> None:
        self.place, self.bin = place.resolve(), binaries()
        self.process: subprocess.Popen[bytes] | None = None
        # Postgres does not run as root.
        self.owner: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        # A socket's path is short, however deep the project lies.
        self.sockets = Path(tempfile.mkdtemp(prefix="thidua-bench-"))
        self.environment = {**os.environ, "PGHOST": str(self.sockets), "PGUSER": USER, "PGOPTIONS": ""}

    def start(self, settings: dict[str, str]) -> None:
        self.sockets.mkdir(exist_ok=True)
        if self.owner:
            shutil.chown(self.sockets, **self.owner)
        if not (self.place / "PG_VERSION").exists():
            self.place.mkdir(parents=True, exist_ok=True)
            if self.owner:
                shutil.chown(self.place, **self.owner)
            subprocess.run(
                [self.bin / "initdb", "-D", self.place, "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust"],
                check=True, stdout=subprocess.DEVNULL, cwd="/", **self.owner)
        shutil.rmtree(self.place / "log", ignore_errors=True)
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self.bin / "postgres"), "-D", str(self.place), "-k", str(self.sockets), *words]
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stderr=subprocess.DEVNULL, cwd="/", **self.owner)
        self.process = process
        wait = [str(self.bin / "pg_isready"), "-q", "-t", "1"]
        while subprocess.run(wait, check=False, env=self.environment).returncode != 0:
            if process.poll() is not None:
                raise SystemExit(f"Postgres does not start; its words are in {self.place / 'log'}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(2)  # SIGINT: at once, with a last checkpoint
            self.process.wait()
            self.process = None
        shutil.rmtree(self.sockets, ignore_errors=True)

    def sql(self, database: str, text: str, *arguments: str) -> str:
        """What a script of SQL answers, unaligned."""
        command = [str(self.bin / "psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", *arguments, "-d", database]
        done = subprocess.run(command, check=False, input=text.encode(), env=self.environment, capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"psql: {done.stderr.decode()}\n{text[:2000]}")
        return done.stdout.decode().strip()

    def url(self, database: str, options: str = "") -> str:
        """How the service and the peer reach a database."""
        return f"host={self.sockets} user={USER} dbname={database}" + (f" options='{options}'" if options else "")

    def logged(self, name: str) -> list[dict[str, Any]]:
        """The statements that connections of this application name logged."""
        lines = (line for path in (self.place / "log").glob("*.json") for line in path.open(encoding="utf-8"))
        return [json.loads(line) for line in lines if f'"application_name":"{name}"' in line]

    def forget_log(self) -> None:
        """What was logged so far is not read again."""
        for path in (self.place / "log").glob("*.json"):
            os.truncate(path, 0)


def parameters(detail: str) -> list[str | None]:
    """The values of a logged statement's parameters: `parameters: $1 = '…', $2 = NULL`."""
    values: list[str | None] = []
    for found in re.finditer(r"\$\d+ = (NULL|'((?:[^']|'')*)')", detail.removeprefix("parameters: ")):
        values.append(None if found.group(1) == "NULL" else found.group(2).replace("''", "'"))
    return values


def cpu(pid: int) -> float:
    """Seconds of processor that a process, its children and those it has waited for have used."""
    ticks, wanted = 0, {pid}
    stats = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        stats[int(entry.parent.name)] = (int(fields[1]), [int(field) for field in fields[11:15]])
    while more := {child for child, (parent, _) in stats.items() if parent in wanted} - wanted:
        wanted |= more
    for member in wanted & stats.keys():
        ticks += sum(stats[member][1])
    return ticks / os.sysconf("SC_CLK_TCK")
