"""What a good plain service does for the same requests: FastAPI, asyncpg, uvloop, on the same tables, the same tokens.

SQL adds up. The signature of a token is checked once and remembered until it expires; account, sign-in, roles and
locality are read at each request, in one statement. It has no `as_of`, no exact fractions, no verdicts, no warnings.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import asyncpg
import jwt
import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel, Field

ISSUER = os.environ["ISSUER"]
KEYS = {key["kid"]: jwt.PyJWK(key).key for key in orjson.loads(os.environ["JWKS"])["keys"]}
VERIFIED: dict[str, dict[str, Any]] = {}

CALLER = """
SELECT a.id, a.username, l.id AS locality,
       ARRAY(SELECT (g.role, g.unit_id) FROM role_grants g
             WHERE g.account_id = a.id AND g.ended_at IS NULL AND g.valid_from <= d.today
               AND (g.valid_to IS NULL OR g.valid_to >= d.today)
               AND (g.confirm_until IS NULL OR g.confirmed_at IS NOT NULL)) AS roles
FROM accounts a JOIN localities l ON l.id = a.locality_id
CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today) d
JOIN sign_ins s ON s.account_id = a.id AND s.id = $2 AND s.ended_at IS NULL
WHERE a.id = $1 AND a.disabled_at IS NULL"""

SUBMISSION = """
SELECT s.*, p.due_at, p.state AS period_state, m.state AS movement_state, m.plan_version, v.name AS unit_name,
       v.kind AS unit_kind, ARRAY(
           WITH RECURSIVE above (id) AS (
               SELECT u.id UNION
               SELECT a.parent_id FROM above JOIN unit_versions a ON a.locality_id = $1 AND a.unit_id = above.id
               WHERE a.parent_id IS NOT NULL)
           SELECT id FROM above) AS above
FROM movements m
JOIN periods p ON p.locality_id = m.locality_id AND p.movement_id = m.id AND p.code = $3
JOIN units u ON u.locality_id = m.locality_id AND u.code = $4
JOIN LATERAL (SELECT name, kind FROM unit_versions v WHERE v.locality_id = u.locality_id AND v.unit_id = u.id
              AND v.valid_from <= p.cutoff_on ORDER BY v.valid_from DESC LIMIT 1) v ON true
JOIN submissions s ON s.locality_id = m.locality_id AND s.movement_id = m.id AND s.period = p.code AND s.unit_id = u.id
WHERE m.locality_id = $1 AND m.code = $2"""

PLAN = "SELECT document FROM plan_versions WHERE locality_id = $1 AND movement_id = $2 AND version = $3"

EVENTS = """
SELECT e.action, e.revision, e.at, e.reason, a.username FROM submission_events e JOIN accounts a ON a.id = e.actor_id
WHERE e.locality_id = $1 AND e.submission_id = $2 ORDER BY e.version"""

PROGRESS = """
SELECT v.indicator, sum(v.numerator)::bigint AS numerator, sum(v.denominator)::bigint AS denominator,
       sum(v.count)::bigint AS count, count(*) AS reports
