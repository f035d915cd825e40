"""Volume: how many orders came, and how each of them ended."""

from __future__ import annotations

import numpy as np

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.ends import CANCELLED, NOT_PLACED, OPEN
from sim.kpis.sums import exact_sum


def orders_placed(account: Account) -> float:
    """Orders placed inside the window (facts PLACED); orders lost before the click are out."""
    return float(len(account.cohort))


def orders_delivered(account: Account) -> float:
    """Orders of the cohort whose every wanted unit arrived, replacements aside."""
    return float(len(account.delivered))


def orders_cancelled(account: Account) -> float:
    """Orders of the cohort that were cancelled as a whole, for any reason."""
    return float(np.count_nonzero(account.ends.state[account.cohort] == CANCELLED))


def orders_open(account: Account) -> float:
    """Orders of the cohort neither delivered nor cancelled when the log ends."""
    return float(np.count_nonzero(account.ends.state[account.cohort] == OPEN))


def units_sold(account: Account) -> float:
    """Units that left for customers, of the cohort's orders: from the shelf or from a supplier.

    Units of cancelled orders, refused units and replacements are out.
    """
    return float(sold_units(account))


def sold_units(account: Account) -> int:
    """Return the units of the cohort's completely shipped orders that went to the customer."""
    ends = account.ends
    gone = np.zeros(account.demand.orders, dtype=np.int64)
    np.add.at(gone, ends.short.order, ends.short.gone)
    return int(np.sum(ends.units[account.shipped] - gone[account.shipped]))


def orders_per_day(account: Account) -> float:
    """Throughput: orders whose last leg left inside the window / days of the window.

    Counts every order of the run, whenever it was placed.
    """
    return orders_shipped_in_window(account) / account.days


def orders_shipped_in_window(account: Account) -> int:
    """Return how many orders of the run left completely inside the window."""
    return int(np.count_nonzero(account.window.holds(account.ends.left_s)))


def work_in_progress_mean_orders(account: Account) -> float:
    """Time average over the window of the orders in the house: placed, not yet left, not cancelled.

    Area = sum over all orders of the run of the time between PLACED and the last leg's departure
    (or CANCELLED, or the log's end) that lies inside the window; divided by the window's length.
    """
    tables, ends = account.tables, account.ends
    until_s = np.full(account.demand.orders, np.inf)
    until_s[ends.shipped] = ends.left_s[ends.shipped]
    until_s[tables.cancelled["order"]] = tables.cancelled["time_s"]
    placed = ends.state != NOT_PLACED
    stay_s = account.window.cut(until_s[placed])
    stay_s -= account.window.cut(account.demand.placed_s[placed])
    return exact_sum(stay_s) / account.window.length_s


FAMILY = "volume"
DEFINITIONS = (
    KpiDefinition("orders_placed", "orders", FAMILY, "orders placed", None, orders_placed),
    KpiDefinition("orders_delivered", "orders", FAMILY, "orders delivered", None, orders_delivered),
    KpiDefinition(
        "orders_cancelled", "orders", FAMILY, "orders cancelled", "low", orders_cancelled
    ),
    KpiDefinition("orders_open", "orders", FAMILY, "orders still open", "low", orders_open),
    KpiDefinition("units_sold", "units", FAMILY, "units sold", None, units_sold),
    KpiDefinition(
        "orders_per_day", "orders/day", FAMILY, "orders shipped a day", "high", orders_per_day
    ),
    KpiDefinition(
        "work_in_progress_mean_orders",
        "orders",
        FAMILY,
        "orders in the house, mean",
        "low",
        work_in_progress_mean_orders,
    ),
)
