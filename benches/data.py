"""The reference data: 126 localities × 60 units × 25 indicators × 12 months, and 20 times that history.

Six localities are loaded by the service itself: units, plan, launch, import, submit, approve. One stays as it is read;
the others are what writes start from. The 120 further ones are copies of the first, row by row with ids of their own,
written straight into the tables; `verify` holds them against the first.
"""

from __future__ import annotations

import json
import random
import time
from typing import Any

from cluster import Cluster
from service import Thidua

LOCALITIES, UNITS, INDICATORS, MONTHS, HISTORY = 126, 60, 25, 12, 20
MOVEMENT, SEED = "thi-dua", 20250701
ONE, TWENTY = "one", "twenty"
PERIODS = [f"2025-{month:02}" for month in range(1, MONTHS + 1)]
PLACES = [(period, f"don-vi-{unit}") for period in PERIODS for unit in range(1, UNITS + 1)]

# What each locality that the service loads is for, by its code.
READ, PUT, SUBMIT, BOTH, APPROVE, IMPORT = (str(code) for code in range(20001, 20007))
# The localities that reads are spread over, and the account that reads in each.
READERS = [READ] + [str(code) for code in range(20007, 20014)]

# Tables that a locality's rows lie in and that reads look at, those named by a foreign key first; and their ids.
COPIED = {
    "units": ["id"], "unit_versions": ["unit_id", "parent_id"], "accounts": ["id"],
    "role_grants": ["id", "account_id", "unit_id"],
    "movements": ["id"], "plan_versions": ["movement_id", "created_by"], "periods": ["movement_id"],
    "submissions": ["id", "movement_id", "unit_id"], "submission_revisions": ["submission_id", "submitted_by"],
    "revision_values": ["submission_id"], "submission_events": ["submission_id", "actor_id"],
}
# Tables that reports are written to.
WRITTEN = [
    "submissions", "submission_revisions", "revision_values", "submission_events", "events", "event_numbers",
    "audit_records", "audit_texts", "audit_chain",
]
# What is counted anew from the reports.
TOTALS = ["approved_changes", "totals_by_period", "totals"]
WRITERS = f"(SELECT id FROM localities WHERE code BETWEEN '{PUT}' AND '{IMPORT}')"
# Of these a movement of earlier years has its own.
OF_MOVEMENT = list(COPIED)[list(COPIED).index("movements"):]


def plan() -> dict[str, Any]:
    """The example's calendar, by month, with 25 indicators that every unit reports: ratios and counts."""
    with open("plans/example-calendar.json", encoding="utf-8") as file:
        made: dict[str, Any] = json.load(file)
    ratio, count = made["indicators"][1], made["indicators"][2]
    count.pop("evidence")
    kinds = [ratio if number % 5 else count for number in range(1, INDICATORS + 1)]
    made["indicators"] = [
        {**kind, "code": f"CT-{number}", "reported_by": ["division"]} for number, kind in enumerate(kinds, 1)]
    made |= {"code": MOVEMENT, "template": MOVEMENT, "groups": [], "awards": [], "fields": []}
    made["span"] = {"from": "2025-01-01", "to": "2025-12-31", "section": "I"}
    made["reporting"] |= {"every": "month", "extra_periods": []}
    return made


