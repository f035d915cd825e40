"""In which order a picker walks to the stops of one list, and how far that is.

The rules for aisles are those of the literature for one block (Hall 1993; Petersen 1997;
Roodbergen & de Koster 2001); ``nearest`` walks any floor. The choice never changes what is picked.
Each rule is a plain function of aisle numbers and offsets; the classes only hold the floor.
"""

from __future__ import annotations

import importlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from itertools import pairwise
from math import fsum, inf
from typing import ClassVar, NamedTuple, Protocol, cast

from sim.warehouse.layout import DEPOT, Layout, RectangularLayout

ENTRY_POINT_GROUP = "warelab.policies"

# A source checkout has no entry points: the planner's rules are then found by these names.
PLANNER_RULES = {
    "exact": "optimize.routing.policy:ExactRouting",
    "ortools": "optimize.routing.policy:OrToolsRouting",
}


class RoutingPolicy(Protocol):
    """A rule that turns a list of stops into a round trip from the depot.

    Attributes
    ----------
    name
        What a scenario calls the rule.
    summary
        The rule in one sentence.
    needs_aisles
        Whether the rule works on rectangular floors only.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    needs_aisles: ClassVar[bool]

    def __init__(self, layout: Layout) -> None: ...

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres.

        Parameters
        ----------
        stops
            Location ids in any order; repeats count once; empty means no walk.
        """
        ...

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        ...


class Corner(NamedTuple):
    """A point where a walk turns: aisle number (fractions lie between aisles) and offset."""

    aisle: float
    offset_m: float


class AisleVisit(NamedTuple):
    """One entry into an aisle: from which end, and how far (None: through to the other end)."""

    aisle: int
    from_back: bool
    reach_m: float | None


class Column(NamedTuple):
    """An aisle with stops: its number and the offsets of its stops, ascending."""

    aisle: int
    offsets_m: list[float]


# --- lengths: plain functions, called for every tour ----------------------------------------------
#
# All take the aisle and the offset of each stop (at least one stop, any order), the length of an
# aisle between the centre lines of the cross-aisles, the aisle pitch and the depot's aisle number.


def across_m(aisles: Sequence[int], aisle_pitch_m: float, depot_aisle: float) -> float:
    """Return the metres along the cross-aisles to the outermost stops and back."""
    return 2.0 * aisle_pitch_m * (max(*aisles, depot_aisle) - min(*aisles, depot_aisle))


def s_shape_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the S-shape length: every aisle with stops is crossed, from left to right.

    With an odd number of aisles the last one is walked to its farthest stop and back.
    """
    last = max(aisles)
    crossed = len(set(aisles))
    length_m = across_m(aisles, aisle_pitch_m, depot_aisle)
    if crossed % 2:
        crossed -= 1
        length_m += 2.0 * max(
            [offset for aisle, offset in zip(aisles, offsets_m, strict=True) if aisle == last]
        )
    return length_m + crossed * aisle_length_m


def return_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the length when each aisle is entered and left through its front end."""
    farthest: dict[int, float] = {}
    for aisle, offset in zip(aisles, offsets_m, strict=True):
        if offset > farthest.get(aisle, -1.0):
            farthest[aisle] = offset
    return across_m(aisles, aisle_pitch_m, depot_aisle) + 2.0 * fsum(farthest.values())


