"""How each rule for aisles walks through one block, as a sequence of entries into its aisles.

A sweep begins at a cross-aisle of the block, in some aisle, and always ends at its front. With
several blocks, one sweep follows the other from the back of the floor to the front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from sim.policies.routing.one_block_lengths import combined_step
from sim.policies.routing.walks import AisleVisit, Column


class Block(NamedTuple):
    """What is to be picked in a block, and where the picker stands.

    Attributes
    ----------
    columns
        Aisles with stops, left to right, at least one.
    near_m, far_m
        Offsets of the cross-aisles in front of the block and behind it.
    here
        Aisle in which the picker arrives.
    at_back
        Whether the picker arrives at the cross-aisle behind the block.
    """

    columns: Sequence[Column]
    near_m: float
    far_m: float
    here: float
    at_back: bool


def from_closer_end(columns: Sequence[Column], here: float) -> Sequence[Column]:
    """Return the aisles in the order that begins at the outermost one closer to the picker.

    The leftmost if both are as close.
    """
    if abs(here - columns[-1].aisle) < abs(here - columns[0].aisle):
        return columns[::-1]
    return columns


def s_shape_sweep(block: Block) -> list[AisleVisit]:
    """Walk through every aisle; turn back in the last one if that ends at the front."""
    at_back = block.at_back
    visits: list[AisleVisit] = []
    for column in from_closer_end(block.columns, block.here):
        visits.append(AisleVisit(column.aisle, at_back, None))
        at_back = not at_back
    if at_back:
        last = from_closer_end(block.columns, block.here)[-1]
        visits[-1] = AisleVisit(last.aisle, from_back=False, reach_m=last.offsets_m[-1])
    return visits


def return_sweep(block: Block) -> list[AisleVisit]:
    """Enter and leave every aisle at its front end.

    Whoever arrives behind the block first walks through to the front where they stand.
    """
    visits: list[AisleVisit] = []
    columns = block.columns
    if block.at_back:
        visits.append(AisleVisit(int(block.here), from_back=True, reach_m=None))
        columns = [column for column in columns if column.aisle != block.here]
    if columns:
        visits += [
            AisleVisit(column.aisle, from_back=False, reach_m=column.offsets_m[-1])
            for column in from_closer_end(columns, block.here)
        ]
    return visits


def combined_sweep(block: Block) -> list[AisleVisit]:
    """Cross each aisle or turn back in it, whichever is better for the whole block."""
    length_m = block.far_m - block.near_m
    columns = from_closer_end(block.columns, block.here)
    ends = [(inf, 0.0) if block.at_back else (0.0, inf)]
    for column in columns:
        nearest_m = column.offsets_m[0] - block.near_m
        farthest_m = column.offsets_m[-1] - block.near_m
        ends.append(combined_step(*ends[-1], nearest_m, farthest_m, length_m))
    visits: list[AisleVisit] = []
    at_back = False
    for column, before, after in zip(columns[::-1], ends[-2::-1], ends[:0:-1], strict=True):
        came_from = before[0 if at_back else 1]
        if came_from + length_m == after[1 if at_back else 0]:
            at_back = not at_back
            visits.append(AisleVisit(column.aisle, at_back, None))
        else:
            reach_m = column.offsets_m[0] if at_back else column.offsets_m[-1]
            visits.append(AisleVisit(column.aisle, at_back, reach_m))
    return visits[::-1]


FromFront = Callable[[list[float], float, float], int]
"""Says how many stops of an aisle are reached from its front: offsets, near_m, far_m."""


def around_sweep(block: Block, from_front: FromFront) -> list[AisleVisit]:
    """Walk around the block and look into the aisles between the outer ones.

    From the front: through the aisle at the closer end, along the back, through the one at the
    other end, home along the front. From behind: along the back to the outermost aisle farther
    away, through it, then along the front.
    """
    columns = from_closer_end(block.columns, block.here)
    if len(columns) == 1:
        reach_m = None if block.at_back else columns[0].offsets_m[-1]
        return [AisleVisit(columns[0].aisle, block.at_back, reach_m)]
    first = [] if block.at_back else [AisleVisit(columns[0].aisle, from_back=False, reach_m=None)]
    between = columns[len(first) : -1]
    fronts, backs = _looks_into(between, from_front, block.near_m, block.far_m)
    last = AisleVisit(columns[-1].aisle, from_back=True, reach_m=None)
    return [*first, *backs, last, *fronts[::-1]]


def around_one_block(
    columns: Sequence[Column], depot_aisle: float, far_m: float, from_front: FromFront
) -> list[AisleVisit]:
    """Walk around the only block, from and to a depot anywhere at its front.

    Front ends left of the depot are looked into on the way out, the others on the way home.
    """
    if len(columns) == 1:
        return [AisleVisit(columns[0].aisle, from_back=False, reach_m=columns[0].offsets_m[-1])]
    fronts, backs = _looks_into(columns[1:-1], from_front, 0.0, far_m)
    fronts.reverse()
    return [
        *(visit for visit in fronts if visit.aisle <= depot_aisle),
        AisleVisit(columns[0].aisle, from_back=False, reach_m=None),
        *backs,
        AisleVisit(columns[-1].aisle, from_back=True, reach_m=None),
        *(visit for visit in fronts if visit.aisle > depot_aisle),
    ]


def _looks_into(
    columns: Sequence[Column], from_front: FromFront, near_m: float, far_m: float
) -> tuple[list[AisleVisit], list[AisleVisit]]:
    """Return the entries from the front and those from the back, in the order of the aisles."""
    fronts: list[AisleVisit] = []
    backs: list[AisleVisit] = []
    for column in columns:
        count = from_front(column.offsets_m, near_m, far_m)
        if count > 0:
            fronts.append(AisleVisit(column.aisle, False, column.offsets_m[count - 1]))
        if count < len(column.offsets_m):
            backs.append(AisleVisit(column.aisle, True, column.offsets_m[count]))
    return fronts, backs


def before_largest_gap(offsets_m: list[float], near_m: float, far_m: float) -> int:
    """Return how many stops lie in front of an aisle's widest gap; the first of equal gaps."""
    edges_m = [near_m, *offsets_m, far_m]
    gaps_m = [there_m - here_m for here_m, there_m in pairwise(edges_m)]
    return gaps_m.index(max(gaps_m))
