"""Several replications as one picture: mean curves, bands, mean counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.series import Curve, WeekBand
from sim.report.input import Played

Floats = npt.NDArray[np.float64]

SHOWN_SHARE = 0.995
CURVE_POINTS = 240


@dataclass(frozen=True)
class PooledCurve:
    """Share of the orders done within ``hours``: mean, lowest and highest over the replications."""

    hours: Floats
    mean: Floats
    low: Floats
    high: Floats

    def hours_at(self, share: float) -> float:
        """Return within how many hours a share (0 to 1) of the orders was done."""
        return float(np.interp(share, self.mean, self.hours))


def mean_of(values: Iterable[float]) -> float:
    """Return the mean of at least one number; the sum is exact and in order."""
    found = list(values)
    return math.fsum(found) / len(found)


def curve(curves: Sequence[Curve]) -> PooledCurve | None:
    """Return the mean of distribution curves up to where 99.5 % are done; None without orders."""
    known = [each for each in curves if len(each.hours)]
    if not known:
        return None
    ends = [float(np.interp(SHOWN_SHARE, each.share, each.hours)) for each in known]
    hours = np.linspace(0.0, max(*ends, 1e-3), CURVE_POINTS)
    shares = np.array([np.interp(hours, c.hours, c.share, left=0.0) for c in known])
    return PooledCurve(hours, shares.mean(axis=0), shares.min(axis=0), shares.max(axis=0))


def week(bands: Sequence[WeekBand]) -> WeekBand | None:
    """Return the mean of weeks and the band that holds the middle 80 %; None if nothing waited."""
    mean = np.array([band.mean for band in bands])
    if not np.nansum(np.abs(mean)) > 0.0:
        return None
    low = _quantile([band.low for band in bands], 0.1)
    high = _quantile([band.high for band in bands], 0.9)
    return WeekBand(mean_where_known(mean), low, high)


def mean_where_known(values: npt.ArrayLike) -> Floats:
    """Return the mean over the first axis of what is a number; NaN where nothing is."""
    rows = np.asarray(values, dtype=np.float64)
    known = np.isfinite(rows)
    count = known.sum(axis=0)
    total = np.where(known, rows, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _quantile(rows: Sequence[Floats], share: float) -> Floats:
    columns = np.array(rows)
    result = np.full(columns.shape[1], np.nan)
    for k, column in enumerate(columns.T):
        known = column[np.isfinite(column)]
        if len(known):
            result[k] = np.quantile(known, share)
    return result


def mean_by_key(
    played: Sequence[Played], of: Callable[[Played], Mapping[str, float]]
) -> dict[str, float]:
    """Return the mean of named numbers over the replications, in the order of the first one."""
    names = dict.fromkeys(name for each in played for name in of(each))
    return {name: mean_of(of(each).get(name, 0.0) for each in played) for name in names}
