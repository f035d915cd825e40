"""The shortest round trip in one block of aisles, found exactly (Ratliff & Rosenthal 1983).

Go through the aisles from left to right and keep, for each way in which the walk drawn so far can
meet the two cross-aisles, only the shortest. There are six such ways, so the work grows with the
number of aisles. Operations Research 31(3), 507-521.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from sim.policies.routing import Corner, stops_along
from sim.warehouse.layout import RectangularLayout

# --- the rule -------------------------------------------------------------------------------------
#
# Draw every stretch that is walked, each as often as it is walked. The drawing is a round trip if
# it hangs together and an even number of stretches meets in every point. Whatever was drawn up to
# an aisle, the rest of the drawing only needs to know three things about it: how many stretches
# meet in the aisle's front corner (none, an odd or an even number), how many in its back corner,
# and in how many separate parts it comes. The depot is a stop at the front end of its aisle.


class State(NamedTuple):
    """How the drawing up to an aisle meets the aisle's two corners.

    Attributes
    ----------
    front, back
        Stretches at the corner: "none", "odd" or "even".
    parts
        Separate parts of the drawing.
    """

    front: str
    back: str
    parts: int


class AislePick(NamedTuple):
    """A way to pick one aisle: stretches it adds to each corner, and whether it joins them."""

    name: str
    front: int
    back: int
    joins: bool


NOTHING = State("none", "none", 0)

# Walking an aisle twice all the way is never needed: crossing it once and the last aisle once more
# is at most as long. Aisles without stops are never entered, for the same reason.
AISLE_PICKS = (
    AislePick("through", 1, 1, joins=True),
    AislePick("from_front", 2, 0, joins=False),
    AislePick("from_back", 0, 2, joins=False),
    AislePick("around_gap", 2, 2, joins=False),
)


def after_aisle(state: State, pick: AislePick) -> State:
    """Return how the drawing meets the corners once the aisle itself is drawn."""
    front = _corner_after(state.front, pick.front)
    back = _corner_after(state.back, pick.back)
    if pick.joins:
        return State(front, back, 1)
    new_parts = (pick.front > 0 and state.front == "none") + (
        pick.back > 0 and state.back == "none"
    )
    return State(front, back, state.parts + new_parts)


def _corner_after(corner: str, stretches: int) -> str:
    if stretches == 0:
        return corner
    was_odd = corner == "odd"
    return "odd" if was_odd != (stretches % 2 == 1) else "even"


def after_cross_aisles(state: State, front: int, back: int) -> State | None:
    """Return how the drawing meets the next aisle, or None if it can then never be a round trip.

    Parameters
    ----------
    state
        Once the aisle to the left is drawn.
    front, back
        Times (0, 1 or 2) the front and the back cross-aisle are walked to the next aisle.
    """
    for corner, stretches in ((state.front, front), (state.back, back)):
        if corner == "none" and stretches:
            return None  # a walk to a corner where nothing is picked, and back
        if (corner == "odd") != (stretches == 1):
            return None  # nothing can be added to the corner later: it must be even now
    going_on = (front > 0) + (back > 0)
    if going_on < max(1, state.parts):
        return None  # a part left behind can never be joined
    names = ("none", "odd", "even")
    return State(names[front], names[back], state.parts)


def is_round_trip(state: State) -> bool:
    """Return whether the drawing is one closed walk."""
    return state.parts == 1 and "odd" not in (state.front, state.back)


def _reachable_states() -> list[State]:
    states = [NOTHING]
    for state in states:  # grows while it is read
        drawn = [after_aisle(state, pick) for pick in AISLE_PICKS]
        moved = [after_cross_aisles(state, front, back) for front in range(3) for back in range(3)]
        for found in (*drawn, *moved):
            if found is not None and found not in states:
                states.append(found)
    return states


STATES = _reachable_states()

# (state before, way to pick, state after), each by its index
_AISLE_STEPS = [
    (STATES.index(state), way, STATES.index(after_aisle(state, pick)))
    for state in STATES
    for way, pick in enumerate(AISLE_PICKS)
]


class _Crossing(NamedTuple):
    """A step to the next aisle: times each cross-aisle is walked."""

    before: int
    front: int
    back: int
    after: int


_CROSSINGS = [
    _Crossing(STATES.index(state), front, back, STATES.index(after))
    for state in STATES
    for front in range(3)
    for back in range(3)
    if (after := after_cross_aisles(state, front, back)) is not None
]
_CROSSING_STEPS = [(step.before, step.front + step.back, step.after) for step in _CROSSINGS]
_CLOSED = [index for index, state in enumerate(STATES) if is_round_trip(state)]


# --- the shortest drawing -------------------------------------------------------------------------


class _Place(NamedTuple):
    """A place on the cross-aisles: an aisle with stops, the depot, or both."""

    aisle: float
    offsets_m: list[float]


def shortest_length_m(layout: RectangularLayout, stops: Sequence[int]) -> float:
    """Return the length of the shortest round trip in metres.

    Parameters
    ----------
    layout
        The floor.
    stops
        Location ids in any order; repeats count once; empty means no walk.
    """
    if not stops:
        return 0.0
    places = _places(layout, stops)
    costs, _ = _sweep(layout, places)
    return min([costs[-1][state] for state in _CLOSED])


def shortest_walk(layout: RectangularLayout, stops: Sequence[int]) -> list[Corner]:
    """Return the corners of a shortest round trip, from the depot to the depot."""
    depot = Corner(layout.depot_aisle, 0.0)
    if not stops:
        return [depot]
    places = _places(layout, stops)
    picks, crossings = _choices(layout, places)
    corners = _drawn_walk(layout, places, picks, crossings)
    home = corners.index(depot)
    closed = [*corners[home:-1], *corners[: home + 1]]
    return [
        corner for index, corner in enumerate(closed) if not index or corner != closed[index - 1]
    ]


def shortest_order(layout: RectangularLayout, stops: Sequence[int]) -> list[int]:
    """Return the distinct stops in the order in which a shortest round trip passes them."""
    return stops_along(shortest_walk(layout, stops), stops, layout.aisle_of, layout.offset_m)


def _places(layout: RectangularLayout, stops: Sequence[int]) -> list[_Place]:
    """Return the aisles with stops and the depot, left to right, offsets ascending."""
    if min(stops) < 0:
        raise ValueError(f"{min(stops)} is not a location")
    aisle_of, offset_m = layout.aisle_of, layout.offset_m
    offsets: dict[float, list[float]] = {layout.depot_aisle: [0.0]}
    for stop in stops:
        aisle = aisle_of[stop]
        if aisle in offsets:
            offsets[aisle].append(offset_m[stop])
        else:
            offsets[aisle] = [offset_m[stop]]
    return [_Place(aisle, sorted(offsets[aisle])) for aisle in sorted(offsets)]


def _pick_costs_m(layout: RectangularLayout, place: _Place) -> list[float]:
    """Return the metres of each of the `AISLE_PICKS` at this place; infinite where impossible."""
    offsets_m = place.offsets_m
    nearest_m, farthest_m = offsets_m[0], offsets_m[-1]
    if farthest_m == 0.0 and place.aisle not in range(layout.aisles):
        return [inf, 0.0, inf, inf]  # the depot, between the aisles
    length_m = layout.aisle_length_m
    widest_m = 0.0
    before_m = nearest_m
    for offset in offsets_m:
        if offset - before_m > widest_m:  # noqa: PLR1730 - called for every stop; max() is slower
            widest_m = offset - before_m
        before_m = offset
    return [
        length_m,
        2.0 * farthest_m,
        2.0 * (length_m - nearest_m),
        2.0 * (length_m - widest_m) if widest_m > 0.0 else inf,
    ]


def _sweep(
    layout: RectangularLayout, places: Sequence[_Place]
) -> tuple[list[list[float]], list[list[float]]]:
    """Return the shortest drawing for each place and state: with the aisle, and before it."""
    before = [inf] * len(STATES)
    before[STATES.index(NOTHING)] = 0.0
    without_aisle = [before]
    with_aisle: list[list[float]] = []
    for index, place in enumerate(places):
        if index:
            ways_m = _crossing_costs_m(layout, places[index - 1], place)
            without_aisle.append(_shortest(with_aisle[-1], _CROSSING_STEPS, ways_m))
        ways_m = _pick_costs_m(layout, place)
        with_aisle.append(_shortest(without_aisle[-1], _AISLE_STEPS, ways_m))
    return with_aisle, without_aisle


def _shortest(
    before_m: list[float], steps: list[tuple[int, int, int]], ways_m: list[float]
) -> list[float]:
    """Return the shortest drawing for each state after one step, from those before it."""
    after_m = [inf] * len(before_m)
    for state, way, after in steps:
        length_m = before_m[state] + ways_m[way]
        if length_m < after_m[after]:  # noqa: PLR1730 - the innermost loop; min() is slower
            after_m[after] = length_m
    return after_m


def _crossing_costs_m(layout: RectangularLayout, left: _Place, right: _Place) -> list[float]:
    """Return the metres of walking 0 to 4 times from one place to the next."""
    apart_m = layout.aisle_pitch_m * (right.aisle - left.aisle)
    return [times * apart_m for times in range(5)]


def _choices(
    layout: RectangularLayout, places: Sequence[_Place]
) -> tuple[list[int], list[_Crossing]]:
    """Return the way to pick each place and the crossings between them, left to right."""
    with_aisle, without_aisle = _sweep(layout, places)
    state = min(_CLOSED, key=with_aisle[-1].__getitem__)
    picks: list[int] = []
    crossings: list[_Crossing] = []
    for index in range(len(places) - 1, -1, -1):
        pick_m = _pick_costs_m(layout, places[index])
        state, way = next(
            (before, way)
            for before, way, after in _AISLE_STEPS
            if after == state
            and without_aisle[index][before] + pick_m[way] == with_aisle[index][state]
        )
        picks.append(way)
        if index == 0:
            break
        ways_m = _crossing_costs_m(layout, places[index - 1], places[index])
        crossing = next(
            step
            for step in _CROSSINGS
            if step.after == state
            and with_aisle[index - 1][step.before] + ways_m[step.front + step.back]
            == without_aisle[index][state]
        )
        crossings.append(crossing)
        state = crossing.before
    return picks[::-1], crossings[::-1]


# --- from the drawing to a walk -------------------------------------------------------------------


def _drawn_walk(
    layout: RectangularLayout,
    places: Sequence[_Place],
    picks: Sequence[int],
    crossings: Sequence[_Crossing],
) -> list[Corner]:
    """Return one closed walk along every stretch of the drawing (Hierholzer 1873)."""
    back_m = layout.aisle_length_m
    stretches: dict[Corner, list[Corner]] = {}

    def draw(start: Corner, end: Corner, times: int) -> None:
        for _ in range(times):
            stretches.setdefault(start, []).append(end)
            stretches.setdefault(end, []).append(start)

    for place, way in zip(places, picks, strict=True):
        front, back = Corner(place.aisle, 0.0), Corner(place.aisle, back_m)
        name = AISLE_PICKS[way].name
        if name == "through":
            draw(front, back, 1)
        if name == "from_front":
            draw(front, Corner(place.aisle, place.offsets_m[-1]), 2)
        if name == "from_back":
            draw(back, Corner(place.aisle, place.offsets_m[0]), 2)
        if name == "around_gap":
            near_m, far_m = max(pairwise(place.offsets_m), key=lambda gap: gap[1] - gap[0])
            draw(front, Corner(place.aisle, near_m), 2)
            draw(back, Corner(place.aisle, far_m), 2)
    for (left, right), crossing in zip(pairwise(places), crossings, strict=True):
        draw(Corner(left.aisle, 0.0), Corner(right.aisle, 0.0), crossing.front)
        draw(Corner(left.aisle, back_m), Corner(right.aisle, back_m), crossing.back)
    walk: list[Corner] = []
    open_walk = [next(iter(stretches))]
    while open_walk:
        here = open_walk[-1]
        if stretches[here]:
            there = stretches[here].pop()
            stretches[there].remove(here)
            open_walk.append(there)
        else:
            walk.append(open_walk.pop())
    return walk
