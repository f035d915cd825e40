from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiments.statistics.batch_means import batch_means
from sim.kpis.estimates import estimate
from tests.sim.experiments.statistics.queues import autoregressive


def test_batches_are_means_of_equal_parts() -> None:
    """103 numbers in 10 batches: the first 3 are left out, the interval is that of the means."""
    series = np.random.Generator(np.random.Philox(1)).normal(size=103)
    by_hand = [float(series[3 + 10 * b : 13 + 10 * b].mean()) for b in range(10)]

    found = batch_means(series, 10)

    expected = estimate(by_hand)
    assert expected is not None
    assert found.batch_size == 10
    assert (found.estimate.mean, found.estimate.half_width) == pytest.approx(
        (
            expected.mean,
            expected.half_width,
        )
    )


def test_the_lag_by_hand() -> None:
    """Means 1 2 3 4 5: squared steps 4, squared distances 10: C = 1 - 4 / 20 = 0.8."""
    found = batch_means(np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], 10), 5)

    assert found.lag_1 == pytest.approx(0.8)
    z = 0.8 / math.sqrt(3.0 / 24.0)
    assert found.p == pytest.approx(0.5 * math.erfc(z / math.sqrt(2.0)))
    assert "too narrow" in found.warning


@pytest.mark.parametrize("batches", [10, 20])
def test_an_autoregressive_series_is_covered(batches: int) -> None:
    """Phi 0.9, 20,000 numbers, 400 runs: 95 % intervals cover 0 as often as they say.

    99.9 % of binomial numbers lie within 0.0359 of 0.95. The interval of single numbers, which
    ignores the correlation, would cover about a third.
    """
    rng = np.random.Generator(np.random.Philox(6))
    covered = naive = 0
    for row in autoregressive(rng, 400, 20_000, 0.9, 0.0):
        found = batch_means(row, batches).estimate
        assert found.half_width is not None
        covered += abs(found.mean) <= found.half_width
        naive += abs(row.mean()) <= 1.96 * row.std() / math.sqrt(len(row))

    assert abs(covered / 400 - 0.95) <= 0.0359
    assert naive / 400 < 0.5


def test_batches_that_are_too_short_are_said() -> None:
    """Phi 0.99 with batches of 20: neighbours resemble each other in nearly every series.

    With batches of 2,000 the warning comes as often as its level says, 5 of 100.
    """
    rng = np.random.Generator(np.random.Philox(7))
    short = [batch_means(row).warning for row in autoregressive(rng, 200, 400, 0.99, 0.0)]
    long = [batch_means(row).warning for row in autoregressive(rng, 200, 40_000, 0.9, 0.0)]

    assert sum(map(bool, short)) > 180
    assert sum(map(bool, long)) < 200 * (0.05 + 4.0 * math.sqrt(0.05 * 0.95 / 200))


def test_equal_numbers_have_no_width() -> None:
    """A constant is known exactly, and its batches resemble nothing."""
    found = batch_means([2.5] * 200)

    assert (found.estimate.lo, found.estimate.hi, found.lag_1, found.warning) == (2.5, 2.5, 0.0, "")


@pytest.mark.parametrize("batches", [4, 21, 40])
def test_many_batches_are_refused(batches: int) -> None:
    """Forty short batches cover less than they say; more than 20 are not offered."""
    with pytest.raises(ValueError, match=f"found {batches}; expected 5 to 20"):
        batch_means([0.0] * 1000, batches)


def test_a_short_series_is_refused() -> None:
    """Ten observations a batch are the least."""
    with pytest.raises(ValueError, match="at least 200 numbers"):
        batch_means([0.0] * 199)
