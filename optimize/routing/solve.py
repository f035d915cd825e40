"""Plan one round trip: exactly where the floor has aisles, with OR-Tools elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from optimize.routing.check import check, check_walk, priced_m
from optimize.routing.exact import not_exact, shortest_way
from optimize.routing.ortools_route import routed_order
from optimize.routing.problem import Problem
from optimize.solver.routing import DEFAULT_SOLUTION_LIMIT
from sim.warehouse.layout import RectangularLayout

Method = Literal["auto", "exact", "ortools"]


@dataclass(frozen=True)
class Result:
    """A planned round trip that was checked.

    Attributes
    ----------
    method
        What found it: "exact" or "ortools".
    status
        "optimal" where proved, else "feasible".
    cost_m
        Length in metres.
    bound_m
        No round trip is shorter than this; None where nothing is known.
    gap
        (cost - bound) / cost; None without a bound.
    seed
        Seed of the solver.
    time_s
        Processor time it took, in seconds.
    order
        Distinct stops in visiting order.
    """

    method: Literal["exact", "ortools"]
    status: Literal["optimal", "feasible"]
    cost_m: float
    bound_m: float | None
    gap: float | None
    seed: int
    time_s: float
    order: tuple[int, ...]


def solve(
    problem: Problem,
    *,
    method: Method = "auto",
    seed: int = 0,
    solution_limit: int = DEFAULT_SOLUTION_LIMIT,
) -> Result:
    """Return a short round trip past all stops.

    Parameters
    ----------
    problem
        Floor and stops.
    method
        "exact" needs a floor with aisles, in up to four blocks; "ortools"
        walks any floor; "auto" takes the exact one where it can.
    seed, solution_limit
        For OR-Tools.

    Raises
    ------
    ValueError
        If the method is unknown or does not fit the floor.
    SolverError
        If OR-Tools refuses the problem or its answer does not hold.
    CheckError
        If a plan does not do what it claims: a bug here, never of the input.
    """
    if method not in ("auto", "exact", "ortools"):
        raise ValueError(f"unknown method {method!r}; known are auto, exact, ortools")
    began_s = time.process_time()
    layout = problem.layout
    has_programme = isinstance(layout, RectangularLayout) and not_exact(layout) is None
    if method == "ortools" or (method == "auto" and not has_programme):
        if not problem.is_plain:
            raise ValueError(
                "OR-Tools plans round trips from the depot on which carts turn anywhere; "
                "use the exact method on a floor with aisles"
            )
        order = routed_order(problem, solution_limit=solution_limit, seed=seed)
        cost_m = priced_m(problem, order)
        spent_s = time.process_time() - began_s
        return Result("ortools", "feasible", cost_m, None, None, seed, spent_s, tuple(order))
    if not isinstance(layout, RectangularLayout):
        raise ValueError("the exact method needs a floor with aisles; use ortools")  # noqa: TRY004
    if not has_programme:
        raise ValueError(f"no exact method for {not_exact(layout)}; use ortools")
    way = shortest_way(
        layout, problem.stops, start=problem.start, end=problem.end, turns=problem.turns
    )
    check_walk(problem, way.corners, way.length_m)
    if problem.is_plain:
        check(problem, way.order, way.length_m)
    spent_s = time.process_time() - began_s
    cost_m = way.length_m
    return Result("exact", "optimal", cost_m, cost_m, 0.0, seed, spent_s, tuple(way.order))
