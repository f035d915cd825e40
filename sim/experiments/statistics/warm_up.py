"""Where the warm-up ends: the cut after which the rest of the series is most precisely known.

Cutting more leaves out more of the start's bias and keeps fewer numbers. MSER takes the cut with
the smallest squared standard error of what remains, on means of five neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.statistics.series import Floats, checked

GROUP = 5
"""Neighbours that are averaged first: the 5 of MSER-5."""

END_GROUPS = 5
"""Groups at the end that are never cut to: a few equal numbers there would look like certainty."""


@dataclass(frozen=True)
class WarmUp:
    """A cut.

    Parameters
    ----------
    cut
        Observations to leave out at the start, a multiple of 5.
    n
        Observations of the series.
    warning
        Why the cut is not to be trusted; empty if it is.
    """

    cut: int
    n: int
    warning: str = ""


def mser5(series: Sequence[float] | Sequence[Sequence[float]] | Floats) -> WarmUp:
    """Return the cut of a series by MSER-5.

    Parameters
    ----------
    series
        Observations in order of time; or replications x observations, whose mean over the
        replications is taken first (Welch 1983). At least 50 observations.

    Raises
    ------
    ValueError
        The series is too short, or not finite.

    References
    ----------
    White (1997), An effective truncation heuristic for bias reduction in simulation output: the cut
    d minimises sum of (y_j - mean)^2 over j > d, divided by (m - d)^2. White, Cobb, Spratt (2000)
    average groups of five. Hoad, Robinson, Davies (2010), Automating warm-up length estimation:
    the last five groups are not tried, a cut in the second half means that the series is too short.

    Examples
    --------
    >>> mser5([100.0] * 20 + [1.0, 2.0] * 100).cut
    20
    """
    found = checked(series, "series", (1, 2), 10 * GROUP)
    mean = found if found.ndim == 1 else found.mean(axis=0)
    n = len(mean)
    groups = mean[: n - n % GROUP].reshape(-1, GROUP).mean(axis=1)
    cut = GROUP * int(np.argmin(_squared_errors(groups)[:-END_GROUPS]))
    warning = ""
    if 2 * cut > n:
        warning = (
            f"warm-up: found its end at observation {cut} of {n}, in the second half; "
            "the series may not have settled: observe for longer, or look whether it can settle"
        )
    return WarmUp(cut, n, warning)


def warm_up_warning(
    series: Sequence[float] | Sequence[Sequence[float]] | Floats, warm_up: int
) -> str:
    """Return why a chosen warm-up is too short for a series from the very start; else nothing.

    A chosen warm-up that is longer than the cut is no fault.

    Parameters
    ----------
    series
        As in :func:`mser5`, from the first observation on.
    warm_up
        Observations that are left out at the start, >= 0.
    """
    found = mser5(series)
    if found.warning or found.cut <= warm_up:
        return found.warning
    return (
        f"warm-up: found {warm_up} observations left out, but the series settles only after "
        f"{found.cut}: lengthen run.warm_up_days"
    )


def _squared_errors(groups: Floats) -> Floats:
    """Return for each cut the squared standard error of the mean of what remains."""
    level = groups.mean()  # a shift that keeps the two sums below from cancelling
    kept = np.arange(len(groups), 0, -1)
    sums = np.cumsum((groups - level)[::-1])[::-1]
    squares = np.cumsum(((groups - level) ** 2)[::-1])[::-1]
    errors: Floats = np.maximum(squares - sums * sums / kept, 0.0) / kept**2
    return errors
