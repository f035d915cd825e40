"""The exact programme against outside solvers: ``python -m tests.benchmarks.route_oracles``.

Random lists on floors of two to five cross-aisles, the start at every kind of place on every
cross-aisle: an aisle's end, between two aisles. fast_tsp and elkai (LKH) walk the same list as a
travelling salesman's problem in millimetres. One that is
not installed is left out with a word.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import fsum
from typing import NamedTuple

import numpy as np

from optimize.routing.exact import shortest_length_m
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout
from tests.optimize.routing.other_ways import leg_m

SEED = 1000
Oracle = Callable[[list[list[int]]], list[int]]


class Case(NamedTuple):
    """A pick list, and where its round trip starts."""

    floor: RectangularLayout
    stops: list[int]
    start: Corner


def cases(count: int) -> Iterator[Case]:
    """Yield lists, their floors and starts, each kind as often."""
    rng = np.random.default_rng(SEED)
    for number in range(count):
        blocks = 1 + number % 4
        floor = RectangularLayout(8, 24, 1.0, 3.0, 0.5, blocks=blocks)
        cross_aisle = number // 4 % (blocks + 1)
        aisle = float(rng.integers(0, 8)) - 0.5 * (number // 20 % 2)
        stops = rng.choice(floor.locations, int(rng.integers(5, 31)), replace=False).tolist()
        yield Case(floor, stops, Corner(aisle, floor.cross_aisles_m[cross_aisle]))


def matrix_mm(case: Case) -> list[list[int]]:
    """Return the ways between all places in millimetres, the start first."""
    places: list[Corner | int] = [case.start, *case.stops]
    return [
        [round(1000 * leg_m(case.floor, a, b)) if a != b else 0 for b in places] for a in places
    ]


def oracles() -> dict[str, Oracle]:
    """Return the outside solvers that are installed."""
    found: dict[str, Oracle] = {}
    if importlib.util.find_spec("fast_tsp"):
        fast_tsp = importlib.import_module("fast_tsp")
        found["fast_tsp"] = lambda matrix: list(fast_tsp.find_tour(matrix, 0.05))
    if importlib.util.find_spec("elkai"):
        elkai = importlib.import_module("elkai")
        found["elkai"] = lambda matrix: list(elkai.DistanceMatrix(matrix).solve_tsp(runs=10))[:-1]
    return found


def differences_mm(count: int, solve: Oracle) -> list[int]:
    """Return by how much the solver's trip is longer than the exact one, list by list."""
    found = []
    for case in cases(count):
        matrix = matrix_mm(case)
        tour = solve(matrix)
        length_mm = fsum(matrix[a][b] for a, b in pairwise([*tour, tour[0]]))
        exact_m = shortest_length_m(case.floor, case.stops, start=case.start, end=case.start)
        found.append(round(length_mm) - round(1000 * exact_m))
    return found


def main(words: list[str] | None = None) -> int:
    """Print one line a solver; 1 if one of them found a shorter trip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=300)
    chosen = parser.parse_args(words)
    shorter = 0
    for name, solve in oracles().items():
        found = differences_mm(chosen.lists, solve)
        shorter += sum(longer < 0 for longer in found)
        sys.stdout.write(
            f"{name}: {len(found)} lists; equal {found.count(0)}, exact shorter "
            f"{sum(longer > 0 for longer in found)}, exact longer "
            f"{sum(longer < 0 for longer in found)}\n"
        )
    for name in sorted({"fast_tsp", "elkai"} - set(oracles())):
        sys.stdout.write(f"{name}: not installed, left out\n")
    return int(shorter > 0)


if __name__ == "__main__":
    sys.exit(main())