def midpoint_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the midpoint length: outer aisles crossed, stops between reached from the nearer end.

    A stop exactly in the middle is reached from the front. A single aisle is walked as in
    ``return_m``.
    """
    first, last = min(aisles), max(aisles)
    length_m = across_m(aisles, aisle_pitch_m, depot_aisle)
    if first == last:
        return length_m + 2.0 * max(offsets_m)
    half_m = 0.5 * aisle_length_m
    from_front: dict[int, float] = {}
    from_back: dict[int, float] = {}
    for aisle, offset in zip(aisles, offsets_m, strict=True):
        if aisle in (first, last):
            continue
        if offset <= half_m:
            if offset > from_front.get(aisle, -1.0):
                from_front[aisle] = offset
        elif offset < from_back.get(aisle, inf):
            from_back[aisle] = offset
    fronts_m = fsum(from_front.values())
    backs_m = len(from_back) * aisle_length_m - fsum(from_back.values())
    return length_m + 2.0 * (aisle_length_m + fronts_m + backs_m)


def largest_gap_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the largest-gap length: outer aisles crossed, between them the widest gap left out.

    A gap lies between neighbouring stops of an aisle or between a stop and an end of the aisle.
    A single aisle is walked as in ``return_m``.
    """
    first, last = min(aisles), max(aisles)
    length_m = across_m(aisles, aisle_pitch_m, depot_aisle)
    if first == last:
        return length_m + 2.0 * max(offsets_m)
    walked_m = [aisle_length_m]
    current = first
    before_m = gap_m = 0.0
    for aisle, offset in sorted(zip(aisles, offsets_m, strict=True)):
        if aisle != current:
            if current != first:
                walked_m.append(aisle_length_m - max(gap_m, aisle_length_m - before_m))
            if aisle == last:
                break
            current = aisle
            before_m = gap_m = 0.0
        if offset - before_m > gap_m:  # noqa: PLR1730 - called for every stop; max() is slower
            gap_m = offset - before_m
        before_m = offset
    return length_m + 2.0 * fsum(walked_m)


def combined_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the combined length: each aisle, left to right, is crossed or entered and left again.

    Which of both is best for the whole trip is found by a recursion over the aisles with one
    value for each end where the picker may stand (Roodbergen & de Koster 2001, one block).
    """
    nearest: dict[int, float] = {}
    farthest: dict[int, float] = {}
    for aisle, offset in zip(aisles, offsets_m, strict=True):
        if offset > farthest.get(aisle, -1.0):
            farthest[aisle] = offset
        if offset < nearest.get(aisle, inf):
            nearest[aisle] = offset
    front_m, back_m = 0.0, inf
    for aisle in sorted(farthest):
        front_m, back_m = _combined_step(
            front_m, back_m, nearest[aisle], farthest[aisle], aisle_length_m
        )
    return across_m(aisles, aisle_pitch_m, depot_aisle) + front_m


def _combined_step(
    front_m: float, back_m: float, nearest_m: float, farthest_m: float, aisle_length_m: float
) -> tuple[float, float]:
    """Return the shortest walks that end in front of and behind an aisle once it is picked."""
    return (
        min(front_m + 2.0 * farthest_m, back_m + aisle_length_m),
        min(back_m + 2.0 * (aisle_length_m - nearest_m), front_m + aisle_length_m),
    )


# --- walks: the same rules as a sequence of entries into aisles -----------------------------------


def s_shape_visits(columns: Sequence[Column]) -> list[AisleVisit]:
    """Return the S-shape walk; see `s_shape_m`."""
    visits = [
        AisleVisit(column.aisle, index % 2 == 1, None) for index, column in enumerate(columns)
    ]
    if len(columns) % 2:
        visits[-1] = AisleVisit(
            columns[-1].aisle, from_back=False, reach_m=columns[-1].offsets_m[-1]
        )
    return visits


def return_visits(columns: Sequence[Column]) -> list[AisleVisit]:
    """Return the walk that enters and leaves every aisle at its front end; see `return_m`."""
    return [AisleVisit(column.aisle, False, column.offsets_m[-1]) for column in columns]


def around_visits(
    columns: Sequence[Column], depot_aisle: float, from_front: Callable[[list[float]], int]
) -> list[AisleVisit]:
    """Return the walk around the block that looks into the aisles between the outer ones.

    Parameters
    ----------
    columns
        Aisles with stops, left to right.
    depot_aisle
        Front branches left of the depot are walked on the way out, the others on the way home.
    from_front
        Says how many of an aisle's stops are reached from the front.
    """
    if len(columns) == 1:
        return return_visits(columns)
    fronts: list[AisleVisit] = []
    backs: list[AisleVisit] = []
    for column in columns[1:-1]:
        count = from_front(column.offsets_m)
        if count > 0:
            fronts.append(AisleVisit(column.aisle, False, column.offsets_m[count - 1]))
        if count < len(column.offsets_m):
            backs.append(AisleVisit(column.aisle, True, column.offsets_m[count]))
    fronts.reverse()
    return [
        *(visit for visit in fronts if visit.aisle <= depot_aisle),
        AisleVisit(columns[0].aisle, False, None),
        *backs,
        AisleVisit(columns[-1].aisle, True, None),
        *(visit for visit in fronts if visit.aisle > depot_aisle),
    ]


def before_largest_gap(offsets_m: list[float], aisle_length_m: float) -> int:
    """Return how many stops lie in front of an aisle's widest gap; the first of equal gaps."""
    edges_m = [0.0, *offsets_m, aisle_length_m]
    gaps_m = [far_m - near_m for near_m, far_m in pairwise(edges_m)]
    return gaps_m.index(max(gaps_m))


