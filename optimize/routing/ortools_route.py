"""A short round trip on any floor, found by OR-Tools or by own local search beside it."""

from __future__ import annotations

from itertools import pairwise
from math import fsum, isfinite

from optimize.routing.local_search import searched_tour
from optimize.routing.problem import Problem
from optimize.solver import SolverError
from optimize.solver.routing import DEFAULT_SOLUTION_LIMIT, solve_routes
from sim.policies.routing import distance_matrix_m
from sim.warehouse.layout import DEPOT


def routed_order(
    problem: Problem, *, solution_limit: int = DEFAULT_SOLUTION_LIMIT, seed: int = 0
) -> list[int]:
    """Return the distinct stops in the order of a short round trip.

    Own local search starts from the tour of the rule ``nearest`` and never makes it longer; the
    solver's tour is kept where it is shorter still.

    Parameters
    ----------
    problem
        Floor and stops.
    solution_limit
        Accepted solutions after which the search ends.
    seed
        Seed of both.

    Raises
    ------
    SolverError
        If a stop cannot be reached or the solver's answer does not hold.
    """
    stops = problem.distinct_stops
    if not stops:
        return []
    nodes = (DEPOT, *stops)
    ways_m = distance_matrix_m(problem.layout, nodes)
    millimetres = [[_millimetres(way_m) for way_m in row] for row in ways_m]
    routes = solve_routes(millimetres, solution_limit=solution_limit, seed=seed)
    tours = ([0, *routes.nodes[0]], searched_tour(ways_m, seed=seed))
    shortest = min(tours, key=lambda tour: fsum(ways_m[i][j] for i, j in pairwise([*tour, 0])))
    return [nodes[node] for node in shortest[1:]]


def _millimetres(way_m: float) -> int:
    if not isfinite(way_m):
        raise SolverError("a stop cannot be reached on foot")
    return round(way_m * 1000.0)
