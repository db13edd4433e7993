"""What a good plain service does for the same requests: FastAPI, asyncpg, uvloop, on the same tables with the same tokens.

SQL adds up. The signature of a token is checked once and remembered until it expires; account, sign-in, roles and
locality are read at each request, in one statement. It has no `as_of`, no lateness rules, no exact fractions, no warnings.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from contextlib import asynccontextmanager
from typing import Annotated, Any, AsyncIterator

import asyncpg
import jwt
import orjson
from fastapi import Body, Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel, Field

ISSUER = os.environ["ISSUER"]
KEYS = {key["kid"]: jwt.PyJWK(key).key for key in orjson.loads(os.environ["JWKS"])["keys"]}
VERIFIED: dict[str, dict[str, Any]] = {}

CALLER = """
SELECT a.id, a.username, l.id AS locality,
       ARRAY(SELECT g.role FROM role_grants g
             WHERE g.account_id = a.id AND g.ended_at IS NULL AND g.valid_from <= d.today
               AND (g.valid_to IS NULL OR g.valid_to >= d.today)
               AND (g.confirm_until IS NULL OR g.confirmed_at IS NOT NULL)) AS roles
FROM accounts a JOIN localities l ON l.id = a.locality_id
CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today) d
JOIN sign_ins s ON s.account_id = a.id AND s.id = $2 AND s.ended_at IS NULL
WHERE a.id = $1 AND a.disabled_at IS NULL"""

SUBMISSION = """
SELECT s.*, p.due_at, p.state AS period_state, m.state AS movement_state, v.name AS unit_name
FROM movements m
JOIN periods p ON p.locality_id = m.locality_id AND p.movement_id = m.id AND p.code = $3
JOIN units u ON u.locality_id = m.locality_id AND u.code = $4
JOIN LATERAL (SELECT name FROM unit_versions v WHERE v.locality_id = u.locality_id AND v.unit_id = u.id
              AND v.valid_from <= p.cutoff_on ORDER BY v.valid_from DESC LIMIT 1) v ON true
