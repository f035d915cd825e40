"""A walk as a person would draw it: entries into aisles, corners, and the stops along them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Corner(NamedTuple):
    """A point where a walk turns: aisle number (fractions lie between aisles) and offset."""

    aisle: float
    offset_m: float


class AisleVisit(NamedTuple):
    """One entry into an aisle: from which end, and how far (None: through to the other end)."""

    aisle: int
    from_back: bool
    reach_m: float | None


class Column(NamedTuple):
    """An aisle with stops: its number and the offsets of its stops, ascending."""

    aisle: int
    offsets_m: list[float]


def corners_of(
    visits: Iterable[AisleVisit], aisle_length_m: float, depot_aisle: float
) -> list[Corner]:
    """Return the corners of a round trip that makes these entries one after the other."""
    corners = [Corner(depot_aisle, 0.0)]
    for aisle, from_back, reach_m in visits:
        entry_m = aisle_length_m if from_back else 0.0
        corners.append(Corner(aisle, entry_m))
        if reach_m is None:
            corners.append(Corner(aisle, aisle_length_m - entry_m))
        else:
            corners += [Corner(aisle, reach_m), Corner(aisle, entry_m)]
    corners.append(Corner(depot_aisle, 0.0))
    return [
        corner for index, corner in enumerate(corners) if not index or corner != corners[index - 1]
    ]


def stops_along(
    corners: Sequence[Corner], stops: Iterable[int], aisle_of: list[int], offset_m: list[float]
) -> list[int]:
    """Return the distinct stops in the order in which a walk first passes them.

    Stops on both sides of an aisle at the same offset are taken in the order of their ids.
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
