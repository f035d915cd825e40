"""Round trips for one or several pickers, found by OR-Tools' routing solver.

The solver believes whatever it is given and often calls its answer optimal: the matrix is checked
before, status and cost are checked after, and no Python code runs inside the search. The search
ends after a number of solutions, never by the clock, so the same matrix gives the same routes.
"""

from __future__ import annotations

import operator
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from optimize.solver import SolverError

MAX_NODES = 5_000
MAX_VEHICLES = 1_000
COST_LIMIT = 2**53
DEFAULT_SOLUTION_LIMIT = 200
FIRST_SOLUTIONS = ("PATH_CHEAPEST_ARC", "PARALLEL_CHEAPEST_INSERTION", "LOCAL_CHEAPEST_INSERTION")

# Status numbers of the routing solver that come with a usable solution, and the others in words.
SOLVED = (1, 2, 7)
STATUS_WORDS = {
    0: "was not started",
    3: "found no route",
    4: "found no route in time",
    5: "calls the model invalid",
    6: "proved that there is no route",
}


@dataclass(frozen=True)
class Routes:
    """Round trips that together visit every node once.

    Attributes
    ----------
    nodes
        For each vehicle the nodes in visiting order, without the depot; empty if it stays.
    cost
        Sum of the matrix entries along all trips, re-computed here.
    """

    nodes: tuple[tuple[int, ...], ...]
    cost: int


def solve_routes(
    cost: Sequence[Sequence[int]],
    *,
    vehicles: int = 1,
    depot: int = 0,
    solution_limit: int = DEFAULT_SOLUTION_LIMIT,
    seed: int = 0,
) -> Routes:
    """Find short round trips by guided local search.

    Parameters
    ----------
    cost
        Square matrix of whole numbers of at least 0 (millimetres), 0 on the diagonal; entry
        ``[i][j]`` is the way from i to j. The sum of all entries stays below 2**53.
    vehicles
        Round trips at hand, at least 1.
    depot
        Node at which every trip starts and ends.
    solution_limit
        Accepted solutions after which the search ends, at least 1.
    seed
        Seed of the solver, 0 to 2**31 - 1.

    Raises
    ------
    SolverError
        If the input is refused, nothing was found, or the answer does not hold.
    """
    matrix = checked_matrix(cost)
    check_whole("vehicles", vehicles, 1, MAX_VEHICLES)
    check_whole("depot", depot, 0, len(matrix) - 1)
    check_whole("solution_limit", solution_limit, 1, 2**31 - 1)
    check_whole("seed", seed, 0, 2**31 - 1)
    nodes, claimed = _search(matrix, vehicles, depot, solution_limit, seed)
    return _checked_routes(matrix, depot, nodes, claimed)


def _search(
    matrix: list[list[int]], vehicles: int, depot: int, solution_limit: int, seed: int
) -> tuple[list[list[int]], int]:
    from ortools.constraint_solver import pywrapcp

    manager = pywrapcp.RoutingIndexManager(len(matrix), vehicles, depot)
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(matrix))
    model.solver().ReSeed(seed)
    solution = searched(model, solution_limit)
    nodes = [trip(manager, model, solution, vehicle) for vehicle in range(vehicles)]
    return nodes, solution.ObjectiveValue()


def searched(
    model: Any,  # noqa: ANN401
    solution_limit: int,
    *,
    first_solutions: Sequence[str] = FIRST_SOLUTIONS[:1],
    known: Sequence[Sequence[int]] | None = None,
) -> Any:  # noqa: ANN401
    """Return the best solution of a model by guided local search, or raise without one.

    Parameters
    ----------
    model
        The routing model.
    solution_limit
        Accepted solutions after which the search ends.
    first_solutions
        Strategies for a first solution, tried one after the other until one finds it.
    known
        Routes from which to start instead, as nodes of each vehicle.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    settings.solution_limit = solution_limit
    status = 0
    for strategy in first_solutions:
        settings.first_solution_strategy = getattr(
            routing_enums_pb2.FirstSolutionStrategy, strategy
        )
        with _ctrl_c_kept():
            if known is None:
                solution = model.SolveWithParameters(settings)
            else:
                model.CloseModelWithParameters(settings)
                routes = [list(route) for route in known]
                start = model.ReadAssignmentFromRoutes(routes, True)
                if start is None:
                    raise SolverError("the routing solver refuses the known routes")
                solution = model.SolveFromAssignmentWithParameters(start, settings)
        status = model.status()
        if status in SOLVED and solution is not None:
            return solution
    words = STATUS_WORDS.get(status, f"ended with the unknown status {status}")
    raise SolverError(f"the routing solver {words}")


@contextmanager
def _ctrl_c_kept() -> Iterator[None]:
    """Give Ctrl-C back to Python: where times count the solver takes it, and then drops it."""
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if handler is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, handler)


def trip(manager: Any, model: Any, solution: Any, vehicle: int) -> list[int]:  # noqa: ANN401
    """Return the nodes of one vehicle in visiting order, without its start and end."""
    nodes = []
    index = solution.Value(model.NextVar(model.Start(vehicle)))
    while not model.IsEnd(index):
        nodes.append(manager.IndexToNode(index))
        index = solution.Value(model.NextVar(index))
    return nodes


def checked_matrix(cost: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the matrix as plain lists, or raise if a solver would misread it."""
    size = len(cost)
    if size < 1:
        raise SolverError("no nodes; a route needs at least the depot")
    if size > MAX_NODES:
        raise SolverError(f"{size} nodes; at most {MAX_NODES} can be routed at once")
    matrix = []
    for row, entries in enumerate(cost):
        if len(entries) != size:
            raise SolverError(f"row {row} of the cost matrix has {len(entries)} of {size} entries")
        matrix.append([_whole(entry, row, column) for column, entry in enumerate(entries)])
        if matrix[row][row] != 0:
            raise SolverError(f"the way from node {row} to itself costs {matrix[row][row]}, not 0")
    total = sum(map(sum, matrix))
    if total >= COST_LIMIT:
        raise SolverError(f"the costs add up to {total}; below 2**53 is needed to add exactly")
    return matrix


def _whole(entry: object, row: int, column: int) -> int:
    if isinstance(entry, float) and entry in (float("inf"), float("-inf")):
        raise SolverError(f"no way leads from node {row} to node {column}")
    try:
        value = operator.index(entry)  # type: ignore[arg-type]
    except TypeError:
        value = -1
        is_whole = False
    else:
        is_whole = not isinstance(entry, bool)
    if not is_whole:
        raise SolverError(
            f"the cost from node {row} to node {column} is {entry!r} "
            f"({type(entry).__name__}); a whole number is needed"
        )
    if value < 0:
        raise SolverError(f"the cost from node {row} to node {column} is {value}, below 0")
    return value


def check_whole(name: str, value: int, least: int, most: int) -> None:
    """Raise unless a value is a whole number in its range."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SolverError(f"{name} is {value!r}; a whole number from {least} to {most} is needed")


def _checked_routes(
    matrix: list[list[int]], depot: int, nodes: list[list[int]], claimed: int
) -> Routes:
    visited = sorted(node for trip in nodes for node in trip)
    if visited != [node for node in range(len(matrix)) if node != depot]:
        raise SolverError("the routing solver's trips do not visit every node exactly once")
    cost = sum(matrix[i][j] for trip in nodes for i, j in pairwise([depot, *trip, depot]))
    if cost != claimed:
        raise SolverError(f"the routing solver claims cost {claimed}, its trips cost {cost}")
    return Routes(tuple(tuple(trip) for trip in nodes), cost)
