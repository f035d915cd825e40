"""Small random problems, and the best batches of them by trying all."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import numpy as np

from optimize.batching.check import priced_m
from optimize.batching.problem import CartLimits, Order, Problem
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout

Batches = list[list[int]]


def drawn(
    seed: int,
    count: int,
    *,
    blocks: int = 1,
    routing: str = "exact",
    limits: CartLimits | None = None,
    start: Corner | None = None,
    end: Corner | None = None,
) -> Problem:
    """Return a random problem with so many orders of 1 to 5 lines."""
    rng = np.random.default_rng(seed)
    layout = RectangularLayout(5, 6 * blocks, 1.0, 3.0, 1.0, float(rng.choice([0, 2, 1.5, -1])),
                               blocks=blocks)  # fmt: skip
    orders = tuple(
        Order(
            tuple(rng.integers(layout.locations, size=lines).tolist()), items=lines,
            volume_ml=float(rng.integers(1, 900)), weight_g=float(rng.integers(1, 900)), boxes=1,
        )
        for lines in rng.integers(1, 6, size=count).tolist()
    )  # fmt: skip
    return Problem(layout, orders, limits or CartLimits(items=8), routing, start, end)


def partitions(orders: list[int]) -> Iterator[Batches]:
    """Yield every way to put orders on carts."""
    if not orders:
        yield []
        return
    first, rest = orders[0], orders[1:]
    for parts in partitions(rest):
        yield [[first], *parts]
        for index in range(len(parts)):
            yield [*parts[:index], [first, *parts[index]], *parts[index + 1 :]]


def fits(problem: Problem, batch: list[int]) -> bool:
    """Return whether orders go on one cart together."""
    orders, limits = [problem.orders[order] for order in batch], problem.limits
    return len(batch) == 1 or (
        len(orders) <= limits.orders
        and sum(order.items for order in orders) <= limits.items
        and fsum(order.volume_ml for order in orders) <= limits.volume_ml
        and fsum(order.weight_g for order in orders) <= limits.weight_g
        and sum(order.boxes for order in orders) <= limits.boxes
    )


def least_m(problem: Problem) -> float:
    """Return the metres of the best batches, found by trying all."""
    known: dict[tuple[int, ...], float] = {}

    def metres(batch: list[int]) -> float:
        key = tuple(batch)
        if key not in known:
            stops = [stop for order in batch for stop in problem.orders[order].stops]
            known[key] = priced_m(problem, stops)
        return known[key]

    return min(
        fsum(metres(batch) for batch in batches)
        for batches in partitions(list(range(len(problem.orders))))
        if all(fits(problem, batch) for batch in batches)
    )
