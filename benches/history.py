"""The row of history: progress of a locality at 45 million values beside 2.27 million, on two databases alike."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import data
from cluster import Cluster
from measure import ROUNDS, Contest, Load, Sample, say, spread
from rows import ROWS
from service import Thidua


def run(contest: Contest, cluster: Cluster, longer: Thidua, clients: int, program: Path) -> dict[str, Any]:
    """`longer` is the service on the database with twenty times the history."""
    row = next(row for row in ROWS if row.name == "progress")
    tokens = {service: row.groups(service.tokens()) for service in (contest.thidua, longer)}
    samples: dict[Thidua, list[Sample]] = {contest.thidua: [], longer: []}
    for _ in range(ROUNDS):
        for service, seen in samples.items():
            load = Load(program, contest.place / "history.http", tokens[service])
            load.write(10**6)
            seen.append(contest.http(service, load, row, clients))
    slower = spread([long.p50 / short.p50 for short, long in zip(*samples.values())])
    own = {
        field: round(statistics.median(getattr(sample, field) for sample in samples[longer]), 3)
        for field in Sample._fields}
    title = f"progress, all indicators of a locality, at {data.HISTORY} × the history"
    say(f"{title}, {clients} clients: {slower[1]:.2f} × the time at 1 ×")
    return {
        "name": "history", "title": title, "clients": clients, "statements": None, "median": {"service": own},
        "ratios": {"time": slower, "p99": spread([sample.p99 / sample.p50 for sample in samples[longer]])},
        "reach": {"time": 1.2, "p99": 3}}
