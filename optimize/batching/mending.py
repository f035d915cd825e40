"""Mends batches by moving single orders and swapping pairs until neither saves metres."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimize.batching.loads import Loads
from optimize.batching.prices import Batch, Prices
from optimize.batching.starts import GAIN_M


def mended(
    prices: Prices, loads: Loads, start: Sequence[Batch], looks: int | None = None
) -> list[Batch]:
    """Return batches in which no move of one order and no swap of two saves metres.

    Parameters
    ----------
    prices, loads
        What batches cost, and what orders take of a cart.
    start
        Batches to begin with.
    looks
        Most looks at where an order could be better placed; None: until none helps.
    """
    batches = [list(batch) for batch in start]
    cost_m = [prices.batch_m(tuple(batch)) for batch in batches]
    orders = sorted(order for batch in batches for order in batch)
    without_gain = turn = 0
    while without_gain < len(orders) and (looks is None or turn < looks):
        order = orders[turn % len(orders)]
        turn += 1
        home = next(row for row, batch in enumerate(batches) if order in batch)
        if _move(prices, loads, batches, cost_m, order, home) or _swap(
            prices, loads, batches, cost_m, order, home
        ):
            without_gain = 0
        else:
            without_gain += 1
    return [tuple(batch) for batch in batches if batch]


def _move(
    prices: Prices,
    loads: Loads,
    batches: list[list[int]],
    cost_m: list[float],
    order: int,
    home: int,
) -> bool:
    """Put an order on the cart, or an empty one, where it adds the fewest metres."""
    rest = [other for other in batches[home] if other != order]
    rest_m = prices.batch_m(tuple(rest)) if rest else 0.0
    rows = [
        row
        for row, batch in enumerate(batches)
        if row != home and (not batch or loads.fits((*batch, order)))
    ]
    if not rows:
        return False
    joined_m = prices.joined_m((order,), [tuple(batches[row]) for row in rows])
    added_m = joined_m - np.array([cost_m[row] for row in rows])
    best = int(np.argmin(added_m))
    if cost_m[home] - rest_m - added_m[best] <= GAIN_M:
        return False
    batches[home], cost_m[home] = rest, rest_m
    batches[rows[best]].append(order)
    cost_m[rows[best]] = float(joined_m[best])
    return True


def _swap(
    prices: Prices,
    loads: Loads,
    batches: list[list[int]],
    cost_m: list[float],
    order: int,
    home: int,
) -> bool:
    """Swap an order with the first one on another cart where that saves metres."""
    rest = [other for other in batches[home] if other != order]
    for row, batch in enumerate(batches):
        if row == home:
            continue
        for other in batch:
            left = [one for one in batch if one != other]
            if not (loads.fits((*rest, other)) and loads.fits((*left, order))):
                continue
            here_m = prices.batch_m((*rest, other))
            if here_m >= cost_m[home] + cost_m[row] - GAIN_M:
                continue
            there_m = prices.batch_m((*left, order))
            if cost_m[home] + cost_m[row] - here_m - there_m > GAIN_M:
                batches[home], batches[row] = [*rest, other], [*left, order]
                cost_m[home], cost_m[row] = here_m, there_m
                return True
    return False
