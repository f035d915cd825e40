"""All classes of a floor and the steps between them, as arrays of numbers.

Written from the rules in :mod:`optimize.routing.classes`; a way may start and end at any corner.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.routing.classes import AISLE_PICKS, classes

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


@cache
def table(cross_aisles: int) -> Table:
    """Return the steps of a floor with so many cross-aisles, at least 2."""
    found = classes(cross_aisles, with_ends=True)
    count = len(found.states)
    # Steps stand in the order of the states before them, and of the ways.
    picks = [[step.after for step in steps] for steps in found.picks]
    leaving = np.bincount([step.before for step in found.crossings], minlength=count)
    closed = np.zeros(count, dtype=np.int32)
    closed[list(found.closed)] = 1
    return Table(
        np.array(picks, dtype=np.int32).reshape(cross_aisles - 1, count, len(AISLE_PICKS)),
        np.array([(step.way, step.after) for step in found.crossings], dtype=np.int32),
        np.array([step.times for step in found.crossings], dtype=np.int32),
        np.concatenate(([0], np.cumsum(leaving))).astype(np.int32),
        np.array(found.ends, dtype=np.int32),
        closed,
    )
