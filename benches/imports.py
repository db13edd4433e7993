"""The row of imports: 10,000 values in one request, beside `\\copy` of the same rows into the same indexed table."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import data
from cluster import Cluster, cpu
from measure import ROUNDS, say, spread
from service import Thidua

VALUES = 10_000
PLACES = data.PLACES[:VALUES // data.INDICATORS]
OF = f"locality_id = (SELECT id FROM localities WHERE code = '{data.IMPORT}')"


def imported(cluster: Cluster, thidua: Thidua, query: str, rows: str) -> tuple[float, list[float]]:
    """Seconds of one import, and of processor time of the service and of Postgres."""
    head = thidua.log_in(f"unit-head.{data.IMPORT}")
    assert cluster.process is not None
    pids = thidua.pid, cluster.process.pid
    before, begun = [cpu(pid) for pid in pids], time.monotonic()
    answer = thidua.must(
        "POST", f"/api/v1/movements/{data.MOVEMENT}/submissions/import{query}", head, rows,
        Content_Type="application/x-ndjson")
    took = time.monotonic() - begun
    used = [cpu(pid) - early for pid, early in zip(pids, before)]
    assert answer["created"] == VALUES and answer["submitted"] == (len(PLACES) if query else 0), answer
    data.settle(cluster)
    return took, used


def copied(cluster: Cluster, place: Path) -> float:
    """Seconds of `\\copy` of the values that stand in the table into it."""
    file = place / "values.copy"
    cluster.sql(data.ONE, "", "-c", f"\\copy (SELECT * FROM revision_values WHERE {OF}) TO '{file}'")
    cluster.sql(data.ONE, f"DELETE FROM revision_values WHERE {OF}; VACUUM revision_values; CHECKPOINT;")
    said = cluster.sql(data.ONE, f"\\timing on\n\\copy revision_values FROM '{file}'\n")
    took = re.search(r"Time: ([\d.]+) ms", said)
    assert took and int(cluster.sql(data.ONE, f"SELECT count(*) FROM revision_values WHERE {OF}")) == VALUES
    return float(took.group(1)) / 1000


def run(cluster: Cluster, thidua: Thidua, place: Path) -> list[dict[str, Any]]:
    rows = data.rows(PLACES, data.SEED)
    seconds: dict[str, list[float]] = {"drafts": [], "submitted": [], "copy": []}
    used: dict[str, list[float]] = {}
    data.restore(cluster, data.IMPORT)
    for _ in range(ROUNDS):
        for name, query in (("drafts", ""), ("submitted", "?submit=true")):
            took, used[name] = imported(cluster, thidua, query, rows)
            seconds[name].append(took)
            if name == "submitted":
                seconds["copy"].append(copied(cluster, place))
            data.restore(cluster, data.IMPORT)
    results = []
    for name, title in (("drafts", "import of 10,000 values"), ("submitted", "import of 10,000 values, submitted too")):
        ratios = spread([copy / own for own, copy in zip(seconds[name], seconds["copy"])])
        say(f"{title}: {ratios[1]:.2f} of \\copy")
        own, copy = (sorted(seconds[key])[ROUNDS // 2] for key in (name, "copy"))
        milliseconds = [round(figure * 1000) for figure in used[name]]
        results.append({
            "name": f"import_{name}", "title": title, "clients": 1, "statements": None, "ratios": {"copy": ratios},
            "median": {
                "service": {
                    "rate": round(VALUES / own), "p50": round(own * 1000), "p99": round(max(seconds[name]) * 1000),
                    "service": milliseconds[0], "postgres": milliseconds[1]},
                "copy": {"rate": round(VALUES / copy)}},
            "reach": {"copy": 0.4 if name == "drafts" else 0}})
    return results
