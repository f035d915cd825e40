"""How long the round trip of a batch is, from bit masks of its stops.

A floor is cut into stretches: an aisle, or an aisle's part in one block. The distinct stops of a
stretch that any order has are numbered; a set of stops is one bit each in words of 32 bits. Each
stretch counts by three numbers: first stop, last stop, and one between that depends on the rule.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled
from optimize.routing.kernels.blocks import blocks_m

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]

EXACT, S_SHAPE, RETURN, MIDPOINT, LARGEST_GAP, COMBINED, BLOCKS = range(7)
BITS = 32
_FOLD = 0x077CB531  # de Bruijn sequence: its five topmost bits differ for each shift
_BIT_OF = np.zeros(BITS, dtype=np.int64)
for _bit in range(BITS):
    _BIT_OF[((_FOLD << _bit) >> 27) & 31] = _bit


class Floor(NamedTuple):
    """A floor as arrays.

    Attributes
    ----------
    rule
        EXACT to COMBINED in one block from the depot; BLOCKS is exact in several blocks, or from
        one corner to another.
    at_m
        Metres along the cross-aisles to each place, ascending: aisles with stops and the depot.
    offset_m
        Metres from the front to each numbered stop, row per stretch.
    base
        Stops of every trip (the depot, where it is at an aisle), as words per stretch.
    between
        Place of a depot that is not at an aisle, or -1.
    depot_m
        Metres along the cross-aisles to the depot.
    back_m
        Metres from the front to the back.
    cross_aisles_m
        Metres from the front to each cross-aisle.
    is_aisle
        Whether each place is an aisle.
    ends
        For BLOCKS: place and cross-aisle of the start, then those of the end.
    picks, crossings, crossings_from, corners, closed
        For BLOCKS: `optimize.routing.kernels.blocks.Table`.
    """

    rule: int
    at_m: Floats
    offset_m: Floats
    base: Words
    between: int
    depot_m: float
    back_m: float
    cross_aisles_m: Floats
    is_aisle: Counts
    ends: Counts
    picks: Counts
    crossings: Counts
    crossings_from: Counts
    corners: Counts
    closed: Counts


@compiled
def stretch(
    offset_m: Floats,
    rule: int,
    back_m: float,
    row: int,
    one: Words,
    other: Words,
    first_m: Floats,
    last_m: Floats,
    mid_m: Floats,
) -> None:
    """Write the three numbers of a stretch for the stops of two sets together.

    ``first_m`` is -1 where there is no stop. ``mid_m`` is the widest gap between stops; for
    ``LARGEST_GAP`` the ends count too, for ``MIDPOINT`` it is half the way into the stretch. The
    other arguments are fields of `Floor`: a whole one takes longer to hand over than to use.
    """
    first, last, gap = -1.0, -1.0, 0.0
    half_m, front_m, rear_m = 0.5 * back_m, 0.0, back_m
    for word in range(one.shape[1]):
        bits = one[row, word] | other[row, word]
        while bits:
            low = bits & -bits
            bits ^= low
            offset = offset_m[row, BITS * word + _BIT_OF[((low * _FOLD) >> 27) & 31]]
            if first < 0.0:
                first = offset
            elif offset - last > gap:
                gap = offset - last
            last = offset
            if offset <= half_m:
                front_m = offset
            elif offset < rear_m:
                rear_m = offset
    if rule == LARGEST_GAP:
        gap = max(gap, first, back_m - last)
    elif rule == MIDPOINT:
        gap = front_m + back_m - rear_m
    first_m[row], last_m[row], mid_m[row] = first, last, gap


@compiled
def trip_m(floor: Floor, first_m: Floats, last_m: Floats, mid_m: Floats) -> float:
    """Return the metres of a round trip from the three numbers of each stretch."""
    if floor.rule == EXACT:
        return _exact_m(floor.at_m, floor.between, floor.back_m, first_m, last_m, mid_m)
    if floor.rule == BLOCKS:
        return _blocks_m(floor, first_m, last_m, mid_m)
    return _by_rule_m(floor, first_m, last_m, mid_m)


@compiled
def _blocks_m(floor: Floor, first_m: Floats, last_m: Floats, gap_m: Floats) -> float:
    """Return the shortest way through several blocks past the aisles with stops."""
    blocks = floor.cross_aisles_m.shape[0] - 1
    size = floor.at_m.shape[0]
    at_m, is_aisle = np.empty(size), np.empty(size, dtype=np.int32)
    first, last, gap = np.empty((size, blocks)), np.empty((size, blocks)), np.empty((size, blocks))
    places = start = end = 0
    is_empty = True
    for place in range(size):
        has_stops = False
        for block in range(blocks):
            row = place * blocks + block
            has_stops = has_stops or first_m[row] >= 0.0
            first[places, block], last[places, block] = first_m[row], last_m[row]
            gap[places, block] = gap_m[row]
        is_empty = is_empty and not has_stops
        if place == floor.ends[0]:
            start = places
        if place == floor.ends[2]:
            end = places
        if has_stops or place in (floor.ends[0], floor.ends[2]):
            at_m[places], is_aisle[places] = floor.at_m[place], floor.is_aisle[place]
            places += 1
    if is_empty:
        return 0.0
    return blocks_m(
        places, at_m, is_aisle, first, last, gap, floor.cross_aisles_m, start, floor.ends[1], end,
        floor.ends[3], floor.picks, floor.crossings, floor.crossings_from, floor.corners,
        floor.closed,
    )  # fmt: skip


@compiled
def _exact_m(
    at_m: Floats, between: int, back_m: float, first_m: Floats, last_m: Floats, gap_m: Floats
) -> float:
    """Return the shortest round trip in one block (Ratliff & Rosenthal 1983).

    The shortest drawings up to a place: an odd number of stretches at both ends (odd), the front
    or the back alone, both in one part (one), both in two parts (two), and nothing yet (none).
    """
    odd = front = back = one = two = inf
    none = 0.0
    last_at_m = 0.0
    is_begun = is_empty = False
    stops = 0
    for place in range(at_m.shape[0]):
        is_empty = first_m[place] < 0.0
        if is_empty and place != between:
            continue
        if is_begun:
            apart_m = 2.0 * (at_m[place] - last_at_m)
            odd += apart_m
            front, back = min(front, one) + apart_m, min(back, one) + apart_m
            one += 2.0 * apart_m
            two += 2.0 * apart_m
            none = inf
        is_begun = True
        last_at_m = at_m[place]
        if is_empty:
            two = min(two, back)
            front = min(front, none)
            back = inf
            continue
        stops += 1
        near_m, far_m = 2.0 * last_m[place], 2.0 * (back_m - first_m[place])
        around_m = 2.0 * (back_m - gap_m[place])
        turn_m = min(near_m, far_m, around_m)
        odd, front, back, one, two = (
            min(min(none, front, back, one, two) + back_m, odd + turn_m),
            min(none, front) + near_m,
            min(none, back) + far_m,
            min(odd + back_m, one + turn_m),
            min(two + turn_m, none + around_m, front + min(far_m, around_m),
                back + min(near_m, around_m)),
        )  # fmt: skip
    return min(front, back, one) if stops else 0.0


@compiled
def _by_rule_m(floor: Floor, first_m: Floats, last_m: Floats, mid_m: Floats) -> float:
    """Return the length by a rule of the literature in one block (`sim.policies.routing`)."""
    back_m = floor.back_m
    left = right = -1
    crossed = 0
    inside_m = 0.0
    front, back = 0.0, inf
    for place in range(floor.at_m.shape[0]):
        if first_m[place] < 0.0:
            continue
        if left < 0:
            left = place
        elif floor.rule == MIDPOINT:
            inside_m += 2.0 * mid_m[right] if right != left else 0.0
        elif floor.rule == LARGEST_GAP:
            inside_m += 2.0 * (back_m - mid_m[right]) if right != left else 0.0
        right = place
        crossed += 1
        if floor.rule == RETURN:
            inside_m += 2.0 * last_m[place]
        elif floor.rule == COMBINED:
            front, back = (
                min(front + 2.0 * last_m[place], back + back_m),
                min(back + 2.0 * (back_m - first_m[place]), front + back_m),
            )
    if left < 0:
        return 0.0
    across_m: float = 2.0 * (
        max(floor.at_m[right], floor.depot_m) - min(floor.at_m[left], floor.depot_m)
    )
    if floor.rule == S_SHAPE:
        inside_m = (crossed - crossed % 2) * back_m + crossed % 2 * 2.0 * last_m[right]
    elif floor.rule == COMBINED:
        inside_m = front
    elif floor.rule != RETURN:
        inside_m = 2.0 * last_m[right] if left == right else inside_m + 2.0 * back_m
    return across_m + inside_m


@compiled
def joined_m(
    floor: Floor,
    batch: Words,
    others: Words,
    metres: Floats,
) -> None:
    """Write the metres of a batch joined with each of others, sets of stops as words."""
    stretches = batch.shape[0]
    first_m, last_m, mid_m = np.empty(stretches), np.empty(stretches), np.empty(stretches)
    for other in range(others.shape[0]):
        for row in range(stretches):
            stretch(
                floor.offset_m,
                floor.rule,
                floor.back_m,
                row,
                batch,
                others[other],
                first_m,
                last_m,
                mid_m,
            )
        metres[other] = trip_m(floor, first_m, last_m, mid_m)
