"""Rules for any floor: nearest neighbour mended by exchanges, and the list as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from typing import ClassVar

from sim.warehouse.layout import DEPOT, Layout


class _ListRouting:
    """A rule that says in which order stops are passed; each leg is the shortest walk.

    Parameters
    ----------
    layout
        The floor.
    """

    needs_aisles: ClassVar[bool] = False

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        return round_trip_m(self.layout, self.visit_order(stops))

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        raise NotImplementedError


class NearestRouting(_ListRouting):
    """Walk to the nearest stop next, then mend the trip by exchanges; for any floor."""

    name: ClassVar[str] = "nearest"
    summary: ClassVar[str] = (
        "Walk to the nearest pick next, then improve the trip by exchanges until none helps; "
        "works on any floor."
    )

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        nodes = [DEPOT, *sorted(dict.fromkeys(stops))]
        if len(nodes) > 1 and nodes[1] < 0:
            raise ValueError(f"{nodes[1]} is not a location")
        return [nodes[node] for node in nearest_tour(distance_matrix_m(self.layout, nodes))[1:]]


class LocationOrderRouting(_ListRouting):
    """Walk the list as it is printed, sorted by location; for any floor."""

    name: ClassVar[str] = "location_order"
    summary: ClassVar[str] = "Walk the list as it is printed, sorted by location number; any floor."

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order of their numbers."""
        return sorted(dict.fromkeys(stops))


def round_trip_m(layout: Layout, order: Sequence[int]) -> float:
    """Return the metres from the depot along these stops, each leg the shortest, and back."""
    return fsum(layout.distance_m(start, end) for start, end in pairwise([DEPOT, *order, DEPOT]))


def distance_matrix_m(layout: Layout, nodes: Sequence[int]) -> list[list[float]]:
    """Return the matrix of shortest walks from place to place in metres.

    Entry ``[i][j]`` is the way from i to j, the same as back unless aisles are one-way.
    """
    if layout.one_way:
        return [[layout.distance_m(start, end) for end in nodes] for start in nodes]
    matrix = [[0.0] * len(nodes) for _ in nodes]
    for row, start in enumerate(nodes):
        for column in range(row):
            matrix[row][column] = matrix[column][row] = layout.distance_m(start, nodes[column])
    return matrix


def nearest_tour(distance_m: Sequence[Sequence[float]]) -> list[int]:
    """Return a short round trip from node 0 as a list of nodes.

    The nearest node first (the lowest number of equally near ones), then 2-opt and Or-opt
    exchanges until none helps. The same matrix always gives the same tour.

    Parameters
    ----------
    distance_m
        Matrix of walks in metres; entry ``[i][j]`` is the way from i to j.
    """
    tour = [0]
    waiting = list(range(1, len(distance_m)))
    while waiting:
        row = distance_m[tour[-1]]
        closest = min(waiting, key=row.__getitem__)
        waiting.remove(closest)
        tour.append(closest)
    directed = any(
        way_m != distance_m[end][start]
        for start, row in enumerate(distance_m)
        for end, way_m in enumerate(row[:start])
    )
    while _two_opt(tour, distance_m, directed=directed) or _or_opt(
        tour, distance_m, directed=directed
    ):
        pass
    return tour


_GAIN_M = 1e-9  # smaller gains are rounding, and could be undone for ever


def _two_opt(tour: list[int], distance_m: Sequence[Sequence[float]], *, directed: bool) -> bool:
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
            if directed:
                gain_m -= _longer_turned_m(tour[left + 1 : right + 1], distance_m)
            if gain_m > _GAIN_M:
                tour[left + 1 : right + 1] = tour[right:left:-1]
                improved = True
    return improved


def _longer_turned_m(stretch: Sequence[int], distance_m: Sequence[Sequence[float]]) -> float:
    """Return by how much a stretch is longer the other way round; 0 without one-way aisles."""
    return fsum(distance_m[b][a] - distance_m[a][b] for a, b in pairwise(stretch))


def _or_opt(tour: list[int], distance_m: Sequence[Sequence[float]], *, directed: bool) -> bool:
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
            longer_m = _longer_turned_m(stretch, distance_m) if directed else 0.0
            for place in range(len(rest)):
                near, far = rest[place], rest[(place + 1) % len(rest)]
                gap_m = freed_m + distance_m[near][far]
                forward_m = distance_m[near][first] + distance_m[last][far]
                turned_m = distance_m[near][last] + distance_m[first][far] + longer_m
                if gap_m - min(forward_m, turned_m) > _GAIN_M:
                    placed = stretch if forward_m <= turned_m else stretch[::-1]
                    tour[:] = rest[: place + 1] + placed + rest[place + 1 :]
                    return True
    return False
