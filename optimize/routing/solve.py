"""Plan one round trip: exactly where the floor has aisles, with OR-Tools elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from optimize.routing.check import check, priced_m
from optimize.routing.exact import not_exact, shortest_length_m, shortest_order
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
    order
        Distinct stops in visiting order.
    """

    method: Literal["exact", "ortools"]
    status: Literal["optimal", "feasible"]
    cost_m: float
    bound_m: float | None
    gap: float | None
    seed: int
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
        "exact" needs a floor with aisles, in up to four blocks, one-way ones in one; "ortools"
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
    layout = problem.layout
    has_programme = isinstance(layout, RectangularLayout) and not_exact(layout) is None
    if method == "ortools" or (method == "auto" and not has_programme):
        order = routed_order(problem, solution_limit=solution_limit, seed=seed)
        cost_m = priced_m(problem, order)
        return Result("ortools", "feasible", cost_m, None, None, seed, tuple(order))
    if not isinstance(layout, RectangularLayout):
        raise ValueError("the exact method needs a floor with aisles; use ortools")  # noqa: TRY004
    if not has_programme:
        raise ValueError(f"no exact method for {not_exact(layout)}; use ortools")
    order = shortest_order(layout, problem.stops)
    cost_m = shortest_length_m(layout, problem.stops)
    check(problem, order, cost_m)
    return Result("exact", "optimal", cost_m, cost_m, 0.0, seed, tuple(order))
