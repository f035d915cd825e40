"""A walk as a person would draw it: entries into aisles, corners, and the stops along them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum
from typing import NamedTuple


class Corner(NamedTuple):
    """A point where a walk turns: aisle number (fractions lie between aisles) and offset."""

    aisle: float
    offset_m: float


class AisleVisit(NamedTuple):
    """One entry into an aisle of a block: from which end, and how far.

    ``reach_m`` is measured from the front cross-aisle of the floor; None: through to the other end.
    """

    aisle: int
    from_back: bool
    reach_m: float | None


class Column(NamedTuple):
    """An aisle of a block with stops: its number and the offsets of its stops, ascending."""

    aisle: int
    offsets_m: list[float]


def corners_of(visits: Iterable[AisleVisit], near_m: float, far_m: float) -> list[Corner]:
    """Return the corners of entries into the aisles of a block, one after the other.

    Parameters
    ----------
    visits
        Entries in walking order.
    near_m, far_m
        Offsets of the cross-aisles in front of the block and behind it.
    """
    corners: list[Corner] = []
    for aisle, from_back, reach_m in visits:
        entry_m = far_m if from_back else near_m
        corners.append(Corner(aisle, entry_m))
        if reach_m is None:
            corners.append(Corner(aisle, near_m if from_back else far_m))
        else:
            corners += [Corner(aisle, reach_m), Corner(aisle, entry_m)]
    return corners


def round_trip(depot_aisle: float, corners: Sequence[Corner]) -> list[Corner]:
    """Return the walk from the depot along these corners and home, each corner once in a row."""
    depot = Corner(depot_aisle, 0.0)
    walk = [depot, *corners, depot]
    return [corner for index, corner in enumerate(walk) if not index or corner != walk[index - 1]]


def walked_m(corners: Sequence[Corner], aisle_pitch_m: float) -> float:
    """Return the metres of a walk."""
    return fsum(
        abs(start.aisle - end.aisle) * aisle_pitch_m + abs(start.offset_m - end.offset_m)
        for start, end in pairwise(corners)
    )


def stops_along(
    corners: Sequence[Corner], stops: Iterable[int], aisle_of: list[int], offset_m: list[float]
) -> list[int]:
    """Return the distinct stops in the order in which a walk first passes them.

    Stops of an aisle at the same offset are taken in the order of their ids.
    """
    waiting: dict[float, list[int]] = {}
    for stop in sorted(dict.fromkeys(stops)):
        waiting.setdefault(float(aisle_of[stop]), []).append(stop)
    passed: list[int] = []
    for start, end in pairwise(corners):
        if start.aisle != end.aisle or not waiting.get(start.aisle):
            continue
        low_m, high_m = sorted((start.offset_m, end.offset_m))
        here = [stop for stop in waiting[start.aisle] if low_m <= offset_m[stop] <= high_m]
        here.sort(key=offset_m.__getitem__, reverse=end.offset_m < start.offset_m)
        passed += here
        waiting[start.aisle] = [stop for stop in waiting[start.aisle] if stop not in here]
    return passed
