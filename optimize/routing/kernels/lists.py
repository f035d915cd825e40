"""Pick lists as arrays: sorted, cut into places and blocks, and priced one after the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled
from optimize.routing.kernels.blocks import blocks_m
from optimize.routing.kernels.one_block import one_block_m

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]


@compiled
def sorted_once(ranks: Counts) -> Counts:
    """Return different numbers in ascending order."""
    found = np.empty_like(ranks)
    count = 0
    for rank in ranks:
        place = count
        while place and found[place - 1] > rank:
            place -= 1
        if place and found[place - 1] == rank:
            continue
        for later in range(count, place, -1):
            found[later] = found[later - 1]
        found[place] = rank
        count += 1
    return found[:count]


@compiled
def places_of(
    ranks: Counts,
    aisle_at: Floats,
    block_at: Counts,
    offset_at_m: Floats,
    blocks: int,
    aisles: int,
    pitch_m: float,
    ends_aisle: Floats,
    ends_corner: Counts,
) -> tuple[Floats, Floats, Counts, Floats, Floats, Floats, Counts, Counts, Floats]:
    """Cut a sorted pick list into places and blocks.

    Parameters
    ----------
    ranks
        Places of the stops among all locations sorted by aisle and metres, ascending.
    aisle_at, block_at, offset_at_m
        Aisle, block and metres from the front of the location of each rank.
    blocks, aisles, pitch_m
        The floor.
    ends_aisle, ends_corner
        Aisle (fractions lie between aisles) and cross-aisle where the way starts, and ends.

    Returns
    -------
    Aisle of each place; then ``at``, ``is_aisle``, ``first_m``, ``last_m``, ``gap_m`` and
    ``ends_at`` of :func:`optimize.routing.kernels.blocks.blocks_m`; then where the stops of each
    place and block begin, and the metres of each stop from the front.
    """
    most = len(ranks) + 2
    aisle = np.empty(most)
    first_m = np.full((most, blocks), -1.0)
    last_m, gap_m = np.zeros((most, blocks)), np.zeros((most, blocks))
    stop_from = np.zeros(most * blocks + 1, dtype=np.int32)
    offsets_m = np.empty(len(ranks))
    ends_at = np.empty((2, 2), dtype=np.int32)
    early, late = min(ends_aisle[0], ends_aisle[1]), max(ends_aisle[0], ends_aisle[1])
    places = 0
    for stop in range(len(ranks)):
        here = aisle_at[ranks[stop]]
        for end in (early, late):
            if end <= here and (places == 0 or aisle[places - 1] < end):
                aisle[places] = end
                places += 1
        if places == 0 or aisle[places - 1] < here:
            aisle[places] = here
            places += 1
        block = block_at[ranks[stop]]
        place, offset_m = places - 1, offset_at_m[ranks[stop]]
        if first_m[place, block] < 0.0:
            first_m[place, block] = offset_m
        else:
            gap_m[place, block] = max(gap_m[place, block], offset_m - last_m[place, block])
        last_m[place, block] = offset_m
        stop_from[place * blocks + block + 1] = stop + 1
        offsets_m[stop] = offset_m
    for end in (early, late):
        if places == 0 or aisle[places - 1] < end:
            aisle[places] = end
            places += 1
    for column in range(1, places * blocks + 1):
        stop_from[column] = max(stop_from[column], stop_from[column - 1])
    is_aisle = np.empty(places, dtype=np.int32)
    for place in range(places):
        number = int(aisle[place])
        is_aisle[place] = number == aisle[place] and 0 <= number < aisles
        for end in range(2):
            if aisle[place] == ends_aisle[end]:
                ends_at[end, 0], ends_at[end, 1] = place, ends_corner[end]
    return (
        aisle[:places], aisle[:places] * pitch_m, is_aisle, first_m[:places], last_m[:places],
        gap_m[:places], ends_at, stop_from[: places * blocks + 1], offsets_m,
    )  # fmt: skip


@compiled
def lengths_of_lists_m(
    lists: Counts,
    list_from: Counts,
    aisle_at: Floats,
    block_at: Counts,
    offset_at_m: Floats,
    aisles: int,
    pitch_m: float,
    cross_aisles_m: Floats,
    ends_aisle: Floats,
    ends_corner: Counts,
    is_round_trip: bool,
    turns: bool,
    picks: Counts,
    crossings: Counts,
    crossings_from: Counts,
    ends: Counts,
    closed: Counts,
) -> Floats:
    """Return the metres of the shortest way along each list, 0 for an empty round trip.

    Parameters
    ----------
    lists, list_from
        Ranks of the stops of all lists one after the other, and where each list begins.
    is_round_trip
        Whether one block is walked from the depot to the depot, so that six numbers are enough.
    aisle_at, block_at, offset_at_m, aisles, pitch_m, ends_aisle, ends_corner
        As in `places_of`.
    cross_aisles_m, turns, picks, crossings, crossings_from, ends, closed
        As in :func:`optimize.routing.kernels.blocks.blocks_m`.
    """
    count = len(list_from) - 1
    blocks = len(cross_aisles_m) - 1
    lengths_m = np.zeros(count)
    for number in range(count):
        ranks = sorted_once(lists[list_from[number] : list_from[number + 1]])
        if len(ranks) == 0 and ends_aisle[0] == ends_aisle[1] and ends_corner[0] == ends_corner[1]:
            continue
        _, at, is_aisle, first_m, last_m, gap_m, ends_at, _, _ = places_of(
            ranks, aisle_at, block_at, offset_at_m, blocks, aisles, pitch_m, ends_aisle,
            ends_corner,
        )  # fmt: skip
        if is_round_trip:
            depot = ends_at[0, 0]
            _visit_depot(first_m, gap_m, depot, is_aisle[depot])
            lengths_m[number] = one_block_m(
                len(at), at, first_m[:, 0], last_m[:, 0], gap_m[:, 0], cross_aisles_m[1]
            )
        else:
            lengths_m[number] = blocks_m(
                at, is_aisle, first_m, last_m, gap_m, cross_aisles_m, ends_at, turns, picks,
                crossings, crossings_from, ends, closed,
            )  # fmt: skip
    return lengths_m


@compiled
def _visit_depot(first_m: Floats, gap_m: Floats, depot: int, is_aisle: int) -> None:
    """Make the depot in front of an aisle a stop of that aisle."""
    if is_aisle:
        if first_m[depot, 0] > 0.0:
            gap_m[depot, 0] = max(gap_m[depot, 0], first_m[depot, 0])
        first_m[depot, 0] = 0.0
