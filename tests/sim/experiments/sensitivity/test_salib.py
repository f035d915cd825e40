"""A second witness: SALib reads our designs and outputs, and says the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.experiments.statistics.sensitivity import (
    elementary_effects,
    morris_design,
    sobol_design,
    sobol_indices,
)
from tests.sim.experiments.sensitivity.functions import (
    ANGLES,
    answered,
    ishigami,
    ishigami_shares,
    plan_for,
)

pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")

PROBLEM: dict[str, Any] = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}


def angles(shares: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    """Return Ishigami's function at shares of the range, in the design's own shape."""
    x = np.pi * (2.0 * shares.reshape(-1, 3) - 1.0)
    return ishigami(x).reshape(shares.shape[:-1])


def test_morris_is_salibs() -> None:
    """Mu, mu star and sigma are equal."""
    from SALib.analyze import morris

    design = morris_design(3, 20, 4)
    outputs = angles(design)

    ours = elementary_effects(design, outputs)
    theirs = morris.analyze(PROBLEM, design.reshape(-1, 3), outputs.ravel(), num_levels=4, seed=1)

    assert [one.mean for one in ours] == pytest.approx(list(theirs["mu"]))
    assert [one.mean_absolute for one in ours] == pytest.approx(list(theirs["mu_star"]))
    assert [one.sd for one in ours] == pytest.approx(list(theirs["sigma"]))


def test_sobol_is_salibs() -> None:
    """Total indices are equal, first-order ones up to how the mean is taken off."""
    from SALib.analyze import sobol

    outputs = angles(sobol_design(3, 1024, 4))
    in_rows = outputs[[0, 2, 3, 4, 1]].T.ravel()

    ours = sobol_indices(outputs, 4, resamples=100)
    theirs = sobol.analyze(PROBLEM, in_rows, calc_second_order=False, seed=1)

    assert [one.total for one in ours] == pytest.approx(list(theirs["ST"]))
    assert [one.first for one in ours] == pytest.approx(list(theirs["S1"]), abs=0.005)


def test_pairs_of_ishigami() -> None:
    """Only x1 and x3 act together, by the share of the closed form; first and total stay right."""
    first, total, both = ishigami_shares()
    plan = plan_for(ANGLES, "sobol", 2048, second_order=True)

    answer = answered(plan, ishigami)

    shares = {(pair.first, pair.second): pair.index for pair in answer.pairs}
    assert shares == pytest.approx({(0, 1): 0.0, (0, 2): both, (1, 2): 0.0}, abs=0.03)
    for pair in answer.pairs:
        assert pair.lo <= (both if (pair.first, pair.second) == (0, 2) else 0.0) <= pair.hi
    found = {one.dial.key: (one.second, one.figure) for one in answer.influences}
    for key, (alone, whole) in found.items():
        assert (alone, whole) == pytest.approx((first[key], total[key]), abs=0.03)
    assert answered(plan, ishigami).pairs == answer.pairs
