"""The shortest way through one to four blocks: only the shortest drawing of each class is kept.

Ratliff & Rosenthal 1983 for one block, Roodbergen & de Koster 2001 (European Journal of Operational
Research 133(1), 32-43) for two. From place to place and block to block, a row holds the metres of
the shortest drawing of each class.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]


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
def set_ways(
    ways_m: Floats,
    front_m: float,
    back_m: float,
    first_m: float,
    last_m: float,
    gap_m: float,
    turns: bool,
) -> None:
    """Set the metres of each of the `AISLE_PICKS` in an aisle of a block."""
    length_m = back_m - front_m
    ways_m[0] = length_m
    ways_m[1] = ways_m[2] = ways_m[3] = ways_m[4] = np.inf
    ways_m[5] = 2.0 * length_m
    if first_m < 0.0:
        ways_m[4] = 0.0
    elif turns:
        ways_m[1] = 2.0 * (last_m - front_m)
        ways_m[2] = 2.0 * (back_m - first_m)
        if gap_m > 0.0:
            ways_m[3] = 2.0 * (length_m - gap_m)


@compiled
def fill_rows(
    rows: Floats,
    at: Floats,
    is_aisle: Counts,
    first_m: Floats,
    last_m: Floats,
    gap_m: Floats,
    cross_aisles_m: Floats,
    ends_at: Counts,
    turns: bool,
    picks: Counts,
    crossings: Counts,
    crossings_from: Counts,
    ends: Counts,
) -> int:
    """Fill one row for each step of the programme; return the last one's number.

    As for `blocks_m`; ``rows`` has shape (places x (blocks + 1) + 3, states).
    """
    row = 0
    rows[0, :] = np.inf
    rows[0, 0] = 0.0
    ways_m = np.empty(6)
    for place in range(len(at)):
        if place:
            apart_m = at[place] - at[place - 1]
            _cross(rows[row], rows[row + 1], apart_m, crossings, crossings_from)
            row += 1
        for end in range(2):
            if place == ends_at[end, 0]:
                _end(rows[row], rows[row + 1], ends[ends_at[end, 1]])
                row += 1
        if is_aisle[place]:
            for block in range(len(cross_aisles_m) - 1):
                set_ways(
                    ways_m, cross_aisles_m[block], cross_aisles_m[block + 1],
                    first_m[place, block], last_m[place, block], gap_m[place, block], turns,
                )  # fmt: skip
                _pick(rows[row], rows[row + 1], ways_m, picks[block])
                row += 1
    return row


@compiled
def shortest_closed(row: Floats, closed: Counts) -> int:
    """Return the state of the shortest drawing that is one way, -1 if there is none."""
    best = -1
    for state in range(len(closed)):
        if closed[state] and row[state] < np.inf and (best < 0 or row[state] < row[best]):
            best = state
    return best


@compiled
def blocks_m(
    at: Floats,
    is_aisle: Counts,
    first_m: Floats,
    last_m: Floats,
    gap_m: Floats,
    cross_aisles_m: Floats,
    ends_at: Counts,
    turns: bool,
    picks: Counts,
    crossings: Counts,
    crossings_from: Counts,
    ends: Counts,
    closed: Counts,
) -> float:
    """Return the length of the shortest way past all stops in metres.

    Parameters
    ----------
    at
        Metres from any line to each place along the cross-aisles, ascending, shape (places,): the
        aisles with stops, and the places where the way starts and ends.
    is_aisle
        Whether a place is an aisle; the way may start or end between aisles.
    first_m, last_m, gap_m
        Metres from the front cross-aisle to the first and the last stop, and the widest gap between
        neighbouring stops, of each place in each block, shape (places, blocks). ``first_m`` is
        below 0 where there is no stop.
    cross_aisles_m
        Metres from the front cross-aisle to each cross-aisle, front to back.
    ends_at
        (place, cross-aisle) where the way starts and where it ends, by their indices.
    turns
        Whether a cart can turn round inside an aisle.
    picks, crossings, crossings_from, ends, closed
        The floor's :class:`optimize.routing.kernels.table.Table`.
    """
    rows = np.empty((len(at) * len(cross_aisles_m) + 3, len(closed)))
    row = fill_rows(
        rows, at, is_aisle, first_m, last_m, gap_m, cross_aisles_m, ends_at, turns, picks,
        crossings, crossings_from, ends,
    )  # fmt: skip
    best = shortest_closed(rows[row], closed)
    return rows[row, best] if best >= 0 else np.inf
