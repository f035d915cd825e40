from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from optimize.routing.exact import shortest_length_m
from optimize.routing.kernels.blocks import blocks_m, table
from sim.warehouse.layout import RectangularLayout


def price_m(floor: RectangularLayout, stops: list[int]) -> float:
    """Return what the table says of a round trip from the depot."""
    offsets: dict[float, list[list[float]]] = {floor.depot_aisle: [[] for _ in range(floor.blocks)]}
    for stop in stops:
        blocks = offsets.setdefault(float(floor.aisle_of[stop]), [[] for _ in range(floor.blocks)])
        blocks[floor.block_of[stop]].append(floor.offset_m[stop])
    aisles = sorted(offsets)
    shape = (len(aisles), floor.blocks)
    first_m, last_m, gap_m = np.full(shape, -1.0), np.zeros(shape), np.zeros(shape)
    for place, aisle in enumerate(aisles):
        for block, found in enumerate(offsets[aisle]):
            if found:
                found.sort()
                first_m[place, block], last_m[place, block] = found[0], found[-1]
                gap_m[place, block] = max((b - a for a, b in pairwise(found)), default=0.0)
    depot = aisles.index(floor.depot_aisle)
    is_aisle = np.array([aisle in range(floor.aisles) for aisle in aisles], dtype=np.int32)
    return blocks_m(
        len(aisles), floor.aisle_pitch_m * np.array(aisles), is_aisle, first_m, last_m, gap_m,
        np.array(floor.cross_aisles_m), depot, 0, depot, 0, *table(floor.blocks + 1),
    )  # fmt: skip


@pytest.mark.parametrize("blocks", [1, 2, 3, 4])
def test_the_table_prices_as_the_programme_does(blocks: int) -> None:
    """On 100 random lists (seed 7) both find the same length, whatever the depot."""
    rng = np.random.default_rng(7)
    for _ in range(100):
        aisles = int(rng.integers(1, 7))
        depot = float(rng.choice([0.0, aisles - 1.0, rng.integers(aisles) + 0.5, -1.0]))
        floor = RectangularLayout(
            aisles, int(rng.integers(4, 13)), 1.0, float(rng.choice([1.0, 5.0])), 0.5, depot,
            blocks=blocks,
        )  # fmt: skip
        stops = rng.integers(floor.locations, size=int(rng.integers(1, 13))).tolist()

        assert price_m(floor, stops) == pytest.approx(shortest_length_m(floor, stops), abs=1e-9)
