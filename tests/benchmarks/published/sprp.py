"""One picker, one place for each article: Hessler & Irnich 2024, one block and two."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from optimize.routing.problem import Problem
from optimize.routing.solve import solve
from tests.benchmarks.published.frame import Answer, Instance, PublishedSet
from tests.benchmarks.published.single_block_text import read_floor

COLUMN = {1: "opt_single_block", 2: "opt_two_block"}


def problem_of(text: str, blocks: int) -> Problem:
    """Return the problem in a file."""
    found = read_floor(text)
    layout = found.layout(blocks=blocks)
    stops = [found.location(layout, aisle, cell) for _, aisle, cell, _ in found.places]
    return Problem(layout, tuple(stops))


def problems(blocks: int, folder: Path) -> Iterator[tuple[str, Problem, float]]:
    """Yield the name, the problem and the optimum of each file of a folder, by name."""
    with (folder / "optimal_sprp.csv").open(encoding="utf-8", newline="") as stream:
        optimum = {row["file"]: float(row[COLUMN[blocks]]) for row in csv.DictReader(stream)}
    with zipfile.ZipFile(folder / "sprp.zip") as archive:
        for name in sorted(archive.namelist()):
            yield name, problem_of(archive.read(name).decode("latin-1"), blocks), optimum[name]


def instances(blocks: int, folder: Path) -> Iterator[Instance]:
    """Read the instances of a folder, in the order of their names."""
    for name, problem, optimum in problems(blocks, folder):
        yield Instance(name, optimum, True, partial(_solve, problem))


def _solve(problem: Problem, _limit_s: float, seed: int) -> Answer:
    found = solve(problem, method="exact", seed=seed)
    return Answer(found.cost_m, found.status == "optimal")


SETS = [
    PublishedSet(
        f"sprp-{blocks}", f"Hessler & Irnich 2024, {blocks} block{'s' * (blocks > 1)}",
        "sprp_hessler_irnich", False, partial(instances, blocks),
    )
    for blocks in (1, 2)
]  # fmt: skip