JOIN submissions s ON s.locality_id = m.locality_id AND s.movement_id = m.id AND s.period = p.code AND s.unit_id = u.id
WHERE m.locality_id = $1 AND m.code = $2"""

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


def reply(body: Any, version: int | None = None) -> Response:
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return Response(orjson.dumps(body), media_type="application/json", headers=headers)


def view(movement: str, unit: str, found: Row, events: list[Row]) -> dict[str, Any]:
    shown = ("period", "state", "revision", "due_at", "first_submitted_at", "late", "lateness_excuse", "updated_at")
    by = {event["action"]: event for event in events}
    return {
        "movement": movement, "unit": unit, "unit_name": found["unit_name"], **found["draft"],
        **{name: found[name] for name in shown},
        "submitted_by": by["submit"]["username"] if "submit" in by else None,
        "approved_by": by["approve"]["username"] if "approve" in by else None,
        "approved_revision": by["approve"]["revision"] if "approve" in by else None,
    }


@app.get("/health")
async def health() -> Response:
    return reply({})


BASE = "/api/v1/movements/{movement}"


@app.get(BASE + "/submissions/{period}/{unit}")
async def get_submission(request: Request, caller: Caller, movement: str, period: str, unit: str) -> Response:
    async with request.app.state.pool.acquire() as conn:
        found = await conn.fetchrow(SUBMISSION, caller["locality"], movement, period, unit)
        if found is None:
            raise HTTPException(404)
        events = await conn.fetch(EVENTS, caller["locality"], found["id"])
    return reply(view(movement, unit, found, events), found["version"])


@app.get(BASE + "/submissions")
async def list_submissions(request: Request, caller: Caller, movement: str, period: str | None = None) -> Response:
    rows = await request.app.state.pool.fetch(LIST, caller["locality"], movement, period)
    return reply({"items": [dict(row) for row in rows]})


def figure(row: Row) -> dict[str, Any]:
    share = row["numerator"] * 100 / row["denominator"] if row["denominator"] else row["count"]
    return {**dict(row), "value": share}


@app.get(BASE + "/progress")
async def list_progress(request: Request, caller: Caller, movement: str) -> Response:
    rows = await request.app.state.pool.fetch(PROGRESS, caller["locality"], movement, None)
    return reply({"items": [figure(row) for row in rows]})


@app.get(BASE + "/progress/{indicator}")
async def get_progress(request: Request, caller: Caller, movement: str, indicator: str) -> Response:
    row = await request.app.state.pool.fetchrow(PROGRESS, caller["locality"], movement, indicator)
    if row is None:
        raise HTTPException(404)
    return reply(figure(row))


class Value(BaseModel):
    indicator: str
    state: str
    numerator: int | None = Field(None, ge=0)
    denominator: int | None = Field(None, ge=0)
    count: int | None = Field(None, ge=0)
    explanation: str | None = Field(None, max_length=4000)


class Content(BaseModel):
    narrative: str | None = None
    values: list[Value]


async def locked(conn: Any, caller: Row, movement: str, period: str, unit: str, states: tuple[str, ...]) -> Row:
    found = await conn.fetchrow(SUBMISSION + " FOR UPDATE OF s", caller["locality"], movement, period, unit)
    if found is None:
        raise HTTPException(404)
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
        caller["locality"], uuid.uuid4(), caller["id"], caller["username"], changes, caller["roles"], action, subject,
        digests[0], digests[1], text)


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
    request: Request, caller: Caller, movement: str, period: str, unit: str, content: Annotated[Content, Body()],
) -> Response:
    draft = content.model_dump(exclude_none=True)
    async with request.app.state.pool.acquire() as conn, conn.transaction():
        found = await locked(conn, caller, movement, period, unit, ("draft", "returned", "reopened"))
        written = await conn.fetchrow(
            """UPDATE submissions SET draft = $3, drafted_by = $4, updated_at = now(), version = version + 1
               WHERE locality_id = $1 AND id = $2 RETURNING draft, updated_at, version""",
            caller["locality"], found["id"], draft, [caller["id"]])
        events = await conn.fetch(EVENTS, caller["locality"], found["id"])
        await audit(conn, caller, "draft_submission", request.url.path, found["draft"], draft)
    return reply(view(movement, unit, {**dict(found), **dict(written)}, events), written["version"])


COLUMNS = ("indicator", "state", "numerator", "denominator", "count", "explanation")


@app.post(BASE + "/submissions/{period}/{unit}/submit")
async def submit_submission(request: Request, caller: Caller, movement: str, period: str, unit: str) -> Response:
    async with request.app.state.pool.acquire() as conn, conn.transaction():
        found = await locked(conn, caller, movement, period, unit, ("draft", "returned", "reopened"))
        revision = found["revision"] + 1
        values = Content.model_validate(found["draft"]).values
        written = await conn.fetchrow(
            """UPDATE submissions SET state = 'submitted', revision = $3, version = version + 1, updated_at = now(),
                   first_submitted_at = coalesce(first_submitted_at, now()), late = late OR now() > $4
               WHERE locality_id = $1 AND id = $2 RETURNING state, revision, first_submitted_at, late, updated_at, version""",
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
        events = await conn.fetch(EVENTS, caller["locality"], found["id"])
        await audit(conn, caller, "submit_submission", request.url.path, found["state"], written["state"])
    return reply(view(movement, unit, {**dict(found), **dict(written)}, events), written["version"])


@app.post(BASE + "/submissions/{period}/{unit}/approve")
async def approve_submission(request: Request, caller: Caller, movement: str, period: str, unit: str) -> Response:
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
        events = await conn.fetch(EVENTS, caller["locality"], found["id"])
        await audit(conn, caller, "approve_submission", request.url.path, found["state"], written["state"])
    return reply(view(movement, unit, {**dict(found), **dict(written)}, events), written["version"])
