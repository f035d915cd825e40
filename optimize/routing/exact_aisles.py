"""The shortest way through the aisles of a floor that are walked in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.routing.one_block import shortest_in_one_block_m
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout

REMEMBERED_FLOORS = 32


class Ends(NamedTuple):
    """Where a way starts and ends, on which cross-aisles.

    Attributes
    ----------
    aisles
        Aisle of the start and of the end; fractions lie between aisles.
    cross_aisles
        Number of their cross-aisles, 0 in front.
    """

    aisles: tuple[float, float]
    cross_aisles: tuple[int, int]

    @property
    def is_round_trip(self) -> bool:
        """Whether the way ends where it starts."""
        return self.aisles[0] == self.aisles[1] and self.cross_aisles[0] == self.cross_aisles[1]


def ends_of(layout: RectangularLayout, start: Corner | None, end: Corner | None) -> Ends:
    """Return where a way starts and ends; None is the depot.

    Raises
    ------
    ValueError
        If a place is not on a cross-aisle.
    """
    places = [place or Corner(layout.depot_aisle, 0.0) for place in (start, end)]
    for place in places:
        if place.offset_m not in layout.cross_aisles_m:
            known = ", ".join(f"{offset_m:g}" for offset_m in layout.cross_aisles_m)
            raise ValueError(
                f"a way cannot start or end {place.offset_m:g} m from the front: "
                f"cross-aisles are at {known} m"
            )
    numbers = [layout.cross_aisles_m.index(place.offset_m) for place in places]
    return Ends((places[0].aisle, places[1].aisle), (numbers[0], numbers[1]))


class _Columns(NamedTuple):
    """A floor as arrays: its locations sorted by aisle and metres."""

    rank_of: npt.NDArray[np.int32]
    location_at: npt.NDArray[np.int64]
    aisle_at: npt.NDArray[np.float64]
    block_at: npt.NDArray[np.int32]
    offset_at_m: npt.NDArray[np.float64]
    cross_aisles_m: npt.NDArray[np.float64]


_remembered: dict[int, tuple[RectangularLayout, _Columns]] = {}


def _columns(layout: RectangularLayout) -> _Columns:
    """Return a floor as arrays, remembered for the last floors asked for."""
    known = _remembered.get(id(layout))
    if known is not None and known[0] is layout:
        return known[1]
    if len(_remembered) >= REMEMBERED_FLOORS:
        del _remembered[next(iter(_remembered))]
    aisles, offsets_m = np.array(layout.aisle_of), np.array(layout.offset_m)
    location_at = np.lexsort((np.arange(layout.locations), offsets_m, aisles))
    rank_of = np.empty(layout.locations, dtype=np.int32)
    rank_of[location_at] = np.arange(layout.locations, dtype=np.int32)
    columns = _Columns(
        rank_of,
        location_at,
        aisles[location_at].astype(np.float64),
        np.array(layout.block_of, dtype=np.int32)[location_at],
        offsets_m[location_at],
        np.array(layout.cross_aisles_m),
    )
    _remembered[id(layout)] = (layout, columns)
    return columns


def length_in_one_block_m(layout: RectangularLayout, stops: Sequence[int]) -> float:
    """Return the length of the shortest round trip from the depot in one block, interpreted."""
    aisle_of, offset_m = layout.aisle_of, layout.offset_m
    depot = layout.depot_aisle
    offsets: dict[float, list[float]] = {depot: [0.0]}
    for stop in stops:
        aisle = aisle_of[stop]
        if aisle in offsets:
            offsets[aisle].append(offset_m[stop])
        else:
            offsets[aisle] = [offset_m[stop]]
    places = sorted(offsets)
    first_m, last_m, gap_m = [], [], []
    for place in places:
        found = sorted(offsets[place])
        first_m.append(found[0])
        last_m.append(found[-1])
        gap_m.append(max([b - a for a, b in pairwise(found)], default=0.0))
    if depot not in range(layout.aisles):
        first_m[places.index(depot)] = -1.0
    at = [place * layout.aisle_pitch_m for place in places]
    return shortest_in_one_block_m(len(at), at, first_m, last_m, gap_m, layout.aisle_length_m)


def lengths_of_m(
    layout: RectangularLayout,
    stops: npt.NDArray[np.int64],
    list_from: npt.NDArray[np.int32],
    ends: Ends,
    *,
    turns: bool,
) -> npt.NDArray[np.float64]:
    """Return the length of the shortest way along each list in metres, shape (lists,).

    Parameters
    ----------
    layout
        A floor of one to four blocks without one-way aisles.
    stops, list_from
        Stops of all lists one after the other, and where each list begins, shape (lists + 1,).
    ends, turns
        Where the ways start and end, and whether carts can turn round inside an aisle.
    """
    from optimize.routing.kernels.lists import lengths_of_lists_m
    from optimize.routing.kernels.table import table

    columns = _columns(layout)
    steps = table(layout.blocks + 1)
    in_front = ends.is_round_trip and ends.cross_aisles[0] == 0
    return lengths_of_lists_m(
        columns.rank_of[stops], list_from, columns.aisle_at, columns.block_at,
        columns.offset_at_m, layout.aisles, layout.aisle_pitch_m, columns.cross_aisles_m,
        np.array(ends.aisles), np.array(ends.cross_aisles, dtype=np.int32),
        layout.blocks == 1 and in_front and turns, turns,
        steps.picks, steps.crossings, steps.crossings_from, steps.ends, steps.closed,
    )  # fmt: skip


class Way(NamedTuple):
    """A shortest way.

    Attributes
    ----------
    length_m
        Its length in metres.
    corners
        Its corners, from start to end.
    order
        The distinct stops in the order in which it passes them.
    """

    length_m: float
    corners: list[Corner]
    order: list[int]


def way_through(layout: RectangularLayout, stops: Sequence[int], ends: Ends, *, turns: bool) -> Way:
    """Return a shortest way past all stops."""
    from optimize.routing.kernels.lists import places_of, sorted_once
    from optimize.routing.kernels.table import table
    from optimize.routing.kernels.walk import whole_way

    columns = _columns(layout)
    steps = table(layout.blocks + 1)
    ranks = sorted_once(columns.rank_of[np.array(stops, dtype=np.int64)])
    aisle, at, is_aisle, first_m, last_m, gap_m, ends_at, stop_from, offsets_m = places_of(
        ranks, columns.aisle_at, columns.block_at, columns.offset_at_m, layout.blocks,
        layout.aisles, layout.aisle_pitch_m, np.array(ends.aisles),
        np.array(ends.cross_aisles, dtype=np.int32),
    )  # fmt: skip
    way, order, length_m = whole_way(
        at, is_aisle, first_m, last_m, gap_m, columns.cross_aisles_m, ends_at, turns, steps.picks,
        steps.crossings, steps.times, steps.crossings_from, steps.ends, steps.closed, stop_from,
        offsets_m,
    )  # fmt: skip
    aisles = aisle.tolist()
    corners = [Corner(aisles[int(place)], offset_m) for place, offset_m in way.tolist()]
    return Way(length_m, corners, columns.location_at[ranks[order]].tolist())
