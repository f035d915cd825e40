from __future__ import annotations

import pytest

from optimize.waves.arrays import arrays_of
from optimize.waves.bound import aisles_bound
from optimize.waves.relaxation import relaxed_bound
from tests.optimize.waves.small import best_by_trying, drawn


@pytest.mark.parametrize("seed", range(12))
def test_no_wave_exceeds_a_bound(seed: int) -> None:
    """No wave exceeds a bound, and the relaxation is never the weaker one."""
    problem = drawn(seed)
    best = best_by_trying(problem)
    if best is None:
        return
    arrays = arrays_of(problem)
    bound, fewest = aisles_bound(arrays, problem.lower, problem.upper)
    relaxed = relaxed_bound(arrays, problem.lower, problem.upper, fewest)
    assert float(best) <= relaxed <= bound * (1 + 1e-5)
