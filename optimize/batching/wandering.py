"""Ruin and recreate for any rule and floor: slow prices, so few rounds, each price remembered."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import fsum

import numpy as np

from optimize.batching.effort import Effort
from optimize.batching.loads import Loads
from optimize.batching.mending import mended
from optimize.batching.prices import Batch, Prices

ROUNDS_AN_ORDER = 20
HOT_SHARE, COLD_SHARE = 0.03, 0.001
"""Temperatures as shares of the metres of one cart."""
MOST_TAKEN_OFF = 6


def wandered(prices: Prices, loads: Loads, start: Sequence[Batch], effort: Effort) -> list[Batch]:
    """Return the best batches of one annealing, mended at its end."""
    began_s = time.perf_counter()
    rng = np.random.default_rng(effort.seed)
    batches = list(start)
    cost_m = fsum(prices.batch_m(batch) for batch in batches)
    best, best_m = batches, cost_m
    heat_m, cold_m = (share * cost_m / len(batches) for share in (HOT_SHARE, COLD_SHARE))
    rounds = ROUNDS_AN_ORDER * len(loads.of)
    if effort.iterations is not None:
        rounds = effort.iterations
    for _ in range(rounds):
        if effort.limit_s is not None and time.perf_counter() - began_s > effort.limit_s:
            break
        heat_m *= (COLD_SHARE / HOT_SHARE) ** (1.0 / rounds)
        changed = _changed(prices, loads, batches, rng)
        changed_m = fsum(prices.batch_m(batch) for batch in changed)
        if changed_m < cost_m + max(heat_m, cold_m) * rng.exponential():
            batches, cost_m = changed, changed_m
            if cost_m < best_m:
                best, best_m = batches, cost_m
    return mended(prices, loads, best, None if effort.limit_s is None else 2 * len(loads.of))


def _changed(
    prices: Prices, loads: Loads, batches: list[Batch], rng: np.random.Generator
) -> list[Batch]:
    """Take some orders off one cart or two and put each where it adds the fewest metres."""
    rows = rng.permutation(len(batches))[: 1 + int(rng.integers(2))]
    there = [order for row in rows for order in batches[row]]
    taken = rng.permutation(there)[: 1 + int(rng.integers(MOST_TAKEN_OFF))].tolist()
    left = [tuple(order for order in batch if order not in taken) for batch in batches]
    left = [batch for batch in left if batch]
    for order in taken:
        rows_fitting = [row for row, batch in enumerate(left) if loads.fits((*batch, order))]
        alone_m = prices.batch_m((order,))
        joined_m = prices.joined_m((order,), [left[row] for row in rows_fitting])
        added_m = joined_m - np.array([prices.batch_m(left[row]) for row in rows_fitting])
        if len(added_m) and added_m.min() < alone_m:
            row = rows_fitting[int(added_m.argmin())]
            left[row] = (*left[row], order)
        else:
            left.append((order,))
    return left
