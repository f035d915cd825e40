"""Put orders on carts so that the carts walk few metres."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import fsum
from typing import Literal, get_args

from optimize.batching.check import check
from optimize.batching.effort import Effort
from optimize.batching.loads import Loads
from optimize.batching.mending import mended
from optimize.batching.partition import (
    MOST_BATCHES,
    MOST_ORDERS,
    cheapest_partition,
    possible_batches,
)
from optimize.batching.prices import Batch, Prices, prices_of
from optimize.batching.problem import Problem
from optimize.batching.starts import first_come, savings, seeds
from optimize.batching.wandering import wandered

Method = Literal["first_come", "seed", "savings", "local_search", "ruin_recreate"]

PROVED = 1e-9
"""A gap as small as this is rounding."""


@dataclass(frozen=True)
class Result:
    """Batches that were checked.

    Attributes
    ----------
    method
        What found them.
    status
        "optimal" where proved, else "feasible".
    cost_m
        Metres of all carts together.
    bound_m
        No batches walk less; None where nothing is known.
    gap
        (cost - bound) / cost; None without a bound.
    seed
        Seed of the search.
    time_s
        Seconds of wall clock that it took.
    batches
        Orders of each cart by their number in the problem, ascending; carts by their first order.
    priced
        Number of batch prices that were worked out.
    """

    method: Method
    status: Literal["optimal", "feasible"]
    cost_m: float
    bound_m: float | None
    gap: float | None
    seed: int
    time_s: float
    batches: tuple[Batch, ...]
    priced: int


def solve(
    problem: Problem,
    *,
    method: Method = "ruin_recreate",
    seed: int = 0,
    iterations: int | None = None,
    limit_s: float | None = None,
) -> Result:
    """Return batches that walk few metres.

    Parameters
    ----------
    problem
        Orders, floor, rule and what a cart holds.
    method
        "first_come" takes orders as they come; "seed" and "savings" build batches once;
        "local_search" mends those of savings by moves and swaps; "ruin_recreate" searches on.
    seed
        Seed of the search, at least 0.
    iterations
        Most rounds of the search, at least 1; None: as many as the problem's size asks for, and
        few orders are proved instead of searched.
    limit_s
        Most seconds of wall clock for the search, as many rounds as go into them; the answer may
        then differ from run to run. None: no such limit.

    Raises
    ------
    ValueError
        If the method is unknown, a limit is not above 0, or the rule does not fit the floor.
    CheckError
        If batches do not do what they claim: a bug here, never of the input.
    """
    if method not in get_args(Method):
        raise ValueError(f"unknown method {method!r}; known are {', '.join(get_args(Method))}")
    if iterations is not None and iterations < 1:
        raise ValueError(f"iterations is {iterations}; a search needs at least 1")
    if limit_s is not None and not limit_s > 0.0:
        raise ValueError(f"limit_s is {limit_s}; a search needs more than 0 seconds")
    began = time.perf_counter()
    prices, loads = prices_of(problem), Loads(problem)
    bound_m: float | None = None
    possible = None
    if method == "ruin_recreate" and iterations is None and 0 < len(loads.of) <= MOST_ORDERS:
        possible = possible_batches(loads, MOST_BATCHES)
    if possible is None:
        found = batches_by(method, prices, loads, Effort(seed, iterations, limit_s))
    else:
        found, bound_m = cheapest_partition(prices, loads, possible)
    batches = tuple(sorted(tuple(sorted(batch)) for batch in found))
    cost_m = fsum(prices.batch_m(batch) for batch in batches)
    check(problem, batches, cost_m)
    gap = None if bound_m is None else max(0.0, cost_m - bound_m) / cost_m if cost_m else 0.0
    is_optimal = gap is not None and gap <= PROVED
    return Result(
        method, "optimal" if is_optimal else "feasible", cost_m, cost_m if is_optimal else bound_m,
        0.0 if is_optimal else gap, seed, time.perf_counter() - began, batches, prices.priced,
    )  # fmt: skip


def batches_by(method: Method, prices: Prices, loads: Loads, effort: Effort) -> list[Batch]:
    """Return batches as a method finds them, neither checked nor proved."""
    if method == "first_come":
        return first_come(loads)
    if method == "seed":
        return seeds(prices, loads)
    start = savings(prices, loads)
    if method == "savings" or len(loads.of) < 2:
        return start
    if method == "local_search":
        return mended(prices, loads, start)
    # Imported here: it compiles, and simple methods do without.
    from optimize.batching.annealing import annealed
    from optimize.batching.floors import MaskPrices

    if isinstance(prices, MaskPrices):
        return annealed(prices, loads, start, effort)
    return wandered(prices, loads, start, effort)