def combined_visits(columns: Sequence[Column], aisle_length_m: float) -> list[AisleVisit]:
    """Return the combined walk; see `combined_m`."""
    ends = [(0.0, inf)]
    for column in columns:
        ends.append(
            _combined_step(*ends[-1], column.offsets_m[0], column.offsets_m[-1], aisle_length_m)
        )
    visits: list[AisleVisit] = []
    at_back = False
    for column, before, after in zip(columns[::-1], ends[-2::-1], ends[:0:-1], strict=True):
        came_from = before[0 if at_back else 1]
        if came_from + aisle_length_m == after[1 if at_back else 0]:
            at_back = not at_back
            visits.append(AisleVisit(column.aisle, at_back, None))
        else:
            reach_m = column.offsets_m[0] if at_back else column.offsets_m[-1]
            visits.append(AisleVisit(column.aisle, at_back, reach_m))
    return visits[::-1]


def corners_of(
    visits: Iterable[AisleVisit], aisle_length_m: float, depot_aisle: float
) -> list[Corner]:
    """Return the corners of a round trip that makes these entries one after the other."""
    corners = [Corner(depot_aisle, 0.0)]
    for aisle, from_back, reach_m in visits:
        entry_m = aisle_length_m if from_back else 0.0
        corners.append(Corner(aisle, entry_m))
        if reach_m is None:
            corners.append(Corner(aisle, aisle_length_m - entry_m))
        else:
            corners += [Corner(aisle, reach_m), Corner(aisle, entry_m)]
    corners.append(Corner(depot_aisle, 0.0))
    return [
        corner for index, corner in enumerate(corners) if not index or corner != corners[index - 1]
    ]


def stops_along(
    corners: Sequence[Corner], stops: Iterable[int], aisle_of: list[int], offset_m: list[float]
) -> list[int]:
    """Return the distinct stops in the order in which a walk first passes them.

    Stops on both sides of an aisle at the same offset are taken in the order of their ids.
    """
    waiting: dict[float, list[int]] = {}
    for stop in sorted(dict.fromkeys(stops)):
        waiting.setdefault(float(aisle_of[stop]), []).append(stop)
    passed: list[int] = []
    for start, end in pairwise(corners):
        if start.aisle != end.aisle or not waiting.get(start.aisle):
            continue
        low_m, high_m = sorted((start.offset_m, end.offset_m))
        here = [stop for stop in waiting[start.aisle] if low_m <= offset_m[stop] <= high_m]
        here.sort(key=offset_m.__getitem__, reverse=end.offset_m < start.offset_m)
        passed += here
        waiting[start.aisle] = [stop for stop in waiting[start.aisle] if stop not in here]
    return passed


# --- any floor: nearest neighbour, then exchanges -------------------------------------------------


