"""The rows of the city: all indicators of all localities by quarter, beside one scan of the raw values and at twenty times
the history; and an approval with what it writes for the totals beside the same one without."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import data
from capture import Bench, Captured, Request
from cluster import Cluster
from measure import ALONE, ROUNDS, Contest, Load, Sample, say, spread
from rows import Row
from service import Thidua

QUARTERS = [f"2025-Q{number}" for number in range(1, 5)]
# The same figures, by locality, indicator and quarter, from the values themselves.
SCAN = f"""SELECT s.locality_id, v.indicator, substr(s.period, 6)::int / 4 AS quarter,
    sum(v.numerator), sum(v.denominator), sum(v.count), count(*)
    FROM submissions s
    JOIN movements m ON m.locality_id = s.locality_id AND m.id = s.movement_id AND m.template = '{data.MOVEMENT}'
    JOIN revision_values v ON v.locality_id = s.locality_id AND v.submission_id = s.id AND v.revision = s.approved_revision
    GROUP BY 1, 2, 3"""
# What each approval of a locality's month would do to the month's sums. One row, or approvals lock each other out for good.
IN_PLACE = "UPDATE bench_sums SET numerators = ARRAY(SELECT sum + 1 FROM unnest(numerators) AS sum)"
ROW = Row("city", "progress of the city, all indicators, by locality and quarter", lambda tokens: [])


def requests(service: Thidua, anew: str) -> list[list[Request]]:
    token = service.log_in("city")
    path = f"/api/v1/city/progress?template={data.MOVEMENT}&period="
    return [[Request("GET", path + quarter, token, anew=anew)] for quarter in QUARTERS]


def load(contest: Contest, service: Thidua, program: Path, name: str) -> Load:
    made = Load(program, contest.place / f"{name}.http", requests(service, ""))
    made.write(10**6)
    return made


def milliseconds(cluster: Cluster, database: str) -> float:
    begun = time.monotonic()
    cluster.sql(database, f"SELECT count(*) FROM ({SCAN}) AS scanned")
    return 1000 * (time.monotonic() - begun)


def run(contest: Contest, cluster: Cluster, longer: Thidua | None, program: Path) -> list[dict[str, Any]]:
    """By one client: a chair of the city waits for one page."""
    data.fold(cluster, data.ONE)
    own = load(contest, contest.thidua, program, "city")
    other = None
    if longer:
        data.fold(cluster, data.TWENTY)
        other = load(contest, longer, program, "city_longer")
    samples: list[Sample] = []
    faster, slower = [], []
    milliseconds(cluster, data.ONE)
    for _ in range(ROUNDS):
        sample = contest.http(contest.thidua, own, ROW, 1)
        samples.append(sample)
        faster.append(milliseconds(cluster, data.ONE) / (len(QUARTERS) * sample.p50))
        if longer and other:
            slower.append(contest.http(longer, other, ROW, 1).p50 / sample.p50)
    median = sorted(samples, key=lambda sample: sample.p50)[len(samples) // 2]._asdict()
    result = {
        "name": "city", "title": f"{ROW.title} (each request a quarter)", "clients": 1, "statements": None,
        "median": {"service": median}, "ratios": {"scan": spread(faster)}, "reach": {"scan": 20}}
    say(f"{ROW.title}: {median['p50']:.1f} ms a quarter, {spread(faster)[1]:.1f} times as fast as a scan")
    if slower:
        result["ratios"]["time"], result["reach"]["time"] = spread(slower), 1.5
        say(f"  at {data.HISTORY} × the history {spread(slower)[1]:.2f} × the time")
    return [result]


def without(captured: Captured) -> Captured:
    """The statements of an approval without what they write for the totals."""
    changes = re.compile(r",\s*changes AS \(\s*INSERT.*?ON CONFLICT DO NOTHING\s*\)", re.DOTALL)
    statements = [changes.sub("", sql) for sql in captured.statements]
    assert statements != captured.statements, "an approval writes nothing for the totals"
    return captured._replace(statements=statements)


def in_place(captured: Captured) -> Captured:
    """The same without, but with sums of each indicator that every approval of the locality's month updates."""
    raw = without(captured)
    last = len(raw.statements) - 1
    statements = [*raw.statements[:last], IN_PLACE, raw.statements[last]]
    subjects = [[*subject[:last], (), subject[last]] for subject in raw.subjects]
    return raw._replace(statements=statements, subjects=subjects)


def approvals(contest: Contest, cluster: Cluster, captured: Captured, row: Row) -> list[dict[str, Any]]:
    """By pgbench: what the totals add to the statements of an approval by one client, and by 16 at once beside sums that
    are updated in place."""
    cluster.sql(
        data.ONE, "DROP TABLE IF EXISTS bench_sums; CREATE TABLE bench_sums (numerators bigint[]);"
        f" INSERT INTO bench_sums SELECT array_fill(0, ARRAY[{data.INDICATORS}]);")
    results = []
    for clients, name, other in ((1, "raw", without), (16, "in_place", in_place)):
        subjects = captured._replace(subjects=captured.subjects[:ALONE if clients == 1 else 720])
        benches = {
            kind: Bench(cluster, data.ONE, f"approve_{kind}", made, 0, contest.place)
            for kind, made in (("kept", subjects), (name, other(subjects)))}
        times: dict[str, list[float]] = {kind: [] for kind in benches}
        for _ in range(ROUNDS):
            for kind, bench in benches.items():
                sample = contest.alone(
                    kind, row, lambda bench=bench: contest.statements(bench, clients), len(subjects.subjects))
                times[kind].append(1000 / sample.rate)
        ratios = spread([kept / beside for kept, beside in zip(times["kept"], times[name])])
        say(f"approve with totals, {clients} clients: {ratios[1]:.2f} × the time of {name}")
        middle = sorted(times["kept"])[ROUNDS // 2]
        results.append({
            "name": "approve_totals", "title": "statements of an approval, with totals", "clients": clients,
            "statements": None, "median": {"service": Sample(1000 / middle, middle)._asdict()},
            "ratios": {name: ratios}, "reach": {"raw": 1.3} if name == "raw" else {}})
    return results
