"""The shortest way on a rectangular floor, found exactly: whichever programme fits it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from optimize.routing.exact_aisles import (
    Ends,
    Way,
    ends_of,
    length_in_one_block_m,
    lengths_of_m,
    way_through,
)
from optimize.routing.exact_one_way import length_one_way_m, walk_one_way
from sim.policies.routing import Corner, stops_along
from sim.warehouse.layout import RectangularLayout

MAX_BLOCKS = 4
"""With five blocks there are 3,032 classes and 14,146 ways to go on: too slow for every tour."""


def not_exact(layout: RectangularLayout) -> str | None:
    """Return why no exact programme is at hand for a floor, or None if one is."""
    if layout.blocks > MAX_BLOCKS:
        return f"{layout.blocks} blocks; {MAX_BLOCKS} are the limit"
    return None


def shortest_length_m(
    layout: RectangularLayout,
    stops: Sequence[int],
    *,
    start: Corner | None = None,
    end: Corner | None = None,
    turns: bool = True,
) -> float:
    """Return the length of the shortest way past all stops in metres.

    Parameters
    ----------
    layout
        A floor for which `not_exact` is None.
    stops
        Location ids in any order; repeats count once; no stops on a round trip is no walk.
    start, end
        Where the way starts and ends: points on a cross-aisle; None: the depot.
    turns
        Whether a cart can turn round inside an aisle.

    Raises
    ------
    ValueError
        If a stop is no location, the way starts or ends elsewhere, or aisles are one-way and it
        does not start and end at the depot.
    """
    ends = _checked(layout, stops, start, end)
    if not stops and ends.is_round_trip:
        return 0.0
    if layout.one_way:
        return length_one_way_m(layout, stops)
    if layout.blocks == 1 and turns and start is None and end is None:
        return length_in_one_block_m(layout, stops)
    one_list = np.array([0, len(stops)], dtype=np.int32)
    array = np.array(stops, dtype=np.int64)
    return float(lengths_of_m(layout, array, one_list, ends, turns=turns)[0])


def shortest_lengths_m(
    layout: RectangularLayout,
    lists: Sequence[Sequence[int]] | Sequence[npt.NDArray[np.int64]],
    *,
    start: Corner | None = None,
    end: Corner | None = None,
    turns: bool = True,
) -> npt.NDArray[np.float64]:
    """Return the length of the shortest way along each of many lists in metres, shape (lists,).

    Parameters and errors as in `shortest_length_m`. The dearest part of a list is turning it into
    an array; lists that are arrays cost a few microseconds.
    """
    arrays = [np.asarray(stops, dtype=np.int64) for stops in lists]
    stops = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
    ends = _checked(layout, (int(stops.min()), int(stops.max())) if len(stops) else (), start, end)
    if layout.one_way:
        lists_of_ints = [one.tolist() for one in arrays]
        return np.array([length_one_way_m(layout, one) if one else 0.0 for one in lists_of_ints])
    list_from = np.zeros(len(arrays) + 1, dtype=np.int32)
    np.cumsum([len(one) for one in arrays], out=list_from[1:])
    return lengths_of_m(layout, stops, list_from, ends, turns=turns)


def shortest_way(
    layout: RectangularLayout,
    stops: Sequence[int],
    *,
    start: Corner | None = None,
    end: Corner | None = None,
    turns: bool = True,
) -> Way:
    """Return a shortest way: its length, its corners, and the stops in its order.

    Parameters and errors as in `shortest_length_m`.
    """
    ends = _checked(layout, stops, start, end)
    if not stops and ends.is_round_trip:
        return Way(0.0, [start or Corner(layout.depot_aisle, 0.0)], [])
    if layout.one_way:
        length_m, walk = walk_one_way(layout, stops)
        order = stops_along(walk, stops, layout.aisle_of, layout.offset_m)
        return Way(length_m, walk, order)
    return way_through(layout, stops, ends, turns=turns)


def shortest_walk(layout: RectangularLayout, stops: Sequence[int]) -> list[Corner]:
    """Return the corners of a shortest round trip, from the depot to the depot."""
    return shortest_way(layout, stops).corners


def shortest_order(layout: RectangularLayout, stops: Sequence[int]) -> list[int]:
    """Return the distinct stops in the order in which a shortest round trip passes them."""
    return shortest_way(layout, stops).order


def _checked(
    layout: RectangularLayout, stops: Sequence[int], start: Corner | None, end: Corner | None
) -> Ends:
    if stops and not 0 <= min(stops) <= max(stops) < layout.locations:
        wrong = min(stops) if min(stops) < 0 else max(stops)
        raise ValueError(f"{wrong} is not a location")
    if layout.one_way and not start is end is None:
        raise ValueError("through one-way aisles a way starts and ends at the depot")
    return ends_of(layout, start, end)
