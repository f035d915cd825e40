"""Values drawn from the laws a planner may write.

Element i of a column always comes from the same place of its stream, so a longer column begins
with the shorter one. Laws are drawn from what NumPy keeps unchanged over its versions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.scenario.schema.laws import (
    CountLaw,
    Deterministic,
    Exponential,
    Gamma,
    Geometric,
    Law,
    Lognormal,
    OnePlusPoisson,
    Uniform,
)


def draw(law: Law | CountLaw, rng: np.random.Generator, n: int) -> npt.NDArray[np.float64]:
    """Return n values of a law.

    Parameters
    ----------
    law
        Any law of a scenario; the unit is that of the key which holds it.
    rng
        Stream of the purpose.
    n
        Number of values, >= 0.

    Returns
    -------
        Shape (n,). A lognormal law has the given mean and spread itself, not its logarithm
        (sigma**2 = log(1 + cv**2), mu = log(mean) - sigma**2 / 2). A geometric law is cut by
        leaving out what lies above ``max``: P(k) is proportional to q**(k - 1), k = 1..max,
        q = 1 - 1 / mean.
    """
    if isinstance(law, Deterministic):
        return np.full(n, law.value)
    if isinstance(law, Exponential):
        return rng.standard_exponential(n) * law.mean
    if isinstance(law, Gamma):
        return rng.standard_gamma(1.0 / law.cv**2, n) * (law.mean * law.cv**2)
    if isinstance(law, Lognormal):
        sigma2 = math.log1p(law.cv**2)
        return np.exp(
            rng.standard_normal(n) * math.sqrt(sigma2) + (math.log(law.mean) - sigma2 / 2.0)
        )
    if isinstance(law, Uniform):
        return law.low + (law.high - law.low) * rng.random(n)
    if isinstance(law, Geometric):
        return _geometric(law, rng, n)
    if isinstance(law, OnePlusPoisson):
        return 1.0 + rng.poisson(law.mean_extra, n).astype(np.float64)
    return np.asarray(law.values, dtype=np.float64)[choose(law.weights, rng.random(n))]


def draw_counts(law: CountLaw, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Return n whole numbers >= 1 of a law of counts, shape (n,); listed values are rounded."""
    return np.maximum(np.rint(draw(law, rng, n)).astype(np.int64), 1)


def cumulated(weights: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the cumulated shares of relative weights; all alike where none has any weight."""
    column = np.asarray(weights, dtype=np.float64)
    sums = np.cumsum(column)
    if sums[-1] <= 0.0:
        sums = np.arange(1.0, len(column) + 1.0)
    shares: npt.NDArray[np.float64] = sums / sums[-1]
    return shares


def choose(
    weights: Sequence[float] | npt.NDArray[np.float64],
    uniforms: npt.NDArray[np.float64] | npt.NDArray[np.float32],
) -> npt.NDArray[np.intp]:
    """Return, for each uniform of [0, 1), the index it chooses among relative weights."""
    return np.searchsorted(cumulated(weights), uniforms, side="right")


def _geometric(law: Geometric, rng: np.random.Generator, n: int) -> npt.NDArray[np.float64]:
    if law.mean == 1.0 or law.max == 1:
        return np.ones(n)
    log_q = math.log1p(-1.0 / law.mean)
    kept = -math.expm1(law.max * log_q)
    steps = np.floor(np.log1p(rng.random(n) * -kept) / log_q)
    return np.clip(steps + 1.0, 1.0, float(law.max))
