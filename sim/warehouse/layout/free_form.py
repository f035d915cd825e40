"""A free-form floor: points, joined by walkways or simply walked at right angles."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sim.warehouse.layout.protocol import DEPOT

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array

MAX_REMEMBERED_DISTANCES = 20_000_000

_Name = TypeVar("_Name", str, float)


@dataclass(frozen=True)
class FreeFormLayout:
    """Points on a floor, joined by walkways or simply walked at right angles.

    Aisles, zones and levels are good enough for counting people in an aisle or stock on a level;
    routing rules for aisles are not for this floor. ``offset_m`` is y, or x where a named aisle
    is longer that way.

    Parameters
    ----------
    names
        Name of each location, all different.
    xy
        Place of each location in metres.
    depot_xy
        Place of the depot in metres.
    paths
        Walkways as pairs of locations (-1 for the depot), walked both ways, each as long as the
        way at right angles between its ends. None: everything is reachable at right angles.
    aisles
        Name of each location's aisle. None: locations with the same x are one aisle, counted from
        the left. Named aisles count in the order in which they are named first.
    zones
        Name of each location's zone. None: all are "zone 1".
    levels
        Level of each location, 0 within reach. None: all are within reach.
    access_times_s
        Seconds that reaching up to each location adds to a search. None: no location adds any.

    Raises
    ------
    ValueError
        If names and places do not match, a walkway names an unknown place, or a location
        cannot be reached from the depot.
    """

    names: tuple[str, ...]
    xy: tuple[tuple[float, float], ...]
    depot_xy: tuple[float, float]
    paths: tuple[tuple[int, int], ...] | None = None
    aisles: tuple[str, ...] | None = field(default=None, kw_only=True)
    zones: tuple[str, ...] | None = field(default=None, kw_only=True)
    levels: tuple[int, ...] | None = field(default=None, kw_only=True)
    access_times_s: tuple[float, ...] | None = field(default=None, kw_only=True)
    aisle_of: list[int] = field(init=False, repr=False, compare=False)
    offset_m: list[float] = field(init=False, repr=False, compare=False)
    zone_of: list[int] = field(init=False, repr=False, compare=False)
    zone_names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    level_of: list[int] = field(init=False, repr=False, compare=False)
    access_s: list[float] | None = field(init=False, repr=False, compare=False)
    _rows: dict[int, array[float]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if len(self.names) != len(self.xy):
            raise ValueError(f"{len(self.names)} names for {len(self.xy)} places")
        if not self.names:
            raise ValueError("a floor needs at least one location beside the depot")
        if len(dict.fromkeys(self.names)) != len(self.names):
            raise ValueError("a location name is used twice")
        if not all(math.isfinite(value) for place in (*self.xy, self.depot_xy) for value in place):
            raise ValueError("a coordinate is not a finite number")
        for path in self.paths or ():
            if not all(DEPOT <= end < len(self.names) for end in path):
                raise ValueError(f"walkway {path} names a place that does not exist")
        for column in (self.aisles, self.zones, self.levels, self.access_times_s):
            if column is not None and len(column) != len(self.names):
                raise ValueError(f"{len(column)} values for {len(self.names)} places")
        self._set_columns()
        cut_off = self.unreachable()
        if cut_off:
            names = ", ".join(self.names[location] for location in cut_off[:5])
            raise ValueError(f"no walkway leads from the depot to {names}")

    def _set_columns(self) -> None:
        if self.aisles is None:
            x_m = [x for x, _ in self.xy]
            aisle_of, offset_m = _numbered(x_m, sorted(dict.fromkeys(x_m))), [y for _, y in self.xy]
        else:
            aisle_of = _numbered(self.aisles, dict.fromkeys(self.aisles))
            offset_m = _along(aisle_of, self.xy)
        zones = self.zones or ("zone 1",) * len(self.names)
        access_times_s = self.access_times_s or ()
        zone_names = tuple(dict.fromkeys(zones))
        columns: dict[str, object] = {
            "aisle_of": aisle_of,
            "offset_m": offset_m,
            "zone_names": zone_names,
            "zone_of": _numbered(zones, zone_names),
            "level_of": list(self.levels or (0,) * len(self.names)),
            "access_s": list(access_times_s) if any(access_times_s) else None,
        }
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    @property
    def locations(self) -> int:
        """Number of locations."""
        return len(self.names)

    @property
    def depot(self) -> int:
        """Id of the depot, always -1."""
        return DEPOT

    @property
    def has_aisles(self) -> bool:
        """Return False: rules that think in aisles do not fit."""
        return False

    @property
    def one_way(self) -> bool:
        """Return False: walkways are walked both ways."""
        return False

    def unreachable(self) -> list[int]:
        """Return the locations to which no walkway leads from the depot."""
        return unreachable(len(self.names), self.paths)

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk between two locations (or the depot) in metres."""
        if start == end:
            return 0.0
        if self.paths is None:
            (x1, y1), (x2, y2) = self.xy_m(start), self.xy_m(end)
            return abs(x1 - x2) + abs(y1 - y2)
        # Always searched from the same end: the last digit of a sum depends on its order, and
        # must not depend on what was asked before. The depot is the favourite end.
        if start == DEPOT or (end != DEPOT and start > end):
            source, target = start, end
        else:
            source, target = end, start
        row = self._rows.get(source)
        if row is None:
            row = self._remembered_row(source)
        return row[target]

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where a location (or the depot) is, in metres."""
        return self.depot_xy if location == DEPOT else self.xy[location]

    def _remembered_row(self, source: int) -> array[float]:
        most_rows = max(1, MAX_REMEMBERED_DISTANCES // (len(self.names) + 1))
        if len(self._rows) >= most_rows:
            del self._rows[next(iter(self._rows))]
        from scipy.sparse.csgraph import dijkstra

        node = source % (len(self.names) + 1)
        found = dijkstra(self._graph, directed=False, indices=[node])
        row = array("d", found[0].tolist())
        self._rows[source] = row
        return row

    @cached_property
    def _graph(self) -> csr_array[np.float64, tuple[int, int]]:
        """Walkways as a sparse matrix; the depot is the last node, so that [-1] finds it."""
        import numpy as np
        from scipy.sparse import coo_array

        nodes = len(self.names) + 1
        pairs = list(dict.fromkeys(self.paths or ()))
        tails = np.array([start % nodes for start, _ in pairs])
        heads = np.array([end % nodes for _, end in pairs])
        lengths_m = []
        for start, end in pairs:
            (x1, y1), (x2, y2) = self.xy_m(start), self.xy_m(end)
            lengths_m.append(abs(x1 - x2) + abs(y1 - y2))
        return coo_array((np.array(lengths_m), (tails, heads)), shape=(nodes, nodes)).tocsr()


def _numbered(names: Sequence[_Name], known: Iterable[_Name]) -> list[int]:
    """Return the number of each name among the known ones."""
    number = {name: index for index, name in enumerate(known)}
    return [number[name] for name in names]


def _along(aisle_of: list[int], xy: Sequence[tuple[float, float]]) -> list[float]:
    """Return y of each location, or x where its aisle is longer that way."""
    members: list[list[tuple[float, float]]] = [[] for _ in range(max(aisle_of) + 1)]
    for aisle, place in zip(aisle_of, xy, strict=True):
        members[aisle].append(place)
    runs_along_x = [_spread(x for x, _ in each) > _spread(y for _, y in each) for each in members]
    return [x if runs_along_x[aisle] else y for aisle, (x, y) in zip(aisle_of, xy, strict=True)]


def _spread(values_m: Iterable[float]) -> float:
    values = list(values_m)
    return max(values) - min(values)


def unreachable(locations: int, paths: tuple[tuple[int, int], ...] | None) -> list[int]:
    """Return the locations to which no walkway leads from the depot."""
    if paths is None:
        return []
    neighbours: dict[int, list[int]] = {}
    for start, end in paths:
        neighbours.setdefault(start, []).append(end)
        neighbours.setdefault(end, []).append(start)
    reached = {DEPOT}
    waiting = [DEPOT]
    while waiting:
        for place in neighbours.get(waiting.pop(), ()):
            if place not in reached:
                reached.add(place)
                waiting.append(place)
    return [location for location in range(locations) if location not in reached]
