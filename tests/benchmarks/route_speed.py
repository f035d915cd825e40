"""Microseconds of a shortest route: ``python -m tests.benchmarks.route_speed``.

Random lists of different locations on two-sided aisles of 45 positions, depot before the leftmost
one. Processor time, the best of several rounds; ``NUMBA_DISABLE_JIT=1`` shows the interpreted code.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

from optimize.compiled import IS_COMPILED
from optimize.routing.exact import shortest_length_m, shortest_lengths_m, shortest_way
from optimize.routing.problem import Problem
from optimize.routing.solve import solve
from sim.warehouse.layout import RectangularLayout

SEED = 1000


def us_a_list(work: Callable[[], object], lists: int, rounds: int) -> float:
    """Return the microseconds of a list in the fastest round."""
    work()
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return 1e6 * min(spent) / lists


def main(words: list[str] | None = None) -> int:
    """Print one line for each floor and number of picks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(words)
    sys.stdout.write(f"{'compiled' if IS_COMPILED else 'interpreted'}, microseconds a list\n")
    sys.stdout.write(f"{'floor':28}{'batch':>9}{'one':>9}{'with walk':>11}{'checked':>9}\n")
    rng = np.random.default_rng(SEED)
    for blocks in (1, 2, 3, 4):
        for aisles in (10, 20):
            floor = RectangularLayout(aisles, 45, 1.0, 5.0, 0.5, blocks=blocks)
            for picks in (10, 30, 60):
                drawn = [
                    rng.choice(floor.locations, picks, replace=False).tolist()
                    for _ in range(chosen.lists)
                ]
                figures = us_by_call(floor, drawn, chosen.rounds)
                name = f"{blocks} blocks, {aisles} aisles, {picks} picks"
                sys.stdout.write(
                    f"{name:28}{figures[0]:9.2f}{figures[1]:9.1f}{figures[2]:11.1f}"
                    f"{figures[3]:9.1f}\n"
                )
    return 0


def us_by_call(floor: RectangularLayout, lists: list[list[int]], rounds: int) -> list[float]:
    """Return microseconds a list: a batch of lengths, single lengths, ways, checked answers.

    The batch is given as arrays, as a search gives it; the others as a planner's Python lists.
    """
    arrays = [np.array(stops, dtype=np.int64) for stops in lists]
    calls: list[tuple[Callable[[], object], int]] = [
        (lambda: shortest_lengths_m(floor, arrays), len(lists)),
        (lambda: [shortest_length_m(floor, stops) for stops in lists], len(lists)),
        (lambda: [shortest_way(floor, stops) for stops in lists], len(lists)),
        (lambda: [solve(Problem(floor, tuple(stops))) for stops in lists], len(lists)),
    ]
    return [us_a_list(work, count, rounds) for work, count in calls]


if __name__ == "__main__":
    sys.exit(main())
