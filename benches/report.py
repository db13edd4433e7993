"""The tables of docs/PERFORMANCE.md, from the results kept in benches/results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS, DOCUMENT = Path("benches/results"), Path("docs/PERFORMANCE.md")
BEGIN, END = "<!-- begin: written by make bench -->", "<!-- end -->"
PEERS = {
    "statements": "pgbench, same statements", "peer": "FastAPI peer", "bare": "pgbench, the bare row",
    "copy": "`\\copy`", "scan": "one scan of the values", "raw": "the same without totals", "numpy": "numpy on one core",
    "in_place": "with sums updated in place", "time": "time at 1 ×", "p99": "p99 beside p50"}
# Of these less is better.
AT_MOST = ("time", "p99", "raw", "in_place")
Results = dict[str, Any]


def keep(label: str, results: Results) -> None:
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(results, ensure_ascii=False, indent=1)
    (RESULTS / f"{label}.json").write_text(text + "\n", encoding="utf-8")


def replace(label: str, rows: list[dict[str, Any]]) -> None:
    """Puts rows measured again in the place of what was kept of them, and others beside it."""
    results = json.loads((RESULTS / f"{label}.json").read_text(encoding="utf-8"))
    kept = {(row["name"], row["clients"]): row for row in results["rows"]}
    results["rows"] = list((kept | {(row["name"], row["clients"]): row for row in rows}).values())
    keep(label, results)


def number(figure: float) -> str:
    """Three digits are enough, and no more are true."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def ratio(row: dict[str, Any] | None, name: str) -> str:
    if row is None or name not in row["ratios"]:
        return "–"
    least, median, most = row["ratios"][name]
    shown = f"{number(median)} ({number(least)}–{number(most)})"
    reach = row["reach"].get(name)
    met = not reach or (median <= reach if name in AT_MOST else median >= reach)
    return shown if met else f"**{shown}**"


def of(results: Results | None, name: str, clients: int) -> dict[str, Any] | None:
    rows = results["rows"] if results else []
    found: dict[str, Any] | None = next((row for row in rows if (row["name"], row["clients"]) == (name, clients)), None)
    return found


def table(heads: list[str], lines: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rule, *lines)) + "\n"


def ratios(before: Results, after: Results | None) -> str:
    """How many times its limit or peer the service does: median of the rounds (least–most)."""
    lines = []
    rows = list(after["rows"] if after else before["rows"])
    known = {(row["name"], row["clients"]) for row in rows}
    rows += [row for row in before["rows"] if (row["name"], row["clients"]) not in known]
    order = {name: place for place, name in enumerate(dict.fromkeys(row["name"] for row in rows))}
    for row in sorted(rows, key=lambda row: (order[row["name"]], row["clients"])):
        early, late = (of(results, row["name"], row["clients"]) for results in (before, after))
        for name in row["ratios"]:
            reach = row["reach"].get(name)
            figure = "–" if not reach else f"{'≤' if name in AT_MOST else '≥'} {reach:g}"
            lines.append([
                row["title"], str(row["clients"]), PEERS[name], figure, ratio(early, name), ratio(late, name)])
    return table(["Work", "Clients", "Beside", "To reach", "Before", "After"], lines)


def costs(results: Results) -> str:
    """What each row took."""
    lines = []
    for row in results["rows"]:
        own = row["median"]["service"]
        named = [row["median"].get(name) for name in ("statements", "peer")]
        others = [number(other["rate"]) if other else "–" for other in named]
        lines.append([
            row["title"], str(row["clients"]), number(own["rate"]), *others, number(own["p50"]), number(own["p99"]),
            number(own["service"]), number(own["postgres"]), f"{row['statements']:g}" if row["statements"] else "–"])
    heads = [
        "Work", "Clients", "Service /s", "pgbench /s", "Peer /s", "p50 ms", "p99 ms", "CPU service ms",
        "CPU Postgres ms", "Statements"]
    counted = [f"{title} {number}" for title, number in results["counted"].items()]
    return table(heads, lines) + f"\nStatements of other requests: {', '.join(counted)}.\n"


def write() -> None:
    kept = {}
    for label in ("before", "after"):
        file = RESULTS / f"{label}.json"
        kept[label] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    first = kept["before"] or kept["after"]
    if first is None:
        return
    parts = ["## The figures to reach\n", ratios(first, kept["after"])]
    for label, results in kept.items():
        if results is not None:
            of_set = f"{results['day']}, set «{results['set']}», {results['minutes']:g} minutes"
            parts += [f"## What each took, {label} ({of_set})\n", costs(results)]
    text = DOCUMENT.read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    DOCUMENT.write_text(f"{head}{BEGIN}\n\n" + "\n".join(parts) + f"\n{END}{tail}", encoding="utf-8")
