"""When goods come back: the law of the days from the order to the return document.

A return of lag l is seen only where its line was watched so long: lags are cut on the right. Their
law is found without any form by the product-limit estimate in reversed time, and as a gamma or
lognormal law by the likelihood of cut lags (both: Kalbfleisch, Lawless 1989, JASA 84, 360-372).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.fitting.figures import Floats, errors_by_curvature
from sim.scenario.schema.laws import Empirical, Gamma, Law, Lognormal, law_quantile

FEWEST_LAGS = 20
LEAST_LAG_DAYS = 1.0 / 24.0
LEAST_CV, MOST_CV = 0.05, 5.0
FEWEST_AT_RISK = 20
SHARE_AT_RISK = 0.02
ENOUGH_WATCHED = 0.9
"""A gamma or lognormal law is used only if the longest watch sees at least this share of it."""
CRITICAL = 1.63
"""Kolmogorov's 1 % value: a law further than this / sqrt(n) from the estimate is given up."""


@dataclass(frozen=True)
class LagFit:
    """The law of the days from the order to the return document.

    Parameters
    ----------
    law
        Gamma, lognormal, or empirical by days; None where there are too few lags.
    mean_error
        Standard error of the mean of a gamma or lognormal law; NaN else, and at an edge.
    rows
        Lags it was fitted to.
    horizon_days
        Lags up to here are known; rates count what comes back so soon. Infinite for a law of a
        form and for none.
    seen_mean_days, seen_median_days
        Of the lags as they were seen, cut by the file's end.
    log_likelihoods
        Of both laws of a form, by name.
    distance, critical
        Kolmogorov distance of the better of them from the estimate without a form, and the
        distance at which it is given up.
    watched
        Share of the better of them within the longest watch.
    """

    law: Law | None
    mean_error: float
    rows: int
    horizon_days: float
    seen_mean_days: float
    seen_median_days: float
    log_likelihoods: dict[str, float]
    distance: float
    critical: float
    watched: float


def cdf(law: Law) -> Callable[[Floats], Floats]:
    """Return the distribution function of a law of time, in its own unit."""
    from scipy.special import gammainc, ndtr

    if isinstance(law, Gamma):
        shape = 1.0 / law.cv**2
        return lambda t: np.asarray(gammainc(shape, np.maximum(t, 0.0) * shape / law.mean))
    if isinstance(law, Lognormal):
        sigma = math.sqrt(math.log1p(law.cv**2))
        mu = math.log(law.mean) - sigma**2 / 2.0
        return lambda t: np.asarray(ndtr((np.log(np.maximum(t, 1e-12)) - mu) / sigma))
    if isinstance(law, Empirical):
        order = np.argsort(law.values, kind="stable")
        points = np.array(law.values)[order]
        sums = np.concatenate(([0.0], np.cumsum(np.array(law.weights)[order])))
        return lambda t: np.asarray(sums[np.searchsorted(points, t, side="right")] / sums[-1])
    points = np.array([law_quantile(law, share) for share in (np.arange(1000) + 0.5) / 1000.0])
    return lambda t: np.asarray(np.searchsorted(points, t, side="right") / 1000.0)


def product_limit(lags_days: Floats, watch_of_lag: Floats) -> tuple[Floats, Floats]:
    """Return whole days and the share of the lags that are at most so long, in reversed time.

    F(x) = product over y > x of (1 - d_y / n_y), d_y the lags of y days, n_y those at most y days
    long whose line was watched y days or longer (Kalbfleisch, Lawless 1989, section 2). Beyond the
    last day with enough lags at risk nothing is said: F is 1 there.

    Parameters
    ----------
    lags_days, watch_of_lag
        Lag of each return and days its line was watched, lag <= watch. Shape (p,).

    Returns
    -------
        Days (0, 1, ...) and F at the end of each.
    """
    day = np.ceil(lags_days).astype(np.int64)
    watch = np.maximum(np.ceil(watch_of_lag).astype(np.int64), day)
    last = int(watch.max())
    found = np.bincount(day, minlength=last + 1).astype(np.float64)
    # Lags at most y long, less those whose line was watched for fewer than y days.
    at_risk = np.cumsum(found) - np.concatenate(
        ([0.0], np.cumsum(np.bincount(watch, minlength=last + 1))[:-1])
    )
    enough = max(FEWEST_AT_RISK, SHARE_AT_RISK * len(day))
    kept = np.flatnonzero(at_risk >= enough)
    last = int(kept[-1]) if len(kept) else last
    found, at_risk = found[: last + 1], at_risk[: last + 1]
    steps = 1.0 - np.divide(found, at_risk, out=np.zeros(last + 1), where=at_risk > 0.0)
    shares = np.ones(last + 1)
    shares[:-1] = np.cumprod(steps[:0:-1])[::-1]
    return np.arange(last + 1, dtype=np.float64), shares


