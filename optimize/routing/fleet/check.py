"""An independent look at shared trips: every visit once, carts, windows, order, metres."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from optimize.routing.check import CheckError
from optimize.routing.fleet.problem import FleetProblem

TOLERANCE = 1e-6
"""Metres or seconds."""


class Timetable(NamedTuple):
    """What trips cost and when they are walked.

    Attributes
    ----------
    cost_m
        Metres of all trips, and what the makespan adds.
    walked_m
        Metres of all trips.
    makespan_s
        From the first begin to the last end of a trip; 0 without trips.
    begins_s
        For each picker when picking begins at each visit, all as early as can be.
    ends_s
        When each trip ends; for a picker who stays when it would have begun.
    """

    cost_m: float
    walked_m: float
    makespan_s: float
    begins_s: tuple[tuple[float, ...], ...]
    ends_s: tuple[float, ...]


def timetable(problem: FleetProblem, trips: Sequence[Sequence[int]]) -> Timetable:
    """Return what the trips cost, walked as early as possible.

    Parameters
    ----------
    problem
        Visits and pickers.
    trips
        For each picker numbers of visits in order; empty if the picker stays.

    Raises
    ------
    CheckError
        If a visit is left out or made twice, a cart is too full, a window is missed, a trip ends
        too late, or a pair is not kept.
    """
    if len(trips) != len(problem.pickers):
        raise CheckError(f"{len(trips)} trips for {len(problem.pickers)} pickers")
    made = sorted(visit for trip in trips for visit in trip)
    if made != list(range(len(problem.visits))):
        raise CheckError(f"the trips make visits {made}, not each of {len(problem.visits)} once")
    _check_carts(problem, trips)
    place = {visit: (who, n) for who, trip in enumerate(trips) for n, visit in enumerate(trip)}
    for first, then in problem.before:
        if place[first][0] != place[then][0] or place[first][1] > place[then][1]:
            raise CheckError(f"visit {first} is not made before visit {then} on one trip")
    walked_m = fsum(_walked_m(problem, who, trip) for who, trip in enumerate(trips))
    timed = [_timed(problem, who, trip) for who, trip in enumerate(trips)]
    used = [who for who, trip in enumerate(trips) if trip]
    first_s = min((problem.pickers[who].opens_s for who in used), default=0.0)
    makespan_s = max((timed[who][1] for who in used), default=0.0) - first_s
    cost_m = walked_m + problem.makespan_m_per_s * makespan_s
    begins_s, ends_s = tuple(one for one, _ in timed), tuple(one for _, one in timed)
    return Timetable(cost_m, walked_m, makespan_s, begins_s, ends_s)


def check(problem: FleetProblem, trips: Sequence[Sequence[int]], claimed_m: float) -> Timetable:
    """Return the timetable of trips, or raise `CheckError` if they do not cost what is claimed."""
    found = timetable(problem, trips)
    if not abs(found.cost_m - claimed_m) <= TOLERANCE * max(1.0, abs(claimed_m)):
        raise CheckError(f"the plan claims {claimed_m} m, its trips cost {found.cost_m} m")
    return found


def _check_carts(problem: FleetProblem, trips: Sequence[Sequence[int]]) -> None:
    for who, trip in enumerate(trips):
        for name in ("orders", "volume_ml", "weight_g"):
            limit = getattr(problem.pickers[who], name)
            taken = sum(getattr(problem.visits[visit], name) for visit in trip)
            if limit is not None and taken > limit:
                raise CheckError(f"picker {who} takes {name} {taken}; the cart holds {limit}")


def _walked_m(problem: FleetProblem, who: int, trip: Sequence[int]) -> float:
    if not trip:
        return 0.0
    picker = problem.pickers[who]
    places = [picker.start, *(problem.visits[visit].stop for visit in trip), picker.end]
    return fsum(problem.layout.distance_m(a, b) for a, b in pairwise(places))


def _timed(problem: FleetProblem, who: int, trip: Sequence[int]) -> tuple[tuple[float, ...], float]:
    picker = problem.pickers[who]
    now_s, here = picker.opens_s, picker.start
    begins_s = []
    for number in trip:
        visit = problem.visits[number]
        now_s += problem.layout.distance_m(here, visit.stop) / problem.speed_m_s
        now_s = max(now_s, visit.earliest_s)
        if now_s > visit.latest_s + TOLERANCE:
            raise CheckError(f"visit {number} begins at {now_s} s, after {visit.latest_s} s")
        begins_s.append(now_s)
        now_s += visit.service_s
        here = visit.stop
    if trip:
        now_s += problem.layout.distance_m(here, picker.end) / problem.speed_m_s
    if now_s > picker.closes_s + TOLERANCE:
        raise CheckError(f"picker {who} is back at {now_s} s, after {picker.closes_s} s")
    return tuple(begins_s), now_s
