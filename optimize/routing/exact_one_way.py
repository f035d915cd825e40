"""The shortest round trip through one-way aisles, found exactly.

Even aisles lead to the back, odd ones to the front, and those with stops are walked through, block
by block. From left to right, only the shortest drawing is kept for each class: by how many walks
more each cross-aisle is walked to the right than to the left, which corners are drawn, and which of
them hang together. A drawing in which as many walks lead to every corner as away from it, and which
hangs together, is one round trip (Euler).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from optimize.routing.classes import NO_PART, renumbered
from optimize.routing.drawing import Drawing
from sim.policies.routing import Corner, resolve_routing
from sim.warehouse.layout import RectangularLayout

TOLERANCE_M = 1e-6


class _State(NamedTuple):
    """How the drawing up to a place meets its corners, front to back.

    Attributes
    ----------
    surplus
        For each cross-aisle, walks to the right less those to the left that are still to come.
    parts
        Number of the separate part of the drawing to which each corner belongs, counted in the
        order of the corners; -1 where nothing is drawn.
    is_over
        Whether the round trip is drawn whole, to the left of here.
    """

    surplus: tuple[int, ...]
    parts: tuple[int, ...]
    is_over: bool = False


class _Place(NamedTuple):
    """An aisle or the depot: the direction (+1 to the back, 0 no aisle), and what is wanted."""

    aisle: float
    direction: int
    blocks_with_stops: frozenset[int]
    is_depot: bool


class _Reached(NamedTuple):
    """The shortest drawing of a class, whence it came, and how often its last step was walked.

    ``walks`` is (to the back or to the front) for a block of an aisle, (to the right, to the left)
    of each cross-aisle for a step to the next place, empty where the depot was marked.
    """

    length_m: float
    before: _State
    walks: tuple[tuple[int, int], ...]


_Column = dict[_State, _Reached]


class _Step(NamedTuple):
    """One step of the programme: at which place, in which block, and what it reached.

    ``block`` is None for the step from the place before.
    """

    place: int
    block: int | None
    column: _Column


def length_one_way_m(layout: RectangularLayout, stops: Sequence[int]) -> float:
    """Return the length of the shortest round trip past at least one stop in metres."""
    return _last(_sweep(layout, _places(layout, stops), stops))[1].length_m


def walk_one_way(layout: RectangularLayout, stops: Sequence[int]) -> tuple[float, list[Corner]]:
    """Return the metres and the corners of a shortest round trip past at least one stop."""
    places = _places(layout, stops)
    steps = _sweep(layout, places, stops)
    state, reached = _last(steps)
    length_m = reached.length_m
    drawing = Drawing()
    for place, block, column in reversed(steps):
        reached = column[state]
        here = places[place].aisle
        if block is None:
            left = places[place - 1].aisle
            for offset_m, (to_right, to_left) in zip(
                layout.cross_aisles_m, reached.walks, strict=True
            ):
                drawing.add(Corner(left, offset_m), Corner(here, offset_m), to_right)
                drawing.add(Corner(here, offset_m), Corner(left, offset_m), to_left)
        elif reached.walks:
            near, far = (Corner(here, layout.cross_aisles_m[block + end]) for end in (0, 1))
            to_back, to_front = reached.walks[0]
            drawing.add(near, far, to_back)
            drawing.add(far, near, to_front)
        state = reached.before
    return length_m, drawing.walk_from(Corner(layout.depot_aisle, 0.0))


def _last(steps: Sequence[_Step]) -> tuple[_State, _Reached]:
    """Return the state of a shortest round trip, and how it was reached."""
    column = steps[-1].column
    whole = [
        state
        for state in column
        if state.is_over or (not any(state.surplus) and max(state.parts) == 0)
    ]
    best = min(whole, key=lambda state: column[state].length_m)
    return best, column[best]


def _places(layout: RectangularLayout, stops: Sequence[int]) -> list[_Place]:
    """Return all aisles that a shortest walk may need, and the depot, left to right.

    The shortest way between two places needs no aisle farther out than next to one of them.
    """
    with_stops: dict[int, set[int]] = {}
    for stop in stops:
        with_stops.setdefault(layout.aisle_of[stop], set()).add(layout.block_of[stop])
    depot = layout.depot_aisle
    first = max(0, math.floor(min(depot, *with_stops)) - 1)
    last = min(layout.aisles - 1, math.ceil(max(depot, *with_stops)) + 1)
    # A depot beside the floor needs the outermost two aisles.
    first, last = min(first, layout.aisles - 2), max(last, 1)
    places = [
        _Place(
            float(aisle), 1 if aisle % 2 == 0 else -1,
            frozenset(with_stops.get(aisle, ())), aisle == depot,
        )
        for aisle in range(first, last + 1)
    ]  # fmt: skip
    if not any(place.is_depot for place in places):
        places.append(_Place(depot, 0, frozenset(), is_depot=True))
    return sorted(places, key=lambda place: place.aisle)


def _sweep(
    layout: RectangularLayout, places: Sequence[_Place], stops: Sequence[int]
) -> list[_Step]:
    """Return the shortest drawings after each step, left to right and block by block.

    A round trip is made of shortest ways between its stops and the depot, each of which passes
    through no part of an aisle twice, so that none is walked more often than there are parts of
    aisles with stops, and one. No drawing is kept that cannot end shorter than a known rule's trip:
    what has stops is still to be walked through, and the floor there and back.
    """
    cross_aisles_m = layout.cross_aisles_m
    lengths_m = [
        cross_aisles_m[block + 1] - cross_aisles_m[block] for block in range(layout.blocks)
    ]
    most = 1 + sum(len(place.blocks_with_stops) for place in places)
    rest_m = math.fsum(lengths_m[block] for place in places for block in place.blocks_with_stops)
    wanted = [place.aisle for place in places if place.blocks_with_stops or place.is_depot]
    rest_m += 2.0 * layout.aisle_pitch_m * (wanted[-1] - wanted[0])
    # A tighter limit than that of s_shape pays where the classes are many.
    rules = ("s_shape", "nearest") if layout.blocks > 1 else ("s_shape",)
    known_m = TOLERANCE_M + min(resolve_routing(rule, layout).length_m(stops) for rule in rules)
    corners = len(cross_aisles_m)
    nothing = _State((0,) * corners, (NO_PART,) * corners)
    here: _Column = {nothing: _Reached(0.0, nothing, ())}
    steps: list[_Step] = []
    for index, place in enumerate(places):
        if index:
            apart_m = layout.aisle_pitch_m * (place.aisle - places[index - 1].aisle)
            may_end = place.aisle > wanted[-1]
            if wanted[0] < place.aisle <= wanted[-1]:
                rest_m -= 2.0 * apart_m
            here = _after_crossing(here, apart_m, known_m - rest_m, may_end=may_end)
            steps.append(_Step(index, None, here))
        if place.is_depot:
            here = _after_depot(here)
            steps.append(_Step(index, 0, here))
        for block in range(layout.blocks) if place.direction else ():
            is_wanted = block in place.blocks_with_stops
            if is_wanted:
                rest_m -= lengths_m[block]
            walks = range(int(is_wanted), most + 1)
            limit_m = known_m - rest_m
            here = _after_block(here, block, place.direction, lengths_m[block], walks, limit_m)
            steps.append(_Step(index, block, here))
    return steps


def _after_depot(here: _Column) -> _Column:
    """Mark the corner at which the trip starts and ends."""
    reached: _Column = {}
    for state, (so_far_m, _, _) in here.items():
        after = state
        if state.parts[0] == NO_PART:
            parts = (max(state.parts) + 1, *state.parts[1:])
            after = _State(state.surplus, renumbered(parts))
        _keep(reached, after, _Reached(so_far_m, state, ()))
    return reached


def _after_block(
    here: _Column, block: int, direction: int, block_m: float, walks: range, limit_m: float
) -> _Column:
    """Walk through an aisle of a block so many times, all in its direction."""
    reached: _Column = {}
    for state, (so_far_m, _, _) in here.items():
        for times in walks if not state.is_over else range(1):
            length_m = so_far_m + times * block_m
            if length_m > limit_m:
                break
            after = state
            if times:
                # What is walked to the far corner has to go on from there along its cross-aisle.
                surplus, parts = list(state.surplus), list(state.parts)
                surplus[block] -= direction * times
                surplus[block + 1] += direction * times
                for corner in (block, block + 1):
                    if parts[corner] == NO_PART:
                        parts[corner] = max(parts) + 1
                kept, gone = parts[block], parts[block + 1]
                joined = [kept if part == gone else part for part in parts]
                after = _State(tuple(surplus), renumbered(joined))
            both = (times, 0) if direction > 0 else (0, times)
            _keep(reached, after, _Reached(length_m, state, (both,)))
    return reached


def _after_crossing(here: _Column, apart_m: float, limit_m: float, *, may_end: bool) -> _Column:
    """Walk on to the next place, along each cross-aisle as often as its surplus asks for.

    Where it asks for nothing the cross-aisle may be walked there and back, to hang together.
    """
    reached: _Column = {}
    for state, (so_far_m, _, _) in here.items():
        nowhere = ((0, 0),) * len(state.parts)
        if state.is_over or max(state.parts) == NO_PART:
            _keep(reached, state, _Reached(so_far_m, state, nowhere))
            continue
        if may_end and not any(state.surplus) and max(state.parts) == 0:
            over = _State(state.surplus, (NO_PART,) * len(state.parts), is_over=True)
            _keep(reached, over, _Reached(so_far_m, state, nowhere))
        for walks in product(*_ways_on(state)):
            length_m = so_far_m + apart_m * sum(map(sum, walks))
            if length_m > limit_m:
                continue
            going_on = [
                part if any(both) else NO_PART
                for part, both in zip(state.parts, walks, strict=True)
            ]
            if len({*going_on} - {NO_PART}) < max(1, max(state.parts) + 1):
                continue  # a part left behind can never be joined
            after = _State(state.surplus, renumbered(going_on))
            _keep(reached, after, _Reached(length_m, state, walks))
    return reached


def _ways_on(state: _State) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the ways to walk each cross-aisle on, as walks to the right and to the left."""
    for surplus, part in zip(state.surplus, state.parts, strict=True):
        if surplus:
            yield ((max(surplus, 0), max(-surplus, 0)),)
        elif part == NO_PART:
            yield ((0, 0),)
        else:
            yield ((0, 0), (1, 1))


def _keep(reached: _Column, state: _State, found: _Reached) -> None:
    known = reached.get(state)
    if known is None or found.length_m < known.length_m:
        reached[state] = found