def nearest_tour(distance_m: Sequence[Sequence[float]]) -> list[int]:
    """Return a short round trip from node 0 as a list of nodes.

    The nearest node first (the lowest number of equally near ones), then 2-opt and Or-opt
    exchanges until none helps. The same matrix always gives the same tour.

    Parameters
    ----------
    distance_m
        Symmetric matrix of walks in metres.
    """
    tour = [0]
    waiting = list(range(1, len(distance_m)))
    while waiting:
        row = distance_m[tour[-1]]
        closest = min(waiting, key=row.__getitem__)
        waiting.remove(closest)
        tour.append(closest)
    while _two_opt(tour, distance_m) or _or_opt(tour, distance_m):
        pass
    return tour


_GAIN_M = 1e-9  # smaller gains are rounding, and could be undone for ever


def _two_opt(tour: list[int], distance_m: Sequence[Sequence[float]]) -> bool:
    """Turn round every stretch that gets shorter by it; say whether one did."""
    improved = False
    size = len(tour)
    for left in range(size - 2):
        for right in range(left + 2, size):
            before, first = tour[left], tour[left + 1]
            last, after = tour[right], tour[(right + 1) % size]
            gain_m = (
                distance_m[before][first]
                + distance_m[last][after]
                - distance_m[before][last]
                - distance_m[first][after]
            )
            if gain_m > _GAIN_M:
                tour[left + 1 : right + 1] = tour[right:left:-1]
                improved = True
    return improved


def _or_opt(tour: list[int], distance_m: Sequence[Sequence[float]]) -> bool:
    """Move the first stretch of one to three nodes that fits better elsewhere, if any."""
    size = len(tour)
    for count in (1, 2, 3):
        for start in range(1, size - count + 1):
            stretch = tour[start : start + count]
            rest = tour[:start] + tour[start + count :]
            first, last = stretch[0], stretch[-1]
            before, after = rest[start - 1], rest[start % len(rest)]
            freed_m = (
                distance_m[before][first] + distance_m[last][after] - distance_m[before][after]
            )
            if freed_m <= _GAIN_M:
                continue
            for place in range(len(rest)):
                near, far = rest[place], rest[(place + 1) % len(rest)]
                gap_m = freed_m + distance_m[near][far]
                forward_m = distance_m[near][first] + distance_m[last][far]
                turned_m = distance_m[near][last] + distance_m[first][far]
                if gap_m - min(forward_m, turned_m) > _GAIN_M:
                    placed = stretch if forward_m <= turned_m else stretch[::-1]
                    tour[:] = rest[: place + 1] + placed + rest[place + 1 :]
                    return True
    return False


# --- the rules as policies ------------------------------------------------------------------------


