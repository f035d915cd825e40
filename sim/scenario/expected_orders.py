"""How many orders a scenario asks for, before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.schema.customers import CustomersSection
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

WEEK_DAYS = 7.0
DROP_OUT_POINTS, AGE_POINTS = 2_000, 50
"""Midpoints at which the means over drop-out chances and ages are taken."""


def mean_orders_per_day(scenario: Scenario) -> float:
    """Return the orders a day that are expected over the run, seasons and experience left out.

    In a steady base that is ``orders.per_day``; under ``bg_nbd`` the repeat orders of the opening
    customers, and the first and repeat orders of the new ones.
    """
    customers, run = scenario.customers, scenario.run
    if customers.law == "steady":
        return scenario.orders.per_day
    import numpy as np  # a check of a steady base needs no arrays

    days = run.warm_up_days + run.horizon_days + run.cool_down_days
    weeks = days / WEEK_DAYS
    midpoints = (np.arange(AGE_POINTS) + 0.5) / AGE_POINTS
    ages = midpoints * customers.opening_age_weeks
    before = mean_repeat_orders(customers, ages)
    opening = (mean_repeat_orders(customers, ages + weeks) - before).mean()
    new_days = days if customers.new_days is None else min(days, customers.new_days)
    stay = weeks - midpoints * new_days / WEEK_DAYS
    new = customers.new_per_day * new_days * (1.0 + mean_repeat_orders(customers, stay).mean())
    return float(customers.opening_customers * opening + new) / days


def mean_repeat_orders(customers: CustomersSection, weeks: Floats) -> Floats:
    """Return the mean repeat orders of a customer by so many weeks after the first order.

    Given p and rate l it is (1 - exp(-l p t)) / p (Fader, Hardie, Lee 2005, equation 5), whose mean
    over the gamma law is (1 - (alpha / (alpha + p t))^r) / p; the mean over the beta law is taken
    at midpoints of its quantiles.

    Parameters
    ----------
    customers
        Its r, alpha_weeks, a and b.
    weeks
        >= 0, any shape; that of the result.
    """
    import numpy as np
    from scipy.special import betaincinv

    quantiles = (np.arange(DROP_OUT_POINTS) + 0.5) / DROP_OUT_POINTS
    share = np.maximum(betaincinv(customers.a, customers.b, quantiles), 1e-12)
    logs = np.log1p(share * np.asarray(weeks)[..., np.newaxis] / customers.alpha_weeks)
    means: Floats = (-np.expm1(-customers.r * logs) / share).mean(axis=-1)
    return means
