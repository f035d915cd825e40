from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from optimize.routing.check import priced_m
from optimize.routing.exact import shortest_length_m, shortest_order
from optimize.routing.problem import Problem
from sim.warehouse.layout import RectangularLayout


def published_problem(text: str, blocks: int) -> Problem:
    """Return a published instance; cells are counted from the far end when the depot is below.

    With two blocks a cross-aisle of 1 m is put in the middle: 0.5 m to the cells on either side.
    """
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
        blocks=blocks,
    )
    from_top = header["DEPOT_LOCATION"] == "top"
    stops = [
        floor.location(aisle, 0, cell if from_top else cells - 1 - cell) for aisle, cell in places
    ]
    return Problem(floor, tuple(stops))


@pytest.fixture(scope="module", params=[1, 2], ids=["one block", "two blocks"])
def published(
    shared_data: Path, request: pytest.FixtureRequest
) -> list[tuple[str, RectangularLayout, Problem, int]]:
    """All published instances with their proven optimum (Hessler & Irnich 2024)."""
    folder = shared_data / "data" / "sprp_hessler_irnich"
    if not folder.is_dir():
        pytest.skip(f"published pick routes are not at {folder}")
    column = {1: "opt_single_block", 2: "opt_two_block"}[request.param]
    with (folder / "optimal_sprp.csv").open(encoding="utf-8", newline="") as stream:
        optimum = {row["file"]: int(row[column]) for row in csv.DictReader(stream)}
    instances = []
    with zipfile.ZipFile(folder / "sprp.zip") as archive:
        for name in sorted(archive.namelist()):
            problem = published_problem(archive.read(name).decode("latin-1"), request.param)
            assert isinstance(problem.layout, RectangularLayout)
            instances.append((name, problem.layout, problem, optimum[name]))
    return instances


def test_every_published_optimum_is_met(
    published: list[tuple[str, RectangularLayout, Problem, int]],
) -> None:
    """All instances, 5 to 50 aisles: the length equals the proven optimum."""
    assert len(published) == 1584
    wrong = []
    for name, floor, problem, optimum in published:
        length_m = shortest_length_m(floor, problem.stops)
        if length_m != optimum:
            wrong.append((name, length_m, optimum))
    assert wrong == []


def test_published_optima_can_be_walked(
    published: list[tuple[str, RectangularLayout, Problem, int]],
) -> None:
    """On every tenth instance the visit order, priced independently, costs the optimum."""
    for _, floor, problem, optimum in published[::10]:
        assert priced_m(problem, shortest_order(floor, problem.stops)) == optimum
