"""Floors and orders as arrays for the compiled prices."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from optimize.batching.kernels.trips import (
    BITS,
    BLOCKS,
    COMBINED,
    EXACT,
    LARGEST_GAP,
    MIDPOINT,
    RETURN,
    S_SHAPE,
    Floats,
    Floor,
    Words,
    joined_m,
)
from optimize.batching.prices import Batch
from optimize.batching.problem import Problem
from optimize.routing.exact import MAX_BLOCKS
from optimize.routing.kernels.table import table
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout

RULES = {
    "exact": EXACT,
    "s_shape": S_SHAPE,
    "return": RETURN,
    "midpoint": MIDPOINT,
    "largest_gap": LARGEST_GAP,
    "combined": COMBINED,
}


def has_compiled_price(problem: Problem) -> bool:
    """Return whether batches of a problem can be priced from masks of their stops."""
    layout = problem.layout
    if not isinstance(layout, RectangularLayout) or layout.one_way or problem.rule is not None:
        return False
    if problem.routing == "exact":
        return layout.blocks <= MAX_BLOCKS
    return problem.routing in RULES and layout.blocks == 1


def floor_of(problem: Problem) -> tuple[Floor, Words]:
    """Return a floor, and the stops of each order as words per stretch of it.

    Only aisles where any order has a stop, and the ends of the trip, are kept.
    """
    layout = problem.layout
    assert isinstance(layout, RectangularLayout)
    depot = Corner(layout.depot_aisle, 0.0)
    start, end = problem.start or depot, problem.end or depot
    rule = RULES[problem.routing]
    if rule == EXACT and (layout.blocks > 1 or (start, end) != (depot, depot)):
        rule = BLOCKS
    blocks = layout.blocks
    stops = sorted({stop for order in problem.orders for stop in order.stops})
    aisles = sorted({float(layout.aisle_of[stop]) for stop in stops} | {start.aisle, end.aisle})
    place_of = {aisle: place for place, aisle in enumerate(aisles)}
    row_of = {
        stop: place_of[layout.aisle_of[stop]] * blocks + layout.block_of[stop] for stop in stops
    }
    offsets: list[set[float]] = [set() for _ in range(len(aisles) * blocks)]
    for stop in stops:
        offsets[row_of[stop]].add(layout.offset_m[stop])
    depot_place = place_of[start.aisle]
    is_aisle = [aisle in range(layout.aisles) for aisle in aisles]
    if rule == EXACT and is_aisle[depot_place]:
        offsets[depot_place].add(0.0)
    numbered = [sorted(row) for row in offsets]
    words = max(1, -(-max(len(row) for row in numbered) // BITS))
    offset_m = np.zeros((len(numbered), words * BITS))
    for row, values in enumerate(numbered):
        offset_m[row, : len(values)] = values
    base = np.zeros((len(numbered), words), dtype=np.int64)
    if rule == EXACT and is_aisle[depot_place]:
        base[depot_place, 0] = 1
    bits = np.zeros((len(problem.orders), len(numbered), words), dtype=np.int64)
    for index, order in enumerate(problem.orders):
        for stop in order.stops:
            row = row_of[stop]
            bit = bisect_left(numbered[row], layout.offset_m[stop])
            bits[index, row, bit // BITS] |= 1 << bit % BITS
    pitch_m = layout.aisle_pitch_m
    ends = [
        number
        for corner in (start, end)
        for number in (place_of[corner.aisle], layout.cross_aisles_m.index(corner.offset_m))
    ]
    steps = table(blocks + 1)
    floor = Floor(
        rule, np.array(aisles) * pitch_m, offset_m, base,
        depot_place if rule == EXACT and not is_aisle[depot_place] else -1,
        layout.depot_aisle * pitch_m, layout.aisle_length_m, np.array(layout.cross_aisles_m),
        np.array(is_aisle, dtype=np.int32), np.array(ends, dtype=np.int32),
        steps.picks, steps.crossings, steps.crossings_from, steps.ends, steps.closed,
    )  # fmt: skip
    return floor, bits


class MaskPrices:
    """Metres from masks of stops, by a compiled function.

    Parameters
    ----------
    problem
        One of which `has_compiled_price` is true.
    """

    def __init__(self, problem: Problem) -> None:
        self.priced = 0
        self.floor, self.bits = floor_of(problem)

    def batch_m(self, batch: Batch) -> float:
        """Return the metres of one batch."""
        return float(self.joined_m(batch, [()])[0])

    def joined_m(self, batch: Batch, others: Sequence[Batch]) -> Floats:
        """Return the metres of a batch joined with each of others."""
        joined = self._stops_of(others)
        metres = np.empty(len(others))
        base = self.floor.base | self._stops_of([batch])[0]
        joined_m(self.floor, base, joined, metres)
        self.priced += len(others)
        return metres

    def alone_m(self) -> Floats:
        """Return the metres of each order's own trip."""
        return self.joined_m((), [(order,) for order in range(len(self.bits))])

    def pairs_m(self) -> Floats:
        """Return the metres of each two orders together, row and column per order."""
        singles = [(order,) for order in range(len(self.bits))]
        found_m = np.zeros((len(singles), len(singles)))
        for order in range(len(singles) - 1):
            found_m[order, order + 1 :] = self.joined_m((order,), singles[order + 1 :])
        return found_m + found_m.T

    def _stops_of(self, batches: Sequence[Batch]) -> Words:
        """Return the stops of each batch as words per stretch."""
        sizes = np.array([len(batch) for batch in batches], dtype=np.intp)
        found = np.zeros((len(batches), *self.bits.shape[1:]), dtype=np.int64)
        begins = np.cumsum(sizes) - sizes
        held = sizes > 0  # nothing to combine where a batch is empty
        if held.any():
            orders = [order for batch in batches for order in batch]
            found[held] = np.bitwise_or.reduceat(self.bits[orders], begins[held], axis=0)
        return found
