"""The BG/NBD law: its likelihood against its definition, its fit against a known law."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from sim.orders.bg_nbd import bg_nbd_log_likelihood, fit_bg_nbd

Column = npt.NDArray[np.float64]
CDNOW = (0.243, 4.414, 0.793, 2.426)
"""r, alpha (weeks), a, b of Fader, Hardie, Lee (2005), table 2."""


def _histories(
    customers: int, parameters: tuple[float, float, float, float], seed: int
) -> tuple[Column, Column, Column]:
    """Play customers one by one as the law says: frequency, recency and age in weeks."""
    r, alpha, a, b = parameters
    rng = np.random.default_rng(seed)
    ages = rng.uniform(27.0, 39.0, customers)
    x, t_x = np.zeros(customers), np.zeros(customers)
    rates, leaves = rng.gamma(r, 1.0 / alpha, customers), rng.beta(a, b, customers)
    for customer, age in enumerate(ages):
        now = rng.exponential(1.0) / rates[customer]
        while now <= age:
            x[customer] += 1
            t_x[customer] = now
            if rng.random() < leaves[customer]:
                break
            now += rng.exponential(1.0) / rates[customer]
    return x, t_x, ages


@pytest.mark.parametrize(
    ("x", "t_x", "age"), [(0, 0.0, 38.9), (1, 3.5, 20.0), (2, 30.4, 38.9), (7, 12.0, 12.0)]
)
def test_likelihood_is_that_of_one_customer_mixed_over_rates_and_drop_out(
    x: int, t_x: float, age: float
) -> None:
    """Given rate and chance, (1-p)^x l^x e^(-lT) + [x > 0] p (1-p)^(x-1) l^x e^(-l t_x)."""
    from scipy.integrate import dblquad
    from scipy.stats import beta, gamma

    r, alpha, a, b = 1.3, 6.0, 1.4, 2.5

    def weighted(p: float, rate: float) -> float:
        alive = (1 - p) ** x * rate**x * math.exp(-rate * age)
        gone = p * (1 - p) ** (x - 1) * rate**x * math.exp(-rate * t_x) if x else 0.0
        return float((alive + gone) * beta.pdf(p, a, b) * gamma.pdf(rate, r, scale=1 / alpha))

    expected, _ = dblquad(weighted, 0.0, 8.0, 0.0, 1.0, epsabs=1e-9)

    log_likelihood = bg_nbd_log_likelihood([x], [t_x], [age], (r, alpha, a, b))

    assert log_likelihood == pytest.approx(math.log(expected), abs=1e-5)


def test_fit_recovers_the_law_that_made_the_history() -> None:
    """Each logarithm within 4 standard errors from the Hessian (false alarm 0.03 %)."""
    x, t_x, age = _histories(20_000, CDNOW, seed=1)

    fit = fit_bg_nbd(x, t_x, age)

    best = np.log([fit.r, fit.alpha_weeks, fit.a, fit.b])
    errors = _standard_errors(best, x, t_x, age)
    assert (errors < 0.15).all(), "too few customers to say anything"
    assert (np.abs(best - np.log(CDNOW)) <= 4.0 * errors).all(), (fit, errors)
    assert fit.customers == 20_000
    assert fit.log_likelihood >= bg_nbd_log_likelihood(x, t_x, age, CDNOW)


def test_fit_does_not_depend_on_the_unit_of_time() -> None:
    """Days instead of weeks: alpha is seven times as large, everything else is as it was."""
    x, t_x, age = _histories(2_000, (0.8, 6.0, 1.0, 3.0), seed=2)

    weeks, days = fit_bg_nbd(x, t_x, age), fit_bg_nbd(x, 7 * t_x, 7 * age)

    assert days.alpha_weeks == pytest.approx(7 * weeks.alpha_weeks, rel=1e-4)
    assert (days.r, days.a, days.b) == pytest.approx((weeks.r, weeks.a, weeks.b), rel=1e-4)


@pytest.mark.parametrize(
    ("x", "t_x", "age", "words"),
    [
        ([1, 2], [1.0], [3.0, 4.0], "one length"),
        ([], [], [], "one length"),
        ([1.5], [1.0], [3.0], "whole numbers"),
        ([-1], [0.0], [3.0], "whole numbers"),
        ([1], [4.0], [3.0], "recency_weeks <= age_weeks"),
        ([0], [0.0], [0.0], "age_weeks > 0"),
        ([0, 1], [2.0, 1.0], [3.0, 3.0], "no repeat order"),
        ([1], [float("nan")], [3.0], "not a number"),
        ([0, 0], [0.0, 0.0], [3.0, 3.0], "nobody bought twice"),
    ],
)
def test_histories_that_cannot_be_are_refused(
    x: list[float], t_x: list[float], age: list[float], words: str
) -> None:
    """What is wrong with the columns is said."""
    with pytest.raises(ValueError, match=words):
        fit_bg_nbd(x, t_x, age)


def _standard_errors(logs: Column, x: Column, t_x: Column, age: Column) -> Column:
    """Return the standard errors of the logarithms: root of the inverse Hessian's diagonal."""
    step = 1e-3

    def loss(point: Column) -> float:
        r, alpha, a, b = (float(value) for value in np.exp(point))
        return -bg_nbd_log_likelihood(x, t_x, age, (r, alpha, a, b))

    hessian = np.empty((4, 4))
    steps = np.eye(4) * step
    for i, one in enumerate(steps):
        for j, other in enumerate(steps):
            both = loss(logs + one + other) + loss(logs - one - other)
            across = loss(logs + one - other) + loss(logs - one + other)
            hessian[i, j] = (both - across) / (4.0 * step**2)
    errors: Column = np.sqrt(np.diag(np.linalg.inv(hessian)))
    return errors
