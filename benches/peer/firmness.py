"""The same draws by numpy, on one core: totals by a matrix product, ranks by sorting, counted by bincount. It sees no ties,
limits of units or places, and its totals are floats: what it leaves out is to its advantage.

    python benches/peer/firmness.py FILE ROUNDS
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np

ONE, STRIDE = 1_000_000, 1 << 16
# Draws that are made at a time: what fits into the processor's cache.
AT_ONCE = 64


def weights(seed: int, spread: float, draws: int, criteria: int) -> Any:
    """SplitMix64 of the seed, as docs/how-firm-a-place-is.md has it."""
    number = np.arange(1, draws + 1, dtype=np.uint64)[:, None] * np.uint64(STRIDE)
    number = number + np.arange(1, criteria + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + number * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    width = np.uint64(2 * round(spread * ONE) + 1)
    low = (z & np.uint64(0xFFFFFFFF)) * width
    above = ((z >> np.uint64(32)) * width + (low >> np.uint64(32))) >> np.uint64(32)
    return (ONE - round(spread * ONE) + above.astype(np.int64)) / ONE


def ranked(totals: Any) -> Any:
    order = np.argsort(-totals, axis=1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, totals.shape[1] + 1)[None, :], axis=1)
    return ranks


def main() -> None:
    inputs = json.loads(open(sys.argv[1], encoding="utf-8").read())
    method, criteria = inputs["award"]["ranking"]["robustness"], inputs["groups"][0]["criteria"]
    codes = [one["code"] for one in inputs["candidates"]]
    points = np.array([[float(given["points"]) for given in one["assessments"]] for one in inputs["candidates"]])
    maxima, quota = np.array([float(one["max"]) for one in criteria]), inputs["award"]["quota"]
    draws, count = method["draws"], len(codes)
    rank_ms, draws_ms = [], []
    for _ in range(int(sys.argv[2])):
        begun = time.perf_counter()
        base = ranked(points.sum(axis=1)[None, :])[0]
        rank_ms.append(1000 * (time.perf_counter() - begun))
        begun = time.perf_counter()
        drawn = weights(method["seed"], float(method["spread"]), draws, len(criteria))
        times, within, kept = np.zeros(count * count, dtype=np.int64), np.zeros(count, dtype=np.int64), 0
        offsets = np.arange(count) * count - 1
        chosen = base <= quota
        for first in range(0, draws, AT_ONCE):
            u = drawn[first:first + AT_ONCE]
            ranks = ranked((u @ points.T) * (maxima.sum() / (u @ maxima))[:, None])
            times += np.bincount((ranks + offsets).ravel(), minlength=count * count)
            seated = ranks <= quota
            within += seated.sum(axis=0)
            kept += int((seated == chosen).all(axis=1).sum())
        so_far = np.cumsum(times.reshape(count, count), axis=1) * 100
        low, high = ((so_far >= draws * percent).argmax(axis=1) + 1 for percent in (5, 95))
        draws_ms.append(1000 * (time.perf_counter() - begun))
    entries = [[code, *map(int, one)] for code, *one in zip(codes, base, low, high, within)]
    print(json.dumps({"rank": rank_ms, "draws": draws_ms, "kept": kept, "entries": entries}))


main()
