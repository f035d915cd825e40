from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.orders.draws import choose, cumulated, draw, draw_counts
from sim.orders.streams import stream
from sim.scenario.schema.laws import (
    CountLaw,
    Deterministic,
    Empirical,
    Exponential,
    Gamma,
    Geometric,
    Law,
    Lognormal,
    OnePlusPoisson,
    Uniform,
    law_mean,
)

N = 100_000
FAR = 4.5
"""Standard errors that a right sample misses once in 150,000 times."""

# Each law with its standard deviation, worked out by hand.
LAWS: dict[str, tuple[Law | CountLaw, float]] = {
    "exponential": (Exponential(distribution="exponential", mean=4.0), 4.0),
    "gamma": (Gamma(distribution="gamma", mean=10.0, cv=0.5), 5.0),
    "spread gamma": (Gamma(distribution="gamma", mean=10.0, cv=1.5), 15.0),
    "lognormal": (Lognormal(distribution="lognormal", mean=25.0, cv=0.9), 22.5),
    "uniform": (Uniform(distribution="uniform", low=2.0, high=8.0), 6.0 / math.sqrt(12.0)),
    "geometric": (Geometric(distribution="geometric", mean=2.5, max=200), math.sqrt(2.5 * 1.5)),
    "one plus Poisson": (OnePlusPoisson(distribution="one_plus_poisson", mean_extra=3.0), 3**0.5),
    "empirical": (
        Empirical(distribution="empirical", values=[1.0, 5.0], weights=[3.0, 1.0]),
        4.0 * math.sqrt(0.75 * 0.25),
    ),
}


@pytest.mark.parametrize("name", LAWS)
def test_mean_and_spread_are_those_declared(name: str) -> None:
    """Mean and standard deviation of a big sample are those of the law, within their errors."""
    law, sd = LAWS[name]
    values = draw(law, stream(1, f"test/{name}", 0), N)
    assert values.dtype == np.float64
    assert abs(values.mean() - law_mean(law)) < FAR * sd / math.sqrt(N)
    squares = (values - law_mean(law)) ** 2
    assert abs(squares.mean() - sd**2) < FAR * squares.std() / math.sqrt(N)


def test_continuous_laws_have_their_shape() -> None:
    """Samples agree with the distribution functions of gamma, lognormal and exponential laws."""
    import scipy.stats

    rng = stream(2, "test/shape", 0)
    sigma = math.sqrt(math.log(1.0 + 0.9**2))
    cases = (
        (LAWS["gamma"][0], scipy.stats.gamma(4.0, scale=2.5)),
        (LAWS["exponential"][0], scipy.stats.expon(scale=4.0)),
        (
            LAWS["lognormal"][0],
            scipy.stats.lognorm(sigma, scale=25.0 / math.exp(sigma**2 / 2.0)),
        ),
    )
    for law, exact in cases:
        assert scipy.stats.kstest(draw(law, rng, 20_000), exact.cdf).pvalue > 1e-4


def test_a_cut_geometric_law_leaves_the_rest_in_proportion() -> None:
    """Cut at 3 with q = 1/2 the chances of 1, 2, 3 are 4/7, 2/7, 1/7."""
    import scipy.stats

    law = Geometric(distribution="geometric", mean=2.0, max=3)
    counts = np.bincount(draw_counts(law, stream(3, "test/cut", 0), 70_000), minlength=4)
    assert counts[0] == 0
    expected = [40_000, 20_000, 10_000]
    assert scipy.stats.chisquare(counts[1:], expected).pvalue > 1e-4


@given(
    mean=st.floats(1.0, 1e6),
    most=st.integers(1, 300),
    seed=st.integers(0, 2**63 - 1),
)
def test_counts_are_whole_and_in_range(mean: float, most: int, seed: int) -> None:
    """A geometric law gives whole numbers from 1 to its cut, whatever its mean."""
    law = Geometric(distribution="geometric", mean=mean, max=most)
    counts = draw_counts(law, stream(seed, "test/range", 0), 50)
    assert counts.dtype == np.int64
    assert counts.min() >= 1
    assert counts.max() <= most


def test_counts_are_at_least_one() -> None:
    """Listed values below 1 count as 1, others are rounded to whole numbers."""
    law = Empirical(distribution="empirical", values=[0.0, 2.6], weights=[1.0, 1.0])
    counts = draw_counts(law, stream(4, "test/whole", 0), 200)
    assert np.unique(counts).tolist() == [1, 3]
    assert (
        draw_counts(Deterministic(distribution="deterministic", value=0.0), stream(4, "", 0), 2)[0]
        == 1
    )


def test_a_longer_column_begins_with_the_shorter_one() -> None:
    """More entities leave the draws of the first ones as they were."""
    for name, (law, _) in LAWS.items():
        short = draw(law, stream(5, name, 0), 100)
        assert np.array_equal(draw(law, stream(5, name, 0), 1000)[:100], short), name


@given(
    weights=st.lists(st.one_of(st.just(0.0), st.floats(1e-9, 1e9)), min_size=1, max_size=20).filter(
        any
    ),
    uniform=st.floats(0.0, 1.0, exclude_max=True),
)
def test_what_has_no_weight_is_never_chosen(weights: list[float], uniform: float) -> None:
    """Whatever the uniform, the chosen index exists and has a weight."""
    chosen = int(choose(weights, np.array([uniform]))[0])
    assert weights[chosen] > 0.0


def test_without_any_weight_all_are_alike() -> None:
    """Four weights of 0 mean a quarter each."""
    assert cumulated([0.0] * 4).tolist() == [0.25, 0.5, 0.75, 1.0]
