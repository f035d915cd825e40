"""Orders on trolleys with boxes in two blocks: Valle, Beasley & da Cunha 2017; Briant et al. 2020.

A trolley has boxes, and every order takes whole ones of its own. The way from the depot leads
straight to any aisle, not along a cross-aisle. Optima: Wahlen 2026.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import ceil, inf
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from optimize.batching.problem import CartLimits, Order, Problem
from optimize.batching.solve import solve
from optimize.routing.kernels.blocks import blocks_m, table
from sim.warehouse.layout import FreeFormLayout, Layout
from tests.benchmarks.published.frame import Answer, Instance, PublishedSet

BOX_ITEMS = 40


class Graph(NamedTuple):
    """What a file says of the floor: places by number, and which of them are corners."""

    xy: dict[int, tuple[float, float]]
    corners: list[int]
    from_depot: dict[int, float]


class StraightToAnAisle:
    """The shortest trip that begins and ends with a straight way between the depot and an aisle.

    Parameters
    ----------
    layout
        The products' places.
    graph
        The floor; the depot is number 0, and number n + 1 is location n of the layout.
    """

    name: ClassVar[str] = "straight_to_an_aisle"
    summary: ClassVar[str] = "Walk straight to an aisle, then the shortest way, and straight back."
    needs_aisles: ClassVar[bool] = False

    def __init__(self, layout: Layout, graph: Graph | None = None) -> None:
        assert graph is not None
        self.layout = layout
        self._xy = graph.xy
        self._x_m = sorted({graph.xy[corner][0] for corner in graph.corners})
        self._y_m = sorted({graph.xy[corner][1] for corner in graph.corners})
        self._way_m = {graph.xy[corner][0]: way for corner, way in graph.from_depot.items()}

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        shape = (len(self._x_m), len(self._y_m) - 1)
        first_m, last_m, gap_m = np.full(shape, -1.0), np.zeros(shape), np.zeros(shape)
        cells: dict[tuple[int, int], list[float]] = {}
        for stop in stops:
            x_m, y_m = self._xy[stop + 1]
            block = sum(y_m > row for row in self._y_m) - 1
            cells.setdefault((self._x_m.index(x_m), block), []).append(y_m - self._y_m[0])
        for cell, found in cells.items():
            found.sort()
            first_m[cell], last_m[cell] = found[0], found[-1]
            gap_m[cell] = max((b - a for a, b in pairwise(found)), default=0.0)
        at, aisles = np.array(self._x_m), np.ones(len(self._x_m), dtype=np.int32)
        rows, steps = np.array(self._y_m) - self._y_m[0], table(len(self._y_m))
        used = sorted({place for place, _ in cells})
        best_m = inf
        # To go in right of all stops is never shorter than at the last of them.
        for start in range(used[-1] + 1):
            for end in range(start, used[-1] + 1):
                kept = sorted({*used, start, end})
                inside_m = blocks_m(
                    len(kept), at[kept], aisles, first_m[kept], last_m[kept], gap_m[kept], rows,
                    kept.index(start), 0, kept.index(end), 0, *steps,
                )  # fmt: skip
                ways_m = self._way_m[self._x_m[start]] + self._way_m[self._x_m[end]]
                best_m = min(best_m, ways_m + inside_m)
        return best_m

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the stops; in which order is of no interest here."""
        return list(stops)


def problem_of(text: str) -> Problem:
    """Return the problem in a file."""
    lines = text.splitlines()

    def after(heading: str) -> Iterator[list[str]]:
        start = next(row for row, line in enumerate(lines) if line.startswith(heading)) + 1
        while start < len(lines) and lines[start].startswith("//"):
            start += 1
        for line in lines[start:]:
            if line.startswith("//"):
                return
            yield line.split()

    place_of = {int(words[0]): int(words[1]) for words in after("//Products")}
    xy: dict[int, tuple[float, float]] = {}
    corners = []
    for words in after("//Vertices coordinates"):
        number = int(words[0])
        xy[number] = (float(words[1]), float(words[2]))
        if re.search("intersection", " ".join(words)):
            corners.append(number)
    from_depot = {int(words[1]): float(words[2]) for words in after("//Arcs") if words[0] == "0"}
    last = min(corners) - 1
    layout = FreeFormLayout(
        tuple(str(number) for number in range(1, last + 1)),
        tuple(xy[number] for number in range(1, last + 1)), xy[0],
    )  # fmt: skip
    orders = []
    for words in after("//Idx M NbProdInOrder"):
        numbers = list(map(int, words[3:]))
        units = sum(numbers[1::2])
        stops = tuple(place_of[product] - 1 for product in numbers[::2])
        orders.append(Order(stops, items=units, boxes=ceil(units / BOX_ITEMS)))
    trolley = float(next(after("//K: NbBoxesTrolley"))[0])
    rule = StraightToAnAisle(layout, Graph(xy, corners, from_depot))
    return Problem(layout, tuple(orders), CartLimits(boxes=trolley), rule=rule)


def instances(folder: Path) -> Iterator[Instance]:
    """Read the problems whose files are there."""
    with (folder / "optimal_42.csv").open(encoding="utf-8", newline="") as stream:
        best = {
            f"d{row['delta_days']}_ord{row['orders']}": float(row["optimal_distance"])
            for row in csv.DictReader(stream)
        }
    with zipfile.ZipFile(next(folder.glob("*.zip"))) as files:
        for file in sorted(files.namelist()):
            found = re.search(r"d\d+_ord\d+", file)
            assert found
            problem = problem_of(files.read(file).decode("latin-1"))
            yield Instance(found[0], best[found[0]], True, partial(_solve, problem))


def _solve(problem: Problem, limit_s: float, seed: int) -> Answer:
    found = solve(problem, seed=seed, limit_s=limit_s)
    return Answer(found.cost_m, found.status == "optimal", f"{found.priced} prices")


SETS = [
    PublishedSet("foodmart", "Valle, Beasley & da Cunha 2017", "foodmart_jobprp", False, instances)
]
