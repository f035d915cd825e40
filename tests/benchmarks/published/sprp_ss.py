"""One picker, several places for each article: Hessler & Irnich 2024, one block and two."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from optimize.routing.scattered.problem import ScatteredProblem, Stock
from optimize.routing.scattered.solve import solve
from tests.benchmarks.published.frame import Answer, Instance, PublishedSet
from tests.benchmarks.published.single_block_text import read_floor
from tests.benchmarks.published.sprp import COLUMN


def problem_of(text: str, blocks: int) -> ScatteredProblem:
    """Return the problem in a file."""
    found = read_floor(text)
    layout = found.layout(blocks=blocks)
    wanted = dict(found.orders[0])
    stock = tuple(
        Stock(article, found.location(layout, aisle, cell), units)
        for article, aisle, cell, units in found.places
        if article in wanted
    )
    return ScatteredProblem(layout, wanted, stock)


def instances(blocks: int, folder: Path) -> Iterator[Instance]:
    """Read the instances of a folder, in the order of their names."""
    with (folder / "optimal_sprp_ss.csv").open(encoding="utf-8", newline="") as stream:
        optimum = {row["file"]: float(row[COLUMN[blocks]]) for row in csv.DictReader(stream)}
    with zipfile.ZipFile(folder / "sprp_ss.zip") as archive:
        for name in sorted(archive.namelist()):
            problem = problem_of(archive.read(name).decode("latin-1"), blocks)
            yield Instance(name, optimum[name], True, partial(_solve, problem))


def _solve(problem: ScatteredProblem, limit_s: float, seed: int) -> Answer:
    found = solve(problem, method="exact", seed=seed, limit_s=limit_s)
    return Answer(found.cost_m, found.status == "optimal")


SETS = [
    PublishedSet(
        f"sprp-ss-{blocks}",
        f"Hessler & Irnich 2024, scattered, {blocks} block{'s' * (blocks > 1)}",
        "sprp_hessler_irnich", False, partial(instances, blocks),
    )
    for blocks in (1, 2)
]  # fmt: skip
