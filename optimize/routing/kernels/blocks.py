"""The shortest way through several blocks, its classes as a table of numbers.

As :mod:`optimize.routing.kernels.one_block`, for two to four blocks and for ways that start and end
at any corner. The table is written by :func:`table` from the rules in
:mod:`optimize.routing.classes`.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled
from optimize.routing.classes import (
    AISLE_PICKS,
    NO_PART,
    State,
    after_crossing,
    after_pick,
    nothing_drawn,
)

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]


class Table(NamedTuple):
    """All steps of all classes.

    Attributes
    ----------
    picks
        State after an aisle of a block is picked, by block, state and way.
    crossings
        (times all cross-aisles are walked, state after) of each step to the next place.
    crossings_from
        Where each state's steps begin in ``crossings``; one entry more than states.
    ends
        State after a way starts or ends at a corner, by corner and state.
    closed
        1 for states in which the way may be over.
    """

    picks: Counts
    crossings: Counts
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
        crossings_from.append(len(crossings))
        for corner, column in enumerate(ends):
            column.append(known(after_end(state, corner)))
    return Table(
        np.array(picks, dtype=np.int32),
        np.array(crossings, dtype=np.int32),
        np.array(crossings_from, dtype=np.int32),
        np.array(ends, dtype=np.int32),
        np.array([state.is_round_trip for state in states], dtype=np.int32),
    )


@compiled
def _cross(here: Floats, after: Floats, apart_m: float, steps: Counts, steps_from: Counts) -> None:
    """Go on to the next place: the shortest drawing for each state, from those before it."""
    after[:] = np.inf
    for state in range(len(here)):
        if here[state] < np.inf:
            for step in range(steps_from[state], steps_from[state + 1]):
                length_m = here[state] + apart_m * steps[step, 0]
                if length_m < after[steps[step, 1]]:  # noqa: PLR1730 - as fast as it gets
                    after[steps[step, 1]] = length_m


@compiled
def _end(here: Floats, after: Floats, states_after: Counts) -> None:
    """Let the way start or end at a corner."""
    after[:] = np.inf
    for state in range(len(here)):
        after[states_after[state]] = min(after[states_after[state]], here[state])


@compiled
def _pick(here: Floats, after: Floats, ways_m: Floats, states_after: Counts) -> None:
    """Pick an aisle of a block."""
    after[:] = np.inf
    for state in range(len(here)):
        if here[state] < np.inf:
            for way in range(len(ways_m)):
                drawn_m = here[state] + ways_m[way]
                if drawn_m < after[states_after[state, way]]:  # noqa: PLR1730 - as above
                    after[states_after[state, way]] = drawn_m


@compiled
def _set_ways(
    ways_m: Floats, front_m: float, back_m: float, first_m: float, last_m: float, gap_m: float
) -> None:
    """Set the metres of each of the `AISLE_PICKS` in an aisle of a block."""
    length_m = back_m - front_m
    ways_m[0] = length_m
    ways_m[5] = 2.0 * length_m
    if first_m < 0.0:
        ways_m[1] = ways_m[2] = ways_m[3] = np.inf
        ways_m[4] = 0.0
    else:
        ways_m[1] = 2.0 * (last_m - front_m)
        ways_m[2] = 2.0 * (back_m - first_m)
        ways_m[3] = 2.0 * (length_m - gap_m)
        ways_m[4] = np.inf


@compiled
def blocks_m(
    places: int,
    at: Floats,
    is_aisle: Counts,
    first_m: Floats,
    last_m: Floats,
    gap_m: Floats,
    cross_aisles_m: Floats,
    start_place: int,
    start_corner: int,
    end_place: int,
    end_corner: int,
    picks: Counts,
    crossings: Counts,
    crossings_from: Counts,
    ends: Counts,
    closed: Counts,
) -> float:
    """Return the length of the shortest way past all stops in metres.

    Parameters
    ----------
    places
        Aisles with stops, and the places where the way starts and ends; at least 1.
    at
        Metres from any line to each place along the cross-aisles, ascending, shape (places,).
    is_aisle
        Whether a place is an aisle; the way may start or end between aisles.
    first_m, last_m, gap_m
        Metres from the front cross-aisle to the first and the last stop, and the widest gap between
        neighbouring stops, of each place in each block, shape (places, blocks). ``first_m`` is
        below 0 where there is no stop.
    cross_aisles_m
        Metres from the front cross-aisle to each cross-aisle, front to back.
    start_place, start_corner, end_place, end_corner
        Where the way starts and ends: indices of a place and of a cross-aisle.
    picks, crossings, crossings_from, ends, closed
        The :class:`Table` of the floor.
    """
    here = np.full(len(closed), np.inf)
    after = np.empty(len(closed))
    ways_m = np.empty(6)
    here[0] = 0.0
    for place in range(places):
        if place:
            _cross(here, after, at[place] - at[place - 1], crossings, crossings_from)
            here, after = after, here
        if place == start_place:
            _end(here, after, ends[start_corner])
            here, after = after, here
        if place == end_place:
            _end(here, after, ends[end_corner])
            here, after = after, here
        if is_aisle[place]:
            for block in range(len(cross_aisles_m) - 1):
                _set_ways(
                    ways_m, cross_aisles_m[block], cross_aisles_m[block + 1],
                    first_m[place, block], last_m[place, block], gap_m[place, block],
                )  # fmt: skip
                _pick(here, after, ways_m, picks[block])
                here, after = after, here
    shortest_m = np.inf
    for state in range(len(closed)):
        if closed[state]:
            shortest_m = min(shortest_m, here[state])
    return shortest_m
