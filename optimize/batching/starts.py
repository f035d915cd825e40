"""Batches by simple rules: first come, seeds, and savings."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from optimize.batching.loads import Loads
from optimize.batching.prices import Batch, Floats, Prices

if TYPE_CHECKING:
    from optimize.batching.floors import MaskPrices

GAIN_M = 1e-9
"""A smaller gain is rounding."""


def first_come(loads: Loads) -> list[Batch]:
    """Return orders put on carts as they come; the next cart begins where one does not fit."""
    batches: list[Batch] = []
    batch: Batch = ()
    for order in range(len(loads.of)):
        if batch and not loads.fits((*batch, order)):
            batches.append(batch)
            batch = ()
        batch = (*batch, order)
    return [*batches, batch] if batch else batches


def seeds(prices: Prices, loads: Loads) -> list[Batch]:
    """Return batches that each begin with the longest trip left and take what adds least metres.

    The seed is the order with the longest round trip of its own; the order that adds the fewest
    metres to the batch so far is put with it until none fits (de Koster, van der Poort & Wolters
    1999, cumulative seed, longest travel time, smallest additional travel time).
    """
    alone_m = [prices.batch_m((order,)) for order in range(len(loads.of))]
    left = sorted(range(len(loads.of)), key=lambda order: (-alone_m[order], order))
    batches: list[Batch] = []
    while left:
        batch: Batch = (left.pop(0),)
        while True:
            taken = loads.sum_of(batch)
            fitting = [order for order in left if (taken + loads.of[order] <= loads.room).all()]
            if not fitting:
                break
            joined_m = prices.joined_m(batch, [(order,) for order in fitting])
            chosen = fitting[int(np.argmin(joined_m))]
            batch = (*batch, chosen)
            left.remove(chosen)
        batches.append(tuple(sorted(batch)))
    return batches


def savings(prices: Prices, loads: Loads) -> list[Batch]:
    """Return batches merged pair by pair, always the two that save the most metres.

    Savings of a merged batch with each other are worked out anew (Clarke & Wright 1964, with
    recalculation: the variant C&W(ii) of de Koster, van der Poort & Wolters 1999).
    """
    # Imported here: it compiles, and other starts do without.
    from optimize.batching.floors import MaskPrices

    if isinstance(prices, MaskPrices):
        return _merged(prices, loads)
    count = len(loads.of)
    batches: list[Batch] = [(order,) for order in range(count)]
    alone_m = np.array([prices.batch_m(batch) for batch in batches])
    taken = loads.of.copy()
    alive = np.ones(count, dtype=bool)
    best_m = np.full(count, -inf)
    partner = np.full(count, -1)

    def look(row: int, others: npt.NDArray[np.intp]) -> Floats:
        """Return what a batch saves with each of others; -inf where they do not fit."""
        found_m: Floats = np.full(count, -inf)
        fitting = others[(taken[others] + taken[row] <= loads.room).all(axis=1)]
        if len(fitting):
            joined_m = prices.joined_m(batches[row], [batches[other] for other in fitting])
            found_m[fitting] = alone_m[fitting] + alone_m[row] - joined_m
        return found_m

    saved_m = np.full((count, count), -inf)
    for row in range(count):
        saved_m[row] = look(row, np.arange(row + 1, count))
    saved_m = np.maximum(saved_m, saved_m.T)
    if count:
        partner, best_m = saved_m.argmax(axis=1), saved_m.max(axis=1)
    while count and best_m.max() > GAIN_M:
        row = int(best_m.argmax())
        other = int(partner[row])
        row, other = min(row, other), max(row, other)
        alone_m[row] += alone_m[other] - saved_m[row, other]
        batches[row] = tuple(sorted((*batches[row], *batches[other])))
        taken[row] += taken[other]
        alive[other] = False
        best_m[other] = -inf
        saved_m[other], saved_m[:, other] = -inf, -inf
        rest = np.flatnonzero(alive)
        saved_m[row] = look(row, rest[rest != row])
        saved_m[:, row] = saved_m[row]
        for touched in rest:
            if touched == row or partner[touched] in (row, other):
                partner[touched] = saved_m[touched].argmax()
                best_m[touched] = saved_m[touched, partner[touched]]
            elif saved_m[touched, row] > best_m[touched]:
                partner[touched], best_m[touched] = row, saved_m[touched, row]
    return [batch for batch, is_alive in zip(batches, alive, strict=True) if is_alive]


def _merged(prices: MaskPrices, loads: Loads) -> list[Batch]:
    """Return the batches of `savings`, worked out by a compiled loop."""
    from optimize.batching.kernels.merging import merge

    count = len(loads.of)
    if not count:
        return []
    alone_m, pair_m = prices.alone_m(), prices.pairs_m()
    together = loads.of[:, np.newaxis] + loads.of
    fits: npt.NDArray[np.bool_] = np.all(together <= loads.room, axis=2)
    np.fill_diagonal(fits, val=False)
    saved_m = np.where(fits, alone_m + alone_m[:, np.newaxis] - pair_m, -inf)
    batch_of = np.arange(count, dtype=np.int64)
    prices.priced += merge(
        prices.floor, prices.bits | prices.floor.base, loads.of.copy(), loads.room,
        alone_m.copy(), saved_m, batch_of, GAIN_M,
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    for order, batch in enumerate(batch_of.tolist()):
        found.setdefault(batch, []).append(order)
    return [tuple(batch) for batch in found.values()]
