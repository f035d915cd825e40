"""An independent look at batches: every order on one cart, no cart too full, priced again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum

import numpy as np

from optimize.batching.problem import Problem
from optimize.routing.exact import shortest_length_m
from optimize.routing.kernels.blocks import blocks_m, table
from sim.policies.routing import Corner, resolve_routing
from sim.warehouse.layout import RectangularLayout

TOLERANCE_M = 1e-6
ROUNDING = 2e-9
"""Sums are allowed to be over a limit by so small a share, for they are rounded."""


class CheckError(Exception):
    """Batches that do not do what they claim."""


def priced_m(problem: Problem, stops: Sequence[int]) -> float:
    """Return the metres of the round trip of one batch."""
    distinct = sorted(dict.fromkeys(stops))
    if not distinct:
        return 0.0
    layout = problem.layout
    if problem.rule is not None:
        return problem.rule.length_m(distinct)
    if problem.routing == "exact" and isinstance(layout, RectangularLayout):
        depot = Corner(layout.depot_aisle, 0.0)
        start, end = problem.start or depot, problem.end or depot
        if (start, end) == (depot, depot):
            return shortest_length_m(layout, distinct)
        return between_m(layout, distinct, start, end)
    return resolve_routing(problem.routing, problem.layout).length_m(distinct)


def between_m(layout: RectangularLayout, stops: Sequence[int], start: Corner, end: Corner) -> float:
    """Return the metres of the shortest way from a corner past all stops to another corner."""
    offsets: dict[float, list[list[float]]] = {
        aisle: [[] for _ in range(layout.blocks)]
        for aisle in sorted({start.aisle, end.aisle, *(layout.aisle_of[stop] for stop in stops)})
    }
    for stop in stops:
        offsets[layout.aisle_of[stop]][layout.block_of[stop]].append(layout.offset_m[stop])
    aisles = list(offsets)
    cells = [[sorted(cell) for cell in blocks] for blocks in offsets.values()]
    first_m = np.array([[cell[0] if cell else -1.0 for cell in blocks] for blocks in cells])
    last_m = np.array([[cell[-1] if cell else -1.0 for cell in blocks] for blocks in cells])
    gap_m = np.array(
        [[max((b - a for a, b in pairwise(cell)), default=0.0) for cell in row] for row in cells]
    )
    is_aisle = np.array([aisle in range(layout.aisles) for aisle in aisles], dtype=np.int32)
    start_place, end_place = aisles.index(start.aisle), aisles.index(end.aisle)
    rows = layout.cross_aisles_m
    return blocks_m(
        len(aisles), layout.aisle_pitch_m * np.array(aisles), is_aisle, first_m, last_m, gap_m,
        np.array(rows), start_place, rows.index(start.offset_m), end_place,
        rows.index(end.offset_m), *table(layout.blocks + 1),
    )  # fmt: skip


def check(problem: Problem, batches: Sequence[Sequence[int]], claimed_m: float) -> None:
    """Raise unless each order is on one cart, each cart holds its orders, and the price is right.

    Parameters
    ----------
    problem
        Orders, floor and what a cart holds.
    batches
        Orders of each cart, by their number in the problem.
    claimed_m
        Metres of all carts together; may be off by 1e-6 for each cart.

    Raises
    ------
    CheckError
        If the batches do not do what they claim.
    """
    placed = sorted(order for batch in batches for order in batch)
    if placed != list(range(len(problem.orders))):
        raise CheckError(f"{len(problem.orders)} orders are not each in one batch: {placed[:20]}")
    if not all(batches):
        raise CheckError("a batch holds no order")
    for batch in batches:
        _check_cart(problem, batch)
    walked_m = fsum(
        priced_m(problem, [stop for order in batch for stop in problem.orders[order].stops])
        for batch in batches
    )
    # Written so that a claim that is not a number fails as well.
    if not abs(walked_m - claimed_m) <= TOLERANCE_M * max(1, len(batches)):
        raise CheckError(f"the batches claim {claimed_m} m, walking them takes {walked_m} m")


def _check_cart(problem: Problem, batch: Sequence[int]) -> None:
    if len(batch) == 1:
        return  # an order that alone is too much goes on a cart of its own
    orders, limits = [problem.orders[order] for order in batch], problem.limits
    taken = {
        "orders": (len(orders), limits.orders),
        "items": (fsum(order.items for order in orders), limits.items),
        "volume_ml": (fsum(order.volume_ml for order in orders), limits.volume_ml),
        "weight_g": (fsum(order.weight_g for order in orders), limits.weight_g),
        "boxes": (fsum(order.boxes for order in orders), limits.boxes),
    }
    for name, (found, limit) in taken.items():
        if not found <= limit * (1.0 + ROUNDING):
            raise CheckError(f"a cart with orders {list(batch)} holds {found} {name}, not {limit}")
