from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from optimize.routing.check import priced_m
from optimize.routing.exact import shortest_length_m, shortest_order
from optimize.routing.problem import Problem
from sim.warehouse.layout import RectangularLayout


def published_problem(text: str) -> Problem:
    """Return a published instance; cells are counted from the far end when the depot is below."""
    header: dict[str, str] = {}
    places: list[tuple[int, int]] = []
    for line in text.splitlines():
        words = line.split()
        if "AISLE" in words:
            places.append(
                (int(words[words.index("AISLE") + 1]), int(words[words.index("CELL") + 1]))
            )
        elif ":" in line:
            key, _, value = line.partition(":")
            header.setdefault(key.strip(), value.strip())
    cells = int(header["NUM_CELLS"])
    assert header["DISTANCE_CELL_TO_CELL"] == header["DISTANCE_TOP_TO_CELL"] == "1"
    assert header["DISTANCE_BOTTOM_TO_CELL"] == "1"
    assert header["DISTANCE_TOP_OR_BOTTOM_TO_DEPOT"] == "0"
    floor = RectangularLayout(
        int(header["NUM_AISLES"]),
        cells,
        1.0,
        float(header["DISTANCE_AISLE_TO_AISLE"]),
        0.5,
        float(header["DEPOT_AISLE"]),
    )
    from_top = header["DEPOT_LOCATION"] == "top"
    stops = [
        floor.location(aisle, 0, cell if from_top else cells - 1 - cell) for aisle, cell in places
    ]
    return Problem(floor, tuple(stops))


@pytest.fixture(scope="module")
def published(shared_data: Path) -> list[tuple[str, Problem, int]]:
    """All published one-block instances with their proven optimum (Hessler & Irnich 2024)."""
    folder = shared_data / "data" / "sprp_hessler_irnich"
    if not folder.is_dir():
        pytest.skip(f"published pick routes are not at {folder}")
    with (folder / "optimal_sprp.csv").open(encoding="utf-8", newline="") as stream:
        optimum = {row["file"]: int(row["opt_single_block"]) for row in csv.DictReader(stream)}
    with zipfile.ZipFile(folder / "sprp.zip") as archive:
        return [
            (name, published_problem(archive.read(name).decode("latin-1")), optimum[name])
            for name in sorted(archive.namelist())
        ]


def test_every_published_optimum_is_met(published: list[tuple[str, Problem, int]]) -> None:
    """All one-block instances, 5 to 50 aisles: the length equals the proven optimum."""
    assert len(published) == 1584
    wrong = []
    for name, problem, optimum in published:
        floor = problem.layout
        assert isinstance(floor, RectangularLayout)
        length_m = shortest_length_m(floor, problem.stops)
        if length_m != optimum:
            wrong.append((name, length_m, optimum))
    assert wrong == []


def test_published_optima_can_be_walked(published: list[tuple[str, Problem, int]]) -> None:
    """On every tenth instance the visit order, priced independently, costs the optimum."""
    for _, problem, optimum in published[::10]:
        floor = problem.layout
        assert isinstance(floor, RectangularLayout)
        assert priced_m(problem, shortest_order(floor, problem.stops)) == optimum
