"""An independent look at a walk with rules: order, length and turns, counted along the walk."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, degrees, fsum
from typing import NamedTuple

from optimize.routing.check import TOLERANCE_M, CheckError
from optimize.routing.constrained.problem import ConstrainedProblem
from optimize.routing.constrained.walkways import Point
from sim.warehouse.layout import DEPOT, FreeFormLayout, RectangularLayout


class Price(NamedTuple):
    """What a walk costs, and of what that is made.

    Attributes
    ----------
    cost_m
        Metres, and what turns add to them.
    walked_m
        Metres.
    turns, u_turns
        How often the walk turns, and turns round.
    """

    cost_m: float
    walked_m: float
    turns: int
    u_turns: int


def priced(
    problem: ConstrainedProblem, order: Sequence[int], walk: Sequence[Point] | None
) -> Price:
    """Return what a walk costs.

    Parameters
    ----------
    problem
        Floor, stops and rules.
    order
        Stops in visiting order.
    walk
        Points of the walk from the depot to the depot, each one end of a piece of walkway; None
        where turns cost nothing: each leg is then the shortest way.

    Raises
    ------
    CheckError
        If a stop is left out or added, a pair is visited the wrong way round, or the walk leaves
        the walkways or passes the stops in another order.
    """
    wanted = list(problem.distinct_stops)
    if sorted(order) != wanted:
        raise CheckError(f"the visit order {list(order)} is not one of the stops {wanted}")
    place = {stop: rank for rank, stop in enumerate(order)}
    for first, then in problem.before:
        if place[first] > place[then]:
            raise CheckError(f"stop {first} is visited after stop {then}, not before it")
    if walk is None:
        if problem.prices_turns and order:
            raise CheckError("turns have a price, but the walk is not told")
        legs = pairwise([DEPOT, *order, DEPOT])
        walked_m = fsum(problem.layout.distance_m(start, end) for start, end in legs)
        return Price(walked_m, walked_m, 0, 0)
    _check_walk(problem, order, walk)
    walked_m = fsum(abs(x1 - x2) + abs(y1 - y2) for (x1, y1), (x2, y2) in pairwise(walk))
    changes = [_change(*three) for three in zip(walk, walk[1:], walk[2:], strict=False)]
    turns = sum(45.0 - 1e-9 <= change <= 135.0 + 1e-9 for change in changes)
    u_turns = sum(change > 135.0 + 1e-9 for change in changes)
    cost_m = walked_m + turns * problem.turn_m + u_turns * problem.u_turn_m
    return Price(cost_m, walked_m, turns, u_turns)


def check(
    problem: ConstrainedProblem,
    order: Sequence[int],
    walk: Sequence[Point] | None,
    claimed_m: float,
) -> Price:
    """Return what a walk costs, or raise `CheckError` if it is not what is claimed (to 1e-6)."""
    price = priced(problem, order, walk)
    if not abs(price.cost_m - claimed_m) <= TOLERANCE_M:
        raise CheckError(f"the plan claims {claimed_m} m, its walk costs {price.cost_m} m")
    return price


def _change(before: Point, here: Point, after: Point) -> float:
    """Return by how many degrees a walk changes its direction; 0 at a piece of length 0."""
    if here in (before, after):
        return 0.0
    came = atan2(here[1] - before[1], here[0] - before[0])
    goes = atan2(after[1] - here[1], after[0] - here[0])
    turned = abs(degrees(goes - came)) % 360.0
    return min(turned, 360.0 - turned)


def _check_walk(problem: ConstrainedProblem, order: Sequence[int], walk: Sequence[Point]) -> None:
    layout = problem.layout
    depot = _spot(problem, DEPOT)
    if not walk or walk[0] != depot or walk[-1] != depot:
        raise CheckError("the walk does not begin and end at the depot")
    for start, end in pairwise(walk):
        if isinstance(layout, RectangularLayout):
            allowed = _is_in_aisle(layout, start, end) or _is_in_cross_aisle(layout, start, end)
        else:
            allowed = (start, end) in _paths_of(problem)
        if not allowed:
            raise CheckError(f"no walkway leads from {start} to {end}")
    passed = 0
    for point in walk:
        while passed < len(order) and _spot(problem, order[passed]) == point:
            passed += 1
    if passed < len(order):
        raise CheckError(f"the walk does not pass stop {order[passed]} in its turn")


def _spot(problem: ConstrainedProblem, place: int) -> Point:
    """Return where people stand: on the centre line of an aisle, or at a point of the floor."""
    layout = problem.layout
    if isinstance(layout, RectangularLayout) and place != DEPOT:
        return (layout.aisle_of[place] * layout.aisle_pitch_m, layout.offset_m[place])
    return layout.xy_m(place)


def _is_in_aisle(layout: RectangularLayout, start: Point, end: Point) -> bool:
    for aisle in range(layout.aisles):
        if start[0] == end[0] == aisle * layout.aisle_pitch_m:
            goes_back = end[1] > start[1]
            return not layout.one_way or goes_back == (aisle % 2 == 0)
    return False


def _is_in_cross_aisle(layout: RectangularLayout, start: Point, end: Point) -> bool:
    return start[1] == end[1] and start[1] in layout.cross_aisles_m


def _paths_of(problem: ConstrainedProblem) -> dict[tuple[Point, Point], bool]:
    layout = problem.layout
    assert isinstance(layout, FreeFormLayout)
    ends = [(layout.xy_m(start), layout.xy_m(end)) for start, end in layout.paths or ()]
    return dict.fromkeys([*ends, *((end, start) for start, end in ends)], True)
