"""From the shortest drawing back to the way along it, corner by corner and stop by stop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled
from optimize.routing.kernels.blocks import fill_rows, set_ways, shortest_closed

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]

FROM_FRONT, FROM_BACK, AROUND_GAP = 1, 2, 3
STRETCHES_OF_WAY = (1, 0, 0, 0, 0, 2)
"""Times each of the `AISLE_PICKS` walks its aisle from end to end."""


@compiled
def _step_back_across(
    before: Floats, state: int, drawn_m: float, apart_m: float, steps: Counts, steps_from: Counts
) -> tuple[int, int]:
    """Return the state before a step to the next place, and the step."""
    for start in range(len(before)):
        if before[start] < np.inf:
            for step in range(steps_from[start], steps_from[start + 1]):
                if steps[step, 1] == state and before[start] + apart_m * steps[step, 0] == drawn_m:
                    return start, step
    return -1, -1


@compiled
def _step_back_through(
    before: Floats, state: int, drawn_m: float, ways_m: Floats, states_after: Counts
) -> tuple[int, int]:
    """Return the state before an aisle of a block was picked, and the way in which it was."""
    for start in range(len(before)):
        if before[start] < np.inf:
            for way in range(len(ways_m)):
                if states_after[start, way] == state and before[start] + ways_m[way] == drawn_m:
                    return start, way
    return -1, -1


@compiled
def drawing(
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
    times: Counts,
    crossings_from: Counts,
    ends: Counts,
    closed: Counts,
) -> tuple[Counts, Counts, float]:
    """Return a shortest drawing and its metres; the metres are infinite where there is none.

    Parameters are those of :func:`optimize.routing.kernels.blocks.blocks_m` and ``times``. The
    drawing says in which of the `AISLE_PICKS` each place is picked, shape (places, blocks), and how
    often each cross-aisle is walked from each place to the next, shape (places, cross-aisles).
    """
    places, corners = len(at), len(cross_aisles_m)
    rows = np.empty((places * corners + 3, len(closed)))
    row = fill_rows(
        rows, at, is_aisle, first_m, last_m, gap_m, cross_aisles_m, ends_at, turns, picks,
        crossings, crossings_from, ends,
    )  # fmt: skip
    ways = np.full((places, corners - 1), 4, dtype=np.int32)
    across = np.zeros((places, corners), dtype=np.int32)
    state = shortest_closed(rows[row], closed)
    if state < 0:
        return ways, across, np.inf
    shortest_m = rows[row, state]
    ways_m = np.empty(6)
    for place in range(places - 1, -1, -1):
        if is_aisle[place]:
            for block in range(corners - 2, -1, -1):
                set_ways(
                    ways_m, cross_aisles_m[block], cross_aisles_m[block + 1],
                    first_m[place, block], last_m[place, block], gap_m[place, block], turns,
                )  # fmt: skip
                state, way = _step_back_through(
                    rows[row - 1], state, rows[row, state], ways_m, picks[block]
                )
                ways[place, block] = way
                row -= 1
        for end in range(1, -1, -1):
            if place == ends_at[end, 0]:
                for before in range(len(closed)):
                    same = rows[row - 1, before] == rows[row, state]
                    if ends[ends_at[end, 1], before] == state and same:
                        state = before
                        break
                row -= 1
        if place:
            apart_m = at[place] - at[place - 1]
            state, step = _step_back_across(
                rows[row - 1], state, rows[row, state], apart_m, crossings, crossings_from
            )
            across[place - 1] = times[step]
            row -= 1
    return ways, across, shortest_m


@compiled
def corners_along(ways: Counts, across: Counts, ends_at: Counts) -> Counts:
    """Return the corners of a walk along a drawing (Hierholzer 1873), from its start to its end.

    Parameters
    ----------
    ways, across, ends_at
        As in `drawing`; the stretches drawn leave an even number at each corner, the start and the
        end not counted.

    Returns
    -------
    (place, cross-aisle) of each corner, shape (corners, 2).
    """
    places, corners = across.shape
    through = np.zeros((places, corners), dtype=np.int32)
    stretches = 0
    for place in range(places):
        for block in range(corners - 1):
            through[place, block] = STRETCHES_OF_WAY[ways[place, block]]
            stretches += through[place, block]
        for corner in range(corners):
            stretches += across[place, corner]
    open_walk = np.empty((stretches + 1, 2), dtype=np.int32)
    walk = np.empty((stretches + 1, 2), dtype=np.int32)
    left = across.copy()
    open_walk[0] = ends_at[0]
    depth, walked = 1, 0
    while depth:
        place, corner = open_walk[depth - 1]
        if corner + 1 < corners and through[place, corner] > 0:
            through[place, corner] -= 1
            corner += 1
        elif corner and through[place, corner - 1] > 0:
            through[place, corner - 1] -= 1
            corner -= 1
        elif left[place, corner] > 0:
            left[place, corner] -= 1
            place += 1
        elif place and left[place - 1, corner] > 0:
            left[place - 1, corner] -= 1
            place -= 1
        else:
            depth -= 1
            walk[walked] = open_walk[depth]
            walked += 1
            continue
        open_walk[depth, 0], open_walk[depth, 1] = place, corner
        depth += 1
    return walk[:walked][::-1].copy()


@compiled
def way_along(
    walk: Counts,
    ways: Counts,
    cross_aisles_m: Floats,
    stop_from: Counts,
    offsets_m: Floats,
    first_m: Floats,
    last_m: Floats,
    gap_m: Floats,
) -> Floats:
    """Return (place, offset) of each corner of a walk, turns inside aisles included.

    Parameters
    ----------
    walk, ways
        As `corners_along` and `drawing` return them.
    cross_aisles_m, first_m, last_m, gap_m
        As in `drawing`.
    stop_from
        Where the stops of each place and block begin in ``offsets_m``, shape (places x blocks + 1).
    offsets_m
        Metres from the front to each stop, by place, block and metres.
    """
    corners = len(cross_aisles_m)
    seen = np.zeros((ways.shape[0], corners), dtype=np.int32)
    found = np.empty((3 * len(walk) + 4 * ways.size + 4, 2))
    count = 0
    for index in range(len(walk)):
        place, corner = walk[index, 0], walk[index, 1]
        found[count, 0], found[count, 1] = place, cross_aisles_m[corner]
        count += 1
        if seen[place, corner]:
            continue
        seen[place, corner] = 1
        for block in range(corner - 1, corner + 1):
            if not 0 <= block < corners - 1:
                continue
            way = ways[place, block]
            from_front = block == corner
            reach_m = -1.0
            if way == FROM_FRONT and from_front:
                reach_m = last_m[place, block]
            elif way == FROM_BACK and not from_front:
                reach_m = first_m[place, block]
            elif way == AROUND_GAP:
                first = stop_from[place * (corners - 1) + block]
                while offsets_m[first + 1] - offsets_m[first] < gap_m[place, block]:
                    first += 1
                reach_m = offsets_m[first] if from_front else offsets_m[first + 1]
            if reach_m >= 0.0:
                found[count, 0], found[count, 1] = place, reach_m
                found[count + 1, 0], found[count + 1, 1] = place, cross_aisles_m[corner]
                count += 2
    return found[:count]


@compiled
def passed(way: Floats, blocks: int, stop_from: Counts, offsets_m: Floats) -> Counts:
    """Return the stops in the order in which a way first passes them.

    Stops of a place at the same offset keep their order.
    """
    waiting = np.ones(len(offsets_m), dtype=np.int32)
    order = np.empty(len(offsets_m), dtype=np.int32)
    count = 0
    for corner in range(len(way) - 1):
        place = int(way[corner, 0])
        if place != int(way[corner + 1, 0]):
            continue
        start_m, end_m = way[corner, 1], way[corner + 1, 1]
        low_m, high_m = min(start_m, end_m), max(start_m, end_m)
        first, last = stop_from[place * blocks], stop_from[(place + 1) * blocks]
        if start_m <= end_m:
            for stop in range(first, last):
                if waiting[stop] and low_m <= offsets_m[stop] <= high_m:
                    waiting[stop] = 0
                    order[count] = stop
                    count += 1
        else:
            stop = last - 1
            while stop >= first:
                same = stop
                while same > first and offsets_m[same - 1] == offsets_m[stop]:
                    same -= 1
                for tied in range(same, stop + 1):
                    if waiting[tied] and low_m <= offsets_m[tied] <= high_m:
                        waiting[tied] = 0
                        order[count] = tied
                        count += 1
                stop = same - 1
    return order[:count]


@compiled
def whole_way(
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
    times: Counts,
    crossings_from: Counts,
    ends: Counts,
    closed: Counts,
    stop_from: Counts,
    offsets_m: Floats,
) -> tuple[Floats, Counts, float]:
    """Return a shortest way corner by corner, the stops in its order, and its metres.

    Parameters as in `drawing` and `way_along`.
    """
    ways, across, shortest_m = drawing(
        at, is_aisle, first_m, last_m, gap_m, cross_aisles_m, ends_at, turns, picks, crossings,
        times, crossings_from, ends, closed,
    )  # fmt: skip
    walk = corners_along(ways, across, ends_at)
    way = way_along(
        walk, ways, cross_aisles_m, stop_from, offsets_m, first_m, last_m, gap_m
    )  # fmt: skip
    order = passed(way, len(cross_aisles_m) - 1, stop_from, offsets_m)
    return way, order, shortest_m