class AisleRouting:
    """A rule that thinks in aisles.

    Parameters
    ----------
    layout
        A rectangular floor.

    Raises
    ------
    ValueError
        If the floor has no aisles.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    needs_aisles: ClassVar[bool] = True

    def __init__(self, layout: Layout) -> None:
        if not isinstance(layout, RectangularLayout):
            raise ValueError(  # noqa: TRY004 - a wrong choice of the planner, not of a type
                f"routing rule '{self.name}' needs aisles and cannot walk a floor from a "
                "location file; use nearest or ortools"
            )
        self.layout = layout
        self._aisle_of = layout.aisle_of
        self._offset_m = layout.offset_m
        self._aisle_length_m = layout.aisle_length_m
        self._aisle_pitch_m = layout.aisle_pitch_m
        self._depot_aisle = layout.depot_aisle

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        if not stops:
            return 0.0
        if min(stops) < 0:
            raise ValueError(f"{min(stops)} is not a location")
        aisle_of, offset_m = self._aisle_of, self._offset_m
        return self._length_m(
            [aisle_of[stop] for stop in stops],
            [offset_m[stop] for stop in stops],
            self._aisle_length_m,
            self._aisle_pitch_m,
            self._depot_aisle,
        )

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        return stops_along(self._corners(stops), stops, self._aisle_of, self._offset_m)

    def walk_xy_m(self, stops: Sequence[int]) -> list[tuple[float, float]]:
        """Return the corners of the walk on centre lines, depot to depot, in metres."""
        pitch_m = self._aisle_pitch_m
        return [(aisle * pitch_m, offset) for aisle, offset in self._corners(stops)]

    def _corners(self, stops: Sequence[int]) -> list[Corner]:
        offsets: dict[int, list[float]] = {}
        for stop in sorted(dict.fromkeys(stops)):
            offsets.setdefault(self._aisle_of[stop], []).append(self._offset_m[stop])
        columns = [Column(aisle, sorted(offsets[aisle])) for aisle in sorted(offsets)]
        visits = self._visits(columns) if columns else []
        return corners_of(visits, self._aisle_length_m, self._depot_aisle)

    @staticmethod
    def _length_m(
        aisles: list[int],
        offsets_m: list[float],
        aisle_length_m: float,
        aisle_pitch_m: float,
        depot_aisle: float,
    ) -> float:
        raise NotImplementedError

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        raise NotImplementedError


class SShapeRouting(AisleRouting):
    """Cross every aisle with stops, up one and down the next."""

    name: ClassVar[str] = "s_shape"
    summary: ClassVar[str] = (
        "Walk all the way through every aisle with picks, from left to right; turn back in the "
        "last one if their number is odd."
    )
    _length_m = staticmethod(s_shape_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        return s_shape_visits(columns)


class ReturnRouting(AisleRouting):
    """Enter and leave every aisle at its front end."""

    name: ClassVar[str] = "return"
    summary: ClassVar[str] = (
        "Enter every aisle with picks from the front, walk to its farthest pick and back."
    )
    _length_m = staticmethod(return_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        return return_visits(columns)


class MidpointRouting(AisleRouting):
    """Walk around the block; reach each stop between from the nearer end."""

    name: ClassVar[str] = "midpoint"
    summary: ClassVar[str] = (
        "Walk through the first and the last aisle with picks; in the aisles between reach the "
        "front half from the front and the back half from the back."
    )
    _length_m = staticmethod(midpoint_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        half_m = 0.5 * self._aisle_length_m
        return around_visits(
            columns, self._depot_aisle, lambda offsets_m: bisect_right(offsets_m, half_m)
        )


class LargestGapRouting(AisleRouting):
    """Walk around the block; leave out the widest gap of each aisle between."""

    name: ClassVar[str] = "largest_gap"
    summary: ClassVar[str] = (
        "Walk through the first and the last aisle with picks; in the aisles between leave out "
        "only the widest stretch without picks."
    )
    _length_m = staticmethod(largest_gap_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        length_m = self._aisle_length_m
        return around_visits(
            columns, self._depot_aisle, lambda offsets_m: before_largest_gap(offsets_m, length_m)
        )


class CombinedRouting(AisleRouting):
    """Cross each aisle or turn back in it, whichever is better for the whole trip."""

    name: ClassVar[str] = "combined"
    summary: ClassVar[str] = (
        "From left to right, cross each aisle with picks or turn back in it, whichever makes the "
        "whole trip shortest."
    )
    _length_m = staticmethod(combined_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        return combined_visits(columns, self._aisle_length_m)


class NearestRouting:
    """Walk to the nearest stop next, then mend the trip by exchanges; for any floor.

    Parameters
    ----------
    layout
        The floor.
    """

    name: ClassVar[str] = "nearest"
    summary: ClassVar[str] = (
        "Walk to the nearest pick next, then improve the trip by exchanges until none helps; "
        "works on any floor."
    )
    needs_aisles: ClassVar[bool] = False

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        return round_trip_m(self.layout, self.visit_order(stops))

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        nodes = [DEPOT, *sorted(dict.fromkeys(stops))]
        if len(nodes) > 1 and nodes[1] < 0:
            raise ValueError(f"{nodes[1]} is not a location")
        return [nodes[node] for node in nearest_tour(distance_matrix_m(self.layout, nodes))[1:]]


class LocationOrderRouting:
    """Walk the list as it is printed, sorted by location; for any floor.

    Parameters
    ----------
    layout
        The floor.
    """

    name: ClassVar[str] = "location_order"
    summary: ClassVar[str] = "Walk the list as it is printed, sorted by location number; any floor."
    needs_aisles: ClassVar[bool] = False

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        return round_trip_m(self.layout, self.visit_order(stops))

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order of their numbers."""
        return sorted(dict.fromkeys(stops))


