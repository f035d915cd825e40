"""The BG/NBD law of buying, and how it is fitted to the customers of a shop.

Fader, Hardie, Lee (2005), "Counting your customers" the easy way: an alternative to the
Pareto/NBD model, Marketing Science 24(2), 275-284. While alive, a customer buys as a Poisson
process with a rate that is gamma-distributed over customers (shape r, rate alpha). After every
purchase but the first one they drop out with a chance that is beta-distributed (a, b).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float64]

FIRST_GUESS = (1.0, 1.0, 1.0, 1.0)
"""Start of the search: r, alpha as a share of the oldest customer's age, a, b."""
LOG_BOUND = 12.0
"""Parameters are sought between exp(-12) and exp(12): where nobody drops out, b has no end."""
SEARCH_STEPS = 500


@dataclass(frozen=True)
class BgNbdFit:
    """Parameters of the BG/NBD law that make a history most likely.

    Parameters
    ----------
    r, alpha_weeks
        Gamma law of the orders a week of a customer who is alive: mean r / alpha_weeks.
    a, b
        Beta law of the chance to drop out after an order: mean a / (a + b).
    log_likelihood
        Natural logarithm, summed over the customers, at these parameters.
    customers
        Number of customers.
    """

    r: float
    alpha_weeks: float
    a: float
    b: float
    log_likelihood: float
    customers: int


def fit_bg_nbd(
    frequency: npt.ArrayLike, recency_weeks: npt.ArrayLike, age_weeks: npt.ArrayLike
) -> BgNbdFit:
    """Fit the BG/NBD law by maximum likelihood.

    Parameters
    ----------
    frequency
        Repeat orders of each customer (x), the first order left out. Shape (n,), whole, >= 0.
    recency_weeks
        Weeks from the first order to the last one (t_x), 0 where there is no repeat order. Shape
        (n,).
    age_weeks
        Weeks from the first order to the end of the history (T), > 0. Shape (n,).

    Returns
    -------
        Parameters and the log-likelihood there. Where the history holds no sign of drop-out, a is
        near 0 or b is very large.

    Raises
    ------
    ValueError
        If the columns differ in length, hold what no customer can have done, or nobody bought
        twice, so that nothing can be said about rates.
    RuntimeError
        If the search does not end.
    """
    from scipy.optimize import minimize  # noqa: TID251  # a function's name is no package of ours

    x, t_x, age = _columns(frequency, recency_weeks, age_weeks)
    if not x.any():
        raise ValueError("nobody bought twice: nothing can be said about rates and drop-out")
    unit = float(age.max())  # ages between 0 and 1: all four parameters are near 1 in size

    def mean_loss(logs: Column) -> float:
        r, alpha, a, b = np.exp(logs)
        return -float(_each_log_likelihood(x, t_x / unit, age / unit, (r, alpha, a, b)).mean())

    found = minimize(
        mean_loss,
        np.log(FIRST_GUESS),
        method="L-BFGS-B",
        bounds=[(-LOG_BOUND, LOG_BOUND)] * 4,
        options={"maxiter": SEARCH_STEPS, "ftol": 1e-13, "gtol": 1e-8},
    )
    if not np.isfinite(found.fun) or found.nit >= SEARCH_STEPS:
        raise RuntimeError(f"no best parameters after {found.nit} steps: {found.message}")
    r, alpha, a, b = (float(value) for value in np.exp(found.x))
    best = (r, alpha * unit, a, b)
    return BgNbdFit(*best, bg_nbd_log_likelihood(x, t_x, age, best), len(x))


def bg_nbd_log_likelihood(
    frequency: npt.ArrayLike,
    recency_weeks: npt.ArrayLike,
    age_weeks: npt.ArrayLike,
    parameters: tuple[float, float, float, float],
) -> float:
    """Return the log-likelihood of a history, summed over its customers.

    Parameters
    ----------
    frequency, recency_weeks, age_weeks
        As for :func:`fit_bg_nbd`. Shape (n,).
    parameters
        r, alpha (weeks), a, b; all > 0.

    References
    ----------
    Fader, Hardie, Lee (2005), equation 6.
    """
    x, t_x, age = _columns(frequency, recency_weeks, age_weeks)
    return float(_each_log_likelihood(x, t_x, age, parameters).sum())


def _each_log_likelihood(
    x: Column, t_x: Column, age: Column, parameters: tuple[float, float, float, float]
) -> Column:
    """Return the log-likelihood of each customer, shape (n,).

    Either alive until the end, or (with a repeat order) dropped out after the last one::

        B(a, b + x) / B(a, b) * G(r + x) alpha^r / (G(r) (alpha + T)^(r + x))
        + [x > 0] B(a + 1, b + x - 1) / B(a, b) * G(r + x) alpha^r / (G(r) (alpha + t_x)^(r + x))
    """
    from scipy.special import betaln, gammaln

    r, alpha, a, b = parameters
    rates = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - (r + x) * np.log(alpha + age)
    again = np.maximum(x, 1.0)  # without a repeat order this branch is left out
    dropped = betaln(a + 1.0, b + again - 1.0) - (r + x) * np.log(alpha + t_x)
    either = np.where(x > 0.0, np.logaddexp(alive, dropped), alive)
    each: Column = rates + either - betaln(a, b)
    return each


def _columns(
    frequency: npt.ArrayLike, recency_weeks: npt.ArrayLike, age_weeks: npt.ArrayLike
) -> tuple[Column, Column, Column]:
    x, t_x, age = (
        np.asarray(column, dtype=np.float64) for column in (frequency, recency_weeks, age_weeks)
    )
    if not (x.ndim == 1 and x.shape == t_x.shape == age.shape and len(x)):
        raise ValueError(
            f"three columns of one length >= 1 expected, found {x.shape, t_x.shape, age.shape}"
        )
    if not (np.isfinite(x).all() and np.isfinite(t_x).all() and np.isfinite(age).all()):
        raise ValueError("a column holds what is not a number")
    if (x < 0.0).any() or (x != np.rint(x)).any():
        raise ValueError("frequency: whole numbers >= 0 expected")
    if (t_x < 0.0).any() or (t_x > age).any() or (age <= 0.0).any():
        raise ValueError("0 <= recency_weeks <= age_weeks and age_weeks > 0 expected")
    if (t_x[x == 0.0] > 0.0).any():
        raise ValueError("recency_weeks: 0 expected where there is no repeat order")
    return x, t_x, age
