"""How much comes back: return rates by group of SKUs, those still to come allowed for.

A history ends before all of its returns have come. Each sold line is watched from its order to the
end of the file and shows a return with chance rate * F(watch), F the law of the lag. So a rate is
units returned / units sold weighted with F(watch); small groups are drawn to the mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.fitting.figures import Floats
from sim.fitting.lag import LagFit, cdf, fit_lag
from sim.fitting.matching import DAY_S, MatchedReturns, match_returns
from sim.orders.history import History
from sim.scenario.schema.laws import Law

CANCELLED_WITHIN_DAYS = 1.0
"""A whole line taken back so soon never left the house: a cancellation, not a return."""
GROUPS = 5


@dataclass(frozen=True)
class ReturnGroup:
    """Return rate of one group of SKUs.

    Parameters
    ----------
    name
        Which SKUs.
    skus, lines, units_sold, units_returned
        Of the history, cancelled lines left out; returns are those matched.
    rate_seen
        Units returned / units sold.
    rate, rate_error
        The same with late returns allowed for, and its standard error.
    shrunk
        The rate drawn towards the mean of all groups, the more the less sure it is.
    lag_mean_days
        Mean of the lags seen; NaN where there are none.
    """

    name: str
    skus: int
    lines: int
    units_sold: int
    units_returned: int
    rate_seen: float
    rate: float
    rate_error: float
    shrunk: float
    lag_mean_days: float


@dataclass(frozen=True)
class ReturnsFit:
    """Returns of a history.

    Parameters
    ----------
    matched
        Returns joined to sales.
    cancelled
        Lines taken back whole within a day: no sales, no returns. Ascending.
    lag
        Law of the lag.
    lag_used
        The law by which rates allow for late returns: the fitted one, else the one given.
    lines, units_sold, units_returned, lines_returned
        Of the history without cancelled lines; returns are those matched.
    rate, rate_error
        Units returned / units sold with late returns allowed for.
    grouping
        What the SKUs were grouped by.
    groups
        Groups, and the group of each SKU (shape (K,)).
    heterogeneity
        Cochran's Q of the groups' rates less its degrees of freedom; above 0: they differ.
    """

    matched: MatchedReturns
    cancelled: npt.NDArray[np.int64]
    lag: LagFit
    lag_used: Law
    lines: int
    units_sold: int
    units_returned: int
    lines_returned: int
    rate: float
    rate_error: float
    grouping: str
    groups: tuple[ReturnGroup, ...]
    group_of_sku: npt.NDArray[np.int64]
    heterogeneity: float

    @property
    def rate_of_sku(self) -> Floats:
        """Return rate of each SKU: that of its group, drawn to the mean. Shape (K,)."""
        return np.array([group.shrunk for group in self.groups])[self.group_of_sku]


@dataclass(frozen=True)
class _Watched:
    """Every line that was really sold: SKU, units, days watched, units that came back."""

    line: npt.NDArray[np.int64]
    sku: npt.NDArray[np.int64]
    units: Floats
    watch_days: Floats
    back: Floats


def fit_returns(history: History, default_lag: Law) -> ReturnsFit:
    """Return rates and lag of a history.

    Parameters
    ----------
    history
        With or without returns.
    default_lag
        Law of the days from order to document that is used where the history is too short.
    """
    matched = match_returns(history)
    cancelled = _cancelled(history, matched)
    end_s = _end_s(history)
    placed_s = np.repeat(history.demand.placed_s, np.diff(history.demand.first_line))
    watch_days = (end_s - placed_s) / DAY_S
    pieces = ~np.isin(matched.line, cancelled)
    line = np.delete(np.arange(history.demand.lines), cancelled)
    watch_of_lag = watch_days[matched.line[pieces]]
    lag = fit_lag(matched.lag_days[pieces], watch_of_lag, watch_days[line])
    lag_used = lag.law or default_lag
    pieces &= matched.lag_days <= lag.horizon_days
    watched = _watched(history, matched, pieces, line, watch_days)
    seen = cdf(lag_used)(watched.watch_days)
    exposure = watched.units * seen
    total = float(exposure.sum())
    rate = min(1.0, float(watched.back.sum()) / total) if total > 0.0 else 0.0
    scatter = _scatter(watched, seen, rate)
    candidates = [
        _grouped(history, watched, seen, (matched, pieces), scatter, name, *groups)
        for name, groups in _groupings(history).items()
    ]
    grouping, groups, group_of_sku, heterogeneity = max(candidates, key=lambda each: each[3])
    return ReturnsFit(
        matched=matched,
        cancelled=cancelled,
        lag=lag,
        lag_used=lag_used,
        lines=len(watched.line),
        units_sold=int(watched.units.sum()),
        units_returned=int(watched.back.sum()),
        lines_returned=int(np.count_nonzero(watched.back)),
        rate=rate,
        rate_error=_error(exposure, watched.units, scatter),
        grouping=grouping,
        groups=groups,
        group_of_sku=group_of_sku,
        heterogeneity=heterogeneity,
    )


def _cancelled(history: History, matched: MatchedReturns) -> npt.NDArray[np.int64]:
    """Return the lines of which every unit was taken back within a day."""
    soon = matched.lag_days <= CANCELLED_WITHIN_DAYS
    back = np.zeros(history.demand.lines, dtype=np.int64)
    np.add.at(back, matched.line[soon], matched.units[soon])
    return np.flatnonzero((back > 0) & (back == history.demand.units))


def _end_s(history: History) -> float:
    """Return when the watch ends: with the last day of orders or the last return document."""
    last_s = history.returned.returned_s
    last_s = last_s[~np.isnan(last_s)]
    return max(history.days * DAY_S, float(last_s.max()) if len(last_s) else 0.0)


def _watched(
    history: History,
    matched: MatchedReturns,
    pieces: npt.NDArray[np.bool_],
    line: npt.NDArray[np.int64],
    watch_days: Floats,
) -> _Watched:
    back = np.zeros(history.demand.lines)
    np.add.at(back, matched.line[pieces], matched.units[pieces].astype(np.float64))
    return _Watched(
        line,
        history.demand.sku[line].astype(np.int64),
        history.demand.units[line].astype(np.float64),
        watch_days[line],
        back[line],
    )


# --- rates ----------------------------------------------------------------------------------------


def _scatter(watched: _Watched, seen: Floats, rate: float) -> float:
    """Return c where the variance of a line's units back is c * units ** 2 * F(watch)."""
    weight = float((watched.units**2 * seen).sum())
    rest = watched.back - rate * watched.units * seen
    return float((rest**2).sum()) / weight if weight > 0.0 else 0.0


