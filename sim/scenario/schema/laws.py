"""Laws of chance a planner may write for a time, a size or a number of units.

The unit stands in the key that holds the law (``time_s``, ``lag_days``, ``weight_g``).
``mean`` is the mean of the variable itself and ``cv`` its standard deviation divided by its mean.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import NotNegative, Positive, PositiveCount, Section

MOST_TERMS = 100_000
Spread = Annotated[float, Field(gt=0.0, le=20.0, description="standard deviation / mean")]


class Deterministic(Section):
    """Always the same value."""

    distribution: Literal["deterministic"]
    value: NotNegative


class Exponential(Section):
    """Exponential law: memoryless, cv 1."""

    distribution: Literal["exponential"]
    mean: Positive


class Gamma(Section):
    """Gamma law with the given mean and spread."""

    distribution: Literal["gamma"]
    mean: Positive
    cv: Spread


class Lognormal(Section):
    """Lognormal law with the given mean and spread."""

    distribution: Literal["lognormal"]
    mean: Positive
    cv: Spread


class Uniform(Section):
    """Every value between low and high alike."""

    distribution: Literal["uniform"]
    low: NotNegative
    high: Positive


class Geometric(Section):
    """Whole numbers from 1; longer ones ever rarer. Cut at ``max``."""

    distribution: Literal["geometric"]
    mean: Annotated[float, Field(ge=1.0, le=1e6)]
    max: PositiveCount = 200


class OnePlusPoisson(Section):
    """Whole numbers: one, and a Poisson number of extras."""

    distribution: Literal["one_plus_poisson"]
    mean_extra: NotNegative


class Empirical(Section):
    """Listed values with their relative weights."""

    distribution: Literal["empirical"]
    values: Annotated[list[NotNegative], Field(min_length=1, max_length=100_000)]
    weights: Annotated[list[NotNegative], Field(min_length=1, max_length=100_000)]


Law = Annotated[
    Deterministic | Exponential | Gamma | Lognormal | Uniform | Empirical,
    Field(discriminator="distribution"),
]
CountLaw = Annotated[
    Deterministic | Geometric | OnePlusPoisson | Empirical,
    Field(discriminator="distribution"),
]


def law_mean(law: Law | CountLaw) -> float:
    """Return the mean of a law (of a cut geometric law: the mean without the cut)."""
    if isinstance(law, Deterministic):
        return law.value
    if isinstance(law, Uniform):
        return (law.low + law.high) / 2.0
    if isinstance(law, OnePlusPoisson):
        return 1.0 + law.mean_extra
    if isinstance(law, Empirical):
        total = sum(law.weights)
        return sum(v * w for v, w in zip(law.values, law.weights, strict=True)) / total
    return law.mean


def law_variance(law: Law | CountLaw) -> float:
    """Return the variance of a law (of a cut geometric law: the variance without the cut)."""
    mean = law_mean(law)
    if isinstance(law, Deterministic):
        return 0.0
    if isinstance(law, Exponential):
        return mean**2
    if isinstance(law, Gamma | Lognormal):
        return (law.cv * mean) ** 2
    if isinstance(law, Uniform):
        return (law.high - law.low) ** 2 / 12.0
    if isinstance(law, Geometric):
        return mean * (mean - 1.0)
    if isinstance(law, OnePlusPoisson):
        return law.mean_extra
    pairs = zip(law.values, law.weights, strict=True)
    return sum(w * (v - mean) ** 2 for v, w in pairs) / sum(law.weights)


def count_moments(law: CountLaw) -> tuple[float, float]:
    """Return E[N] and E[N (N - 1)] of a law of whole numbers, a cut geometric law with its cut.

    With q = 1 - 1 / mean the geometric law P(k) = q**(k - 1) (1 - q) / (1 - q**max), k = 1..max.
    """
    if isinstance(law, Geometric):
        q, last = 1.0 - 1.0 / law.mean, min(law.max, MOST_TERMS)
        values = [float(k) for k in range(1, last + 1)]
        weights = [q ** (k - 1) for k in range(1, last + 1)]
        law = Empirical(distribution="empirical", values=values, weights=weights)
    mean = law_mean(law)
    return mean, law_variance(law) + mean * (mean - 1.0)


def law_quantile(law: Law, share: float) -> float:
    """Return the value below which a share of the law lies.

    Parameters
    ----------
    law
        Any law of time or size.
    share
        Between 0 and 1, both excluded.
    """
    if isinstance(law, Deterministic):
        return law.value
    if isinstance(law, Exponential):
        return -law.mean * math.log1p(-share)
    if isinstance(law, Uniform):
        return law.low + share * (law.high - law.low)
    if isinstance(law, Lognormal):
        spread = math.sqrt(math.log1p(law.cv**2))
        return law.mean * math.exp(spread * NormalDist().inv_cdf(share) - spread**2 / 2.0)
    if isinstance(law, Gamma):
        from scipy.special import gammaincinv

        shape = 1.0 / law.cv**2
        return float(gammaincinv(shape, share)) * law.mean / shape
    total, reached = sum(law.weights), 0.0
    for value, weight in sorted(zip(law.values, law.weights, strict=True)):
        reached += weight
        if reached >= share * total:
            return value
    return max(law.values)


def is_nothing(law: Law | None) -> bool:
    """Tell whether a work time is exactly nothing: the stage is then passed without people."""
    return isinstance(law, Deterministic) and law.value == 0.0
