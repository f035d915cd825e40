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

from optimize.routing.classes import AISLE_PICKS, Step, classes
from optimize.routing.drawing import Drawing, pick_costs_m
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout

# A run asks for many thousand lengths: plain tuples, and only the steps that can be of use. In one
# block nothing lies behind an aisle that would have to be reached through it and left again, and
# every aisle here holds a stop, so that it is entered.
_CLASSES = classes(2)
_NOTHING = 0
_PICKS = [
    (step.before, step.way, step.after)
    for step in _CLASSES.picks[0]
    if AISLE_PICKS[step.way].name not in ("not_entered", "twice")
]
_DEPOT_ALONE = [inf, 0.0, inf, inf]  # the depot between the aisles has a front only
_CROSSINGS = [(step.before, step.way, step.after) for step in _CLASSES.crossings]


class _Place(NamedTuple):
    """A place on the cross-aisles: an aisle with stops, the depot, or both."""

    aisle: float
    offsets_m: list[float]


def length_in_one_block_m(layout: RectangularLayout, stops: Sequence[int]) -> float:
    """Return the length of the shortest round trip past at least one stop in metres."""
    places = _places(layout, stops)
    costs, _ = _sweep(layout, places, _pick_costs_m(layout, places))
    return min([costs[-1][state] for state in _CLASSES.closed])


def walk_in_one_block(layout: RectangularLayout, stops: Sequence[int]) -> list[Corner]:
    """Return the corners of a shortest round trip past at least one stop."""
    places = _places(layout, stops)
    picks, crossings = _choices(layout, places)
    back_m = layout.aisle_length_m
    drawing = Drawing()
    for place, way in zip(places, picks, strict=True):
        drawing.add_pick(way, place.aisle, place.offsets_m, (0.0, back_m))
    for (left, right), crossing in zip(pairwise(places), crossings, strict=True):
        for offset_m, times in zip((0.0, back_m), crossing.times, strict=True):
            drawing.add(Corner(left.aisle, offset_m), Corner(right.aisle, offset_m), times)
    return drawing.walk_from(Corner(layout.depot_aisle, 0.0))


def _places(layout: RectangularLayout, stops: Sequence[int]) -> list[_Place]:
    """Return the aisles with stops and the depot, left to right, offsets ascending.

    The depot is a stop at the front end of its aisle.
    """
    aisle_of, offset_m = layout.aisle_of, layout.offset_m
    offsets: dict[float, list[float]] = {layout.depot_aisle: [0.0]}
    for stop in stops:
        aisle = aisle_of[stop]
        if aisle in offsets:
            offsets[aisle].append(offset_m[stop])
        else:
            offsets[aisle] = [offset_m[stop]]
    return [_Place(aisle, sorted(offsets[aisle])) for aisle in sorted(offsets)]


def _pick_costs_m(layout: RectangularLayout, places: Sequence[_Place]) -> list[list[float]]:
    """Return the metres of each of the `AISLE_PICKS` at each place; infinite where impossible."""
    back_m = layout.aisle_length_m
    aisles = range(layout.aisles)
    return [
        _DEPOT_ALONE
        if place.offsets_m[-1] == 0.0 and place.aisle not in aisles
        else pick_costs_m(place.offsets_m, 0.0, back_m)
        for place in places
    ]


def _sweep(
    layout: RectangularLayout, places: Sequence[_Place], picks_m: Sequence[list[float]]
) -> tuple[list[list[float]], list[list[float]]]:
    """Return the shortest drawing for each place and state: with the aisle, and before it."""
    before = [inf] * len(_CLASSES.states)
    before[_NOTHING] = 0.0
    without_aisle = [before]
    with_aisle: list[list[float]] = []
    for index, place in enumerate(places):
        if index:
            ways_m = _crossing_costs_m(layout, places[index - 1], place)
            without_aisle.append(_shortest(with_aisle[-1], _CROSSINGS, ways_m))
        with_aisle.append(_shortest(without_aisle[-1], _PICKS, picks_m[index]))
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
    return [0.0, apart_m, 2.0 * apart_m, 3.0 * apart_m, 4.0 * apart_m]


def _choices(layout: RectangularLayout, places: Sequence[_Place]) -> tuple[list[int], list[Step]]:
    """Return the way to pick each place and the crossings between them, left to right."""
    picks_m = _pick_costs_m(layout, places)
    with_aisle, without_aisle = _sweep(layout, places, picks_m)
    state = min(_CLASSES.closed, key=with_aisle[-1].__getitem__)
    picks: list[int] = []
    crossings: list[Step] = []
    for index in range(len(places) - 1, -1, -1):
        pick_m = picks_m[index]
        state, way = next(
            (before, way)
            for before, way, after in _PICKS
            if after == state
            and without_aisle[index][before] + pick_m[way] == with_aisle[index][state]
        )
        picks.append(way)
        if index == 0:
            break
        ways_m = _crossing_costs_m(layout, places[index - 1], places[index])
        crossing = next(
            step
            for step in _CLASSES.crossings
            if step.after == state
            and with_aisle[index - 1][step.before] + ways_m[step.way] == without_aisle[index][state]
        )
        crossings.append(crossing)
        state = crossing.before
    return picks[::-1], crossings[::-1]