FROM movements m
JOIN submissions s ON s.locality_id = m.locality_id AND s.movement_id = m.id AND s.state = 'approved'
JOIN revision_values v ON v.locality_id = s.locality_id AND v.submission_id = s.id AND v.revision = s.revision
WHERE m.locality_id = $1 AND m.code = $2 AND ($3::text IS NULL OR v.indicator = $3)
GROUP BY v.indicator ORDER BY v.indicator"""

LIST = """
SELECT s.period, u.code AS unit, s.state, s.revision, s.first_submitted_at, s.late, s.updated_at, s.version
FROM movements m
JOIN submissions s ON s.locality_id = m.locality_id AND s.movement_id = m.id AND ($3::text IS NULL OR s.period = $3)
JOIN units u ON u.locality_id = s.locality_id AND u.id = s.unit_id
WHERE m.locality_id = $1 AND m.code = $2 ORDER BY s.period, u.code LIMIT 50"""


async def prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads, schema="pg_catalog")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    # Host, user and database come from the environment. Two workers have as many connections as the service.
    app.state.pool = await asyncpg.create_pool(min_size=8, max_size=8, init=prepare)
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)
Row = Any


def claims(token: str) -> dict[str, Any]:
    known = VERIFIED.get(token)
    if known is None:
        try:
            key = KEYS[jwt.get_unverified_header(token)["kid"]]
            required = {"require": ["iss", "aud", "sub", "exp", "nbf", "iat"]}
            known = jwt.decode(token, key, ["EdDSA"], audience=ISSUER, issuer=ISSUER, options=required)
        except (jwt.PyJWTError, KeyError):
            raise HTTPException(401) from None
        VERIFIED[token] = known
    if known["exp"] < time.time():
        raise HTTPException(401)
    return known


async def caller(request: Request, authorization: Annotated[str, Header()]) -> Row:
    said = claims(authorization.removeprefix("Bearer "))
    found = await request.app.state.pool.fetchrow(CALLER, uuid.UUID(said["sub"]), uuid.UUID(said["sid"]))
    if found is None or not found["roles"]:
        raise HTTPException(401)
    return found


Caller = Annotated[Any, Depends(caller)]


class Value(BaseModel):
    indicator: str
    state: str
    field: str | None = None
    numerator: int | None = Field(None, ge=0)
    denominator: int | None = Field(None, ge=0)
    count: int | None = Field(None, ge=0)
    explanation: str | None = Field(None, max_length=4000)


class Content(BaseModel):
    narrative: str | None = None
    values: list[Value]


class Owed(BaseModel):
    indicator: str
    name: str
    fields: list[str]


class Submission(Content):
    """What the service answers, member by member."""
    movement: str
    period: str
    unit: str
    unit_name: str
    state: str
    revision: int
    approved_revision: int | None
    due_at: datetime
    first_submitted_at: datetime | None
    submitted_by: str | None
    approved_by: str | None
    late: bool
    lateness_excuse: str | None
    reason: str | None
    owed: list[Owed]
    updated_at: datetime
    allowed_actions: list[str]


class Summary(BaseModel):
    period: str
    unit: str
    state: str
    revision: int
    first_submitted_at: datetime | None
    late: bool
    updated_at: datetime
    version: int


class Page(BaseModel):
    items: list[Summary]


class Figure(BaseModel):
    indicator: str
    numerator: int | None
    denominator: int | None
    count: int | None
    reports: int
    value: float | None


class Figures(BaseModel):
    items: list[Figure]


# By state: what each role may do next.
NEXT = {
    "draft": {"reporter": ["edit"], "unit_head": ["edit", "submit"]},
    "submitted": {"unit_head": ["withdraw"], "standing_agency": ["approve", "return"]},
    "approved": {"standing_agency": ["reopen"]},
}
# Issued plans never change: the indicators of each are remembered.
PLANS: dict[tuple[Any, int], list[dict[str, Any]]] = {}


async def indicators(conn: Any, caller: Row, found: Row) -> list[dict[str, Any]]:
    key = (found["movement_id"], found["plan_version"])
    if key not in PLANS:
        PLANS[key] = (await conn.fetchval(PLAN, caller["locality"], *key))["indicators"]
    return PLANS[key]


async def view(conn: Any, caller: Row, response: Response, movement: str, unit: str, found: Row) -> Submission:
    events = await conn.fetch(EVENTS, caller["locality"], found["id"])
    known = await indicators(conn, caller, found)
    by = {event["action"]: event for event in events}
    response.headers["ETag"] = f'"{found["version"]}"'
    owed = [
        Owed(indicator=one["code"], name=one["name"]["vi"], fields=[field["code"] for field in one.get("fields", [])])
        for one in known if found["unit_kind"] in one["reported_by"]]
    submitted, approved, returned = (by.get(action) for action in ("submit", "approve", "return"))
    may = NEXT.get(found["state"], {})
    return Submission(
        **found["draft"], movement=movement, period=found["period"], unit=unit, unit_name=found["unit_name"],
        state=found["state"], revision=found["revision"], approved_revision=approved and approved["revision"],
        due_at=found["due_at"], first_submitted_at=found["first_submitted_at"],
        submitted_by=submitted and submitted["username"], approved_by=approved and approved["username"],
        late=found["late"], lateness_excuse=found["lateness_excuse"], reason=returned and returned["reason"],
        owed=owed, updated_at=found["updated_at"],
        allowed_actions=[action for role, _ in caller["roles"] for action in may.get(role, [])])


async def find(conn: Any, caller: Row, movement: str, period: str, unit: str, suffix: str = "") -> Row:
    """The report within the caller's reach: of the whole locality, or of a unit and those below it."""
    found = await conn.fetchrow(SUBMISSION + suffix, caller["locality"], movement, period, unit)
    if found is None or not any(top is None or top in found["above"] for _, top in caller["roles"]):
        raise HTTPException(404)
    return found


