from __future__ import annotations

from pathlib import Path

import pytest

from optimize.routing.check import priced_m
from optimize.routing.exact import shortest_length_m, shortest_order
from optimize.routing.problem import Problem
from sim.warehouse.layout import RectangularLayout
from tests.benchmarks.published.sprp import problems

Published = list[tuple[str, Problem, float]]


@pytest.fixture(scope="module", params=[1, 2], ids=["one block", "two blocks"])
def published(shared_data: Path, request: pytest.FixtureRequest) -> Published:
    """All published instances with their proven optimum (Hessler & Irnich 2024)."""
    folder = shared_data / "data" / "sprp_hessler_irnich"
    if not folder.is_dir():
        pytest.skip(f"published pick routes are not at {folder}")
    return list(problems(request.param, folder))


def test_every_published_optimum_is_met(published: Published) -> None:
    """All instances, 5 to 50 aisles: the length equals the proven optimum."""
    assert len(published) == 1584
    wrong = []
    for name, problem, optimum in published:
        assert isinstance(problem.layout, RectangularLayout)
        length_m = shortest_length_m(problem.layout, problem.stops)
        if length_m != optimum:
            wrong.append((name, length_m, optimum))
    assert wrong == []


def test_published_optima_can_be_walked(published: Published) -> None:
    """On every tenth instance the visit order, priced independently, costs the optimum."""
    for _, problem, optimum in published[::10]:
        assert isinstance(problem.layout, RectangularLayout)
        assert priced_m(problem, shortest_order(problem.layout, problem.stops)) == optimum
