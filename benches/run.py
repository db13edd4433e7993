"""The bench: makes the reference data where they are missing, measures every row, writes docs/PERFORMANCE.md.

    make bench            1 and 16 clients
    make bench SET=all    1, 8, 16 and 64 clients, and the history twenty times as long

THIDUA names the binary (target/release/thidua), LABEL what the figures are kept as (after), ROWS the names of rows that
are measured again.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import city
import data
import firmness
import history
import imports
import report
from cluster import DURABLE, LOADING, Cluster
from measure import Contest, captures, say
from rows import COUNTED, ROWS
from service import Peer, Thidua

PLACE = Path("target/bench").resolve()
CLIENTS = {"quick": [1, 16], "all": [1, 8, 16, 64]}
PORT = int(os.environ.get("PORT", "18190"))


def stamp() -> str:
    """Of the reference data: made again where their making changes."""
    return hashlib.sha256(Path("benches/data.py").read_bytes()).hexdigest()


def prepare(cluster: Cluster, thidua: Thidua, twenty: bool) -> None:
    made = {name: PLACE / f"made-{name}" for name in (data.ONE, data.TWENTY)}
    is_made = {name: file.exists() and file.read_text() == stamp() for name, file in made.items()}
    if not is_made[data.ONE]:
        begun = time.monotonic()
        say("making the reference data")
        for name in (data.TWENTY, data.ONE):
            made[name].unlink(missing_ok=True)
            cluster.sql("postgres", f"DROP DATABASE IF EXISTS {name}")
        cluster.sql("postgres", f"CREATE DATABASE {data.ONE}")
        thidua.start(cluster.url(data.ONE))
        try:
            data.load(thidua)
            data.copy(cluster)
            cluster.sql(data.ONE, "VACUUM ANALYZE")
            data.verify(cluster, thidua)
            data.keep(cluster)
        finally:
            thidua.stop()
        made[data.ONE].write_text(stamp())
        is_made[data.TWENTY] = False
        say(f"  {time.monotonic() - begun:.0f} s")
    for code in (data.PUT, data.SUBMIT, data.BOTH, data.APPROVE, data.IMPORT):
        data.restore(cluster, code)
    if twenty and not is_made[data.TWENTY]:
        begun = time.monotonic()
        say("making the history twenty times as long")
        cluster.stop()
        cluster.start(LOADING)
        cluster.sql("postgres", f"DROP DATABASE IF EXISTS {data.TWENTY}")
        cluster.sql("postgres", f"CREATE DATABASE {data.TWENTY} TEMPLATE {data.ONE}")
        data.lengthen(cluster)
        cluster.sql(data.TWENTY, "VACUUM ANALYZE")
        cluster.stop()
        cluster.start(DURABLE)
        made[data.TWENTY].write_text(stamp())
        say(f"  {time.monotonic() - begun:.0f} s")


def main() -> None:
    # Whatever ends the bench ends its servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen, label = os.environ.get("SET", "quick"), os.environ.get("LABEL", "after")
    only = os.environ.get("ROWS", "").split()
    binary, program = Path(os.environ.get("THIDUA", "target/release/thidua")), PLACE / "load"
    cluster = Cluster(PLACE / "pg")
    thidua, peer = Thidua(binary, PORT, PLACE / "home"), Peer(PORT + 1)
    longer = Thidua(binary, PORT + 2, PLACE / "home")
    results: list[dict[str, Any]] = []
    begun = time.monotonic()
    try:
        cluster.start(DURABLE)
        prepare(cluster, thidua, chosen == "all")
        begun = time.monotonic()
        rows = [row for row in ROWS if not only or row.name in only]
        taken = [row for row in ROWS if row.name == "approve" and "approve_totals" in only and row not in rows]
        captured = captures(cluster, thidua, rows + taken if only else rows + COUNTED)
        thidua.start(cluster.url(data.ONE))
        jwks = thidua.must("GET", "/.well-known/jwks.json")
        peer.start(cluster.environment, data.ONE, PLACE / "venv/bin/python", jwks, PLACE)
        contest = Contest(cluster, thidua, peer, PLACE)
        for row in rows:
            for clients in CLIENTS[chosen]:
                results.append(contest.run(row, captured[row.name], clients, program))
        if not only or "firmness" in only:
            results += firmness.run(PLACE)
        if not only or "import" in only:
            results += imports.run(cluster, thidua, PLACE)
        if chosen == "all" and (not only or {"history", "city"} & set(only)):
            longer.start(cluster.url(data.TWENTY))
        if not only or "city" in only:
            results += city.run(contest, cluster, longer if chosen == "all" else None, program)
        if not only or "approve_totals" in only:
            approve = next(row for row in ROWS if row.name == "approve")
            results += city.approvals(contest, cluster, captured["approve"], approve)
        if chosen == "all" and (not only or "history" in only):
            results += [history.run(contest, cluster, longer, clients, program) for clients in (1, 16)]
    finally:
        for service in (longer, peer, thidua):
            service.stop()
        cluster.stop()
    minutes = (time.monotonic() - begun) / 60
    say(f"{minutes:.1f} min")
    if only and (report.RESULTS / f"{label}.json").exists():
        report.replace(label, results)
    elif not only:
        day = datetime.date.today().isoformat()
        counted = {row.title: captured[row.name].made for row in COUNTED}
        kept = {"day": day, "set": chosen, "minutes": round(minutes, 1), "rows": results, "counted": counted}
        report.keep(label, kept)
    report.write()


main()