@app.get("/health")
async def health() -> dict[str, str]:
    return {}


BASE = "/api/v1/movements/{movement}"


@app.get(BASE + "/submissions/{period}/{unit}")
async def get_submission(
    request: Request, response: Response, caller: Caller, movement: str, period: str, unit: str,
) -> Submission:
    async with request.app.state.pool.acquire() as conn:
        return await view(conn, caller, response, movement, unit, await find(conn, caller, movement, period, unit))


@app.get(BASE + "/submissions")
async def list_submissions(request: Request, caller: Caller, movement: str, period: str | None = None) -> Page:
    rows = await request.app.state.pool.fetch(LIST, caller["locality"], movement, period)
    return Page(items=[Summary(**row) for row in rows])


def figure(row: Row) -> Figure:
    share = row["numerator"] * 100 / row["denominator"] if row["denominator"] else row["count"]
    return Figure(**row, value=share)


@app.get(BASE + "/progress")
async def list_progress(request: Request, caller: Caller, movement: str) -> Figures:
    rows = await request.app.state.pool.fetch(PROGRESS, caller["locality"], movement, None)
    return Figures(items=[figure(row) for row in rows])


@app.get(BASE + "/progress/{indicator}")
async def get_progress(request: Request, caller: Caller, movement: str, indicator: str) -> Figure:
    row = await request.app.state.pool.fetchrow(PROGRESS, caller["locality"], movement, indicator)
    if row is None:
        raise HTTPException(404)
    return figure(row)


async def locked(conn: Any, caller: Row, movement: str, period: str, unit: str, states: tuple[str, ...]) -> Row:
    found = await find(conn, caller, movement, period, unit, " FOR UPDATE OF s")
    if found["movement_state"] != "launched" or found["period_state"] == "closed" or found["state"] not in states:
        raise HTTPException(409)
    return found


async def audit(conn: Any, caller: Row, action: str, subject: str, before: Any, after: Any) -> None:
    """One record with its words, in the transaction of the write."""
    digests = [hashlib.sha256(orjson.dumps(thing)).digest() for thing in (before, after)]
    changes = [{"pointer": "", "from": before, "to": after}]
    text = hashlib.sha256(orjson.dumps(changes)).digest()
    await conn.execute(
        """WITH text AS (INSERT INTO audit_texts VALUES ($1, $2, '', $4, NULL, $5)),
                pending AS (INSERT INTO audit_pending VALUES ($1, $2))
           INSERT INTO audit_records VALUES ($1, $2, $3, $6, $7, $8, '{}', NULL, now(), $9, $10, $11)""",
        caller["locality"], uuid.uuid4(), caller["id"], caller["username"], changes,
        [role for role, _ in caller["roles"]], action, subject, digests[0], digests[1], text)


async def act(conn: Any, caller: Row, found: Row, action: str, revision: int) -> None:
    """The act and what is published of it."""
    await conn.execute(
        "INSERT INTO submission_events VALUES ($1, $2, $3, $4, $5, $6, now(), NULL, '[]', '{}')",
        caller["locality"], found["id"], found["version"] + 1, action, revision, caller["id"])
    await conn.execute(
        """WITH told AS (INSERT INTO events VALUES ($1, $2, $3, $4, $5, now(), $6, NULL) RETURNING id)
           INSERT INTO event_queue (locality_id, event_id) SELECT $1, id FROM told""",
        caller["locality"], uuid.uuid4(), f"submission.{action}", str(found["movement_id"]), str(found["id"]),
        {"period": found["period"], "revision": revision})


