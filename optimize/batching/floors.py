"""Floors and orders as arrays for the compiled prices."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from optimize.batching.kernels.trips import (
    BITS,
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
    return (
        isinstance(layout, RectangularLayout)
        and not layout.one_way
        and problem.routing in RULES
        and layout.blocks == 1
    )


def floor_of(problem: Problem) -> tuple[Floor, Words]:
    """Return a floor, and the stops of each order as words per stretch of it.

    Only stretches and places where any order has a stop are kept.
    """
    layout = problem.layout
    assert isinstance(layout, RectangularLayout)
    depot = layout.depot_aisle
    at: dict[float, set[float]] = {float(depot): set()}
    for order in problem.orders:
        for stop in order.stops:
            at.setdefault(float(layout.aisle_of[stop]), set()).add(layout.offset_m[stop])
    is_exact = problem.routing == "exact"
    is_aisle = depot in range(layout.aisles)
    if is_exact and is_aisle:
        at[depot].add(0.0)
    aisles = sorted(at)
    offsets = [sorted(at[aisle]) for aisle in aisles]
    words = max(1, -(-max(len(row) for row in offsets) // BITS))
    offset_m = np.zeros((len(aisles), words * BITS))
    for row, values in enumerate(offsets):
        offset_m[row, : len(values)] = values
    base = np.zeros((len(aisles), words), dtype=np.int64)
    row_of = {aisle: row for row, aisle in enumerate(aisles)}
    if is_exact and is_aisle:
        base[row_of[depot], 0] = 1
    bits = np.zeros((len(problem.orders), len(aisles), words), dtype=np.int64)
    for index, order in enumerate(problem.orders):
        for stop in order.stops:
            row = row_of[layout.aisle_of[stop]]
            bit = bisect_left(offsets[row], layout.offset_m[stop])
            bits[index, row, bit // BITS] |= 1 << bit % BITS
    pitch_m = layout.aisle_pitch_m
    floor = Floor(
        RULES[problem.routing], np.array(aisles) * pitch_m, offset_m, base,
        row_of[depot] if is_exact and not is_aisle else -1, depot * pitch_m, layout.aisle_length_m,
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
        shape = (len(others), *self.bits.shape[1:])
        joined = np.zeros(shape, dtype=np.int64)
        for row, other in enumerate(others):
            joined[row] = np.bitwise_or.reduce(self.bits[list(other)], axis=0)
        metres = np.empty(len(others))
        base = self.floor.base | np.bitwise_or.reduce(self.bits[list(batch)], axis=0)
        joined_m(self.floor, base, joined, metres)
        self.priced += len(others)
        return metres
