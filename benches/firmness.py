"""The row of rankings: 1,000 candidates × 10 criteria, ranked, with 10,000 draws of other weights, beside numpy doing the
same on one core. Both count the same ranks, or the bench fails."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import data
from measure import ROUNDS, say, spread

CANDIDATES, CRITERIA, DRAWS = 1000, 10, 10_000
TITLE = "ranking of 1,000 candidates × 10 criteria with 10,000 draws"


def inputs() -> dict[str, Any]:
    """Frozen inputs as a run has them: points by people, 10 of each criterion at most."""
    chance = random.Random(data.SEED)
    codes = [f"c{number}" for number in range(CRITERIA)]
    criteria = [{"code": code, "kind": "assessed", "source": "proposed", "max": "10"} for code in codes]
    group = {
        "code": "g", "section": "III", "name": {"vi": "Nhóm"}, "candidates": "unit", "kinds": ["village"],
        "criteria": criteria}
    robustness = {"draws": DRAWS, "spread": "0.25", "seed": data.SEED}
    award = {
        "code": "tap-the", "section": "III", "form": "giay_khen", "thematic": True, "candidates": "unit", "groups": ["g"],
        "quota": 50, "beyond_quota": "with_reason", "propose_before": "2025-12-14T17:00:00Z", "decided_by": "chair",
        "source": "plan", "ranking": {
            "source": "proposed", "blocks": "together", "compare": {"on": "exact"}, "robustness": robustness}}

    def points() -> list[dict[str, Any]]:
        level = chance.uniform(3, 9)
        given = [min(10.0, max(0.0, chance.gauss(level, 1.5))) for _ in codes]
        return [
            {"criterion": code, "stage": "appraisal", "assessor": "a", "points": f"{one:.6f}"}
            for code, one in zip(codes, given)]

    candidates = [
        {"kind": "unit", "code": f"u{number:04}", "group": "g", "unit": None, "held": None, "direct_work": False,
         "attained": [], "initiatives": [], "reporting": {"due": 0, "on_time": 0, "excused": 0}, "assessments": points()}
        for number in range(CANDIDATES)]
    return {
        "locality": "10210", "movement": "bench", "plan_version": 1, "as_of": "2025-12-14T16:59:59Z", "award": award,
        "groups": [group], "candidates": candidates}


def answered(command: list[str]) -> dict[str, Any]:
    one_core = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    said = subprocess.run(command, env=os.environ | one_core, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(said)
    found["entries"].sort()
    return found


def run(place: Path) -> list[dict[str, Any]]:
    file = place / "firmness.json"
    file.write_text(json.dumps(inputs()), encoding="utf-8")
    program = ["cargo", "bench", "--locked", "--quiet", "--bench", "firmness"]
    subprocess.run([*program, "--no-run"], check=True)
    peer = [str(place / "venv/bin/python"), "benches/peer/firmness.py"]
    taken: dict[str, list[float]] = {"service": [], "numpy": []}
    ranking: list[float] = []
    for _ in range(ROUNDS):
        own, other = answered([*program, "--", str(file), "3"]), answered([*peer, str(file), "3"])
        assert own["entries"] == other["entries"] and own["kept"] == other["kept"], "numpy counts otherwise"
        for name, found in (("service", own), ("numpy", other)):
            taken[name].append(min(found["rank"]) + min(found["draws"]))
        ranking.append(min(own["rank"]))
    ratios = spread([numpy / own for own, numpy in zip(taken["service"], taken["numpy"])])
    say(f"{TITLE}: {ratios[1]:.2f} of numpy, {min(taken['service']):.0f} ms, of which ranking {min(ranking):.0f}")
    own, numpy = (sorted(taken[name])[ROUNDS // 2] for name in ("service", "numpy"))
    milliseconds = {"p50": round(own), "p99": round(max(taken["service"])), "service": round(own), "postgres": 0}
    return [{
        "name": "firmness", "title": TITLE, "clients": 1, "statements": None, "ratios": {"numpy": ratios},
        "median": {"service": {"rate": round(1000 / own, 2), **milliseconds}, "numpy": {"rate": round(1000 / numpy, 2)}},
        "reach": {"numpy": 1}}]
