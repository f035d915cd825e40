"""Batches merged pair by pair, as one compiled loop."""

from __future__ import annotations

from math import inf

import numpy as np

from optimize.batching.kernels.trips import Floats, Floor, Words, stretch, trip_m
from optimize.compiled import compiled


@compiled
def _row_of_most(values: Floats) -> int:
    """Return the first place of the largest value."""
    found = 0
    for place in range(1, values.shape[0]):
        if values[place] > values[found]:
            found = place
    return found


@compiled
def _saved_by(
    floor: Floor, words: Words, load: Floats, room: Floats, alone_m: Floats, batch_of: Words,
    row: int, saved_m: Floats, scratch: Floats,
) -> int:  # fmt: skip
    """Write what a batch saves with each of the others; return the number of prices."""
    first_m, last_m, mid_m = scratch[0], scratch[1], scratch[2]
    offset_m, rule, back_m = floor.offset_m, floor.rule, floor.back_m
    priced = 0
    for other in range(batch_of.shape[0]):
        saved_m[row, other] = -inf
        fits = other != row and batch_of[other] == other
        for kind in range(room.shape[0]):
            fits = fits and load[other, kind] + load[row, kind] <= room[kind]
        if fits:
            for part in range(words.shape[1]):
                stretch(
                    offset_m, rule, back_m, part, words[row], words[other], first_m, last_m, mid_m
                )
            joined_m = trip_m(floor, first_m, last_m, mid_m)
            saved_m[row, other] = alone_m[other] + alone_m[row] - joined_m
            priced += 1
        saved_m[other, row] = saved_m[row, other]
    return priced


@compiled
def _choose_anew(
    saved_m: Floats, batch_of: Words, best_m: Floats, partner: Words, row: int, other: int
) -> None:
    """Bring the best partner of each batch up to date after two were merged into ``row``."""
    for touched in range(batch_of.shape[0]):
        if batch_of[touched] != touched:
            continue
        if touched == row or partner[touched] == row or partner[touched] == other:
            partner[touched] = _row_of_most(saved_m[touched])
            best_m[touched] = saved_m[touched, partner[touched]]
        elif saved_m[touched, row] > best_m[touched]:
            partner[touched], best_m[touched] = row, saved_m[touched, row]


@compiled
def merge(
    floor: Floor, words: Words, load: Floats, room: Floats, alone_m: Floats, saved_m: Floats,
    batch_of: Words, least_m: float,
) -> int:  # fmt: skip
    """Merge the two batches that save the most metres, again and again.

    Parameters
    ----------
    floor
        The floor.
    words, load, alone_m
        Stops of each order and of every trip, what it takes of a cart, and metres of its own trip;
        written over.
    room
        What a cart holds.
    saved_m
        What two orders save on one cart, -inf where they do not fit; written over.
    batch_of
        The first order of each order's batch: written. To begin with, each order itself.
    least_m
        Savings up to this are none.

    Returns
    -------
    int
        Number of prices.
    """
    count = batch_of.shape[0]
    scratch = np.empty((3, words.shape[1]))
    best_m, partner = np.full(count, -inf), np.full(count, -1)
    priced = 0
    for row in range(count):
        partner[row] = _row_of_most(saved_m[row])
        best_m[row] = saved_m[row, partner[row]]
    while True:
        row = _row_of_most(best_m)
        if best_m[row] <= least_m:
            return priced
        row, other = min(row, partner[row]), max(row, partner[row])
        alone_m[row] += alone_m[other] - saved_m[row, other]
        for kind in range(load.shape[1]):
            load[row, kind] += load[other, kind]
        for part in range(words.shape[1]):
            for word in range(words.shape[2]):
                words[row, part, word] |= words[other, part, word]
        for order in range(count):
            if batch_of[order] == other:
                batch_of[order] = row
            saved_m[other, order] = saved_m[order, other] = -inf
        best_m[other] = -inf
        priced += _saved_by(floor, words, load, room, alone_m, batch_of, row, saved_m, scratch)
        _choose_anew(saved_m, batch_of, best_m, partner, row, other)
