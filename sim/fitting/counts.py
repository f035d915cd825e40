"""How many lines an order has, how many units a line: the law of whole numbers that fits.

The parametric law of greater likelihood is kept unless Pearson's test rejects it at 1 %; then the
numbers themselves are the law (``empirical``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.fitting.figures import Floats
from sim.fitting.rhythm import FEWEST_EXPECTED, Test
from sim.scenario.schema.laws import CountLaw, Deterministic, Empirical, Geometric, OnePlusPoisson

MOST_BINS = 400
CUT_AT_MEANS = 30
"""A geometric law is cut so far out that the cut is never felt: at exp(-30)."""


@dataclass(frozen=True)
class CountFit:
    """A law of whole numbers from 1.

    Parameters
    ----------
    law
        As a scenario takes it.
    rows
        Numbers it was fitted to.
    mean, mean_error, median, largest
        Of the numbers; the error is that of the mean, whatever the law.
    log_likelihoods
        Of the parametric laws at their best, by name.
    best, goodness
        The parametric law of greatest likelihood, and Pearson's test of it.
    """

    law: CountLaw
    rows: int
    mean: float
    mean_error: float
    median: float
    largest: int
    log_likelihoods: dict[str, float]
    best: str
    goodness: Test


def fit_counts(values: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> CountFit:
    """Return the law of whole numbers >= 1; at least one number is given."""
    numbers, counts = np.unique(np.asarray(values, dtype=np.int64), return_counts=True)
    n = int(counts.sum())
    mean = float((numbers * counts).sum() / n)
    squares = float((counts * (numbers - mean) ** 2).sum())
    law: CountLaw
    if len(numbers) == 1:
        law = Deterministic(distribution="deterministic", value=float(numbers[0]))
        likelihoods, best, goodness = {"deterministic": 0.0}, "deterministic", Test(0.0, 0, 1.0)
    else:
        likelihoods = {
            "geometric": _geometric_likelihood(numbers, counts, mean),
            "one_plus_poisson": _poisson_likelihood(numbers, counts, mean),
        }
        best = max(likelihoods, key=lambda name: likelihoods[name])
        goodness = _goodness(numbers, counts, _survivors(best, mean))
        law = _law(best, mean, int(numbers[-1]))
        if goodness.rejects:
            law = Empirical(
                distribution="empirical",
                values=[float(number) for number in numbers],
                weights=[float(count) for count in counts],
            )
    return CountFit(
        law=law,
        rows=n,
        mean=mean,
        mean_error=math.sqrt(squares / max(n - 1, 1) / n),
        median=float(np.median(values)),
        largest=int(numbers[-1]),
        log_likelihoods=likelihoods,
        best=best,
        goodness=goodness,
    )


def _law(best: str, mean: float, largest: int) -> CountLaw:
    if best == "geometric":
        cut = max(largest, math.ceil(CUT_AT_MEANS * mean))
        return Geometric(distribution="geometric", mean=mean, max=cut)
    return OnePlusPoisson(distribution="one_plus_poisson", mean_extra=mean - 1.0)


def _geometric_likelihood(
    numbers: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], mean: float
) -> float:
    """P(k) = q ** (k - 1) / mean, q = 1 - 1 / mean: the mean of greatest likelihood is the mean."""
    return float((counts * ((numbers - 1) * math.log1p(-1.0 / mean) - math.log(mean))).sum())


def _poisson_likelihood(
    numbers: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], mean: float
) -> float:
    from scipy.special import gammaln

    extra = mean - 1.0
    each = (numbers - 1) * math.log(extra) - extra - gammaln(numbers.astype(np.float64))
    return float((counts * each).sum())


def _survivors(best: str, mean: float) -> Callable[[Floats], Floats]:
    """Return the chance of a number above k."""
    if best == "geometric":
        return lambda k: np.exp(k * math.log1p(-1.0 / mean))

    def above(k: Floats) -> Floats:
        from scipy.special import pdtrc

        found: Floats = np.where(k < 1.0, 1.0, pdtrc(np.maximum(k - 1.0, 0.0), mean - 1.0))
        return found

    return above


def _goodness(
    numbers: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], above: Callable[[Floats], Floats]
) -> Test:
    """Return Pearson's test; neighbouring numbers share a bin until five are expected in it."""
    from scipy.special import chdtrc

    n = int(counts.sum())
    cuts = [0.0]
    left = float(n)
    for k in range(1, 100_000):
        rest = n * float(above(np.array([float(k)]))[0])
        if rest < FEWEST_EXPECTED or len(cuts) == MOST_BINS:
            break
        if left - rest >= FEWEST_EXPECTED:
            cuts.append(float(k))
            left = rest
    if len(cuts) < 3:
        return Test(0.0, 0, 1.0)
    edges = np.array(cuts)
    tails = np.append(n * above(edges), 0.0)
    expected = tails[:-1] - tails[1:]
    found = np.bincount(
        np.searchsorted(edges, numbers, side="left") - 1, counts, minlength=len(edges)
    )
    statistic = float(((found - expected) ** 2 / expected).sum())
    freedom = len(edges) - 2
    return Test(statistic, freedom, float(chdtrc(freedom, statistic)))
