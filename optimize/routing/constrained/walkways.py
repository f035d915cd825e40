"""The walkways of a floor as points and directed pieces, each piece with a direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sim.warehouse.layout import DEPOT, FreeFormLayout, Layout, RectangularLayout

Point = tuple[float, float]


@dataclass
class Walkways:
    """Points of a floor and the pieces of walkway between them.

    Attributes
    ----------
    xy
        Place of each point in metres; on a rectangular floor on the centre line of its aisle.
    arcs
        Start and end of each piece; one that is walked both ways counts twice.
    point_of
        Point of the depot and of each stop.
    """

    xy: list[Point] = field(default_factory=list)
    arcs: list[tuple[int, int]] = field(default_factory=list)
    point_of: dict[int, int] = field(default_factory=dict)

    def length_m(self, arc: int) -> float:
        """Return the metres of a piece, walked at right angles."""
        (x1, y1), (x2, y2) = (self.xy[end] for end in self.arcs[arc])
        return abs(x1 - x2) + abs(y1 - y2)

    def turning(self, arc: int, following: int) -> int:
        """Return 0 where a walk goes straight on from piece to piece, 1 for a turn, 2 to go back.

        Straight on is up to, but not including, 45 degrees; a U-turn is above 135 degrees.
        """
        (x1, y1), (x2, y2) = (self.xy[end] for end in self.arcs[arc])
        (x3, y3), (x4, y4) = (self.xy[end] for end in self.arcs[following])
        along = (x2 - x1) * (x4 - x3) + (y2 - y1) * (y4 - y3)
        beside = abs((x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3))
        if along > beside or (along == 0.0 and beside == 0.0):
            return 0
        return 2 if -along > beside else 1


def walkways_of(layout: Layout, stops: Sequence[int]) -> Walkways:
    """Return the walkways of a floor on which the stops are points.

    Raises
    ------
    ValueError
        If the floor is of a kind without walkways.
    """
    if isinstance(layout, RectangularLayout):
        return _of_aisles(layout, stops)
    if isinstance(layout, FreeFormLayout) and layout.paths is not None:
        return _of_paths(layout, stops)
    raise ValueError("the floor has no walkways; turns need a rectangular floor or walkways")


def _of_paths(layout: FreeFormLayout, stops: Sequence[int]) -> Walkways:
    """Points are the locations, the depot the last one."""
    points = layout.locations + 1
    found = Walkways([*layout.xy, layout.depot_xy])
    both_ways = [
        (start % points, end % points)
        for a, b in layout.paths or ()
        if a != b
        for start, end in ((a, b), (b, a))
    ]
    found.arcs = list(dict.fromkeys(both_ways))
    found.point_of = {place: place % points for place in (DEPOT, *stops)}
    return found


def _of_aisles(layout: RectangularLayout, stops: Sequence[int]) -> Walkways:
    """Points are the crossings, the depot, and the places of the stops on the centre lines."""
    found = Walkways()
    number: dict[tuple[float, float], int] = {}

    def point(aisle: float, offset_m: float) -> int:
        key = (float(aisle), offset_m)
        if key not in number:
            number[key] = len(found.xy)
            found.xy.append((aisle * layout.aisle_pitch_m, offset_m))
        return number[key]

    offsets_m: list[list[float]] = [list(layout.cross_aisles_m) for _ in range(layout.aisles)]
    for stop in stops:
        offsets_m[layout.aisle_of[stop]].append(layout.offset_m[stop])
    for aisle, here_m in enumerate(offsets_m):
        line = [point(aisle, offset_m) for offset_m in sorted(dict.fromkeys(here_m))]
        if not layout.one_way or aisle % 2 == 0:
            found.arcs += pairwise(line)
        if not layout.one_way or aisle % 2 == 1:
            found.arcs += pairwise(line[::-1])
    for offset_m in layout.cross_aisles_m:
        aisles: list[float] = list(range(layout.aisles))
        if offset_m == 0.0:
            aisles = sorted(dict.fromkeys([*map(float, aisles), layout.depot_aisle]))
        line = [point(aisle, offset_m) for aisle in aisles]
        found.arcs += [*pairwise(line), *pairwise(line[::-1])]
    found.point_of[DEPOT] = point(layout.depot_aisle, 0.0)
    for stop in stops:
        found.point_of[stop] = point(layout.aisle_of[stop], layout.offset_m[stop])
    return found
