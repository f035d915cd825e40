from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiments.statistics.sensitivity import (
    elementary_effects,
    morris_design,
    sobol_design,
    sobol_indices,
)
from tests.sim.experiments.statistics.queues import Floats

A, B = 7.0, 0.1


def ishigami(shares: Floats) -> Floats:
    """Return sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 with x from -pi to pi (Ishigami, Homma 1990)."""
    x = math.pi * (2.0 * shares - 1.0)
    found: Floats = np.sin(x[..., 0]) * (1.0 + B * x[..., 2] ** 4) + A * np.sin(x[..., 1]) ** 2
    return found


def closed_form() -> tuple[list[float], list[float]]:
    """Return first and total indices of Ishigami's function."""
    alone = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
    second = A**2 / 8.0
    both = B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = alone + second + both
    return (
        [alone / whole, second / whole, 0.0],
        [(alone + both) / whole, second / whole, both / whole],
    )


@pytest.mark.parametrize("seed", range(5))
def test_ishigami(seed: int) -> None:
    """First and total indices lie within 0.02 of the closed form, and inside their intervals."""
    first, total = closed_form()

    found = sobol_indices(ishigami(sobol_design(3, 2048, seed)), seed, resamples=200)

    assert [i.first for i in found] == pytest.approx(first, abs=0.02)
    assert [i.total for i in found] == pytest.approx(total, abs=0.02)
    for one, s, t in zip(found, first, total, strict=True):
        assert one.first_lo <= s <= one.first_hi
        assert one.total_lo <= t <= one.total_hi


def test_a_large_mean_changes_nothing() -> None:
    """Indices do not depend on level and unit of the output."""
    outputs = ishigami(sobol_design(3, 256, 1))

    plain = sobol_indices(outputs, 1, resamples=100)
    shifted = sobol_indices(1e6 + 1e-3 * outputs, 1, resamples=100)

    for a, b in zip(plain, shifted, strict=True):
        assert (a.first, a.total, a.total_hi) == pytest.approx(
            (b.first, b.total, b.total_hi), abs=1e-5
        )


def test_a_sum_has_no_interactions() -> None:
    """For x1 + 2 x2 the indices are 1/5 and 4/5, first and total alike."""
    design = sobol_design(2, 1024, 3)

    found = sobol_indices(design @ np.array([1.0, 2.0]), 3, resamples=100)

    assert [i.first for i in found] == pytest.approx([0.2, 0.8], abs=0.01)
    assert [i.total for i in found] == pytest.approx([0.2, 0.8], abs=0.01)


def test_the_design_mixes_one_column() -> None:
    """Block 2 + i is A with column i of B; all points lie in the unit cube; a seed is a design."""
    design = sobol_design(4, 64, 8)

    assert design.shape == (6, 64, 4)
    assert ((design >= 0.0) & (design < 1.0)).all()
    for i in range(4):
        same = [j for j in range(4) if j != i]
        assert (design[2 + i][:, same] == design[0][:, same]).all()
        assert (design[2 + i][:, i] == design[1][:, i]).all()
    assert (design == sobol_design(4, 64, 8)).all()
    assert (design != sobol_design(4, 64, 9)).any()


def test_morris_of_a_line() -> None:
    """For 3 x1 - 2 x2 every elementary effect is the slope, and nothing spreads."""
    design = morris_design(3, 10, 5)

    found = elementary_effects(design, design @ np.array([3.0, -2.0, 0.0]))

    assert [e.mean for e in found] == pytest.approx([3.0, -2.0, 0.0])
    assert [e.mean_absolute for e in found] == pytest.approx([3.0, 2.0, 0.0])
    assert [e.sd for e in found] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)


def test_morris_shows_an_interaction() -> None:
    """For x1 x2 both factors matter, and their effects depend on the other one."""
    design = morris_design(3, 40, 6)

    found = elementary_effects(design, design[..., 0] * design[..., 1])

    assert found[0].mean_absolute > 0.2
    assert found[0].sd > 0.1
    assert (found[2].mean, found[2].sd) == (0.0, 0.0)


def test_a_trajectory_moves_one_factor_at_a_time() -> None:
    """All points lie on the grid of thirds, and each factor moves once by two thirds."""
    design = morris_design(5, 20, 7)

    assert np.allclose(np.round(3.0 * design), 3.0 * design)
    assert ((design >= 0.0) & (design <= 1.0 + 1e-12)).all()
    moves = np.abs(np.diff(design, axis=1))
    assert np.allclose(moves.sum(axis=1), 2.0 / 3.0)
    assert (np.count_nonzero(moves > 1e-9, axis=2) == 1).all()


def test_bad_requests_are_refused() -> None:
    """Each message says what was found and what was expected."""
    with pytest.raises(ValueError, match="power of 2"):
        sobol_design(3, 1000, 1)
    with pytest.raises(ValueError, match="expected at least 1 and 2"):
        morris_design(0, 10, 1)
    with pytest.raises(ValueError, match=r"expected \(10, 4\)"):
        elementary_effects(morris_design(3, 10, 1), np.zeros((10, 3)))
    with pytest.raises(ValueError, match="expected them to vary"):
        sobol_indices(np.ones((5, 64)), 1)
    with pytest.raises(ValueError, match="nan at"):
        sobol_indices(np.full((5, 64), np.nan), 1)
    with pytest.raises(ValueError, match="at least 100"):
        sobol_indices(np.ones((5, 64)), 1, resamples=5)
