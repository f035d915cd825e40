"""Shortest ways found by other means: all orders of the stops, and all walks along whole aisles."""

from __future__ import annotations

import heapq
from itertools import count, pairwise, permutations
from math import fsum, inf

from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout


def leg_m(floor: RectangularLayout, start: Corner | int, end: Corner | int) -> float:
    """Return the shortest walk between stops and points on cross-aisles."""
    if isinstance(start, int) and isinstance(end, int):
        return floor.distance_m(start, end)
    (x1, y1), (x2, y2) = (
        place if isinstance(place, Corner) else (floor.aisle_of[place], floor.offset_m[place])
        for place in (start, end)
    )
    across = abs(x1 - x2)
    if isinstance(start, Corner) and isinstance(end, Corner) and y1 != y2:
        across = min(abs(x1 - aisle) + abs(aisle - x2) for aisle in range(floor.aisles))
    return across * floor.aisle_pitch_m + abs(y1 - y2)


def by_permutations_m(
    floor: RectangularLayout, stops: list[int], start: Corner, end: Corner
) -> float:
    """Return the shortest way by trying every order of the stops."""
    return min(
        fsum(leg_m(floor, a, b) for a, b in pairwise(_ways(start, order, end)))
        for order in permutations(sorted(set(stops)))
    )


def _ways(start: Corner, order: tuple[int, ...], end: Corner) -> list[Corner | int]:
    return [start, *order, end]


def without_turns_m(
    floor: RectangularLayout, stops: list[int], start: Corner, end: Corner
) -> float:
    """Return the shortest way on which every aisle entered is walked to its other end.

    Dijkstra 1959 over corners and the set of aisles walked so far.
    """
    needed = sorted({(floor.aisle_of[stop], floor.block_of[stop]) for stop in stops})
    columns = sorted({*map(float, range(floor.aisles)), start.aisle, end.aisle})
    rows = floor.cross_aisles_m
    here = (columns.index(start.aisle), rows.index(start.offset_m))
    there = (columns.index(end.aisle), rows.index(end.offset_m))
    all_walked = (1 << len(needed)) - 1
    tickets = count()
    waiting = [(0.0, next(tickets), here, 0)]
    reached: dict[tuple[tuple[int, int], int], float] = {}
    while waiting:
        length_m, _, (column, row), walked = heapq.heappop(waiting)
        if ((column, row), walked) in reached:
            continue
        reached[(column, row), walked] = length_m
        if (column, row) == there and walked == all_walked:
            return length_m
        for other in (column - 1, column + 1):
            if 0 <= other < len(columns):
                apart_m = abs(columns[other] - columns[column]) * floor.aisle_pitch_m
                heapq.heappush(waiting, (length_m + apart_m, next(tickets), (other, row), walked))
        aisle = columns[column]
        for other in (row - 1, row + 1):
            if 0 <= other < len(rows) and aisle in range(floor.aisles):
                place = (int(aisle), min(row, other))
                bit = 1 << needed.index(place) if place in needed else 0
                along_m = abs(rows[other] - rows[row])
                heapq.heappush(
                    waiting, (length_m + along_m, next(tickets), (column, other), walked | bit)
                )
    return inf