def fit_lag(lags_days: Floats, watch_of_lag: Floats, watch_days: Floats) -> LagFit:
    """Fit the law of the lag to lags that were seen only if they were within the watch.

    Given their number, the lags have the likelihood product of f(l) / sum over lines of F(watch),
    whatever the return rate (returns of a line being rare).

    Parameters
    ----------
    lags_days, watch_of_lag
        Lag of each return and days its line was watched. Shape (p,).
    watch_days
        Days each sold line was watched. Shape (m,).
    """
    lags_days = np.maximum(lags_days, LEAST_LAG_DAYS)
    n = len(lags_days)
    mean, median = (
        (float(lags_days.mean()), float(np.median(lags_days))) if n else (math.nan, math.nan)
    )
    if n < FEWEST_LAGS or float(lags_days.std()) == 0.0:
        return LagFit(None, math.nan, n, math.inf, mean, median, {}, math.nan, math.nan, 0.0)
    # Lines by the hour they were watched: a law of days does not see less.
    hours, lines = np.unique(np.rint(watch_days * 24.0), return_counts=True)
    watch, lines = hours / 24.0, lines / lines.sum()
    fits = {
        name: _fitted_lag(kind, lags_days, watch, lines)
        for name, kind in (("gamma", _gamma), ("lognormal", _lognormal))
    }
    best = max(fits, key=lambda name: fits[name][1])
    law, _, error = fits[best]
    days, shares = product_limit(lags_days, watch_of_lag)
    watched = float(cdf(law)(watch[-1:])[0])
    distance = float(np.abs(cdf(law)(days) / max(cdf(law)(days[-1:])[0], 1e-300) - shares).max())
    critical = CRITICAL / math.sqrt(n)
    horizon = math.inf
    if watched < ENOUGH_WATCHED or distance > critical:
        law, error, horizon = _by_days(days, shares), math.nan, float(days[-1])
    likelihoods = {name: found[1] for name, found in fits.items()}
    return LagFit(law, error, n, horizon, mean, median, likelihoods, distance, critical, watched)


def _by_days(days: Floats, shares: Floats) -> Law:
    """Return the empirical law: each day's share in its middle."""
    weights = np.diff(shares, prepend=0.0)
    some = weights > 0.0
    return Empirical(
        distribution="empirical",
        values=[float(day) for day in np.maximum(days[some] - 0.5, LEAST_LAG_DAYS)],
        weights=[float(f"{weight:.6g}") for weight in weights[some]],
    )


def moved(law: Law, days: float, variance: float) -> Law:
    """Return a law of lags less a time that is spent elsewhere, at least an hour.

    Parameters
    ----------
    law
        Gamma, lognormal or empirical.
    days, variance
        Mean and variance (days squared) of the time taken off. An empirical law is moved by the
        mean alone.
    """
    if isinstance(law, Empirical):
        values = [float(f"{max(value - days, LEAST_LAG_DAYS):.6g}") for value in law.values]
        return law.model_copy(update={"values": values})
    if not isinstance(law, Gamma | Lognormal):
        return law
    mean = max(law.mean - days, LEAST_LAG_DAYS)
    spread = math.sqrt(max((law.cv * law.mean) ** 2 - variance, 0.0)) / mean
    cv = min(max(spread, LEAST_CV), 20.0)
    return law.model_copy(update={"mean": float(f"{mean:.6g}"), "cv": float(f"{cv:.6g}")})


def _gamma(mean: float, cv: float) -> Law:
    return Gamma(distribution="gamma", mean=mean, cv=cv)


def _lognormal(mean: float, cv: float) -> Law:
    return Lognormal(distribution="lognormal", mean=mean, cv=cv)


def _fitted_lag(
    kind: Callable[[float, float], Law], lags: Floats, watch: Floats, lines: Floats
) -> tuple[Law, float, float]:
    """Return the law of greatest likelihood, its log-likelihood, and the error of its mean."""
    from scipy.optimize import minimize  # noqa: TID251  # a function's name is no package of ours

    longest = float(watch[-1])

    def loss(place: Floats) -> float:
        law = kind(math.exp(place[0]), math.exp(place[1]))
        seen = float((lines * cdf(law)(watch)).sum())
        return len(lags) * math.log(max(seen, 1e-300)) - float(_log_density(law, lags).sum())

    start = np.log([float(lags.mean()), min(max(float(lags.std() / lags.mean()), 0.1), 3.0)])
    edges = [
        (math.log(LEAST_LAG_DAYS), math.log(max(20.0 * longest, 1.0))),
        (math.log(LEAST_CV), math.log(MOST_CV)),
    ]
    found = minimize(loss, start, method="L-BFGS-B", bounds=edges)
    inner = all(low + 1e-3 < x < high - 1e-3 for x, (low, high) in zip(found.x, edges, strict=True))
    error = float(errors_by_curvature(loss, found.x)[0]) if inner else math.nan
    mean, cv = (math.exp(value) for value in found.x)
    return kind(mean, cv), -float(found.fun), mean * error


def _log_density(law: Law, t: Floats) -> Floats:
    from scipy.special import gammaln

    if isinstance(law, Gamma):
        shape = 1.0 / law.cv**2
        rate = shape / law.mean
        return np.asarray(
            shape * math.log(rate) - gammaln(shape) + (shape - 1.0) * np.log(t) - rate * t
        )
    assert isinstance(law, Lognormal)
    sigma = math.sqrt(math.log1p(law.cv**2))
    z = (np.log(t) - math.log(law.mean) + sigma**2 / 2.0) / sigma
    return np.asarray(-0.5 * z**2 - np.log(t) - math.log(sigma * math.sqrt(2.0 * math.pi)))
