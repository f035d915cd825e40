"""The interval of one long run: its series is cut into few long batches, whose means are compared.

Neighbours in a series resemble each other, so an interval of the single observations is far too
narrow. Means of long batches are nearly independent, and whether they are can be tested. More than
20 batches make them shorter and gain almost nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.statistics.series import Floats, check_share, checked
from sim.kpis.estimates import Estimate, estimate

MOST_BATCHES, FEWEST_BATCHES = 20, 5
LAG_ALPHA = 0.05


@dataclass(frozen=True)
class BatchMeans:
    """A mean of one run and how sure it is.

    Parameters
    ----------
    estimate
        Mean and t interval over the batches; ``n`` counts batches.
    batch_size
        Observations of a batch.
    lag_1
        Correlation of neighbouring batch means by von Neumann's ratio, -1 to 1.
    p
        One-sided p value of "the batches do not resemble their neighbours".
    warning
        Why the interval is not to be trusted; empty if it is.
    """

    estimate: Estimate
    batch_size: int
    lag_1: float
    p: float
    warning: str = ""


def batch_means(
    series: Sequence[float] | Floats, batches: int = 20, level: float = 0.95
) -> BatchMeans:
    """Return the mean of a series and its interval by batch means.

    What does not fill a batch is left out at the start.

    Parameters
    ----------
    series
        Observations of one run in order of time, its warm-up already cut; at least ten a batch.
    batches
        5 to 20.
    level
        Confidence level, above 0 and below 1.

    Raises
    ------
    ValueError
        A number of batches outside its range, or a series that is too short or not finite.

    References
    ----------
    Schmeiser (1982), Batch size effects in the analysis of simulation output: 10 to 30 batches are
    enough. Fishman (1978), Grouping observations in digital simulation: von Neumann's ratio on the
    batch means, C = 1 - sum (y_j - y_(j+1))^2 / (2 sum (y_j - mean)^2), whose variance without
    correlation is (b - 2) / (b^2 - 1).
    """
    if not FEWEST_BATCHES <= batches <= MOST_BATCHES:
        raise ValueError(
            f"batches: found {batches}; expected {FEWEST_BATCHES} to {MOST_BATCHES}: few long "
            "batches are independent, many short ones are not"
        )
    check_share(level, "level")
    found = checked(series, "series", (1,), 10 * batches)
    size = len(found) // batches
    means = found[len(found) - size * batches :].reshape(batches, size).mean(axis=1)
    of_means = estimate(means.tolist(), level)
    if of_means is None:
        raise AssertionError("batches have means")
    lag_1, p = _von_neumann(means)
    warning = ""
    if p < LAG_ALPHA:
        warning = (
            f"batch means: neighbouring batches of {size} observations resemble each other "
            f"(correlation {lag_1:.2f}); the interval is too narrow: run for longer, "
            "or play replications"
        )
    return BatchMeans(of_means, size, lag_1, p, warning)


def _von_neumann(means: Floats) -> tuple[float, float]:
    spread = float(((means - means.mean()) ** 2).sum())
    if spread == 0.0:
        return 0.0, 1.0  # equal means: nothing to resemble
    lag_1 = 1.0 - float((np.diff(means) ** 2).sum()) / (2.0 * spread)
    b = len(means)
    z = lag_1 / math.sqrt((b - 2) / (b * b - 1))
    return lag_1, 0.5 * math.erfc(z / math.sqrt(2.0))
