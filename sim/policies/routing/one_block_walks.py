"""The rules for one block of aisles as a sequence of entries into aisles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import inf

from sim.policies.routing.one_block_lengths import combined_step
from sim.policies.routing.walks import AisleVisit, Column


def s_shape_visits(columns: Sequence[Column]) -> list[AisleVisit]:
    """Return the S-shape walk; see `s_shape_m`."""
    visits = [
        AisleVisit(column.aisle, index % 2 == 1, None) for index, column in enumerate(columns)
    ]
    if len(columns) % 2:
        visits[-1] = AisleVisit(
            columns[-1].aisle, from_back=False, reach_m=columns[-1].offsets_m[-1]
        )
    return visits


def return_visits(columns: Sequence[Column]) -> list[AisleVisit]:
    """Return the walk that enters and leaves every aisle at its front end; see `return_m`."""
    return [AisleVisit(column.aisle, False, column.offsets_m[-1]) for column in columns]


def around_visits(
    columns: Sequence[Column], depot_aisle: float, from_front: Callable[[list[float]], int]
) -> list[AisleVisit]:
    """Return the walk around the block that looks into the aisles between the outer ones.

    Parameters
    ----------
    columns
        Aisles with stops, left to right.
    depot_aisle
        Front branches left of the depot are walked on the way out, the others on the way home.
    from_front
        Says how many of an aisle's stops are reached from the front.
    """
    if len(columns) == 1:
        return return_visits(columns)
    fronts: list[AisleVisit] = []
    backs: list[AisleVisit] = []
    for column in columns[1:-1]:
        count = from_front(column.offsets_m)
        if count > 0:
            fronts.append(AisleVisit(column.aisle, False, column.offsets_m[count - 1]))
        if count < len(column.offsets_m):
            backs.append(AisleVisit(column.aisle, True, column.offsets_m[count]))
    fronts.reverse()
    return [
        *(visit for visit in fronts if visit.aisle <= depot_aisle),
        AisleVisit(columns[0].aisle, False, None),
        *backs,
        AisleVisit(columns[-1].aisle, True, None),
        *(visit for visit in fronts if visit.aisle > depot_aisle),
    ]


def before_largest_gap(offsets_m: list[float], aisle_length_m: float) -> int:
    """Return how many stops lie in front of an aisle's widest gap; the first of equal gaps."""
    edges_m = [0.0, *offsets_m, aisle_length_m]
    gaps_m = [far_m - near_m for near_m, far_m in pairwise(edges_m)]
    return gaps_m.index(max(gaps_m))


def combined_visits(columns: Sequence[Column], aisle_length_m: float) -> list[AisleVisit]:
    """Return the combined walk; see `combined_m`."""
    ends = [(0.0, inf)]
    for column in columns:
        ends.append(
            combined_step(*ends[-1], column.offsets_m[0], column.offsets_m[-1], aisle_length_m)
        )
    visits: list[AisleVisit] = []
    at_back = False
    for column, before, after in zip(columns[::-1], ends[-2::-1], ends[:0:-1], strict=True):
        came_from = before[0 if at_back else 1]
        if came_from + aisle_length_m == after[1 if at_back else 0]:
            at_back = not at_back
            visits.append(AisleVisit(column.aisle, at_back, None))
        else:
            reach_m = column.offsets_m[0] if at_back else column.offsets_m[-1]
            visits.append(AisleVisit(column.aisle, at_back, reach_m))
    return visits[::-1]
