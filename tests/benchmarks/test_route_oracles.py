from __future__ import annotations

import pytest

from tests.benchmarks.route_oracles import differences_mm, oracles


@pytest.mark.parametrize("name", ["fast_tsp", "elkai"])
def test_outside_solvers_find_no_shorter_trip(name: str) -> None:
    """On 40 lists, one to four blocks, the start on every cross-aisle: the same length on all."""
    solve = oracles().get(name)
    if solve is None:
        pytest.skip(f"{name} is not installed")
    assert differences_mm(40, solve) == [0] * 40
