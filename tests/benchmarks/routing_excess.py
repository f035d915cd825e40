"""Each routing rule against the shortest walk: ``python -m tests.benchmarks.routing_excess``.

Random lists of different locations on ten two-sided aisles of 45 positions, depot before the
leftmost aisle: the floor of the table in tests/optimize/routing/test_exact.py, and the same floor
cut into blocks or walked one way.
"""

from __future__ import annotations

import argparse
import sys
from math import fsum, sqrt

import numpy as np

from optimize.routing.exact import shortest_length_m
from sim.policies.routing import fitting_rules
from sim.warehouse.layout import RectangularLayout

SEED = 1000


def excess_percent(
    floor: RectangularLayout, picks: int, lists: int
) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each rule's excess over the shortest walk, per cent."""
    rng = np.random.default_rng(SEED + picks)
    drawn = [rng.choice(floor.locations, picks, replace=False).tolist() for _ in range(lists)]
    shortest_m = [shortest_length_m(floor, stops) for stops in drawn]
    found: dict[str, tuple[float, float]] = {}
    for name, rule in fitting_rules(floor).items():
        excess = [
            100.0 * (rule.length_m(stops) / best_m - 1.0)
            for stops, best_m in zip(drawn, shortest_m, strict=True)
        ]
        mean = fsum(excess) / lists
        found[name] = (mean, sqrt(fsum((one - mean) ** 2 for one in excess) / (lists - 1)))
    return found


def show(title: str, floor: RectangularLayout, picks: list[int], lists: int) -> None:
    """Print one table: a row for each length of list."""
    sys.stdout.write(f"{title}, {lists} lists a row: mean excess (standard deviation), per cent\n")
    rules = list(fitting_rules(floor))
    sys.stdout.write("picks " + "".join(f"{rule:>16}" for rule in rules) + "\n")
    for count in picks:
        found = excess_percent(floor, count, lists)
        cells = (f"{mean:.1f} ({sd:.1f})" for mean, sd in found.values())
        sys.stdout.write(f"{count:>5} " + "".join(f"{cell:>16}" for cell in cells) + "\n")
    sys.stdout.write("\n")
    sys.stdout.flush()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=1000)
    parser.add_argument("--picks", type=int, nargs="+", default=[5, 10, 30, 60])
    parser.add_argument("--blocks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--one-way", action="store_true", help="also one-way aisles")
    options = parser.parse_args()
    for blocks in options.blocks:
        floor = RectangularLayout(10, 45, cross_aisle_m=0.5, blocks=blocks)
        show(f"{blocks} block{'s' * (blocks > 1)}", floor, options.picks, options.lists)
    if options.one_way:
        floor = RectangularLayout(10, 45, cross_aisle_m=0.5, one_way=True)
        show("one-way aisles", floor, options.picks, options.lists)


if __name__ == "__main__":
    main()
