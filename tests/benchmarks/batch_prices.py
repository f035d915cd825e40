"""How many batches the search prices in a second of the processor.

``python -m tests.benchmarks.batch_prices`` searches one random problem each of 40 and 100 orders,
on a floor like that of Henn & Waescher 2012: ten aisles of ninety places, 5 to 25 lines an order.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from optimize.batching.annealing import Annealing
from optimize.batching.floors import MaskPrices
from optimize.batching.kernels.search import BEST, LOOKED_UP, PRICED
from optimize.batching.loads import Loads
from optimize.batching.problem import CartLimits, Order, Problem
from optimize.batching.starts import savings
from sim.warehouse.layout import RectangularLayout

AISLES, PLACES_AN_AISLE = 10, 45
CAPACITY = 45
ROUNDS = 100_000


def problem_of(count: int) -> Problem:
    """Return a random problem of so many orders."""
    rng = np.random.default_rng(count)
    layout = RectangularLayout(AISLES, PLACES_AN_AISLE, 1.0, 5.0, 1.0, 0)
    orders = []
    for _ in range(count):
        lines = int(rng.integers(5, 26))
        stops = rng.integers(0, layout.locations, size=lines)
        orders.append(Order(tuple(stops.tolist()), items=lines))
    return Problem(layout, tuple(orders), CartLimits(items=CAPACITY))


def main() -> None:
    """Print prices worked out and looked up, a second of the processor."""
    for count in (40, 100):
        problem = problem_of(count)
        prices, loads = MaskPrices(problem), Loads(problem)
        annealing = Annealing(prices, loads, savings(prices, loads), seed=1)
        annealing.run(1, 0.0, 0.0)
        priced, looked_up = (int(annealing.counters[kind]) for kind in (PRICED, LOOKED_UP))
        began_s = time.process_time()
        annealing.run(ROUNDS, 0.0, 1.0)
        spent_s = time.process_time() - began_s
        priced = int(annealing.counters[PRICED]) - priced
        looked_up = int(annealing.counters[LOOKED_UP]) - looked_up
        sys.stdout.write(
            f"{count:>4} orders: {priced / spent_s:>12,.0f} prices worked out a second, "
            f"{looked_up / spent_s:>12,.0f} looked up, {ROUNDS / spent_s:>10,.0f} rounds; "
            f"{annealing.totals[BEST]:,.1f} m\n"
        )


if __name__ == "__main__":
    main()
