"""Routes of several vehicles under loads, times and precedence, found by OR-Tools.

Like `optimize.solver.routing`: whole numbers only, checked before; the search ends after a number
of solutions or of failed attempts, never by the clock; the answer is priced and timed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from optimize.solver import SolverError
from optimize.solver.fleet_input import Fleet, checked_fleet
from optimize.solver.routing import (
    DEFAULT_SOLUTION_LIMIT,
    FIRST_SOLUTIONS,
    check_whole,
    searched,
    trip,
)

DEFAULT_FAILURE_LIMIT = 200_000
"""Where hardly any route is allowed, few solutions are ever accepted; this ends the search."""


@dataclass(frozen=True)
class FleetRoutes:
    """Routes that together visit every node once and keep every limit.

    Attributes
    ----------
    nodes
        For each vehicle the nodes in visiting order, without start and end; empty if it stays.
    arrivals_s
        For each vehicle when service begins at each of its nodes, everything as early as it can
        be; empty where the fleet has no times.
    ends_s
        When each vehicle is at its end; its opening time if it stays. Empty without times.
    cost
        Sum of the matrix entries along all routes, re-computed here; a vehicle without nodes
        costs nothing.
    """

    nodes: tuple[tuple[int, ...], ...]
    arrivals_s: tuple[tuple[int, ...], ...]
    ends_s: tuple[int, ...]
    cost: int


def solve_fleet(
    fleet: Fleet,
    *,
    solution_limit: int = DEFAULT_SOLUTION_LIMIT,
    failure_limit: int = DEFAULT_FAILURE_LIMIT,
    seed: int = 0,
    known: Sequence[Sequence[int]] | None = None,
) -> FleetRoutes:
    """Find short routes by guided local search.

    Parameters
    ----------
    fleet
        Nodes, vehicles, and what limits them.
    solution_limit
        Accepted solutions after which the search ends, at least 1.
    failure_limit
        Failed attempts after which the search ends, at least 1.
    seed
        Seed of the solver, 0 to 2**31 - 1.
    known
        Routes that keep every limit, from which to start; None: the solver looks for first ones.

    Raises
    ------
    SolverError
        If the input is refused, cannot be kept by any routes, nothing was found, or the answer
        does not hold.
    """
    checked = checked_fleet(fleet)
    check_whole("solution_limit", solution_limit, 1, 2**31 - 1)
    check_whole("failure_limit", failure_limit, 1, 2**31 - 1)
    check_whole("seed", seed, 0, 2**31 - 1)
    if known is not None:
        checked_routes(checked, known)
    if not checked.visits:
        return checked_routes(checked, [[] for _ in checked.vehicles])
    nodes, claimed = _search(checked, solution_limit, failure_limit, seed, known)
    return checked_routes(checked, nodes, claimed)


def _search(
    fleet: Fleet,
    solution_limit: int,
    failure_limit: int,
    seed: int,
    known: Sequence[Sequence[int]] | None,
) -> tuple[list[list[int]], int]:
    from ortools.constraint_solver import pywrapcp

    starts = [vehicle.start for vehicle in fleet.vehicles]
    ends = [vehicle.end for vehicle in fleet.vehicles]
    manager = pywrapcp.RoutingIndexManager(len(fleet.cost), len(starts), starts, ends)
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(fleet.cost))
    solver = model.solver()
    for number, load in enumerate(fleet.loads):
        limits = [vehicle.limits[number] for vehicle in fleet.vehicles]
        transit = model.RegisterUnaryTransitVector(list(load.of_node))
        model.AddDimensionWithVehicleCapacity(transit, 0, limits, True, f"load {number}")
    if fleet.time_s is not None:
        _add_times(fleet, manager, model)
    if fleet.before:
        _add_precedence(fleet, manager, model)
    solver.ReSeed(seed)
    model.AddSearchMonitor(solver.FailuresLimit(failure_limit))
    try:
        solution = searched(
            model,
            solution_limit,
            first_solutions=FIRST_SOLUTIONS if known is None else FIRST_SOLUTIONS[:1],
            known=known,
        )
    except SolverError as error:
        raise SolverError(
            f"{error}, in {failure_limit} failed attempts at most: {len(fleet.visits)} nodes, "
            f"{len(starts)} vehicles, {len(fleet.before)} pairs in order; give more vehicles, "
            "larger limits or wider windows"
        ) from None
    return [
        trip(manager, model, solution, n) for n in range(len(starts))
    ], solution.ObjectiveValue()


def _add_times(fleet: Fleet, manager: Any, model: Any) -> None:  # noqa: ANN401
    """Tell the model when service may begin; each vehicle is ready when it opens."""
    assert fleet.time_s is not None
    size = len(fleet.time_s)
    service_s = fleet.service_s or (0,) * size
    spent_s = [[way_s + service_s[i] for way_s in fleet.time_s[i]] for i in range(size)]
    horizon_s = max(vehicle.closes_s for vehicle in fleet.vehicles)
    transit = model.RegisterTransitMatrix(spent_s)
    model.AddDimension(transit, horizon_s, horizon_s, False, "time")
    times = model.GetDimensionOrDie("time")
    for number, vehicle in enumerate(fleet.vehicles):
        opens_s = vehicle.opens_s
        times.CumulVar(model.Start(number)).SetRange(opens_s, opens_s)
        times.CumulVar(model.End(number)).SetRange(opens_s, vehicle.closes_s)
        model.AddVariableMinimizedByFinalizer(times.CumulVar(model.End(number)))
    if fleet.windows_s:
        for node in fleet.visits:
            first_s, last_s = fleet.windows_s[node]
            allowed = times.CumulVar(manager.NodeToIndex(node))
            allowed.SetRange(first_s, min(last_s, horizon_s))
    if fleet.makespan_cost:
        times.SetGlobalSpanCostCoefficient(fleet.makespan_cost)


def _add_precedence(fleet: Fleet, manager: Any, model: Any) -> None:  # noqa: ANN401
    """Count the nodes along each route: the first of a pair has the lower number, same vehicle."""
    solver = model.solver()
    size = len(fleet.cost)
    model.AddConstantDimension(1, size + 1, True, "rank")
    ranks = model.GetDimensionOrDie("rank")
    for first, then in fleet.before:
        one, other = manager.NodeToIndex(first), manager.NodeToIndex(then)
        solver.Add(ranks.CumulVar(one) < ranks.CumulVar(other))
        if len(fleet.vehicles) > 1:
            solver.Add(model.VehicleVar(one) == model.VehicleVar(other))


def checked_routes(
    fleet: Fleet, nodes: Sequence[Sequence[int]], claimed: int | None = None
) -> FleetRoutes:
    """Return routes with cost and times worked out, or raise if a limit is not kept.

    Parameters
    ----------
    fleet
        What was to be routed, as `checked_fleet` returned it.
    nodes
        For each vehicle the nodes in visiting order.
    claimed
        Cost that the solver claims, the makespan's included; None: nothing is claimed.

    Raises
    ------
    SolverError
        If a node is left out or visited twice, or a load, a window, a vehicle's time, an order
        or the claim is not kept.
    """
    if len(nodes) != len(fleet.vehicles):
        raise SolverError(f"{len(nodes)} routes for {len(fleet.vehicles)} vehicles")
    if sorted(node for route in nodes for node in route) != list(fleet.visits):
        raise SolverError("the routing solver's routes do not visit every node exactly once")
    _check_loads(fleet, nodes)
    _check_order(fleet, nodes)
    cost = sum(
        fleet.cost[i][j]
        for vehicle, route in zip(fleet.vehicles, nodes, strict=True) if route
        for i, j in pairwise([vehicle.start, *route, vehicle.end])
    )  # fmt: skip
    times = [_timed(fleet, number, route) for number, route in enumerate(nodes)]
    arrivals_s = tuple(arrivals for arrivals, _ in times) if fleet.time_s is not None else ()
    ends_s = tuple(end_s for _, end_s in times) if fleet.time_s is not None else ()
    if claimed is not None:
        _check_claim(fleet, nodes, cost, ends_s, claimed)
    return FleetRoutes(tuple(tuple(route) for route in nodes), arrivals_s, ends_s, cost)


def _check_claim(
    fleet: Fleet, nodes: Sequence[Sequence[int]], cost: int, ends_s: tuple[int, ...], claimed: int
) -> None:
    """A makespan may be claimed too long, as the solver need not be early; never too short."""
    if not fleet.makespan_cost:
        if cost != claimed:
            raise SolverError(f"the routing solver claims cost {claimed}, its routes cost {cost}")
        return
    used = [number for number, route in enumerate(nodes) if route]
    span_s = max((ends_s[number] for number in used), default=0) - min(
        (fleet.vehicles[number].opens_s for number in used), default=0
    )
    if cost + fleet.makespan_cost * span_s > claimed:
        raise SolverError(
            f"the routing solver claims cost {claimed}, its routes cost "
            f"{cost + fleet.makespan_cost * span_s} with the makespan"
        )


def _check_loads(fleet: Fleet, nodes: Sequence[Sequence[int]]) -> None:
    for dimension, load in enumerate(fleet.loads):
        for number, route in enumerate(nodes):
            taken = sum(load.of_node[node] for node in route)
            limit = fleet.vehicles[number].limits[dimension]
            if taken > limit:
                raise SolverError(
                    f"vehicle {number} takes {taken} of {load.name}; it holds {limit}"
                )


def _check_order(fleet: Fleet, nodes: Sequence[Sequence[int]]) -> None:
    place = {
        node: (number, rank)
        for number, route in enumerate(nodes)
        for rank, node in enumerate(route)
    }
    for first, then in fleet.before:
        (vehicle, rank), (other, later) = place[first], place[then]
        if vehicle != other or rank > later:
            raise SolverError(f"node {first} is not visited before node {then} on one route")


def _timed(fleet: Fleet, number: int, route: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """Return the earliest start of service at each node and the arrival at the end."""
    vehicle = fleet.vehicles[number]
    if fleet.time_s is None or not route:
        return (), vehicle.opens_s
    now_s, here = vehicle.opens_s, vehicle.start
    arrivals: list[int] = []
    service_s = fleet.service_s or (0,) * len(fleet.time_s)
    for node in route:
        now_s += service_s[here] + fleet.time_s[here][node]
        if fleet.windows_s:
            first_s, last_s = fleet.windows_s[node]
            now_s = max(now_s, first_s)
            if now_s > last_s:
                raise SolverError(f"vehicle {number} is at node {node} at {now_s}, after {last_s}")
        arrivals.append(now_s)
        here = node
    now_s += service_s[here] + fleet.time_s[here][vehicle.end]
    if now_s > vehicle.closes_s:
        raise SolverError(f"vehicle {number} is back at {now_s}, after {vehicle.closes_s}")
    return tuple(arrivals), now_s
