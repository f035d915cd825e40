"""An independent look at a planned walk: every stop visited once, and as short as claimed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum

from optimize.routing.problem import Problem
from sim.policies.routing import Corner
from sim.warehouse.layout import DEPOT, RectangularLayout

TOLERANCE_M = 1e-6


class CheckError(Exception):
    """A plan that does not do what it claims."""


def priced_m(problem: Problem, order: Sequence[int]) -> float:
    """Return the metres of the round trip that visits the stops in this order.

    Raises
    ------
    CheckError
        If a stop is left out, visited twice or was never asked for.
    """
    wanted = list(problem.distinct_stops)
    if sorted(order) != wanted:
        missing = [stop for stop in wanted if stop not in order]
        foreign = [stop for stop in order if stop not in wanted]
        twice = [stop for stop in dict.fromkeys(order) if list(order).count(stop) > 1]
        raise CheckError(
            f"the visit order leaves out {missing}, adds {foreign} and repeats {twice}"
        )
    legs = pairwise([DEPOT, *order, DEPOT])
    return fsum(problem.layout.distance_m(start, end) for start, end in legs)


def check(problem: Problem, order: Sequence[int], claimed_m: float) -> None:
    """Raise unless the visit order is complete and costs what is claimed.

    Parameters
    ----------
    problem
        Floor and stops.
    order
        Stops in visiting order.
    claimed_m
        Length the plan claims, in metres; may be off by 1e-6.

    Raises
    ------
    CheckError
        If the plan does not do what it claims.
    """
    walked_m = priced_m(problem, order)
    # Written so that a claim that is not a number fails as well.
    if not abs(walked_m - claimed_m) <= TOLERANCE_M:
        raise CheckError(f"the plan claims {claimed_m} m, walking it takes {walked_m} m")


def check_walk(problem: Problem, walk: Sequence[Corner], claimed_m: float) -> None:
    """Raise unless a walk through aisles can be walked, passes every stop and is that long.

    Parameters
    ----------
    problem
        Floor, stops, start and end.
    walk
        Corners from the start to the end.
    claimed_m
        Length the plan claims, in metres; may be off by 1e-6.

    Raises
    ------
    CheckError
        If the plan does not do what it claims.
    """
    layout = problem.layout
    assert isinstance(layout, RectangularLayout)
    home = Corner(layout.depot_aisle, 0.0)
    if walk[0] != (problem.start or home) or walk[-1] != (problem.end or home):
        raise CheckError(f"the walk leads from {walk[0]} to {walk[-1]}")
    passed: dict[float, list[tuple[float, float]]] = {}
    legs_m = []
    for start, end in pairwise(walk):
        if start.aisle == end.aisle and start.aisle in range(layout.aisles):
            low_m, high_m = sorted((start.offset_m, end.offset_m))
            passed.setdefault(start.aisle, []).append((low_m, high_m))
            legs_m.append(high_m - low_m)
        elif start.offset_m == end.offset_m and start.offset_m in layout.cross_aisles_m:
            legs_m.append(abs(start.aisle - end.aisle) * layout.aisle_pitch_m)
        else:
            raise CheckError(f"nobody can walk straight from {start} to {end}")
        if not problem.turns and end.offset_m not in layout.cross_aisles_m:
            raise CheckError(f"the walk turns round inside an aisle, at {end}")
    for stop in problem.stops:
        stretches = passed.get(layout.aisle_of[stop], ())
        if not any(low_m <= layout.offset_m[stop] <= high_m for low_m, high_m in stretches):
            raise CheckError(f"the walk does not pass stop {stop}")
    if not abs(fsum(legs_m) - claimed_m) <= TOLERANCE_M:
        raise CheckError(f"the plan claims {claimed_m} m, walking it takes {fsum(legs_m)} m")