def round_trip_m(layout: Layout, order: Sequence[int]) -> float:
    """Return the metres from the depot along these stops, each leg the shortest, and back."""
    return fsum(layout.distance_m(start, end) for start, end in pairwise([DEPOT, *order, DEPOT]))


def distance_matrix_m(layout: Layout, nodes: Sequence[int]) -> list[list[float]]:
    """Return the symmetric matrix of shortest walks between places in metres."""
    matrix = [[0.0] * len(nodes) for _ in nodes]
    for row, start in enumerate(nodes):
        for column in range(row):
            matrix[row][column] = matrix[column][row] = layout.distance_m(start, nodes[column])
    return matrix


# --- finding a rule by its name -------------------------------------------------------------------


ROUTING: dict[str, type[RoutingPolicy]] = {
    rule.name: rule
    for rule in (
        SShapeRouting,
        ReturnRouting,
        MidpointRouting,
        LargestGapRouting,
        CombinedRouting,
        NearestRouting,
        LocationOrderRouting,
    )
}


def routing_names() -> list[str]:
    """Return the names of all rules that can be chosen: built-in, planner's, installed."""
    installed = [name for name, _ in _installed_rules()]
    return list(dict.fromkeys([*ROUTING, *PLANNER_RULES, *installed]))


def resolve_routing(name: str, layout: Layout) -> RoutingPolicy:
    """Return the routing rule of this name for a floor.

    Built-in rules come first, then entry points ``routing.<name>`` of the group
    ``warelab.policies``.

    Parameters
    ----------
    name
        What the scenario says.
    layout
        The floor to walk.

    Raises
    ------
    ValueError
        If there is no such rule, it cannot be loaded, or it does not fit the floor.
    """
    rule = ROUTING.get(name) or _planned_or_installed(name)
    if rule is None:
        known = routing_names()
        close = get_close_matches(name, known, n=1)
        hint = f"; did you mean '{close[0]}'?" if close else ""
        raise ValueError(f"unknown routing rule {name!r}; known are {', '.join(known)}{hint}")
    if getattr(rule, "needs_aisles", False) and not layout.has_aisles:
        raise ValueError(
            f"routing rule '{name}' needs aisles and cannot walk a floor from a location file; "
            "use nearest or ortools"
        )
    return rule(layout)


def _planned_or_installed(name: str) -> type[RoutingPolicy] | None:
    targets = list(dict.fromkeys(target for known, target in _installed_rules() if known == name))
    if not targets and name in PLANNER_RULES:
        targets = [PLANNER_RULES[name]]
    if not targets:
        return None
    if len(targets) > 1:
        raise ValueError(f"routing rule '{name}' is installed more than once: {', '.join(targets)}")
    module, _, attribute = targets[0].partition(":")
    try:
        return cast("type[RoutingPolicy]", getattr(importlib.import_module(module), attribute))
    except (ImportError, AttributeError) as error:
        raise ValueError(
            f"routing rule '{name}' ({targets[0]}) cannot be loaded: {error}"
        ) from error


def _installed_rules() -> list[tuple[str, str]]:
    from importlib.metadata import entry_points

    prefix = "routing."
    return sorted(
        (point.name.removeprefix(prefix), point.value)
        for point in entry_points(group=ENTRY_POINT_GROUP)
        if point.name.startswith(prefix)
    )
