"""Customers: who comes back, how often, and who stays away after a bad experience."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import ratio


def orders_of_customers(account: Account) -> npt.NDArray[np.int64]:
    """Return the number of orders in the window of each known customer with at least one."""
    customer = account.demand.customer[account.cohort]
    _, counts = np.unique(customer[customer >= 0], return_counts=True)
    return counts


def purchase_frequency_per_year(account: Account) -> float | None:
    """Orders placed in the window / customers of the base / years of the window (365 days).

    In: all orders of the cohort and every customer of the base, those too who bought nothing.
    """
    return ratio(float(len(account.cohort)), account.demand.customers * account.years)


def orders_per_active_customer(account: Account) -> float | None:
    """Orders in the window / customers who placed at least one; guests are out."""
    counts = orders_of_customers(account)
    return ratio(float(counts.sum()), float(len(counts)))


def repeat_share(account: Account) -> float | None:
    """Customers with two or more orders in the window / those with at least one; guests are out."""
    counts = orders_of_customers(account)
    return ratio(float(np.count_nonzero(counts > 1)), float(len(counts)))


def lost_orders_rate(account: Account) -> float | None:
    """Orders due in the window that the customer did not place / orders due.

    Lost (LOST) because of how the customer's last order went.
    """
    lost = np.count_nonzero(account.window.holds(account.tables.lost["time_s"]))
    return ratio(float(lost), float(lost + len(account.cohort)))


FAMILY = "customers"
NO_CUSTOMER = "no known customer ordered in the window"
DEFINITIONS = (
    KpiDefinition(
        "purchase_frequency_per_year",
        "1/year",
        FAMILY,
        "orders a customer and year",
        "high",
        purchase_frequency_per_year,
        "the customer base is empty",
    ),
    KpiDefinition(
        "orders_per_active_customer",
        "orders",
        FAMILY,
        "orders of a customer in the window",
        "high",
        orders_per_active_customer,
        NO_CUSTOMER,
    ),
    KpiDefinition(
        "repeat_share",
        "share",
        FAMILY,
        "customers who came back",
        "high",
        repeat_share,
        NO_CUSTOMER,
    ),
    KpiDefinition(
        "lost_orders_rate",
        "share",
        FAMILY,
        "orders lost to bad experience",
        "low",
        lost_orders_rate,
        "no order was due in the window",
    ),
)
