"""The rows of the table: what is asked, on which data, and what it is held against."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import NamedTuple

import data
from capture import Request

Tokens = Callable[[str], str]
ANEW_MOST, HELD_MOST = 4000, 1000
BASE = f"/api/v1/movements/{data.MOVEMENT}"


class Row(NamedTuple):
    name: str
    title: str
    # Requests that belong together, for each subject.
    groups: Callable[[Tokens], list[list[Request]]]
    # The locality that is written to; none where the row reads.
    writes: str = ""
    # At least so many times pgbench with the same statements, and so many times the peer; 0 where nothing is laid down.
    of_statements: float = 0
    of_peer: float = 0
    # The table of which one row is read beside it.
    bare: str = ""
    # How many requests one subject takes.
    requests: int = 1
    # How many subjects pgbench looks at: the parameters of a few weigh much.
    subjects: int = 240
    # Whether the peer answers it too.
    peer: bool = True


def readers(tokens: Tokens, paths: list[str], anew: str = "") -> list[list[Request]]:
    """The paths in each locality that reads are spread over, in an order of chance that is always the same."""
    signed_in = [tokens(f"standing-agency.{code}") for code in data.READERS]
    asked = [[Request("GET", BASE + path, token, anew=anew)] for token in signed_in for path in paths]
    random.Random(data.SEED).shuffle(asked)
    # What is asked anew is enough for a run: the load begins again at the first where it comes to the end.
    return (asked * (ANEW_MOST // len(asked) + 1) if anew else asked)[:ANEW_MOST if anew else HELD_MOST]


def submission(tokens: Tokens) -> list[list[Request]]:
    return readers(tokens, [f"/submissions/{period}/{unit}" for period, unit in data.PLACES])


def figure(tokens: Tokens, anew: str = "as_of") -> list[list[Request]]:
    return readers(tokens, [f"/progress/CT-{number}" for number in range(1, data.INDICATORS + 1)], anew)


def submissions(tokens: Tokens, anew: str = "limit") -> list[list[Request]]:
    return readers(tokens, [f"/submissions?period={period}" for period in data.PERIODS], anew)


def progress(tokens: Tokens, anew: str = "as_of") -> list[list[Request]]:
    return readers(tokens, ["/progress"], anew)


def sources(tokens: Tokens, anew: str = "as_of") -> list[list[Request]]:
    indicators = range(1, data.INDICATORS + 1)
    return readers(tokens, [f"/progress/CT-{number}/sources?period=2025-Q3" for number in indicators], anew)


def summary(tokens: Tokens, anew: str = "as_of") -> list[list[Request]]:
    return readers(tokens, ["/progress/summary"], anew)


def held(groups: Callable[[Tokens, str], list[list[Request]]]) -> Callable[[Tokens], list[list[Request]]]:
    """The same, asked again while nothing has changed."""
    return lambda tokens: groups(tokens, "")


def draft(tokens: Tokens, code: str, place: tuple[str, str], number: int) -> Request:
    chance = random.Random(data.SEED + 1 + number)
    values = [data.value(indicator, chance) for indicator in range(1, data.INDICATORS + 1)]
    body = json.dumps({"narrative": "Số liệu đã rà soát lại", "values": values})
    return Request("PUT", BASE + "/submissions/" + "/".join(place), tokens(f"reporter.{code}"), body)


def act(tokens: Tokens, who: str, what: str, place: tuple[str, str]) -> Request:
    return Request("POST", BASE + "/submissions/" + "/".join(place) + what, tokens(who))


def put(tokens: Tokens) -> list[list[Request]]:
    return [[draft(tokens, data.PUT, place, number)] for number, place in enumerate(data.PLACES)]


def submit(tokens: Tokens) -> list[list[Request]]:
    return [[act(tokens, f"unit-head.{data.SUBMIT}", "/submit", place)] for place in data.PLACES]


def put_and_submit(tokens: Tokens) -> list[list[Request]]:
    return [
        [draft(tokens, data.BOTH, place, number), act(tokens, f"unit-head.{data.BOTH}", "/submit", place)]
        for number, place in enumerate(data.PLACES)]


def approve(tokens: Tokens) -> list[list[Request]]:
    return [[act(tokens, f"standing-agency.{data.APPROVE}", "/approve", place)] for place in data.PLACES]


def approvals(tokens: Tokens) -> list[list[Request]]:
    items = [{"period": period, "unit": unit, "etag": '"1"'} for period, unit in data.PLACES[:200]]
    agency = tokens(f"standing-agency.{data.APPROVE}")
    return [[Request("POST", BASE + "/submissions/approvals", agency, json.dumps({"items": items}))]]


def imported(tokens: Tokens) -> list[list[Request]]:
    places = data.PLACES[:10_000 // data.INDICATORS]
    rows, head = data.rows(places, data.SEED), tokens(f"unit-head.{data.IMPORT}")
    return [[Request("POST", BASE + "/submissions/import", head, rows, "application/x-ndjson")]]


# Of these only the statements are counted.
COUNTED = [
    Row("approvals", "approval of 200 reports in one request", approvals, data.APPROVE),
    Row("imported", "import of 10,000 values in one request", imported, data.IMPORT),
]

ROWS = [
    Row("submission", "GET of one submission", submission, of_statements=0.4, of_peer=5, bare="submissions"),
    Row("figure", "GET of one progress figure, computed", figure, of_statements=0.4, of_peer=5, subjects=64),
    Row("figure_held", "GET of one progress figure, again", held(figure), of_statements=0.4, of_peer=5, subjects=64),
    Row("list", "list of submissions of a period, computed", submissions, subjects=96),
    Row("list_held", "list of submissions of a period, again", held(submissions), subjects=96),
    Row("progress", "progress, all indicators of a locality, computed", progress, subjects=8),
    Row("progress_held", "progress, all indicators of a locality, again", held(progress), subjects=8),
    Row("sources", "sources of a figure, of a quarter", sources, subjects=64, peer=False),
    Row("summary", "the chair's page", summary, subjects=8, peer=False),
    Row("put", "PUT of a draft", put, data.PUT, 0.7, 3),
    Row("submit", "submit", submit, data.SUBMIT, 0.7, 3),
    Row("put_submit", "PUT and submit, one after the other", put_and_submit, data.BOTH, 0.7, 3, requests=2),
    Row("approve", "approve", approve, data.APPROVE),
]
