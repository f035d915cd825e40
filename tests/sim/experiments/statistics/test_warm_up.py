from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.statistics.warm_up import mser5, warm_up_warning
from tests.sim.experiments.statistics.queues import autoregressive


def brute_force_cut(series: list[float]) -> int:
    """Return the cut by White's formula, written out."""
    groups = [sum(series[k : k + 5]) / 5 for k in range(0, len(series) - 4, 5)]
    best = (float("inf"), 0)
    for d in range(len(groups) - 5):
        rest = groups[d:]
        mean = sum(rest) / len(rest)
        best = min(best, (sum((g - mean) ** 2 for g in rest) / len(rest) ** 2, d))
    return 5 * best[1]


@pytest.mark.parametrize("seed", range(20))
def test_the_cut_is_that_of_the_formula(seed: int) -> None:
    """On small random series the cut equals White's formula term by term."""
    rng = np.random.Generator(np.random.Philox(seed))
    n = int(rng.integers(50, 120))
    series = rng.normal(size=n) + 8.0 * np.exp(-np.arange(n) / rng.uniform(1.0, 30.0))

    assert mser5(series).cut == brute_force_cut(series.tolist())


def test_a_step_is_cut_where_it_ends() -> None:
    """Twenty large numbers, then noise: exactly the twenty go, wherever the level lies."""
    for level in (0.0, 1e9):
        series = [level + 100.0] * 20 + [level + 1.0, level + 2.0] * 100
        found = mser5(series)
        assert (found.cut, found.n, found.warning) == (20, 220, "")


def test_a_settled_series_is_hardly_cut() -> None:
    """Without a start to forget little is thrown away: in the mean less than a tenth."""
    cuts = [
        mser5(row).cut for row in np.random.Generator(np.random.Philox(1)).normal(size=(200, 500))
    ]

    assert np.mean(cuts) < 50


def test_the_start_of_an_autoregressive_series_goes() -> None:
    """Phi 0.9 from 100: below 1 after log(100) / -log(0.9) = 44 steps; mean cut 40 to 55 of 5,000.

    400 series; the cuts' standard deviation of about 30 makes 1.5 of the mean.
    """
    rng = np.random.Generator(np.random.Philox(4))
    cuts = [mser5(row).cut for row in autoregressive(rng, 400, 5000, 0.9, 100.0)]

    assert 40.0 < np.mean(cuts) < 55.0
    assert np.quantile(cuts, 0.05) >= 20
    assert np.quantile(cuts, 0.95) <= 130


def test_the_mean_over_replications_is_cut() -> None:
    """Replications x observations: the cut is that of their mean."""
    rng = np.random.Generator(np.random.Philox(9))
    rows = autoregressive(rng, 8, 1000, 0.9, 50.0)

    assert mser5(rows) == mser5(rows.mean(axis=0))


def test_a_series_that_does_not_settle_is_said() -> None:
    """A line that only grows is cut in its second half, with a warning."""
    found = mser5([float(k) for k in range(200)])

    assert found.cut > 100
    assert "second half" in found.warning


def test_a_warm_up_that_is_too_short_is_said() -> None:
    """Twenty numbers have to go: ten are too few, twenty and more are enough."""
    series = [100.0] * 20 + [1.0, 2.0] * 100

    assert "settles only after 20" in warm_up_warning(series, 10)
    assert warm_up_warning(series, 20) == ""
    assert warm_up_warning(series, 90) == ""


def test_bad_series_are_refused() -> None:
    """Too short, not finite, or with too many axes: each is said with what was expected."""
    with pytest.raises(ValueError, match="at least 50 numbers"):
        mser5([1.0] * 49)
    with pytest.raises(ValueError, match="nan at"):
        mser5([1.0] * 60 + [float("nan")])
    with pytest.raises(ValueError, match="3 axes"):
        mser5(np.zeros((2, 2, 60)))
