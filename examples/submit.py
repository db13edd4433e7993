#!/usr/bin/env python3
r"""Imports a month's figures from a CSV file, and hands them in where asked to. Python 3.9 or newer, nothing else.

    export THIDUA_URL=http://127.0.0.1:8080 THIDUA_CLIENT_ID=mot-cua
    export THIDUA_CLIENT_SECRET=$(thidua client create --client-id mot-cua --name 'Phần mềm một cửa' \
        --locality 10210 --unit ttpvhcc --scope submissions:draft --scope submissions:submit)
    python3 examples/submit.py cchc-2025-h2 examples/thang-11.csv --dry-run    # what would come of it
    python3 examples/submit.py cchc-2025-h2 examples/thang-11.csv --submit     # import it and hand it in

The client is one that an administrator made for the unit, on the command line as above or over the API
(docs/single-sign-on.md). Its scopes: submissions:draft, and with --submit submissions:submit too. Its secret is shown
once. The address is https, but for one's own machine.

The file has a heading and one value a line, in the columns of an export or a form, or with the names of the API;
examples/thang-11.csv fits the sample data. All lines are stored, or none:

    period,unit,indicator,field,state,numerator,denominator,level,explanation
    2025-11,ttpvhcc,CCHC-05,tnmt,reported,118,119,,01 hồ sơ chờ ý kiến sở

Run it again after any failure: every run has a key of its own, kept beside the sheet (thang-11.csv.key) until an answer
comes. Where a run ended without one, the next with the same sheet sends the same key, and what was done is not done
again for 24 hours. After an answer a run is a new request, as when a report was sent back and is handed in once more.

Exit codes: 0 done; 1 something is to be mended, said on standard output line by line; 2 wrong usage; 3 the service
could not be reached or would not answer.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import http.client
import json
import os
import random
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

TIMEOUT_SECONDS = 120
WAIT_MOST_SECONDS = 60.0
PASSING = {429, 502, 503, 504}  # worth another try


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]
    replayed: bool


class Unreachable(Exception):
    """No answer, though it was tried as often as allowed."""


def seconds_to_wait(attempt: int, retry_after: str | None) -> float:
    """As long as the service says, else twice as long each time; never longer than a minute."""
    if retry_after is not None and retry_after.isdigit():
        return min(float(retry_after), WAIT_MOST_SECONDS)
    longest: float = min(0.5 * 2**attempt, WAIT_MOST_SECONDS)
    return longest * random.uniform(0.5, 1.0)


def send_once(request: urllib.request.Request) -> tuple[Answer, str | None]:
    """One try: the answer, whatever its status, and its Retry-After."""
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        text, headers = response.read(), response.headers
        try:
            body = json.loads(text or b"{}")
        except ValueError:  # a page of some proxy on the way
            body = {}
        replayed = headers.get("Idempotency-Replayed") == "true"
        return Answer(response.status, body if isinstance(body, dict) else {}, replayed), headers.get("Retry-After")


def send(request: urllib.request.Request, attempts: int) -> Answer:
    """Sends until there is an answer that is not passing. Only for requests that may be sent twice."""
    last = ""
    for attempt in range(attempts):
        retry_after = None
        try:
            answer, retry_after = send_once(request)
            # The try before may still be under way: its answer is kept under the key.
            under_way = answer.body.get("code") == "idempotency_in_progress"
            if answer.status not in PASSING and not under_way:
                return answer
            last = f"it answers {answer.status} {answer.body.get('title', '')}".rstrip()
        except (OSError, http.client.HTTPException) as error:  # refused, cut off, timed out: the reply may be lost
            last = str(error) or type(error).__name__
        if attempt + 1 < attempts:
            wait = seconds_to_wait(attempt, retry_after)
            print(f"{last}; trying again in {wait:.1f} s", file=sys.stderr)
            time.sleep(wait)
    raise Unreachable(last)


def get_token(base: str, client: str, secret: str, attempts: int) -> Answer:
    """A token for a machine (RFC 6749, section 4.4)."""
    quoted = ":".join(urllib.parse.quote(part, safe="") for part in (client, secret))
    headers = {"Authorization": "Basic " + base64.b64encode(quoted.encode()).decode()}
    form = b"grant_type=client_credentials"
    return send(urllib.request.Request(f"{base}/oauth/token", form, headers, method="POST"), attempts)


def key_of_run(kept: Path, sent: bytes) -> str:
    """The key of a run that sent the same and got no answer, else a new one; kept before anything is sent."""
    digest = hashlib.sha256(sent).hexdigest()
    try:
        of, key = kept.read_text("ascii").split()
        if of == digest:
            return key
    except (FileNotFoundError, ValueError):  # none, or one that was never wholly written and so never sent
        pass
    key = secrets.token_hex(32)
    with kept.open("w", encoding="ascii") as file:
        file.write(f"{digest} {key}\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def import_values(base: str, token: str, asked: argparse.Namespace, content: bytes) -> Answer:
    """Imports the file, once a run, however often it is sent. What a dry run would store is not stored: no key."""
    flags = {"submit": asked.submit, "dry_run": asked.dry_run}
    query = urllib.parse.urlencode({name: "true" for name, given in flags.items() if given})
    path = f"/movements/{urllib.parse.quote(asked.movement, safe='')}/submissions/import?{query}"
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "text/csv; charset=utf-8",
        "Accept-Language": asked.language,
    }
    kept = asked.file.with_name(asked.file.name + ".key")
    if not asked.dry_run:
        headers["Idempotency-Key"] = key_of_run(kept, f"{base}{path}\n".encode() + content)
    answer = send(urllib.request.Request(base + path, content, headers, method="POST"), asked.attempts)
    if not asked.dry_run and answer.status < 500:  # a proxy that answers 5xx may not know what was done
        kept.unlink(missing_ok=True)
    return answer


def findings(name: str, body: dict[str, Any]) -> list[str]:
    """Everything that is wrong, a line each: `file:row: pointer: what is wrong. What to do. [code]`."""

    def line(place: str, finding: dict[str, Any]) -> str:
        pointer = f"{finding['pointer']}: " if finding["pointer"] else ""
        return f"{name}:{place}: {pointer}{finding['message']} [{finding['code']}]"

    of_rows = [*body.get("errors", []), *body.get("findings", [])]
    lines = [line(str(found.get("row") or 1), found) for found in of_rows]
    for gap in body.get("incomplete", []):
        lines += [line(f"{gap['period']}/{gap['unit']}", found) for found in gap["findings"]]
    left_off = body.get("findings_left_off", 0)
    return lines + ([f"{name}: {left_off} more"] if left_off else [])


def tell(asked: argparse.Namespace, answer: Answer) -> int:
    wrong = findings(asked.file.name, answer.body)
    for finding in wrong:
        print(finding)
    if answer.status != 200:
        print(f"{asked.file.name}: {answer.body.get('title', '')}. {answer.body.get('detail', '')} ({answer.status})")
        return 1
    counts = ["received", "created", "updated", "unchanged", "rejected", "submitted"]
    said = ", ".join(f"{name} {answer.body[name]}" for name in counts)
    print(said + (" (sent before; this is the answer of then)" if answer.replayed else ""))
    return 1 if wrong else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("movement", help="code of the movement")
    parser.add_argument("file", type=Path, help="CSV, UTF-8")
    parser.add_argument("--submit", action="store_true", help="hand in what is complete")
    parser.add_argument("--dry-run", action="store_true", help="the same checks, and nothing is stored")
    parser.add_argument("--language", choices=["vi", "en"], default="vi", help="of what is to be mended")
    parser.add_argument("--attempts", type=int, default=6, help="how often a request is sent at most")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    try:
        url, client, secret = (os.environ[f"THIDUA_{name}"] for name in ("URL", "CLIENT_ID", "CLIENT_SECRET"))
        content = asked.file.read_bytes()
    except (KeyError, OSError) as error:
        print(f"cannot begin: {error}", file=sys.stderr)
        return 2
    host = urllib.parse.urlsplit(url).hostname
    if not url.startswith("https://") and host not in {"127.0.0.1", "::1", "localhost"}:
        print("THIDUA_URL must be https: a secret goes over it", file=sys.stderr)
        return 2
    base = url.rstrip("/") + "/api/v1"
    try:
        token = get_token(base, client, secret, asked.attempts)
        if token.status != 200:
            print(f"no token: {token.body.get('error_description', token.status)}", file=sys.stderr)
            return 3
        return tell(asked, import_values(base, token.body["access_token"], asked, content))
    except Unreachable as error:
        print(f"{url} cannot be reached: {error}", file=sys.stderr)
        return 3
    except OSError as error:  # of the key's file: it is written before anything is sent
        print(f"the key beside the sheet: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