def _error(exposure: Floats, units: Floats, scatter: float) -> float:
    """Return the standard error of units back / exposure (a ratio of sums over lines)."""
    total = float(exposure.sum())
    return math.sqrt(scatter * float((exposure * units).sum())) / total if total > 0.0 else 0.0


def _groupings(history: History) -> dict[str, tuple[npt.NDArray[np.int64], list[str]]]:
    """Return two ways to group the SKUs: by price, and by how well they sell."""
    price = history.catalogue.price_cents.astype(np.float64)
    sold = history.catalogue.popularity
    by_price = np.lexsort((np.arange(len(price)), price))
    by_sales = np.lexsort((np.arange(len(sold)), -sold))
    bands = _equal_lines(by_price, sold)
    classes = _equal_lines(by_sales, sold)
    price_names = []
    for band in range(int(bands.max()) + 1):
        inside = price[bands == band] / 100.0
        price_names.append(f"price {inside.min():.2f} to {inside.max():.2f}")
    class_names = [f"sellers {k + 1} of {classes.max() + 1}" for k in range(int(classes.max()) + 1)]
    return {"price": (bands, price_names), "popularity": (classes, class_names)}


def _equal_lines(order: npt.NDArray[np.int64], share: Floats) -> npt.NDArray[np.int64]:
    """Cut SKUs in an order into groups that hold about equally many lines each."""
    before = np.cumsum(share[order]) - share[order] / 2.0
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.minimum((before * GROUPS / share.sum()).astype(np.int64), GROUPS - 1)
    _, dense = np.unique(group, return_inverse=True)
    return dense.astype(np.int64)


def _grouped(
    history: History,
    watched: _Watched,
    seen: Floats,
    returned: tuple[MatchedReturns, npt.NDArray[np.bool_]],
    scatter: float,
    name: str,
    group_of_sku: npt.NDArray[np.int64],
    names: list[str],
) -> tuple[str, tuple[ReturnGroup, ...], npt.NDArray[np.int64], float]:
    """Return the groups, drawn to their mean, and how far their rates differ beyond chance."""
    matched, pieces = returned
    group = group_of_sku[watched.sku]
    lag_group = group_of_sku[history.demand.sku[matched.line[pieces]]]
    lags = matched.lag_days[pieces]
    rates, errors = np.zeros(len(names)), np.zeros(len(names))
    for k in range(len(names)):
        inside = group == k
        exposure = watched.units[inside] * seen[inside]
        total = float(exposure.sum())
        rates[k] = min(1.0, float(watched.back[inside].sum()) / total) if total > 0.0 else 0.0
        errors[k] = _error(exposure, watched.units[inside], scatter)
    shrunk, heterogeneity = shrink(rates, errors)
    groups = tuple(
        ReturnGroup(
            name=names[k],
            skus=int(np.count_nonzero(group_of_sku == k)),
            lines=int(np.count_nonzero(group == k)),
            units_sold=int(watched.units[group == k].sum()),
            units_returned=int(watched.back[group == k].sum()),
            rate_seen=float(watched.back[group == k].sum())
            / max(1.0, float(watched.units[group == k].sum())),
            rate=float(rates[k]),
            rate_error=float(errors[k]),
            shrunk=float(shrunk[k]),
            lag_mean_days=float(lags[lag_group == k].mean())
            if (lag_group == k).any()
            else math.nan,
        )
        for k in range(len(names))
    )
    return name, groups, group_of_sku, heterogeneity


def shrink(rates: Floats, errors: Floats) -> tuple[Floats, float]:
    """Draw rates towards their mean: empirical Bayes with a normal law of the true rates.

    The variance between groups is DerSimonian and Laird's (1986, Controlled Clinical Trials 7,
    177-188): (Q - (k - 1)) / (W - sum w^2 / W), at least 0, with w = 1 / error^2, W their sum.

    Parameters
    ----------
    rates, errors
        Rate of each group and its standard error. Shape (k,).

    Returns
    -------
        The rates drawn to the mean, and Q - (k - 1). Groups without an error stay as they are.
    """
    if len(rates) < 2 or not (errors > 0.0).all():
        return rates.copy(), 0.0
    weight = errors**-2.0
    total = float(weight.sum())
    mean = float((weight * rates).sum()) / total
    surplus = float((weight * (rates - mean) ** 2).sum()) - (len(rates) - 1)
    between = max(0.0, surplus / (total - float((weight**2).sum()) / total))
    if between == 0.0:
        return np.full(len(rates), mean), surplus
    drawn = 1.0 / (between + errors**2)
    mean = float((drawn * rates).sum() / drawn.sum())
    kept = between / (between + errors**2)
    return np.clip(kept * rates + (1.0 - kept) * mean, 0.0, 1.0), surplus
