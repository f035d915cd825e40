"""What a fleet has to visit, and whether any routes can do it: told in words before the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optimize.solver import SolverError
from optimize.solver.routing import COST_LIMIT, MAX_VEHICLES, check_whole, checked_matrix

MAX_TIME_S = 2**40


@dataclass(frozen=True)
class Vehicle:
    """One route at hand.

    Parameters
    ----------
    start, end
        Nodes at which the route starts and ends.
    opens_s, closes_s
        When it leaves and by when it is at its end, in whole seconds.
    limits
        What it holds of each load.
    """

    start: int = 0
    end: int = 0
    opens_s: int = 0
    closes_s: int = MAX_TIME_S
    limits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Load:
    """One thing of which vehicles hold so much: orders, volume, weight.

    Parameters
    ----------
    name
        What it is called in messages.
    of_node
        Whole number of at least 0 for each node, 0 at starts and ends.
    """

    name: str
    of_node: tuple[int, ...]


@dataclass(frozen=True)
class Fleet:
    """Nodes to be visited by vehicles.

    Parameters
    ----------
    cost
        Square matrix of whole numbers as in `optimize.solver.routing.solve_routes`.
    vehicles
        At least one; nodes at which one starts or ends are not visited otherwise.
    loads
        What visits take of the vehicles.
    time_s
        Square matrix of whole seconds from node to node; None: there are no times.
    service_s
        Seconds spent at each node; empty: none.
    windows_s
        First and last second at which service may begin, for each node; empty: any time. One may
        wait. What is written at starts and ends does not count.
    before
        Pairs of nodes on the same route, the first one visited before the second.
    makespan_cost
        Added to the cost for each second from the first leaving to the last coming home.
    """

    cost: Sequence[Sequence[int]]
    vehicles: tuple[Vehicle, ...]
    loads: tuple[Load, ...] = ()
    time_s: Sequence[Sequence[int]] | None = None
    service_s: tuple[int, ...] = ()
    windows_s: tuple[tuple[int, int], ...] = ()
    before: tuple[tuple[int, int], ...] = ()
    makespan_cost: int = 0

    @property
    def visits(self) -> tuple[int, ...]:
        """Nodes at which no vehicle starts or ends, ascending."""
        ends = dict.fromkeys(node for one in self.vehicles for node in (one.start, one.end))
        return tuple(node for node in range(len(self.cost)) if node not in ends)


def checked_fleet(fleet: Fleet) -> Fleet:
    """Return the fleet with plain matrices, or raise `SolverError` saying what is wrong.

    Raises
    ------
    SolverError
        If a number is out of range, or it is plain that no routes can keep the limits.
    """
    cost = checked_matrix(fleet.cost)
    size = len(cost)
    check_whole("number of vehicles", len(fleet.vehicles), 1, MAX_VEHICLES)
    for number, vehicle in enumerate(fleet.vehicles):
        check_whole(f"start of vehicle {number}", vehicle.start, 0, size - 1)
        check_whole(f"end of vehicle {number}", vehicle.end, 0, size - 1)
        check_whole(f"opens_s of vehicle {number}", vehicle.opens_s, 0, MAX_TIME_S)
        check_whole(f"closes_s of vehicle {number}", vehicle.closes_s, vehicle.opens_s, MAX_TIME_S)
        if len(vehicle.limits) != len(fleet.loads):
            raise SolverError(
                f"vehicle {number} has {len(vehicle.limits)} limits for {len(fleet.loads)} loads"
            )
        for load, limit in zip(fleet.loads, vehicle.limits, strict=True):
            check_whole(f"limit of {load.name} of vehicle {number}", limit, 0, COST_LIMIT)
    checked = replace(fleet, cost=cost)
    for load in fleet.loads:
        _check_load(checked, load)
    _check_before(checked)
    return _with_times(checked)


def _check_load(fleet: Fleet, load: Load) -> None:
    if len(load.of_node) != len(fleet.cost):
        raise SolverError(f"{load.name} of {len(load.of_node)} nodes; there are {len(fleet.cost)}")
    visits = fleet.visits
    for node, amount in enumerate(load.of_node):
        check_whole(f"{load.name} of node {node}", amount, 0, COST_LIMIT)
        if amount and node not in visits:
            raise SolverError(f"node {node} is a start or end but takes {amount} of {load.name}")
    limits = [vehicle.limits[fleet.loads.index(load)] for vehicle in fleet.vehicles]
    most = max(limits)
    for node in visits:
        if load.of_node[node] > most:
            raise SolverError(
                f"node {node} takes {load.of_node[node]} of {load.name}; no vehicle holds more "
                f"than {most}; split the node or take a larger vehicle"
            )
    if sum(load.of_node) > sum(limits):
        raise SolverError(
            f"all nodes take {sum(load.of_node)} of {load.name}; all vehicles together hold "
            f"{sum(limits)}; give more vehicles or larger ones"
        )


def _check_before(fleet: Fleet) -> None:
    """Raise if a pair names something else than two visits, or the pairs go round in a circle."""
    visits = fleet.visits
    after: dict[int, list[int]] = {node: [] for node in visits}
    waits = dict.fromkeys(visits, 0)
    for first, then in fleet.before:
        if first == then or first not in after or then not in after:
            raise SolverError(
                f"node {first} before node {then} is no pair of different nodes to be visited"
            )
        after[first].append(then)
        waits[then] += 1
    free = [node for node in visits if not waits[node]]
    for node in free:  # grows while it is read: the nodes whose forerunners have all been placed
        for then in after[node]:
            waits[then] -= 1
            if not waits[then]:
                free.append(then)
    stuck = [node for node in visits if waits[node]]
    if stuck:
        raise SolverError(
            f"nodes {', '.join(map(str, stuck[:5]))} wait for each other in a circle; "
            "leave out one of the pairs"
        )


def _with_times(fleet: Fleet) -> Fleet:
    size = len(fleet.cost)
    if fleet.time_s is None:
        if fleet.service_s or fleet.windows_s or fleet.makespan_cost:
            raise SolverError("service times, windows and a makespan need time_s")
        return fleet
    time_s = checked_matrix(fleet.time_s)
    if len(time_s) != size:
        raise SolverError(f"time_s is for {len(time_s)} nodes, cost for {size}")
    for name, column in (("service_s", fleet.service_s), ("windows_s", fleet.windows_s)):
        if column and len(column) != size:
            raise SolverError(f"{name} has {len(column)} entries for {size} nodes")
    for node, seconds in enumerate(fleet.service_s):
        check_whole(f"service_s of node {node}", seconds, 0, MAX_TIME_S)
    check_whole("makespan_cost", fleet.makespan_cost, 0, COST_LIMIT // MAX_TIME_S)
    checked = replace(fleet, time_s=time_s)
    for node in checked.visits:
        _check_window(checked, time_s, node)
    return checked


def _check_window(fleet: Fleet, time_s: list[list[int]], node: int) -> None:
    """Raise if no vehicle can be at a node in its window and at its end in time."""
    first_s, last_s = fleet.windows_s[node] if fleet.windows_s else (0, MAX_TIME_S)
    check_whole(f"begin of the window of node {node}", first_s, 0, MAX_TIME_S)
    check_whole(f"end of the window of node {node}", last_s, first_s, MAX_TIME_S)
    service_s = fleet.service_s[node] if fleet.service_s else 0
    # Straight from start to node is the earliest only if ways are shortest ways; a detour may be
    # shorter in a matrix of another kind, so only what holds for every matrix is refused here.
    nearest_s = min(time_s[i][node] for i in range(len(time_s)) if i != node)
    for vehicle in fleet.vehicles:
        there_s = max(vehicle.opens_s + nearest_s, first_s)
        home_s = min(time_s[node][i] for i in range(len(time_s)) if i != node)
        if there_s <= last_s and there_s + service_s + home_s <= vehicle.closes_s:
            return
    raise SolverError(
        f"no vehicle can serve node {node} between {first_s} and {last_s} and be at its end in "
        "time; widen the window or the vehicles' times"
    )
