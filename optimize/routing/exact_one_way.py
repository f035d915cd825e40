"""The shortest round trip through one-way aisles, found exactly.

Even aisles lead to the back, odd ones to the front, and those with stops are walked through. From
left to right, only the shortest drawing is kept for each class: by how many walks more the back
cross-aisle is walked to the right than to the left (and the front the other way), which of the two
corners are drawn, and whether they hang together. A drawing in which as many walks lead to every
corner as away from it, and which hangs together, is one round trip (Euler).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from optimize.routing.drawing import Drawing
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout


class _State(NamedTuple):
    """How the drawing up to a place meets its two corners.

    Attributes
    ----------
    surplus
        Walks along the back to the right less those to the left.
    front, back
        Whether something is drawn at the corner.
    parts
        Separate parts of the drawing.
    """

    surplus: int
    front: bool
    back: bool
    parts: int


class _Place(NamedTuple):
    """An aisle or the depot: the direction (+1 to the back, 0 no aisle), and what is wanted."""

    aisle: float
    direction: int
    has_stops: bool
    is_depot: bool


class _Reached(NamedTuple):
    """The shortest drawing of a class: its length, whence it came, and how often walked."""

    length_m: float
    before: _State
    times: int


_Columns = dict[_State, _Reached]
_NOTHING = _State(0, front=False, back=False, parts=0)
_FINISHED = _State(0, front=False, back=False, parts=1)
_CLOSED = (
    _FINISHED,
    _State(0, front=True, back=False, parts=1),
    _State(0, front=True, back=True, parts=1),
)


def length_one_way_m(layout: RectangularLayout, stops: Sequence[int]) -> float:
    """Return the length of the shortest round trip past at least one stop in metres."""
    last = _sweep(layout, _places(layout, stops))[-1]
    return min(last[state].length_m for state in _CLOSED if state in last)


def walk_one_way(layout: RectangularLayout, stops: Sequence[int]) -> list[Corner]:
    """Return the corners of a shortest round trip past at least one stop."""
    places = _places(layout, stops)
    columns = _sweep(layout, places)
    state = min(
        (state for state in _CLOSED if state in columns[-1]),
        key=lambda state: columns[-1][state].length_m,
    )
    back_m = layout.aisle_length_m
    drawing = Drawing(directed=True)
    for index in range(len(places) - 1, -1, -1):
        place = places[index]
        front, back = Corner(place.aisle, 0.0), Corner(place.aisle, back_m)
        picked = columns[2 * index][state]
        start, end = (front, back) if place.direction > 0 else (back, front)
        drawing.add(start, end, picked.times)
        state = picked.before
        if index:
            left = places[index - 1].aisle
            for offset_m, (to_right, to_left) in zip((0.0, back_m), _crossings(state), strict=True):
                here, there = Corner(left, offset_m), Corner(place.aisle, offset_m)
                drawing.add(here, there, to_right)
                drawing.add(there, here, to_left)
            state = columns[2 * index - 1][state].before
    return drawing.walk_from(Corner(layout.depot_aisle, 0.0))


def _crossings(state: _State) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how often the front and the back are walked to the right and to the left."""
    if state.surplus > 0:
        return (0, state.surplus), (state.surplus, 0)
    if state.surplus < 0:
        return (-state.surplus, 0), (0, -state.surplus)
    return (int(state.front),) * 2, (int(state.back),) * 2


def _places(layout: RectangularLayout, stops: Sequence[int]) -> list[_Place]:
    """Return all aisles that a shortest walk may need, and the depot, left to right.

    The shortest way between two places needs no aisle farther out than next to one of them.
    """
    with_stops = {layout.aisle_of[stop] for stop in stops}
    depot = layout.depot_aisle
    first = max(0, math.floor(min(depot, *with_stops)) - 1)
    last = min(layout.aisles - 1, math.ceil(max(depot, *with_stops)) + 1)
    # A depot beside the floor needs the outermost two aisles.
    first, last = min(first, layout.aisles - 2), max(last, 1)
    places = [
        _Place(float(aisle), 1 if aisle % 2 == 0 else -1, aisle in with_stops, aisle == depot)
        for aisle in range(first, last + 1)
    ]
    if not any(place.is_depot for place in places):
        places.append(_Place(depot, 0, has_stops=False, is_depot=True))
    return sorted(places)


def _sweep(layout: RectangularLayout, places: Sequence[_Place]) -> list[_Columns]:
    """Return the shortest drawings with each place, and those that go on from it, in turn.

    Between two of the stops and the depot a shortest walk passes through one aisle at most, so
    that no aisle is walked through more often than there are aisles with stops, nor is any
    cross-aisle in the same direction.
    """
    most = sum(place.has_stops for place in places)
    here: _Columns = {_NOTHING: _Reached(0.0, _NOTHING, 0)}
    columns: list[_Columns] = []
    for index, place in enumerate(places):
        if index:
            apart_m = layout.aisle_pitch_m * (place.aisle - places[index - 1].aisle)
            rest = places[index:]
            is_rest = any(place.has_stops or place.is_depot for place in rest)
            here = _after_crossing(here, apart_m, may_end=not is_rest)
            columns.append(here)
        here = _after_aisle(here, place, layout.aisle_length_m, most)
        columns.append(here)
    return columns


def _after_aisle(here: _Columns, place: _Place, aisle_length_m: float, most: int) -> _Columns:
    reached: _Columns = {}
    for state, (so_far_m, _, _) in here.items():
        for times in range(int(place.has_stops), most + 1 if place.direction else 1):
            surplus = state.surplus + place.direction * times
            if abs(surplus) > most:
                break
            after = state
            if times:
                after = _State(surplus, front=True, back=True, parts=1)
            elif place.is_depot and not state.front:
                after = state._replace(front=True, parts=state.parts + 1)
            _keep(reached, after, _Reached(so_far_m + times * aisle_length_m, state, times))
    return reached


def _after_crossing(here: _Columns, apart_m: float, *, may_end: bool) -> _Columns:
    reached: _Columns = {}
    for state, (so_far_m, _, _) in here.items():
        if may_end and state in _CLOSED:
            _keep(reached, _FINISHED, _Reached(so_far_m, state, 0))
        if state == _NOTHING:
            _keep(reached, state, _Reached(so_far_m, state, 0))
        elif state.surplus:
            length_m = so_far_m + 2 * abs(state.surplus) * apart_m
            _keep(reached, state, _Reached(length_m, state, 0))
        else:
            for front, back in ((True, False), (False, True), (True, True)):
                if front > state.front or back > state.back or front + back < state.parts:
                    continue
                after = _State(0, front, back, state.parts)
                length_m = so_far_m + 2 * (front + back) * apart_m
                _keep(reached, after, _Reached(length_m, state, 0))
    return reached


def _keep(reached: _Columns, state: _State, found: _Reached) -> None:
    known = reached.get(state)
    if known is None or found.length_m < known.length_m:
        reached[state] = found