@app.put(BASE + "/submissions/{period}/{unit}")
async def draft_submission(
    request: Request, response: Response, caller: Caller, movement: str, period: str, unit: str, content: Content,
) -> Submission:
    draft = content.model_dump(exclude_none=True)
    async with request.app.state.pool.acquire() as conn, conn.transaction():
        found = await locked(conn, caller, movement, period, unit, ("draft", "returned", "reopened"))
        written = await conn.fetchrow(
            """UPDATE submissions SET draft = $3, drafted_by = $4, updated_at = now(), version = version + 1
               WHERE locality_id = $1 AND id = $2 RETURNING draft, updated_at, version""",
            caller["locality"], found["id"], draft, [caller["id"]])
        shown = await view(conn, caller, response, movement, unit, {**found, **written})
        await audit(conn, caller, "draft_submission", request.url.path, found["draft"], draft)
        return shown


COLUMNS = ("indicator", "state", "numerator", "denominator", "count", "explanation")


@app.post(BASE + "/submissions/{period}/{unit}/submit")
async def submit_submission(
    request: Request, response: Response, caller: Caller, movement: str, period: str, unit: str,
) -> Submission:
    async with request.app.state.pool.acquire() as conn, conn.transaction():
        found = await locked(conn, caller, movement, period, unit, ("draft", "returned", "reopened"))
        revision = found["revision"] + 1
        values = Content.model_validate(found["draft"]).values
        written = await conn.fetchrow(
            """UPDATE submissions SET state = 'submitted', revision = $3, version = version + 1, updated_at = now(),
                   first_submitted_at = coalesce(first_submitted_at, now()), late = late OR now() > $4
               WHERE locality_id = $1 AND id = $2
               RETURNING state, revision, first_submitted_at, late, updated_at, version""",
            caller["locality"], found["id"], revision, found["due_at"])
        await conn.execute(
            "INSERT INTO submission_revisions VALUES ($1, $2, $3, $4, $5, now(), NULL)",
            caller["locality"], found["id"], revision, found["draft"].get("narrative"), caller["id"])
        await conn.execute(
            """INSERT INTO revision_values (locality_id, submission_id, revision, field, estimated, evidence, indicator,
                   state, numerator, denominator, count, explanation)
               SELECT $1, $2, $3, '', false, '{}', v.* FROM unnest($4::text[], $5::text[], $6::bigint[], $7::bigint[],
                   $8::bigint[], $9::text[]) AS v""",
            caller["locality"], found["id"], revision, *([getattr(v, name) for v in values] for name in COLUMNS))
        await act(conn, caller, found, "submit", revision)
        shown = await view(conn, caller, response, movement, unit, {**found, **written})
        await audit(conn, caller, "submit_submission", request.url.path, found["state"], written["state"])
        return shown


@app.post(BASE + "/submissions/{period}/{unit}/approve")
async def approve_submission(
    request: Request, response: Response, caller: Caller, movement: str, period: str, unit: str,
) -> Submission:
    async with request.app.state.pool.acquire() as conn, conn.transaction():
        found = await locked(conn, caller, movement, period, unit, ("submitted",))
        events = await conn.fetch(EVENTS, caller["locality"], found["id"])
        if caller["id"] in found["drafted_by"] or caller["username"] in {event["username"] for event in events}:
            raise HTTPException(409)
        written = await conn.fetchrow(
            """UPDATE submissions SET state = 'approved', drafted_by = '{}', version = version + 1, updated_at = now()
               WHERE locality_id = $1 AND id = $2 RETURNING state, updated_at, version""",
            caller["locality"], found["id"])
        await act(conn, caller, found, "approve", found["revision"])
        shown = await view(conn, caller, response, movement, unit, {**found, **written})
        await audit(conn, caller, "approve_submission", request.url.path, found["state"], written["state"])
        return shown
