"""Who orders: a base of customers, each with an own rate of buying.

Every customer orders as a Poisson process whose rate is gamma-distributed over the base, so the
orders of a customer in a period follow the negative binomial law (Ehrenberg 1959, The pattern
of consumer purchases). Seen from the shop, each order belongs to a customer in proportion to
the rates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.orders.draws import cumulated
from sim.orders.streams import stream
from sim.scenario.schema.scenario import Scenario

DAYS_PER_YEAR = 365.0


def base_size(scenario: Scenario) -> int:
    """Return the customers who together place ``orders.per_day``; at least 1."""
    a_year = scenario.orders.per_day * DAYS_PER_YEAR
    return max(1, round(a_year / scenario.customers.orders_per_year))


def relative_rates(scenario: Scenario, replication: int) -> npt.NDArray[np.float64]:
    """Return the customers' relative rates of buying, gamma-distributed, shape (base_size,)."""
    rng = stream(scenario.run.seed, "customers/rate", replication)
    return rng.standard_gamma(scenario.customers.rate_shape, base_size(scenario))


def who_orders(scenario: Scenario, replication: int, orders: int) -> npt.NDArray[np.int32]:
    """Return the customer of each order, shape (orders,)."""
    rates = cumulated(relative_rates(scenario, replication))
    uniforms = stream(scenario.run.seed, "customers/who", replication).random(orders)
    return np.searchsorted(rates, uniforms, side="right").astype(np.int32)
