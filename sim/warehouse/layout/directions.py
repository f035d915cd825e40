"""Aisles that are walked in one direction only: even ones to the back, odd ones to the front.

A cart does not turn round in an aisle; along the cross-aisles it goes either way. To change from
one cross-aisle to another it passes through one aisle of the right direction, maybe with a detour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Spot = tuple[float, float]
"""Aisle number (fractions lie between aisles) and metres from the front cross-aisle."""


def leads_to_back(aisle: float) -> bool:
    """Return whether an aisle is walked from the front to the back."""
    return aisle % 2 == 0


def passage(start_aisle: float, end_aisle: float, aisles: int, *, to_back: bool) -> int:
    """Return the aisle through which to change cross-aisles on the shortest way.

    Parameters
    ----------
    start_aisle, end_aisle
        Where the way starts and ends.
    aisles
        Number of aisles, at least 2.
    to_back
        Whether the way leads to a cross-aisle farther back.
    """
    nearby = [
        aisle
        for place in (start_aisle, end_aisle)
        for aisle in _around(min(max(place, 0.0), aisles - 1.0))
        if 0 <= aisle < aisles and leads_to_back(aisle) == to_back
    ]
    return min(nearby, key=lambda aisle: abs(start_aisle - aisle) + abs(aisle - end_aisle))


def _around(place: float) -> range:
    """Return enough aisles about a place to hold the nearest of both directions on both sides."""
    return range(math.floor(place) - 1, math.floor(place) + 3)


def across(start: Spot, end: Spot, aisles: int) -> list[Spot]:
    """Return the corners of the shortest way between two spots on cross-aisles."""
    if start[1] == end[1]:
        return [start, end]
    through = passage(start[0], end[0], aisles, to_back=end[1] > start[1])
    return [start, (through, start[1]), (through, end[1]), end]


def before(spot: Spot, near_m: float, far_m: float) -> Spot:
    """Return the end of its subaisle through which a spot is reached."""
    return (spot[0], near_m if leads_to_back(spot[0]) else far_m)


def behind(spot: Spot, near_m: float, far_m: float) -> Spot:
    """Return the end of its subaisle to which the way goes on from a spot."""
    return (spot[0], far_m if leads_to_back(spot[0]) else near_m)


def is_ahead(start: Spot, end: Spot) -> bool:
    """Return whether one simply walks on from one spot to another in the same aisle."""
    if leads_to_back(start[0]):
        return start[0] == end[0] and end[1] >= start[1]
    return start[0] == end[0] and end[1] <= start[1]


def length_m(corners: Sequence[Spot], aisle_pitch_m: float) -> float:
    """Return the metres of a way along its corners."""
    return math.fsum(
        abs(a[0] - b[0]) * aisle_pitch_m + abs(a[1] - b[1]) for a, b in pairwise(corners)
    )