def value(number: int, chance: random.Random) -> dict[str, Any]:
    """One reported value of an indicator; what misses the target is explained."""
    said: dict[str, Any] = {"indicator": f"CT-{number}", "state": "reported"}
    if number % 5 == 0:
        return said | {"count": chance.randrange(1, 40), "explanation": "Phần còn lại thực hiện trong tháng sau"}
    denominator = chance.randrange(100, 2000)
    numerator = chance.randrange(denominator // 80 + 1)
    missed = {"explanation": "Chờ ý kiến của cơ quan cấp trên"} if numerator * 100 >= denominator else {}
    return said | {"numerator": numerator, "denominator": denominator} | missed


def rows(places: list[tuple[str, str]], seed: int) -> str:
    """What is imported for some places, as NDJSON."""
    chance = random.Random(seed)
    lines = (
        json.dumps({"period": period, "unit": unit, **value(number, chance)})
        for period, unit in places for number in range(1, INDICATORS + 1))
    return "".join(line + "\n" for line in lines)


def load(service: Thidua) -> None:
    """The six localities, by the service's own operations."""
    service.account("city", "city_admin")
    city = service.log_in("city")
    file = service.place / "plan.json"
    file.write_text(json.dumps(plan(), ensure_ascii=False), encoding="utf-8")
    for code in (READ, PUT, SUBMIT, BOTH, APPROVE, IMPORT):
        locality = {"code": code, "name": f"Xã {code}", "kind": "xa", "valid_from": "2025-01-01"}
        service.must("POST", "/api/v1/localities", city, locality)
        for role in ("locality_admin", "chair", "standing_agency"):
            service.account(f"{role.replace('_', '-')}.{code}", role, code)
        names = [("ubnd", "Ủy ban nhân dân", "other", "")]
        names += [(f"don-vi-{unit}", f"Đơn vị {unit}", "division", "ubnd") for unit in range(1, UNITS + 1)]
        units = [
            {"code": unit, "name": name, "kind": kind, "parent": parent or None, "valid_from": "2025-01-01"}
            for unit, name, kind, parent in names]
        service.must("POST", "/api/v1/units/import", service.log_in(f"locality-admin.{code}"), units)
        for role in ("reporter", "unit_head"):
            service.account(f"{role.replace('_', '-')}.{code}", role, code, "ubnd")
        service.command("plan", "load", str(file), "--locality", code)
        chair = service.log_in(f"chair.{code}")
        service.must("POST", f"/api/v1/movements/{MOVEMENT}/launch", chair, {}, If_Match="*")
        if code != IMPORT:
            fill(service, code)


def fill(service: Thidua, code: str) -> None:
    """A year of reports: drafts, or submitted, or approved, by what the locality is for."""
    head, base = service.log_in(f"unit-head.{code}"), f"/api/v1/movements/{MOVEMENT}/submissions"
    query = "?submit=true" if code in (READ, APPROVE) else ""
    sent = rows(PLACES, SEED)
    answer = service.must("POST", f"{base}/import{query}", head, sent, Content_Type="application/x-ndjson")
    assert answer["created"] == len(PLACES) * INDICATORS, answer
    assert answer["submitted"] == (len(PLACES) if query else 0), answer["incomplete"][0]
    if code == READ:
        agency = service.log_in(f"standing-agency.{code}")
        for start in range(0, len(PLACES), 200):
            items = [
                {"period": period, "unit": unit, "etag": '"1"'} for period, unit in PLACES[start:start + 200]]
            answer = service.must("POST", f"{base}/approvals", agency, {"items": items})
            assert answer["refused"] == 0, answer["items"][0]


def columns(cluster: Cluster, table: str) -> list[str]:
    query = f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 ORDER BY attnum"
    return cluster.sql(ONE, query).split("\n")


def other_id(column: str, number: str, place: int) -> str:
    """An id of its own that keeps its order in time: four digits of the random part give the copy's number."""
    return f"overlay({column}::text placing lpad(to_hex({number}), 4, '0') from {place} for 4)::uuid"


def copy(cluster: Cluster) -> None:
    """The 120 further localities."""
    script = ["SET session_replication_role = replica;"]
    first = f"(SELECT id FROM localities WHERE code = '{READ}')"
    numbers = f"generate_series({IMPORT} + 1 - 20000, {LOCALITIES}) AS n"
    script.append(
        f"INSERT INTO localities SELECT {other_id('id', 'n', 25)}, (20000 + n)::text, 'Xã ' || 20000 + n, kind,"
        f" valid_from, valid_to, created_at FROM localities, {numbers} WHERE code = '{READ}';")
    for table, ids in COPIED.items():
        given = {name: other_id(name, "n", 25) for name in ["locality_id", *ids]}
        given["username"] = f"replace(username, '{READ}', (20000 + n)::text)"
        selected = ", ".join(given.get(name, name) for name in columns(cluster, table))
        script.append(f"INSERT INTO {table} SELECT {selected} FROM {numbers}, {table} WHERE locality_id = {first};")
    cluster.sql(ONE, "\n".join(script))


def lengthen(cluster: Cluster) -> None:
    """Nineteen earlier movements in every locality that is read: the history twenty times as long."""
    script = ["SET session_replication_role = replica; SET synchronous_commit = off;"]
    numbers = f"generate_series(1, {HISTORY - 1}) AS n"
    for table in OF_MOVEMENT:
        of_movement = [name for name in COPIED[table] if name == "id" or name in ("movement_id", "submission_id")]
        given = {name: other_id(name, "n", 29) for name in of_movement}
        if table == "movements":
            given |= {"code": "code || '-' || n", "template": "template || '-' || n"}
        selected = ", ".join(given.get(name, name) for name in columns(cluster, table))
        read = f"{numbers}, {table} WHERE locality_id NOT IN {WRITERS}"
        script.append(f"INSERT INTO {table} SELECT {selected} FROM {read};")
    cluster.sql(TWENTY, "\n".join(script))


def keep(cluster: Cluster) -> None:
    """Keeps the rows that writes start from, so that each run of a write starts from the same."""
    settle(cluster)
    script = ["DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept;"]
    for table in WRITTEN:
        script.append(f"CREATE TABLE kept.{table} AS SELECT * FROM {table} WHERE locality_id IN {WRITERS};")
        script.append(f"CREATE INDEX ON kept.{table} (locality_id);")
    cluster.sql(ONE, "\n".join(script) + "ANALYZE;")


def settle(cluster: Cluster) -> None:
    """Waits until the service has chained what was written."""
    for _ in range(600):
        if cluster.sql(ONE, "SELECT count(*) FROM audit_pending") == "0":
            return
        time.sleep(0.1)
    raise SystemExit("the service does not chain what was written")


def fold(cluster: Cluster, database: str) -> None:
    """Waits until the service has folded every approval, and counted every movement."""
    left = (
        "SELECT (SELECT count(*) FROM approved_changes) + (SELECT count(*) FROM movements m WHERE launched_at IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM totals t WHERE t.locality_id = m.locality_id AND t.movement_id = m.id))")
    for _ in range(6000):
        if cluster.sql(database, left) == "0":
            return
        time.sleep(0.1)
    raise SystemExit("the service does not fold what was approved")


def records(cluster: Cluster, code: str) -> int:
    """How many records the audit log of a locality has."""
    of = f"(SELECT id FROM localities WHERE code = '{code}')"
    return int(cluster.sql(ONE, f"SELECT count(*) FROM audit_records WHERE locality_id = {of}"))


def restore(cluster: Cluster, code: str) -> None:
    """Puts a locality back to what was kept, and cleans up. What waits to be chained or numbered is gone, too."""
    of = f"WHERE locality_id = (SELECT id FROM localities WHERE code = '{code}')"
    script = ["BEGIN; SET LOCAL session_replication_role = replica;"]
    for table in ("audit_pending", "event_queue", *TOTALS, *WRITTEN):
        script.append(f"DELETE FROM {table} {of};")
    for table in WRITTEN:
        script.append(f"INSERT INTO {table} SELECT * FROM kept.{table} {of};")
    script.append("COMMIT;")
    script += [f"VACUUM {table};" for table in ("audit_pending", "event_queue", *WRITTEN)]
    cluster.sql(ONE, "\n".join(script) + "CHECKPOINT;")


def verify(cluster: Cluster, service: Thidua) -> None:
    """The copies have the first one's shape: as many rows in each table, and the service answers the same figures."""
    for table in COPIED:
        counts = cluster.sql(
            ONE, f"SELECT count(*) FROM {table} JOIN localities l ON l.id = locality_id"
            f" WHERE l.code = '{READ}' OR l.code > '{IMPORT}' GROUP BY l.id").split("\n")
        assert len(counts) == LOCALITIES - 5 and len(set(counts)) == 1, (table, counts)
    figures = []
    for code in (READ, READERS[-1]):
        agency = service.log_in(f"standing-agency.{code}")
        answer = service.must("GET", f"/api/v1/movements/{MOVEMENT}/progress", agency)
        figures.append([{**item, "last_submitted_at": None} for item in answer["items"]])
    assert figures[0] == figures[1], "the service answers other figures for a copy"
    shown = sum(int(item["denominator"] or 0) for item in figures[0])
    scanned = cluster.sql(
        ONE, "SELECT sum(denominator) FROM revision_values WHERE locality_id ="
        f" (SELECT id FROM localities WHERE code = '{READ}')")
    assert shown == int(scanned), (shown, scanned)
