"""Laws of whole numbers: the right one is chosen, its figure is recovered, bad fits are seen."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.fitting.counts import fit_counts
from sim.orders.draws import draw_counts
from sim.scenario.schema.laws import (
    CountLaw,
    Deterministic,
    Empirical,
    Geometric,
    OnePlusPoisson,
    law_mean,
    law_variance,
)

N = 20_000


def test_four_numbers_give_the_figures_worked_out_by_hand() -> None:
    """1, 1, 2, 4: mean 2, median 1.5, both log-likelihoods by their formulas."""
    found = fit_counts(np.array([1, 1, 2, 4]))

    assert (found.rows, found.mean, found.median, found.largest) == (4, 2.0, 1.5, 4)
    # Deviations 1, 1, 0, 4: variance 2, error of the mean sqrt(2 / 4).
    assert found.mean_error == pytest.approx(math.sqrt(0.5))
    # q = 1/2: four times 1/2, and 0 + 0 + 1 + 3 times q.
    assert found.log_likelihoods["geometric"] == pytest.approx(8 * math.log(0.5))
    # One extra in the mean: exp(-4) and 1/3! for the three extras of the 4.
    assert found.log_likelihoods["one_plus_poisson"] == pytest.approx(-4 - math.log(6))
    assert found.goodness.freedom == 0


@pytest.mark.parametrize(
    "law",
    [
        Geometric(distribution="geometric", mean=2.5, max=400),
        Geometric(distribution="geometric", mean=25.0, max=4000),
        OnePlusPoisson(distribution="one_plus_poisson", mean_extra=0.6),
        OnePlusPoisson(distribution="one_plus_poisson", mean_extra=9.0),
    ],
)
def test_parametric_laws_are_recovered(law: CountLaw) -> None:
    """The law that made the numbers is chosen, and its mean lies within four errors."""
    found = fit_counts(draw_counts(law, np.random.default_rng(5), N))

    assert found.law.distribution == law.distribution
    error = math.sqrt(law_variance(law) / N)
    assert abs(law_mean(found.law) - law_mean(law)) < 4 * error
    assert found.mean_error == pytest.approx(error, rel=0.1)
    assert not found.goodness.rejects


def test_a_wholesale_law_is_kept_as_it_is() -> None:
    """Mean far above the median: no parametric law fits, and the numbers are the law."""
    rng = np.random.default_rng(6)
    numbers = np.ceil(np.exp(rng.normal(2.7, 1.2, N))).astype(np.int64)

    found = fit_counts(numbers)

    assert isinstance(found.law, Empirical)
    assert law_mean(found.law) == pytest.approx(numbers.mean())
    assert math.fsum(found.law.weights) == N


def test_numbers_all_alike_are_a_fixed_number() -> None:
    """Every line of one unit: the law is that number, and nothing is estimated."""
    law = fit_counts(np.ones(10, dtype=np.int64)).law

    assert law == Deterministic(distribution="deterministic", value=1.0)


def test_goodness_rejects_as_often_as_it_says() -> None:
    """Of 300 true geometric samples about 1 % are rejected: at most 10 (binomial, 4 in 10,000)."""
    law = Geometric(distribution="geometric", mean=3.0, max=400)
    rng = np.random.default_rng(7)

    rejected = sum(fit_counts(draw_counts(law, rng, 500)).goodness.rejects for _ in range(300))

    assert rejected <= 10
