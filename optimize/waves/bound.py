"""What no wave can exceed: units that so many aisles can give at most."""

from __future__ import annotations

import numpy as np

from optimize.waves.arrays import Arrays, Ints


def aisle_gives(arrays: Arrays) -> Ints:
    """Return the units that each aisle can give: the least of stock and demand of each item."""
    wanted = np.bincount(arrays.orders.column, arrays.orders.units, arrays.items)
    rows = arrays.aisles
    row = np.repeat(np.arange(len(rows.first) - 1), np.diff(rows.first))
    least = np.bincount(row, np.minimum(rows.units, wanted[rows.column]), len(rows.first) - 1)
    return least.astype(np.int64)


def aisles_bound(arrays: Arrays, lower: int, upper: int) -> tuple[float, int]:
    """Return a bound on the units an aisle, and the fewest aisles a wave may have.

    An aisle gives at most c units, the least of stock and demand of each item summed. k aisles give
    at most the sum of the k largest c, and at most ``upper``; that sum for each aisle falls with k,
    so the bound is its value at the fewest aisles that reach ``lower``. (0, 0) if all aisles
    together do not reach it.
    """
    gives = aisle_gives(arrays)
    most = np.minimum(np.cumsum(np.sort(gives)[::-1]), upper)
    enough = np.flatnonzero(most >= max(lower, 1))
    if not len(enough):
        return 0.0, 0
    aisles = int(enough[0]) + 1
    return float(most[aisles - 1] / aisles), aisles
