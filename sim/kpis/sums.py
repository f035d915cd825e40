"""Sums and order statistics that come out the same on every machine."""

from __future__ import annotations

import math
from itertools import chain

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BLOCK = 65_536
HOUR_S = 3600.0
DAY_S = 86_400.0
YEAR_S = 365.0 * DAY_S


def exact_sum(values: Floats) -> float:
    """Return the correctly rounded sum of an array, whatever its order (math.fsum)."""
    if len(values) <= BLOCK:
        return math.fsum(values.tolist())
    blocks = (values[low : low + BLOCK].tolist() for low in range(0, len(values), BLOCK))
    return math.fsum(chain.from_iterable(blocks))


def mean(values: Floats) -> float | None:
    """Return the mean; None of nothing.

    Examples
    --------
    >>> mean(np.array([1.0, 2.0, 6.0]))
    3.0
    """
    return exact_sum(values) / len(values) if len(values) else None


def quantile(values: Floats, share: float) -> float | None:
    """Return the smallest value that at least a share of the values do not exceed; else None.

    An observed value, no interpolation (NumPy's ``inverted_cdf``; Hyndman & Fan 1996, type 1).

    Examples
    --------
    >>> quantile(np.array([5.0, 1.0, 3.0, 2.0]), 0.5)
    2.0
    """
    if not len(values):
        return None
    rank = min(max(math.ceil(share * len(values) - 1e-9), 1), len(values)) - 1
    return float(np.partition(values, rank)[rank])


def ratio(part: float, whole: float) -> float | None:
    """Return ``part / whole``; None where there is no whole."""
    return part / whole if whole else None


def in_units(amount: float | None, unit: float) -> float | None:
    """Return an amount in a bigger unit, for instance seconds as hours."""
    return None if amount is None else amount / unit
