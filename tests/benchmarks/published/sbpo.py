"""Orders and aisles of one wave: the SBPO challenge 2025 (Mercado Libre), sets a and b."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from optimize.waves.problem import Problem
from optimize.waves.solve import solve
from tests.benchmarks.published.frame import Answer, Instance, PublishedSet


def problem_of(text: str) -> Problem:
    """Return the problem in a file: sizes, a line for each order and aisle, the two bounds."""
    lines = [[int(word) for word in line.split()] for line in text.splitlines() if line.strip()]
    order_count, _, aisle_count = lines[0]
    rows: list[dict[int, int]] = []
    for line in lines[1 : 1 + order_count + aisle_count]:
        row: dict[int, int] = {}
        for at in range(1, 2 * line[0], 2):
            row[line[at]] = row.get(line[at], 0) + line[at + 1]
        rows.append({item: units for item, units in row.items() if units})
    lower, upper = lines[-1]
    orders = tuple(row for row in rows[:order_count] if row)
    return Problem(orders, tuple(rows[order_count:]), lower, upper)


def instances(part: str, folder: Path) -> Iterator[Instance]:
    """Read the instances of a part of the set, in the order of their names."""
    with (folder / "best_objectives.csv").open(encoding="utf-8", newline="") as stream:
        best = {
            row["instance"]: float(row["best_objective"])
            for row in csv.DictReader(stream)
            if row["dataset"] == part
        }
    with zipfile.ZipFile(folder / "instances_a_b.zip") as archive:
        for path in sorted(archive.namelist()):
            name = path.rsplit("/", 1)[-1]
            if path.split("/")[-2:-1] == [part] and name in best:
                problem = problem_of(archive.read(path).decode())
                yield Instance(f"{part}/{name}", best[name], False, partial(_solve, problem))


def _solve(problem: Problem, limit_s: float, seed: int) -> Answer:
    found = solve(problem, seed=seed, limit_s=limit_s)
    return Answer(found.ratio, found.status == "optimal")


SETS = [
    PublishedSet(
        f"sbpo-{part}", f"SBPO challenge 2025, set {part}", "sbpo2025_wave_picking", True,
        partial(instances, part),
    )
    for part in ("a", "b")
]  # fmt: skip
