"""Runs a row's contestants in turn, and counts what each cost."""

from __future__ import annotations

import json
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import data
from capture import LOGGED, Bench, Captured, Request, capture, common
from cluster import Cluster, cpu
from rows import Row
from service import Peer, Service, Thidua

SECONDS = 2
ROUNDS = 3
# How often a transaction of pgbench does a read, so that looking up its parameters counts little. Each statement of a
# script is prepared for itself and planned five times: more of them would measure the planner.
REPEATED = 2
# One client alone takes no more subjects than these of a write.
ALONE = 180


class Sample(NamedTuple):
    """One run: subjects a second, milliseconds of a request, and of processor time for each subject."""
    rate: float
    p50: float = 0
    p99: float = 0
    service: float = 0
    postgres: float = 0


class Load(NamedTuple):
    """The load generator, with the requests of a row."""
    program: Path
    file: Path
    groups: list[list[Request]]

    def write(self, most: int) -> None:
        raw = [request.raw() for group in self.groups[:most] for request in group]
        self.file.write_bytes(b"".join(b"%d\n%s" % (len(text), text) for text in raw))

    def run(self, service: Service, clients: int, seconds: int) -> dict[str, Any]:
        size = len(self.groups[0])
        arguments = [f"127.0.0.1:{service.port}", clients, seconds, size, self.file]
        command = [str(word) for word in (self.program, *arguments)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"load: {done.stderr}"[:2000])
        seen: dict[str, Any] = json.loads(done.stdout)
        if seen["failed"]:
            raise SystemExit(f"{seen['failed']} of {seen['requests']} answers are none of 2xx: {seen['first_failed']}")
        return seen


class Contest:
    """A row at some number of clients: the service, pgbench with its statements, the peer, perhaps one bare row."""

    def __init__(self, cluster: Cluster, thidua: Thidua, peer: Peer, place: Path) -> None:
        self.cluster, self.thidua, self.peer, self.place = cluster, thidua, peer, place

    def measured(self, service: Service | None, run: Callable[[], tuple[float, int, float, float]]) -> Sample:
        postgres = self.cluster.process.pid if self.cluster.process else 0
        before = cpu(service.pid) if service else 0, cpu(postgres)
        rate, subjects, p50, p99 = run()
        after = cpu(service.pid) if service else 0, cpu(postgres)
        used = [(late - early) * 1000 / subjects for early, late in zip(before, after)]
        return Sample(rate, p50, p99, *used)

    def http(self, service: Service, load: Load, row: Row, clients: int) -> Sample:
        if load.groups[0][0].anew:
            load.write(len(load.groups))

        def run() -> tuple[float, int, float, float]:
            seen = load.run(service, clients, 0 if row.writes else SECONDS)
            subjects = seen["requests"] // len(load.groups[0])
            return subjects / seen["seconds"], subjects, seen["p50"] / 1000, seen["p99"] / 1000
        return self.measured(service, run)

    def statements(self, bench: Bench, clients: int) -> Sample:
        return self.measured(None, lambda: (*bench.run(clients, SECONDS), 0.0, 0.0))

    def run(self, row: Row, captured: Captured, clients: int, program: Path) -> dict[str, Any]:
        most = min(len(data.PLACES), ALONE if clients == 1 else 720) if row.writes else 10**6
        subjects = captured._replace(subjects=captured.subjects[:most])
        bench = Bench(self.cluster, data.ONE, row.name, subjects, 0 if row.writes else REPEATED, self.place)
        load = Load(program, self.place / f"{row.name}.http", row.groups(self.thidua.tokens()))
        load.write(most)
        contestants: dict[str, Callable[[], Sample]] = {
            "service": lambda: self.http(self.thidua, load, row, clients),
            "statements": lambda: self.statements(bench, clients),
        }
        if row.peer:
            contestants["peer"] = lambda: self.http(self.peer, load, row, clients)
        if row.bare:
            only = bare(subjects, row.bare)
            one_row = Bench(self.cluster, data.ONE, row.name + "_bare", only, 5 * REPEATED, self.place)
            contestants["bare"] = lambda: self.statements(one_row, clients)
        samples: dict[str, list[Sample]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, run in contestants.items():
                samples[name].append(self.alone(name, row, run, min(most, len(load.groups))))
        return result(row, captured, clients, samples)

    def alone(self, name: str, row: Row, run: Callable[[], Sample], subjects: int) -> Sample:
        """A run of one contestant. While another writes, the service stands still: it would chain what was written."""
        if not row.writes:
            return run()
        if name != "service":
            self.thidua.signal(signal.SIGSTOP)
        try:
            before = data.records(self.cluster, row.writes)
            sample = run()
            if name == "service":
                data.settle(self.cluster)
            written = data.records(self.cluster, row.writes) - before
            if not 0.9 * subjects <= written / row.requests <= subjects:
                raise SystemExit(f"{row.name}: {name} wrote {written} audit records for {subjects} subjects")
            data.restore(self.cluster, row.writes)
        finally:
            self.thidua.signal(signal.SIGCONT)
        return sample


def bare(captured: Captured, table: str) -> Captured:
    """Of the statements the one that reads one table's row."""
    place = next(n for n, sql in enumerate(captured.statements) if f'FROM "{table}"' in sql)
    return Captured([captured.statements[place]], [[subject[place]] for subject in captured.subjects], 1)


def captures(cluster: Cluster, thidua: Thidua, rows: list[Row]) -> dict[str, Captured]:
    """The statements of each row. The service logs them meanwhile, and is started again without."""
    thidua.start(cluster.url(data.ONE, LOGGED))
    found = {}
    try:
        for row in rows:
            groups = row.groups(thidua.tokens())[:720 if row.writes else row.subjects]

            def restore(code: str = row.writes) -> None:
                data.settle(cluster)
                if code:
                    data.restore(cluster, code)

            restore()
            found[row.name] = common(capture(cluster, data.ONE, thidua, groups, restore), not row.writes)
            restore()
            say(f"{row.title}: {found[row.name].made / row.requests:g} statements a request")
    finally:
        thidua.stop()
    return found


def spread(ratios: list[float]) -> list[float]:
    return [round(figure, 3) for figure in (min(ratios), statistics.median(ratios), max(ratios))]


def result(row: Row, captured: Captured, clients: int, samples: dict[str, list[Sample]]) -> dict[str, Any]:
    """What is kept of a row: medians, and the ratios of each round."""
    own = samples["service"]
    median = {
        name: {field: round(statistics.median(getattr(one, field) for one in seen), 3) for field in Sample._fields}
        for name, seen in samples.items()}
    ratios = {
        name: spread([one.rate / other.rate for one, other in zip(own, seen)])
        for name, seen in samples.items() if name != "service"}
    say(f"{row.title}, {clients} clients: {median['service']['rate']:.0f}/s;"
        + "".join(f" {of[1]:.2f} of {name}" for name, of in ratios.items()))
    return {
        "name": row.name, "title": row.title, "clients": clients, "statements": captured.made / row.requests,
        "median": median, "ratios": ratios, "reach": {"statements": row.of_statements, "peer": row.of_peer},
    }


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
