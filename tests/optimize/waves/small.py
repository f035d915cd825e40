"""Small problems and their best waves by trying all."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import numpy as np

from optimize.waves.check import CheckError, priced
from optimize.waves.problem import Problem


def drawn(seed: int, orders: int = 6, items: int = 5, aisles: int = 5) -> Problem:
    """Draw a problem with few orders, items and aisles."""
    luck = np.random.default_rng(seed)

    def row(most: int) -> dict[int, int]:
        picked = luck.choice(items, luck.integers(1, 4), replace=False)
        return {int(item): int(luck.integers(1, most)) for item in picked}

    lower = int(luck.integers(0, 8))
    return Problem(
        tuple(row(4) for _ in range(orders)),
        tuple(row(6) for _ in range(aisles)),
        lower,
        lower + int(luck.integers(1, 12)),
    )


def best_by_trying(problem: Problem) -> Fraction | None:
    """Return the best units an aisle of all waves; None if there is none."""
    best: Fraction | None = None
    orders, aisles = len(problem.orders), len(problem.aisles)
    for taken in product((False, True), repeat=orders):
        chosen = [number for number in range(orders) if taken[number]]
        for count in range(1, aisles + 1):
            for visited in combinations(range(aisles), count):
                try:
                    ratio = priced(problem, chosen, visited)
                except CheckError:
                    continue
                best = ratio if best is None else max(best, ratio)
    return best
