"""An independent look at a planned walk: every stop visited once, and as short as claimed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum

from optimize.routing.problem import Problem
from sim.warehouse.layout import DEPOT

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
