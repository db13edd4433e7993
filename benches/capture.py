"""The very statements of a request from Postgres's log, with the parameters of many subjects, and pgbench with them."""

from __future__ import annotations

import csv
import datetime
import functools
import io
import itertools
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cluster import Cluster, parameters
from service import Thidua

LOGGED = "-c log_statement=all -c application_name=bench"
ENDS = ("COMMIT", "ROLLBACK")
# What tells who asks: left aside where a read is compared, as the peer of statements has nobody to know.
ACCOUNT = re.compile(r'must_change_password|role_grants|sign_ins')


# What makes questions ones that nobody has asked before.
ASKED = itertools.count(1)


@functools.cache
def begun() -> datetime.datetime:
    """When the first question is made: the data are loaded by then, so an instant shortly before sees all of them."""
    return datetime.datetime.now(datetime.UTC)


class Request(NamedTuple):
    method: str
    path: str
    token: str
    body: str = ""
    media: str = "application/json"
    # By which parameter it is another question each time, so that its answer is in no memory: `as_of` another instant, or
    # a `limit` that is written otherwise.
    anew: str = ""

    def asked(self) -> str:
        if not self.anew:
            return self.path
        number = next(ASKED)
        as_of = begun() - datetime.timedelta(microseconds=number)
        other = f"{as_of:%Y-%m-%dT%H:%M:%S.%fZ}" if self.anew == "as_of" else "0" * (number % 197) + "50"
        return f"{self.path}{'&' if '?' in self.path else '?'}{self.anew}={other}"

    def raw(self) -> bytes:
        body = self.body.encode()
        head = f"{self.method} {self.asked()} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n"
        if self.method != "GET":
            head += f"If-Match: *\r\nContent-Length: {len(body)}\r\n"
        if body:
            head += f"Content-Type: {self.media}\r\n"
        return head.encode() + b"\r\n" + body


class Statement(NamedTuple):
    sql: str
    values: tuple[str | None, ...]


class Captured(NamedTuple):
    """The statements of a request, and for each subject the parameters of each."""
    statements: list[str]
    subjects: list[list[tuple[str | None, ...]]]
    # All statements of the requests, with those that are left aside.
    made: int


