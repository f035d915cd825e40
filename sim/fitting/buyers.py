"""Who orders how often: guests, the negative binomial law of buyers, and the BG/NBD law.

A history shows only who bought. Rates are gamma-distributed over the whole base, so the orders of
a customer follow the negative binomial law (Ehrenberg 1959); it is fitted to those seen, given
that they are seen: the law without its zero class (David, Johnson 1952, Biometrics 8, 275-285).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.fitting.figures import Floats, errors_by_curvature
from sim.orders.bg_nbd import BgNbdFit, bg_nbd_log_likelihood, fit_bg_nbd
from sim.orders.history import History

DAY_S = 86_400.0
WEEK_S = 7.0 * DAY_S
DAYS_PER_YEAR = 365.0
LEAST_SHAPE, MOST_SHAPE = 0.05, 100.0
"""Below the least shape the law is the log-series law, whose base has no end."""
FEWEST_CUSTOMERS = 30


@dataclass(frozen=True)
class BuyersFit:
    """Customers of a history.

    Parameters
    ----------
    orders, guest_orders
        Orders, and those of unknown customers.
    seen, again
        Known customers with at least one order, with at least two.
    per_seen
        Orders of each of them; 0 where nobody is known.
    orders_per_year, orders_per_year_error
        Mean of the whole base, those too who bought nothing; None where it cannot be fitted.
    shape, shape_error
        Gamma shape of the rates.
    base
        Customers of the base: those seen / chance of being seen.
    bg_nbd
        The law with drop-out, None where it cannot be fitted.
    bg_nbd_log_errors
        Standard errors of the logarithms of r, alpha, a, b; NaN where nothing holds them.
    why_not
        Why a law is missing.
    """

    orders: int
    guest_orders: int
    seen: int
    again: int
    per_seen: float
    orders_per_year: float | None
    orders_per_year_error: float
    shape: float | None
    shape_error: float
    base: float | None
    bg_nbd: BgNbdFit | None
    bg_nbd_log_errors: tuple[float, ...]
    why_not: str


def fit_buyers(history: History) -> BuyersFit:
    """Return the laws of a history's customers."""
    demand = history.demand
    known = demand.customer >= 0
    counts = np.bincount(demand.customer[known])
    counts = counts[counts > 0]
    seen, again = len(counts), int(np.count_nonzero(counts > 1))
    why_not = ""
    if seen < FEWEST_CUSTOMERS:
        why_not = f"{seen} known customers, fewer than {FEWEST_CUSTOMERS}"
    elif again == 0:
        why_not = "nobody bought twice"
    mean = shape = base = None
    mean_error = shape_error = math.nan
    bg_nbd: BgNbdFit | None = None
    log_errors: tuple[float, ...] = (math.nan,) * 4
    if not why_not:
        mean, shape, mean_error, shape_error = truncated_nbd(counts)
        base = seen / -math.expm1(-shape * math.log1p(mean / shape))
        bg_nbd, log_errors, why_not = _bg_nbd(history)
    a_year = DAYS_PER_YEAR / history.days
    return BuyersFit(
        orders=demand.orders,
        guest_orders=int(np.count_nonzero(~known)),
        seen=seen,
        again=again,
        per_seen=float(counts.mean()) if seen else 0.0,
        orders_per_year=None if mean is None else mean * a_year,
        orders_per_year_error=mean_error * a_year,
        shape=shape,
        shape_error=shape_error,
        base=base,
        bg_nbd=bg_nbd,
        bg_nbd_log_errors=log_errors,
        why_not=why_not,
    )


def truncated_nbd(counts: npt.NDArray[np.int64]) -> tuple[float, float, float, float]:
    """Return mean and shape of the negative binomial law without its zero class, and their errors.

    Parameters
    ----------
    counts
        Orders of each customer seen, >= 1, at least one above 1.

    Returns
    -------
        Mean of the whole law (zeros in it), shape, and both standard errors (NaN at an edge).
    """
    from scipy.optimize import minimize  # noqa: TID251  # a function's name is no package of ours
    from scipy.special import gammaln

    numbers, customers = np.unique(counts, return_counts=True)
    total = int(customers.sum())
    orders = float((numbers * customers).sum())

    def loss(place: Floats) -> float:
        mean, shape = math.exp(place[0]), math.exp(place[1])
        each = gammaln(shape + numbers) - gammaln(shape) - gammaln(numbers + 1.0)
        log_none = -shape * math.log1p(mean / shape)
        known = float((customers * each).sum()) + total * log_none
        known += orders * math.log(mean / (shape + mean))
        return total * math.log(-math.expm1(log_none)) - known

    edges = [(-12.0, 12.0), (math.log(LEAST_SHAPE), math.log(MOST_SHAPE))]
    start = np.array([math.log(orders / total), 0.0])
    found = minimize(loss, start, method="L-BFGS-B", bounds=edges)
    mean, shape = (math.exp(value) for value in found.x)
    inner = edges[1][0] + 1e-3 < found.x[1] < edges[1][1] - 1e-3
    errors = errors_by_curvature(loss, found.x) if inner else np.full(2, math.nan)
    return mean, shape, mean * float(errors[0]), shape * float(errors[1])


def _bg_nbd(history: History) -> tuple[BgNbdFit | None, tuple[float, ...], str]:
    """Fit the law with drop-out to purchase days: orders of one day count as one purchase."""
    demand = history.demand
    known = demand.customer >= 0
    customer = demand.customer[known].astype(np.int64)
    day = (demand.placed_s[known] // DAY_S).astype(np.int64)
    customer, day = np.unique(np.stack([customer, day]), axis=1)
    first = np.flatnonzero(np.diff(customer, prepend=-1))
    last = np.append(first[1:], len(customer)) - 1
    frequency = last - first
    recency = (day[last] - day[first]) / 7.0
    age = (history.days - day[first]) / 7.0
    try:
        law = fit_bg_nbd(frequency, recency, age)
    except (ValueError, RuntimeError) as error:
        return None, (math.nan,) * 4, f"no BG/NBD law: {error}"

    def loss(logs: Floats) -> float:
        r, alpha, a, b = (math.exp(value) for value in logs)
        return -bg_nbd_log_likelihood(frequency, recency, age, (r, alpha, a, b))

    best = np.log([law.r, law.alpha_weeks, law.a, law.b])
    return law, tuple(errors_by_curvature(loss, best).tolist()), ""
