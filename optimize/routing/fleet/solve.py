"""Share visits among pickers: OR-Tools makes the trips, own local search mends each of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite
from time import process_time
from typing import Literal

from optimize.routing.check import CheckError
from optimize.routing.fleet.check import Timetable, check, timetable
from optimize.routing.fleet.problem import FleetProblem
from optimize.routing.local_search import searched_tour
from optimize.solver import SolverError
from optimize.solver.fleet import solve_fleet
from optimize.solver.fleet_input import MAX_TIME_S, Fleet, Load, Vehicle
from optimize.solver.routing import check_whole
from sim.policies.routing import distance_matrix_m

DEFAULT_SOLUTION_LIMIT = 1_000

# The solver counts whole hundredths of a millimetre and whole milliseconds.
_UNITS_A_METRE = 100_000
_UNITS_A_SECOND = 1_000
_ROUNDING = 1e-6


@dataclass(frozen=True)
class FleetResult:
    """Planned trips that were checked.

    Attributes
    ----------
    status
        Always "feasible": nothing is proved.
    cost_m
        Metres of all trips, and what the makespan adds.
    bound_m, gap
        None: no bound is known.
    walked_m, makespan_s
        What the cost is made of.
    seed
        Seed of both searches.
    time_s
        Seconds of processor time.
    trips
        For each picker the numbers of the visits in order; empty if the picker stays.
    begins_s
        For each picker when picking begins at each of these visits.
    ends_s
        When each trip ends.
    """

    status: Literal["feasible"]
    cost_m: float
    bound_m: None
    gap: None
    walked_m: float
    makespan_s: float
    seed: int
    time_s: float
    trips: tuple[tuple[int, ...], ...]
    begins_s: tuple[tuple[float, ...], ...]
    ends_s: tuple[float, ...]


def solve(
    problem: FleetProblem, *, solution_limit: int = DEFAULT_SOLUTION_LIMIT, seed: int = 0
) -> FleetResult:
    """Return short trips that keep every limit.

    Each picker makes at most one trip; who comes back for another cart is one more picker, with
    times after the first trip.

    Parameters
    ----------
    problem
        Visits and pickers.
    solution_limit
        Accepted solutions after which OR-Tools ends.
    seed
        0 to 2**31 - 3.

    Raises
    ------
    SolverError
        If no trips can keep the limits, or none were found; a message in words.
    CheckError
        If the plan does not do what it claims: a bug here, never of the input.
    """
    began_s = process_time()
    check_whole("seed", seed, 0, 2**31 - 3)
    routes = solve_fleet(fleet_of(problem), solution_limit=solution_limit, seed=seed)
    trips, found = _mended(problem, list(routes.nodes), seed)
    found = check(problem, trips, found.cost_m)
    return FleetResult(
        status="feasible",
        cost_m=found.cost_m,
        bound_m=None,
        gap=None,
        walked_m=found.walked_m,
        makespan_s=found.makespan_s,
        seed=seed,
        time_s=process_time() - began_s,
        trips=tuple(trips),
        begins_s=found.begins_s,
        ends_s=found.ends_s,
    )


def fleet_of(problem: FleetProblem) -> Fleet:
    """Return the problem in whole numbers: the visits are the first nodes, then the ends of trips.

    Times are rounded up and windows inwards, so that what holds in whole numbers holds on foot.
    """
    places = [visit.stop for visit in problem.visits]
    ends = dict.fromkeys(place for one in problem.pickers for place in (one.start, one.end))
    node_of = {place: len(places) + n for n, place in enumerate(ends)}
    ways_m = distance_matrix_m(problem.layout, [*places, *ends])
    if not all(isfinite(way_m) for row in ways_m for way_m in row):
        raise SolverError("a stop cannot be reached on foot")
    names = [
        name
        for name in ("orders", "volume_ml", "weight_g")
        if any(getattr(picker, name) is not None for picker in problem.pickers)
    ]
    idle = [0] * len(ends)
    loads = [
        Load(name, (*(getattr(visit, name) for visit in problem.visits), *idle)) for name in names
    ]
    vehicles = [
        Vehicle(
            start=node_of[picker.start],
            end=node_of[picker.end],
            opens_s=_up(picker.opens_s),
            closes_s=_down(picker.closes_s),
            limits=tuple(
                sum(load.of_node) if getattr(picker, load.name) is None
                else getattr(picker, load.name)
                for load in loads
            ),
        )
        for picker in problem.pickers
    ]  # fmt: skip
    return Fleet(
        cost=[[round(way_m * _UNITS_A_METRE) for way_m in row] for row in ways_m],
        vehicles=tuple(vehicles),
        loads=tuple(loads),
        time_s=[[_up(way_m / problem.speed_m_s) for way_m in row] for row in ways_m],
        service_s=(*(_up(visit.service_s) for visit in problem.visits), *idle),
        windows_s=(
            *((_up(visit.earliest_s), _down(visit.latest_s)) for visit in problem.visits),
            *((0, MAX_TIME_S) for _ in ends),
        ),
        before=tuple(dict.fromkeys(problem.before)),
        makespan_cost=round(problem.makespan_m_per_s * _UNITS_A_METRE / _UNITS_A_SECOND),
    )


def _up(seconds: float) -> int:
    return ceil(seconds * _UNITS_A_SECOND - _ROUNDING)


def _down(seconds: float) -> int:
    """Return whole units; as late as can be where there is no end."""
    return floor(min(seconds * _UNITS_A_SECOND + _ROUNDING, MAX_TIME_S))


def _mended(
    problem: FleetProblem, trips: list[tuple[int, ...]], seed: int
) -> tuple[list[tuple[int, ...]], Timetable]:
    """Walk each trip in the shortest order found, where limits allow it and the cost falls."""
    best = timetable(problem, trips)
    for who, trip in enumerate(trips):
        picker = problem.pickers[who]
        if len(trip) < 3 or picker.start != picker.end:
            continue
        places = [picker.start, *(problem.visits[visit].stop for visit in trip)]
        tour = searched_tour(distance_matrix_m(problem.layout, places), seed=seed)
        for order in (tour[1:], tour[:0:-1]):
            tried = [*trips[:who], tuple(trip[node - 1] for node in order), *trips[who + 1 :]]
            try:
                found = timetable(problem, tried)
            except CheckError:
                continue  # the shorter way misses a window or an order of visits
            if found.cost_m < best.cost_m:
                trips, best = tried, found
    return trips, best
