"""Orders on carts in one block: Henn & Waescher 2012, Muter & Oncan 2015, Bahceci & Oncan 2022."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from optimize.batching.problem import CartLimits, Order, Problem
from optimize.batching.solve import Method, solve
from tests.benchmarks.published.frame import Answer, Instance, PublishedSet
from tests.benchmarks.published.single_block_text import read_floor


class Archive(NamedTuple):
    """A file of problems.

    Attributes
    ----------
    file
        Its name.
    key
        What the table of best known values calls it.
    end_to_cell
        Distance from a cross-aisle to the first cell, where the best known values were computed
        with another one than the files say.
    """

    file: str
    key: str
    end_to_cell: float | None = None


HENN_WAESCHER = Archive("henn_waescher_uniform.zip", "HW")
MUTER_ONCAN = Archive("muter_oncan.zip", "MO", 1.5)
BAHCECI_ONCAN = Archive("bahceci_oncan.zip", "BO")


def problem_of(text: str, end_to_cell: float | None) -> Problem:
    """Return the problem in a file."""
    found = read_floor(text)
    layout = found.layout(end_to_cell=end_to_cell)
    place = {
        article: found.location(layout, aisle, cell) for article, aisle, cell, _ in found.places
    }
    orders = tuple(
        Order(tuple(place[article] for article, _ in lines), sum(units for _, units in lines))
        for lines in found.orders
    )
    capacity = float(found.header["PICKER_CAPACITY"])
    return Problem(layout, orders, CartLimits(items=capacity))


def instances(archive: Archive, method: Method, folder: Path) -> Iterator[Instance]:
    """Read the problems of a file, in the order of their names."""
    with (folder / "best_known.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream) if row["set"] == archive.key}
    with zipfile.ZipFile(folder / archive.file) as files:
        for name in sorted(name for name in files.namelist() if name in rows):
            problem = problem_of(files.read(name).decode("latin-1"), archive.end_to_cell)
            best_known = float(rows[name]["bks_optimal"])
            is_optimal = rows[name]["optimal_routing_bks_proven"] == "True"
            yield Instance(name, best_known, is_optimal, partial(_solve, problem, method))


def _solve(problem: Problem, method: Method, limit_s: float, seed: int) -> Answer:
    found = solve(problem, method=method, seed=seed, limit_s=limit_s)
    return Answer(found.cost_m, found.status == "optimal", f"{found.priced} prices")


_SETS: tuple[tuple[str, str, Archive, Method], ...] = (
    ("hw", "Henn & Waescher 2012", HENN_WAESCHER, "ruin_recreate"),
    ("hw-savings", "Henn & Waescher 2012, savings alone", HENN_WAESCHER, "savings"),
    ("mo", "Muter & Oncan 2015", MUTER_ONCAN, "ruin_recreate"),
    ("bo", "Bahceci & Oncan 2022", BAHCECI_ONCAN, "ruin_recreate"),
)
SETS = [
    PublishedSet(name, source, "order_batching", False, partial(instances, archive, method))
    for name, source, archive, method in _SETS
]
