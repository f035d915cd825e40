"""A walk through several blocks, one after the other.

Roodbergen and de Koster (2001), Routing methods for warehouses with multiple cross aisles,
International Journal of Production Research 39(9), 1865-1883: up the leftmost aisle with picks to
the front of the farthest block with picks, then block by block back to the depot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.policies.routing.sweeps import Block
from sim.policies.routing.walks import AisleVisit, Column, Corner, corners_of

Sweep = Callable[[Block], list[AisleVisit]]


def block_walk(
    columns: Sequence[Sequence[Column]], cross_aisles_m: Sequence[float], sweep: Sweep
) -> list[Corner]:
    """Return the corners of a walk from the front cross-aisle through the blocks and back to it.

    What lies in the leftmost aisle in front of the farthest block is picked in passing.

    Parameters
    ----------
    columns
        Aisles with stops of each block, front to back, left to right; at least one in all.
    cross_aisles_m
        Offsets of the cross-aisles, front to back.
    sweep
        How the rule walks through a block.
    """
    here: float = min(column.aisle for block in columns for column in block)
    farthest = max(block for block, aisles in enumerate(columns) if aisles)
    corners = [Corner(here, 0.0), Corner(here, cross_aisles_m[farthest])]
    for number in range(farthest, -1, -1):
        near_m, far_m = cross_aisles_m[number], cross_aisles_m[number + 1]
        waiting = [
            column for column in columns[number]
            if number == farthest or column.aisle != corners[0].aisle
        ]  # fmt: skip
        if waiting:
            visits = sweep(Block(waiting, near_m, far_m, here, at_back=number != farthest))
            corners += corners_of(visits, near_m, far_m)
            here = corners[-1].aisle
        else:
            corners.append(Corner(here, near_m))
    return corners
