"""An independent look at a planned walk: all that is wanted is picked, and it is so long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimize.routing.check import CheckError, check_walk
from optimize.routing.problem import Problem
from optimize.routing.scattered.problem import ScatteredProblem, Stock
from sim.policies.routing import Corner


def check(
    problem: ScatteredProblem,
    picked: Mapping[Stock, int],
    walk: Sequence[Corner],
    claimed_m: float,
) -> None:
    """Raise unless the picks are there, are what is wanted, and lie along the walk.

    Parameters
    ----------
    problem
        Articles wanted and their places.
    picked
        Units picked at each place.
    walk
        Corners from the depot to the depot.
    claimed_m
        Its length in metres; may be off by 1e-6.

    Raises
    ------
    CheckError
        If the plan does not do what it claims.
    """
    units: dict[int, int] = {}
    for place, taken in picked.items():
        if place not in problem.stock or not 1 <= taken <= place.units:
            raise CheckError(f"{taken} units cannot be picked of {place}")
        units[place.article] = units.get(place.article, 0) + taken
    if units != dict(problem.wanted):
        raise CheckError(f"picked are {units}, wanted are {dict(problem.wanted)}")
    stops = tuple(sorted({place.location for place in picked}))
    check_walk(Problem(problem.layout, stops), walk, claimed_m)
