"""One fitted figure: its value, how sure it is, from how many rows, by which method."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Origin = Literal["fitted", "counted", "assumed", "default"]

Z95 = 1.959963984540054
"""97.5 % quantile of the normal law."""
STEP = 1e-4
MOST_LOG_ERROR = 2.0
"""A figure that is known to a factor of 50 at best is not known: it gets no interval."""


@dataclass(frozen=True)
class Figure:
    """A figure of a history, or a default where the history is silent.

    Parameters
    ----------
    name
        What it is, in words.
    value, unit
        The value; None where it is no single number, then ``words`` says it.
    words
        The value as it is shown.
    low, high
        95 % interval; None where there is no simple formula.
    rows, of
        From how many of what (``"orders"``, ``"lines"`` …) it comes; 0 for a default.
    method
        How it was found, or where the default comes from.
    origin
        ``fitted`` by a law; ``counted`` in the file; ``assumed`` in place of what the file cannot
        say; ``default`` of the scenario.
    key
        Key of the scenario it goes to; empty where it is only shown.
    """

    name: str
    value: float | None
    unit: str
    words: str
    rows: int
    of: str
    method: str
    origin: Origin
    key: str = ""
    low: float | None = None
    high: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return everything in types that JSON knows."""
        return asdict(self)


def shown_number(value: float) -> str:
    """Return a number with four significant digits, thousands apart.

    >>> shown_number(12495), shown_number(25.0548), shown_number(0.00448)
    ('12,495', '25.05', '0.00448')
    """
    if not math.isfinite(value):
        return "-"
    if value == int(value) or abs(value) >= 1000.0:
        return f"{value:,.0f}"
    return f"{float(f'{value:.4g}'):.10f}".rstrip("0").rstrip(".")


def figure(
    name: str,
    value: float,
    unit: str,
    rows: int,
    of: str,
    method: str,
    *,
    error: float | None = None,
    log_error: float | None = None,
    interval: tuple[float, float] | None = None,
    key: str = "",
    origin: Origin = "fitted",
) -> Figure:
    """Return a figure that is one number.

    Its interval is given, or is value ± 1.96 ``error``, or value times exp(± 1.96 ``log_error``)
    for what is above 0 and skew.
    """
    if log_error is not None and log_error <= MOST_LOG_ERROR:
        factor = math.exp(Z95 * log_error)
        interval = (value / factor, value * factor)
    elif interval is None and error is not None and math.isfinite(error):
        interval = (value - Z95 * error, value + Z95 * error)
    low, high = interval or (None, None)
    words = f"{shown_number(value)} {unit}".strip()
    return Figure(name, value, unit, words, rows, of, method, origin, key, low, high)


def share_interval(count: float, total: float) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's formula (Wilson 1927, JASA 22, 209-212).

    Parameters
    ----------
    count, total
        0 <= count <= total, total > 0.
    """
    share = count / total
    z2 = Z95**2 / total
    middle = (share + z2 / 2.0) / (1.0 + z2)
    half = Z95 / (1.0 + z2) * math.sqrt(share * (1.0 - share) / total + z2 / (4.0 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def errors_by_curvature(loss: Callable[[Floats], float], best: Floats) -> Floats:
    """Return the standard errors of parameters at the minimum of a negative log-likelihood.

    They are the roots of the diagonal of the inverse of the observed information, found by
    central differences; NaN where the minimum lies at the edge or the loss is flat.
    """
    n = len(best)
    information = np.empty((n, n))
    steps = STEP * np.maximum(1.0, np.abs(best))
    for i in range(n):
        for j in range(n):
            total = 0.0
            for a in (1.0, -1.0):
                for b in (1.0, -1.0):
                    place = best.copy()
                    place[i] += a * steps[i]
                    place[j] += b * steps[j]
                    total += a * b * loss(place)
            information[i, j] = total / (4.0 * steps[i] * steps[j])
    try:
        variances = np.diag(np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return np.full(n, np.nan)
    return np.sqrt(np.where(variances > 0.0, variances, np.nan))
