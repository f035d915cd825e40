"""The shortest round trip through several blocks, found exactly.

As in one block (Ratliff & Rosenthal 1983; two blocks: Roodbergen & de Koster 2001, European Journal
of Operational Research 133(1), 32-43): from left to right, block by block in each aisle, only the
shortest drawing of each class is kept. There are 24, 112 and 568 classes for 2, 3 and 4 blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.routing.classes import AISLE_PICKS, Step, classes
from optimize.routing.drawing import Drawing, pick_costs_m
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout

# The depot between the aisles is a corner of the front cross-aisle, with no aisle behind it.
_DEPOT_ALONE_M = [0.0 if pick.name == "from_front" else inf for pick in AISLE_PICKS]
_BEHIND_DEPOT_M = [0.0 if pick.name == "not_entered" else inf for pick in AISLE_PICKS]

Lengths = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class _Table:
    """Steps as columns, sorted by the state to which they lead.

    Parameters
    ----------
    steps
        The steps.
    before, way
        State before each step and its way.
    reached, first
        States that are reached, and the first step that leads to each.
    """

    steps: tuple[Step, ...]
    before: Indices
    way: Indices
    reached: Indices
    first: Indices

    def shortest(self, before_m: Lengths, ways_m: Lengths) -> Lengths:
        """Return the shortest drawing for each state after one step, from those before it."""
        after_m = np.full(len(before_m), inf)
        lengths_m = before_m[self.before] + ways_m[self.way]
        after_m[self.reached] = np.minimum.reduceat(lengths_m, self.first)
        return after_m

    def step_to(self, state: int, before_m: Lengths, ways_m: Lengths, length_m: float) -> Step:
        """Return the first step by which a state is reached at a length."""
        return next(
            step
            for step in self.steps
            if step.after == state and before_m[step.before] + ways_m[step.way] == length_m
        )


@cache
def _tables(cross_aisles: int) -> tuple[tuple[_Table, ...], _Table]:
    """Return the steps of each block and those to the next aisle."""
    found = classes(cross_aisles)
    return tuple(_table(steps) for steps in found.picks), _table(found.crossings)


def _table(steps: Sequence[Step]) -> _Table:
    ordered = sorted(steps, key=lambda step: step.after)
    reached, first = np.unique([step.after for step in ordered], return_index=True)
    return _Table(
        tuple(ordered),
        np.array([step.before for step in ordered], dtype=np.intp),
        np.array([step.way for step in ordered], dtype=np.intp),
        reached.astype(np.intp),
        first.astype(np.intp),
    )


class _Place(NamedTuple):
    """An aisle with stops, the depot, or both: the offsets of its stops in each block."""

    aisle: float
    offsets_m: list[list[float]]


class _Advance(NamedTuple):
    """One step of the programme: what it was chosen from, and its result."""

    table: _Table
    before_m: Lengths
    ways_m: Lengths
    after_m: Lengths


def length_in_blocks_m(layout: RectangularLayout, stops: Sequence[int]) -> float:
    """Return the length of the shortest round trip past at least one stop in metres."""
    last_m = _advances(layout, _places(layout, stops))[-1].after_m
    return float(last_m[list(classes(layout.blocks + 1).closed)].min())


def walk_in_blocks(layout: RectangularLayout, stops: Sequence[int]) -> list[Corner]:
    """Return the corners of a shortest round trip past at least one stop."""
    places = _places(layout, stops)
    chosen = _choices(layout, _advances(layout, places))
    cross_aisles_m = layout.cross_aisles_m
    block_ends_m = list(pairwise(cross_aisles_m))
    drawing = Drawing()
    for index, place in enumerate(places):
        if index:
            left = places[index - 1].aisle
            for offset_m, times in zip(cross_aisles_m, next(chosen).times, strict=True):
                drawing.add(Corner(left, offset_m), Corner(place.aisle, offset_m), times)
        for offsets_m, ends_m in zip(place.offsets_m, block_ends_m, strict=True):
            drawing.add_pick(next(chosen).way, place.aisle, offsets_m, ends_m)
    return drawing.walk_from(Corner(layout.depot_aisle, 0.0))


def _places(layout: RectangularLayout, stops: Sequence[int]) -> list[_Place]:
    """Return the aisles with stops and the depot, left to right.

    The depot is a stop at the front end of its aisle.
    """
    offsets: dict[float, list[list[float]]] = {
        aisle: [[] for _ in range(layout.blocks)]
        for aisle in sorted([layout.depot_aisle, *(layout.aisle_of[stop] for stop in stops)])
    }
    offsets[layout.depot_aisle][0].append(0.0)
    for stop in stops:
        offsets[layout.aisle_of[stop]][layout.block_of[stop]].append(layout.offset_m[stop])
    for in_aisle in offsets.values():
        for in_block in in_aisle:
            in_block.sort()
    return [_Place(aisle, in_aisle) for aisle, in_aisle in offsets.items()]


def _advances(layout: RectangularLayout, places: Sequence[_Place]) -> list[_Advance]:
    """Return the steps of the programme, aisle by aisle and block by block."""
    pick_tables, crossing_table = _tables(layout.blocks + 1)
    cross_aisles_m = layout.cross_aisles_m
    here_m = np.full(len(classes(layout.blocks + 1).states), inf)
    here_m[0] = 0.0
    advances: list[_Advance] = []
    for index, place in enumerate(places):
        ways = []
        if index:
            apart_m = layout.aisle_pitch_m * (place.aisle - places[index - 1].aisle)
            ways.append((crossing_table, apart_m * np.arange(2.0 * len(cross_aisles_m) + 1.0)))
        is_aisle = place.aisle in range(layout.aisles)
        for block, table in enumerate(pick_tables):
            costs_m = pick_costs_m(
                place.offsets_m[block], cross_aisles_m[block], cross_aisles_m[block + 1]
            )
            if not is_aisle:
                costs_m = _DEPOT_ALONE_M if block == 0 else _BEHIND_DEPOT_M
            ways.append((table, np.array(costs_m)))
        for table, ways_m in ways:
            after_m = table.shortest(here_m, ways_m)
            advances.append(_Advance(table, here_m, ways_m, after_m))
            here_m = after_m
    return advances


def _choices(layout: RectangularLayout, advances: Sequence[_Advance]) -> Iterator[Step]:
    """Return the steps of a shortest drawing, from left to right."""
    last_m = advances[-1].after_m
    state = min(classes(layout.blocks + 1).closed, key=last_m.__getitem__)
    chosen: list[Step] = []
    for table, before_m, ways_m, after_m in reversed(advances):
        step = table.step_to(state, before_m, ways_m, after_m[state])
        chosen.append(step)
        state = step.before
    return reversed(chosen)