class Marks:
    """Words in the log between two requests. A statement is logged before it is answered, so the order holds."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        environment = {**cluster.environment, "PGOPTIONS": LOGGED}
        command = [str(cluster.bin / "psql"), "-qAtX", "-d", database]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def set(self, name: str) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"SET application_name = bench; SELECT 'mark {name}';\n")
        self.process.stdout.readline()

    def close(self) -> None:
        self.process.communicate()


def windows(cluster: Cluster) -> dict[str, list[list[Statement]]]:
    """The transactions that began between two marks, by the name of the first."""
    found: dict[str, list[list[Statement]]] = {}
    unfinished: dict[int, list[Statement]] = {}
    name = ""
    for line in cluster.logged("bench"):
        text, is_statement = re.subn(r"^(?:statement|execute [^:]*): ", "", line["message"])
        if mark := re.match(r"SELECT 'mark (.*)'", text):
            name = mark.group(1)
            found[name] = []
        elif is_statement and name and not text.startswith("SET application_name"):
            # The service repeats the numbers of what it binds in a comment, which would hide what follows.
            sql = re.sub(r" --(\$\d+)*$", "", text.strip())
            statement = Statement(sql, tuple(parameters(line.get("detail", ""))))
            done = unfinished.get(line["pid"])
            if done is None:
                done = []
                found[name].append(done)
                if text.startswith("BEGIN"):
                    unfinished[line["pid"]] = done
            elif text.startswith(ENDS):
                del unfinished[line["pid"]]
            done.append(statement)
    return found


def capture(
    cluster: Cluster, database: str, service: Thidua, groups: list[list[Request]], restore: Callable[[], None],
) -> list[list[list[Statement]]]:
    """The transactions of each group of requests. The service is one of its own, which logs all that it does."""
    def send(group: list[Request]) -> None:
        for request in group:
            service.must(
                request.method, request.asked(), request.token, request.body or None, If_Match="*",
                Content_Type=request.media)

    marks = Marks(cluster, database)
    try:
        cluster.forget_log()
        # What can be held in memory is; and what the service does without being asked is known, also after writes.
        for group in groups if groups[0][0].method == "GET" else groups[:20]:
            send(group)
        marks.set("quiet")
        time.sleep(3)
        restore()
        for number, group in enumerate(groups):
            marks.set(f"group {number}")
            send(group)
        marks.set("end")
        time.sleep(0.5)
    finally:
        marks.close()
    seen = windows(cluster)
    cluster.forget_log()
    own = {tuple(statement.sql for statement in done) for done in seen["quiet"]}
    asked = [seen[f"group {number}"] for number in range(len(groups))]
    return [[done for done in group if tuple(statement.sql for statement in done) not in own] for group in asked]


def common(groups: list[list[list[Statement]]], reads: bool) -> Captured:
    """What all subjects have in common: the same statements in the same order. The few others are left out."""
    everything = [[statement for done in group for statement in done] for group in groups]
    usual = Counter(tuple(statement.sql for statement in group) for group in everything).most_common(1)[0][0]
    everything = [group for group in everything if tuple(statement.sql for statement in group) == usual]
    if len(everything) < 0.9 * len(groups):
        raise SystemExit(f"only {len(everything)} of {len(groups)} requests make the same statements:\n{usual}")

    def counts(sql: str, inside: bool) -> bool:
        if reads:
            return sql.startswith(("SELECT", "WITH")) and not ACCOUNT.search(sql)
        return inside

    kept, inside = [], False
    for place, sql in enumerate(usual):
        inside = inside or sql.startswith("BEGIN")
        if counts(sql, inside):
            kept.append(place)
        if sql.startswith(ENDS):
            inside = False
    subjects = [[group[place].values for place in kept] for group in everything]
    return Captured([usual[place] for place in kept], subjects, len(usual))


def typed(sql: str, values: list[tuple[str | None, ...]]) -> str:
    """The statement with the types of arrays that are unnested, which the service tells beside the statement."""

    def cast(found: re.Match[str]) -> str:
        first = values[0][int(found.group(1)) - 1] or ""
        element = first[1:-1].split(",")[0]
        kinds = {r"[0-9a-f-]{36}": "uuid", r"\d+": "integer", r'"\{.*': "jsonb"}
        kind = next((kind for form, kind in kinds.items() if re.fullmatch(form, element)), "text")
        return f"{found.group(0)}::{kind}[]"

    def casts(found: re.Match[str]) -> str:
        return re.sub(r"\$(\d+)(?!::)\b(?!::)", cast, found.group(0))

    return re.sub(r"unnest\([^)]*\)", casts, sql)


class Bench:
    """pgbench with captured statements: prepared, over all subjects, or each subject once."""

    def __init__(
        self, cluster: Cluster, database: str, name: str, captured: Captured, repeated: int, place: Path,
    ) -> None:
        """Of a read `repeated` says how often one transaction does it; 0 for a write."""
        self.cluster, self.database, self.repeated, self.reads = cluster, database, repeated, repeated > 0
        self.subjects = len(captured.subjects)
        self.script = place / f"{name}.pgbench"
        columns, script = self.columns(captured)
        table = f"bench_{name}"
        one_after_the_other = ["\\set n :client_id * :each + :k + 1", "\\set k :k + 1"]
        lines = ["\\set n random(1, :most)"] if self.reads else one_after_the_other
        lines.append(f"SELECT * FROM {table} WHERE n = :n \\gset")
        self.script.write_text("\n".join(lines + script * max(repeated, 1)) + "\n", encoding="utf-8")
        text = io.StringIO()
        rows = csv.writer(text, quoting=csv.QUOTE_ALL)
        for number, subject in enumerate(captured.subjects, 1):
            rows.writerow([number, *(subject[statement][value] for statement, value in columns)])
        names = "".join(f", p{statement}_{value} text" for statement, value in columns)
        cluster.sql(database, f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} (n integer PRIMARY KEY{names});")
        cluster.sql(database, text.getvalue(), "-c", f"\\copy {table} FROM pstdin CSV")
        cluster.sql(database, f"VACUUM ANALYZE {table};")

    def columns(self, captured: Captured) -> tuple[list[tuple[int, int]], list[str]]:
        """Which parameters the table holds, and the statements that name them. A null is written into its statement."""
        columns, script = [], []
        for number, sql in enumerate(captured.statements):
            values = [subject[number] for subject in captured.subjects]
            names: dict[str, str] = {}
            for place in range(len(values[0])):
                given = {value[place] for value in values}
                if None in given and len(given) > 1:
                    raise SystemExit(f"parameter {place + 1} is null for some subjects only:\n{sql}")
                names[f"${place + 1}"] = "NULL" if None in given else f":p{number}_{place}"
                if None not in given:
                    columns.append((number, place))
            one_line = typed(re.sub(r"\s*\n\s*", " ", sql).rstrip(";"), values)
            script.append("".join(names.get(part, part) for part in re.split(r"(\$\d+)", one_line)) + ";")
        return columns, script

    def run(self, clients: int, seconds: int) -> tuple[float, int]:
        """How many subjects a second, and how many in all."""
        command = [
            str(self.cluster.bin / "pgbench"), "-n", "-M", "prepared", "-f", str(self.script), "-c", str(clients),
            "-j", str(min(clients, 2)), "-D", "k=0", "-D", f"most={self.subjects}"]
        each = self.subjects // clients
        command += ["-T", str(seconds)] if self.reads else ["-t", str(each), "-D", f"each={each}"]
        done = subprocess.run(
            [*command, self.database], check=False, env=self.cluster.environment, capture_output=True, text=True)
        rate = re.search(r"tps = ([\d.]+) \(without", done.stdout)
        number = re.search(r"transactions actually processed: (\d+)", done.stdout)
        if done.returncode != 0 or rate is None or number is None:
            raise SystemExit(f"pgbench: {done.stdout}{done.stderr}"[:4000])
        times = max(self.repeated, 1)
        return float(rate.group(1)) * times, int(number.group(1)) * times
