"""The shortest round trip on a rectangular floor, found exactly: whichever programme fits it."""

from __future__ import annotations

from collections.abc import Sequence

from optimize.routing.exact_blocks import length_in_blocks_m, walk_in_blocks
from optimize.routing.exact_one_block import length_in_one_block_m, walk_in_one_block
from optimize.routing.exact_one_way import length_one_way_m, walk_one_way
from sim.policies.routing import Corner, stops_along
from sim.warehouse.layout import RectangularLayout

MAX_BLOCKS = 4
"""With five blocks there are 3,032 classes and 14,146 ways to go on: too slow for every tour."""


def not_exact(layout: RectangularLayout) -> str | None:
    """Return why no exact programme is at hand for a floor, or None if one is."""
    if layout.one_way and layout.blocks > 1:
        return f"one-way aisles in {layout.blocks} blocks; one block is the limit"
    if layout.blocks > MAX_BLOCKS:
        return f"{layout.blocks} blocks; {MAX_BLOCKS} are the limit"
    return None


def shortest_length_m(layout: RectangularLayout, stops: Sequence[int]) -> float:
    """Return the length of the shortest round trip in metres.

    Parameters
    ----------
    layout
        A floor for which `not_exact` is None.
    stops
        Location ids in any order; repeats count once; empty means no walk.
    """
    if not stops:
        return 0.0
    _check(stops)
    if layout.one_way:
        return length_one_way_m(layout, stops)
    if layout.blocks == 1:
        return length_in_one_block_m(layout, stops)
    return length_in_blocks_m(layout, stops)


def shortest_walk(layout: RectangularLayout, stops: Sequence[int]) -> list[Corner]:
    """Return the corners of a shortest round trip, from the depot to the depot."""
    if not stops:
        return [Corner(layout.depot_aisle, 0.0)]
    _check(stops)
    if layout.one_way:
        return walk_one_way(layout, stops)
    if layout.blocks == 1:
        return walk_in_one_block(layout, stops)
    return walk_in_blocks(layout, stops)


def _check(stops: Sequence[int]) -> None:
    if min(stops) < 0:
        raise ValueError(f"{min(stops)} is not a location")


def shortest_order(layout: RectangularLayout, stops: Sequence[int]) -> list[int]:
    """Return the distinct stops in the order in which a shortest round trip passes them."""
    return stops_along(shortest_walk(layout, stops), stops, layout.aisle_of, layout.offset_m)
