"""All classes of a floor and the steps between them, as arrays of numbers.

Written from the rules in :mod:`optimize.routing.classes`; a way may start and end at any corner.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.routing.classes import (
    AISLE_PICKS,
    NO_PART,
    State,
    after_crossing,
    after_pick,
    nothing_drawn,
)

Counts = npt.NDArray[np.int32]


class Table(NamedTuple):
    """All steps of all classes.

    Attributes
    ----------
    picks
        State after an aisle of a block is picked, by block, state and way.
    crossings
        (times all cross-aisles are walked, state after) of each step to the next place.
    times
        Times each cross-aisle is walked in each of these steps.
    crossings_from
        Where each state's steps begin in ``crossings``; one entry more than states.
    ends
        State after a way starts or ends at a corner, by corner and state.
    closed
        1 for states in which the way may be over.
    """

    picks: Counts
    crossings: Counts
    times: Counts
    crossings_from: Counts
    ends: Counts
    closed: Counts


def after_end(state: State, corner: int) -> State:
    """Return how a drawing meets the corners once the way starts or ends at one of them.

    That counts like a stretch that leads out of the floor: the way is drawn if it hangs together
    and, this stretch included, an even number meets everywhere.
    """
    corners, parts = list(state.corners), list(state.parts)
    corners[corner] = "even" if corners[corner] == "odd" else "odd"
    if parts[corner] == NO_PART:
        parts[corner] = max(parts) + 1
    seen = [part for part in dict.fromkeys(parts) if part != NO_PART]
    return State(
        tuple(corners), tuple(NO_PART if part == NO_PART else seen.index(part) for part in parts)
    )


@cache
def table(cross_aisles: int) -> Table:
    """Return the steps of a floor with so many cross-aisles, at least 2."""
    number = {nothing_drawn(cross_aisles): 0}
    states = list(number)
    blocks = range(cross_aisles - 1)
    picks: list[list[list[int]]] = [[] for _ in blocks]
    crossings: list[tuple[int, int]] = []
    all_times: list[tuple[int, ...]] = []
    crossings_from = [0]
    ends: list[list[int]] = [[] for _ in range(cross_aisles)]

    def known(state: State) -> int:
        if state not in number:
            number[state] = len(states)
            states.append(state)
        return number[state]

    for state in states:  # grows while it is read
        for block in blocks:
            picks[block].append([known(after_pick(state, block, pick)) for pick in AISLE_PICKS])
        for times in product(range(3), repeat=cross_aisles):
            after = after_crossing(state, times)
            if after is not None:
                crossings.append((sum(times), known(after)))
                all_times.append(times)
        crossings_from.append(len(crossings))
        for corner, column in enumerate(ends):
            column.append(known(after_end(state, corner)))
    return Table(
        np.array(picks, dtype=np.int32),
        np.array(crossings, dtype=np.int32),
        np.array(all_times, dtype=np.int32),
        np.array(crossings_from, dtype=np.int32),
        np.array(ends, dtype=np.int32),
        np.array([state.is_round_trip for state in states], dtype=np.int32),
    )
