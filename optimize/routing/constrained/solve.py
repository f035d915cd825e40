"""Plan one walk with rules: OR-Tools and own local search, the better answer is kept."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING, Literal

from optimize.routing.check import TOLERANCE_M
from optimize.routing.constrained.check import check
from optimize.routing.constrained.legs import Legs, legs_of
from optimize.routing.constrained.problem import ConstrainedProblem, permitted
from optimize.routing.constrained.walkways import Point
from optimize.routing.exact import not_exact, shortest_length_m, shortest_order
from optimize.solver.fleet import solve_fleet
from optimize.solver.fleet_input import Fleet, Vehicle
from optimize.solver.routing import DEFAULT_SOLUTION_LIMIT, check_whole
from sim.policies.routing import NearestRouting
from sim.warehouse.layout import RectangularLayout

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DEFAULT_ROUNDS = 300
"""With 60 stops in three weight classes, 100 rounds were 0.2 % longer than 300 (five lists)."""


@dataclass(frozen=True)
class ConstrainedResult:
    """A planned walk that was checked.

    Attributes
    ----------
    started_from
        The order that local search mended into this one: "exact" (the shortest walk without the
        rules), "nearest" or "ortools".
    status
        "optimal" where the bound is met, else "feasible".
    cost_m
        Metres, and what turns add to them.
    walked_m
        Metres.
    turns, u_turns
        How often the walk turns, and turns round; 0 where turns cost nothing.
    bound_m
        The shortest walk without rules, which no walk with rules undercuts; None where no exact
        programme fits the floor.
    gap
        (cost - bound) / cost; None without a bound.
    seed
        Seed of both searches.
    time_s
        Seconds of processor time.
    order
        Distinct stops in visiting order.
    walk
        Points of the walk in metres, on the centre lines; None where turns cost nothing.
    """

    started_from: Literal["exact", "nearest", "ortools"]
    status: Literal["optimal", "feasible"]
    cost_m: float
    walked_m: float
    turns: int
    u_turns: int
    bound_m: float | None
    gap: float | None
    seed: int
    time_s: float
    order: tuple[int, ...]
    walk: tuple[Point, ...] | None


def solve(
    problem: ConstrainedProblem,
    *,
    rounds: int = DEFAULT_ROUNDS,
    solution_limit: int = DEFAULT_SOLUTION_LIMIT,
    seed: int = 0,
) -> ConstrainedResult:
    """Return a cheap round trip past all stops that keeps the rules.

    OR-Tools keeps the order of the pairs but prices a leg by its cheapest directions, since a
    matrix between stops cannot tell from where one came; local search prices every order exactly,
    and starts from OR-Tools' order, from ``nearest`` and, where there is one, from the exact walk
    without rules.

    Parameters
    ----------
    problem
        Floor, stops and rules.
    rounds
        How often local search shakes its best order, from each start; at least 0.
    solution_limit
        Accepted solutions after which OR-Tools ends.
    seed
        0 to 2**31 - 3.

    Raises
    ------
    SolverError
        If a setting is out of range, a stop cannot be reached, or OR-Tools' answer does not hold.
    CheckError
        If the plan does not do what it claims: a bug here, never of the input.
    """
    began_s = process_time()
    check_whole("rounds", rounds, 0, 2**31 - 1)
    check_whole("seed", seed, 0, 2**31 - 3)
    stops = problem.distinct_stops
    if not stops:
        bound_m: float | None = 0.0
        return ConstrainedResult("nearest", "optimal", 0.0, 0.0, 0, 0, bound_m, 0.0, seed, 0.0,
                                 (), None)  # fmt: skip
    legs = legs_of(problem)
    best_m, best_name, best = float("inf"), "nearest", [0]
    for name, order in _starts(problem, legs, solution_limit, seed):
        found, cost_m = _searched(problem, legs, order, rounds, seed)
        if cost_m < best_m - TOLERANCE_M:
            best_m, best_name, best = cost_m, name, found
    order = [legs.places[place] for place in best[1:-1]]
    walk = legs.walk(best)
    price = check(problem, order, walk, best_m)
    bound_m = _bound_m(problem)
    is_met = bound_m is not None and price.cost_m <= bound_m + TOLERANCE_M
    return ConstrainedResult(
        started_from=best_name,  # type: ignore[arg-type]
        status="optimal" if is_met else "feasible",
        cost_m=price.cost_m,
        walked_m=price.walked_m,
        turns=price.turns,
        u_turns=price.u_turns,
        bound_m=bound_m,
        gap=None if bound_m is None else max(0.0, (price.cost_m - bound_m) / price.cost_m),
        seed=seed,
        time_s=process_time() - began_s,
        order=tuple(order),
        walk=walk,
    )


def _bound_m(problem: ConstrainedProblem) -> float | None:
    layout = problem.layout
    if isinstance(layout, RectangularLayout) and not_exact(layout) is None:
        return shortest_length_m(layout, problem.distinct_stops)
    return None


def _starts(
    problem: ConstrainedProblem, legs: Legs, solution_limit: int, seed: int
) -> list[tuple[str, list[int]]]:
    """Return named orders of the stops that keep the pairs."""
    layout, stops = problem.layout, problem.distinct_stops
    found: list[tuple[str, list[int]]] = []
    if isinstance(layout, RectangularLayout) and not_exact(layout) is None:
        found.append(("exact", shortest_order(layout, stops)))
    found.append(("nearest", NearestRouting(layout).visit_order(stops)))
    found = [(name, permitted(order, problem.before)) for name, order in found]
    return [*found, ("ortools", _routed(problem, legs, found[0][1], solution_limit, seed))]


def _routed(
    problem: ConstrainedProblem, legs: Legs, start: list[int], solution_limit: int, seed: int
) -> list[int]:
    """Return OR-Tools' order: each leg as if one could choose its directions freely."""
    import numpy as np

    firsts = legs.first[:-1]
    least_m = np.minimum.reduceat(np.minimum.reduceat(legs.ways_m, firsts, 0), firsts, 1)
    least_m = least_m[:-1, :-1]
    least_m[1:, 0] = np.minimum.reduceat(legs.ways_m[:, -1], firsts)[1:-1]
    np.fill_diagonal(least_m, 0.0)
    number = {stop: place for place, stop in enumerate(legs.places[:-1])}
    pairs = [(number[first], number[then]) for first, then in problem.before]
    fleet = Fleet(
        cost=[[round(float(way_m) * 1000.0) for way_m in row] for row in least_m],
        vehicles=(Vehicle(),),
        before=tuple(dict.fromkeys(pairs)),
    )
    known = [number[stop] for stop in start]
    routes = solve_fleet(fleet, solution_limit=solution_limit, seed=seed, known=[known])
    return [legs.places[node] for node in routes.nodes[0]]


def _searched(
    problem: ConstrainedProblem, legs: Legs, order: list[int], rounds: int, seed: int
) -> tuple[list[int], float]:
    """Return the order mended by local search, as numbers of places, and its cost."""
    import numpy as np

    from optimize.routing.kernels.order_search import search_order

    size = len(legs.places)
    number = {stop: place for place, stop in enumerate(legs.places[:-1])}
    before: npt.NDArray[np.bool_] = np.zeros((size, size), dtype=np.bool_)
    for first, then in problem.before:
        before[number[first], number[then]] = True
    for middle in range(1, size - 1):
        before |= before[:, [middle]] & before[[middle], :]
    start = np.array([0, *(number[stop] for stop in order), size - 1], dtype=np.int64)
    found, cost_m = search_order(start, legs.first, legs.ways_m, before, rounds, seed + 1)
    return [int(place) for place in found], float(cost_m)
