"""How small are the boxes of exact fit, and how long does an order take?

60 orders of two to nine units of a generated catalogue, six boxes. Run it with
``python -m tests.benchmarks.box_fit``; ``--orders`` and ``--seed`` make others.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import NamedTuple

from optimize.cartonisation.problem import box_sides, fit_problem, unit_sides
from optimize.cartonisation.solve import Fit, fit
from sim.orders.streams import ALL_REPLICATIONS, stream
from sim.policies.boxes import Carton, Contents, SmallestBySides, SmallestByVolume, Unit
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.packing import Box
from sim.warehouse.catalogue import generated_catalogue

SIDES_MM = (
    (230, 160, 80), (300, 220, 120), (350, 260, 160), (400, 300, 200), (600, 400, 300),
    (800, 600, 400),
)  # fmt: skip
FILL_SHARE = 0.75
FEWEST, MOST = 2, 9


class Asked(NamedTuple):
    """An order's answers, of each box in turn until one holds all, and their CPU milliseconds."""

    answers: list[Fit]
    spent_ms: float


def cartons() -> list[Carton]:
    """Return the six boxes; nothing here is too heavy for any."""
    boxes = [Box(length_mm=a, width_mm=b, height_mm=c) for a, b, c in SIDES_MM]
    return [
        Carton(box.volume_ml * FILL_SHARE, box.volume_ml, float("inf"), box.sides_mm)
        for box in boxes
    ]


def orders(count: int, seed: int) -> list[Contents]:
    """Return random orders: every number of units alike, every SKU alike."""
    catalogue = generated_catalogue(ItemsSection(), seed)
    rng = stream(seed, "benchmark/box-fit", ALL_REPLICATIONS)
    found = []
    for _ in range(count):
        skus = sorted(rng.integers(catalogue.count, size=int(rng.integers(FEWEST, MOST + 1))))
        units = []
        for sku in skus:
            long, wide, high = catalogue.sides_mm[sku].tolist()
            units.append(Unit(int(sku), (long, wide, high), float(catalogue.volume_ml[sku]), 0.0))
        kinds = tuple((unit, units.count(unit)) for unit in dict.fromkeys(units))
        found.append(Contents(sum(unit.volume_ml for unit in units), 0.0, kinds))
    return found


def asked(order: Contents, boxes: list[Carton]) -> Asked:
    """Ask of each box, the smallest first, whether it holds the order."""
    units = [unit_sides(unit.sides_mm) for unit, count in order.units for _ in range(count)]
    begun_s = time.process_time()
    answers = []
    for box in boxes:
        answers.append(fit(fit_problem(box_sides(box.sides_mm), units)))
        if answers[-1].answer == "fits":
            break
    return Asked(answers, 1000.0 * (time.process_time() - begun_s))


def main() -> None:
    """Print what exact fit finds, and what the other rules would have taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    boxes, all_orders = cartons(), orders(chosen.orders, chosen.seed)
    asked(all_orders[0], boxes)
    fit(
        fit_problem((300, 300, 300), [(200, 200, 100)] * 6 + [(100, 100, 100)] * 3)
    )  # loads OR-Tools
    found = [asked(order, boxes) for order in all_orders]

    spent_ms = [each.spent_ms for each in found]
    questions = [answer for each in found for answer in each.answers]
    proved = sum(all(a.answer != "not proved" for a in each.answers) for each in found)
    times = f"{statistics.median(spent_ms):.2f}, mean {statistics.fmean(spent_ms):.2f}"
    lines = [
        f"{len(found)} orders of {FEWEST} to {MOST} units, {len(boxes)} boxes, seed {chosen.seed}",
        f"smallest box proved       {proved} of {len(found)}",
        f"CPU milliseconds an order median {times}, max {max(spent_ms):.1f}",
    ]
    for way in dict.fromkeys((a.answer, a.by) for a in questions):
        count = sum((a.answer, a.by) == way for a in questions)
        lines.append(f"  {way[0] + ' (' + way[1] + ')':<30}{count:>5} questions")
    rules = (SmallestByVolume(boxes), SmallestBySides(boxes))
    lines += [_beside(rule, all_orders, found, boxes) for rule in rules]
    sys.stdout.write("\n".join(lines) + "\n")


def _beside(
    rule: SmallestByVolume | SmallestBySides,
    all_orders: list[Contents],
    found: list[Asked],
    boxes: list[Carton],
) -> str:
    """Return how the boxes of another rule stand beside those of exact fit."""
    too_small, extra_ml, exact_ml, same = 0, 0.0, 0.0, 0
    for order, each in zip(all_orders, found, strict=True):
        best, parcels = len(each.answers) - 1, rule.choose(order).parcels
        if each.answers[-1].answer != "fits":
            continue
        if len(parcels) == 1 and parcels[0][0] < best:
            too_small += 1
            continue
        exact_ml += boxes[best].volume_ml
        extra_ml += sum(boxes[box].volume_ml for box, _ in parcels) - boxes[best].volume_ml
        same += parcels[0][0] == best
    return (
        f"{rule.name:<18}the same box {same:>4}, too small for the goods {too_small:>4}; "
        f"without these {extra_ml / exact_ml:+.1%} volume"
    )


if __name__ == "__main__":
    main()
