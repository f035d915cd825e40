"""Customers: who comes back, how often, and who stays away after a bad experience."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.cohorts import FirstOrders, first_orders, orders_of_new, tells_who_is_new
from sim.kpis.definition import Better, KpiDefinition
from sim.kpis.order_tables import FOLLOWED_UP_FLAG, PLACED_FLAG
from sim.kpis.sums import DAY_S, YEAR_S, exact_sum, ratio
from sim.log.facts import DropOutCause, LostCause


def orders_of_customers(account: Account) -> npt.NDArray[np.int64]:
    """Return the number of orders in the window of each known customer with at least one."""
    customer = account.demand.customer[account.cohort]
    _, counts = np.unique(customer[customer >= 0], return_counts=True)
    return counts


def purchase_frequency_per_year(account: Account) -> float | None:
    """Orders placed in the window / customers of the base / years of the window (365 days).

    In: all orders of the cohort and every customer of the base, those too who bought nothing.
    Where customers are won over time, each counts from the first order on: orders / customer-years
    inside the window, those who have dropped out included, as no shop sees that.
    """
    acquired_s = account.demand.acquired_s
    if acquired_s is None:
        base_years = account.demand.customers * account.years
    else:
        base_s = account.window.end_s - account.window.cut(acquired_s)
        base_years = exact_sum(base_s) / YEAR_S
    return ratio(float(len(account.cohort)), base_years)


def active_customers(account: Account) -> float:
    """Known customers who placed at least one order in the window; guests are out."""
    return float(len(orders_of_customers(account)))


def orders_per_active_customer(account: Account) -> float | None:
    """Orders in the window / customers who placed at least one; guests are out."""
    counts = orders_of_customers(account)
    return ratio(float(counts.sum()), float(len(counts)))


def repeat_share(account: Account) -> float | None:
    """Customers with two or more orders in the window / those with at least one; guests are out."""
    counts = orders_of_customers(account)
    return ratio(float(np.count_nonzero(counts > 1)), float(len(counts)))


def new_customers(account: Account) -> float | None:
    """Customers whose first order lies in the window.

    Out: guests, and customers known to have ordered before the log begins. Of a history that is not
    known, and the first order in it counts as the first of all.
    """
    if not tells_who_is_new(account):
        return None
    return float(len(_new_in_window(account).order))


def _new_in_window(account: Account) -> FirstOrders:
    first = first_orders(account)
    inside = account.tables.cohort_order(first.order)
    return FirstOrders(first.customer[inside], first.order[inside])


def repeat_within_days_rate(account: Account, days: float) -> float | None:
    """Of the customers new in the window at least so many days before its end: who came again.

    Share of the customers of :func:`new_customers` with a second order within ``days`` of the first
    one. Out: those whose first order is nearer to the window's end.
    """
    placed_s, first = account.demand.placed_s, _new_in_window(account)
    old = placed_s[first.order] + days * DAY_S <= account.window.end_s
    first = FirstOrders(first.customer[old], first.order[old])
    order, of = orders_of_new(account, first)
    since_s = placed_s[order] - placed_s[first.order][of]
    again = np.unique(of[(order != first.order[of]) & (since_s <= days * DAY_S)])
    return ratio(float(len(again)), float(len(first.order)))


def repeat_within_30_days_rate(account: Account) -> float | None:
    """Customers who order again within 30 days of their first order / those new in the window.

    In: customers of :func:`new_customers` whose first order is 30 days or more before the window's
    end. Orders that a contact led to count.
    """
    return repeat_within_days_rate(account, 30.0)


def repeat_within_90_days_rate(account: Account) -> float | None:
    """Customers who order again within 90 days of their first order / those new in the window.

    In: customers of :func:`new_customers` whose first order is 90 days or more before the window's
    end. Orders that a contact led to count.
    """
    return repeat_within_days_rate(account, 90.0)


def orders_per_new_customer(account: Account) -> float | None:
    """Orders so far of the customers of :func:`new_customers` / those customers.

    So far: until the window's end, the first order included. It grows with the window's length; of
    a cohort that is followed until nobody is left it is the orders of a lifetime.
    """
    first = _new_in_window(account)
    order, _ = orders_of_new(account, first)
    inside = account.tables.cohort_order(order)
    return ratio(float(np.count_nonzero(inside)), float(len(first.order)))


def dropped_out_own_customers(account: Account) -> float | None:
    """Customers who left of their own will in the window (DROPPED_OUT, by the law of the base)."""
    return _dropped_out(account, DropOutCause.OWN)


def dropped_out_experience_customers(account: Account) -> float | None:
    """Customers who left after a bad experience in the window (DROPPED_OUT); who left twice: twice.

    Those whom a contact won back later are in; see ``won_back_customers``.
    """
    return _dropped_out(account, DropOutCause.EXPERIENCE)


def _dropped_out(account: Account, cause: DropOutCause) -> float | None:
    if account.demand.acquired_s is None:
        return None
    rows = account.tables.of_customers.dropped_out
    return float(np.count_nonzero(account.window.holds(rows["time_s"]) & (rows["cause"] == cause)))


def won_back_customers(account: Account) -> float | None:
    """Customers whom a follow-up contact brought back in the window (WON_BACK)."""
    if account.demand.acquired_s is None:
        return None
    times_s = account.tables.of_customers.won_back["time_s"]
    return float(np.count_nonzero(account.window.holds(times_s)))


def lost_orders_rate(account: Account) -> float | None:
    """Orders due in the window that the customer did not place / orders due.

    Lost (LOST) because of how the customer's last order went, or because a bad experience made them
    drop out. Out: orders to which a contact did not lead, and what customers who left of their own
    will might have ordered.
    """
    lost = _lost(account, LostCause.EXPERIENCE) + _lost(account, LostCause.DROPPED_OUT)
    return ratio(lost, lost + len(account.cohort))


def lost_to_last_experience_orders(account: Account) -> float:
    """Orders due in the window not placed because the customer's last order went badly (LOST)."""
    return _lost(account, LostCause.EXPERIENCE)


def lost_to_drop_out_orders(account: Account) -> float | None:
    """Orders due in the window of customers who had dropped out after a bad experience (LOST)."""
    if account.demand.acquired_s is None:
        return None
    return _lost(account, LostCause.DROPPED_OUT)


def _lost(account: Account, cause: LostCause) -> float:
    lost = account.tables.lost
    inside = account.window.holds(lost["time_s"])
    return float(np.count_nonzero(inside & (lost["cause"] == cause)))


def cross_sell_orders(account: Account) -> float | None:
    """Orders placed in the window to which a follow-up contact led."""
    led_by = account.demand.led_by
    return None if led_by is None else float(np.count_nonzero(led_by[account.cohort] >= 0))


def cross_sell_rate(account: Account) -> float | None:
    """Contacts that led to an order placed until the run's end / contacts, of the cohort's orders.

    Below ``follow_up.cross_sell_share`` where contacts came after the order they would have led to,
    where customers stayed away or had left, and where the run ends before.
    """
    led_by = account.demand.led_by
    if led_by is None:
        return None
    flags = account.tables.orders["flags"]
    contacts = np.count_nonzero(flags[account.cohort] & FOLLOWED_UP_FLAG)
    led = (led_by >= 0) & ((flags & PLACED_FLAG) != 0)
    of_cohort = account.tables.cohort_order(led_by[led])
    return ratio(float(np.count_nonzero(of_cohort)), float(contacts))


FAMILY = "customers"
NO_CUSTOMER = "no known customer ordered in the window"
NOBODY_NEW = "nobody is new in a steady base"
STEADY = "nobody drops out of a steady base"
NO_CROSS_SELL = "no contact leads to an order"


def _kpi(
    function: Callable[[Account], float | None],
    unit: str,
    title: str,
    better: Better | None,
    undefined: str = "",
) -> KpiDefinition:
    """Return the definition of a KPI that is called as its function."""
    return KpiDefinition(function.__name__, unit, FAMILY, title, better, function, undefined)


DEFINITIONS = (
    _kpi(
        purchase_frequency_per_year,
        "1/year",
        "orders a customer and year",
        "high",
        "the customer base is empty",
    ),
    _kpi(active_customers, "customers", "customers who ordered", "high"),
    _kpi(
        orders_per_active_customer,
        "orders",
        "orders of a customer in the window",
        "high",
        NO_CUSTOMER,
    ),
    _kpi(repeat_share, "share", "customers who came back", "high", NO_CUSTOMER),
    _kpi(new_customers, "customers", "new customers", "high", NOBODY_NEW),
    _kpi(
        repeat_within_30_days_rate,
        "share",
        "new customers who came back within 30 days",
        "high",
        "nobody was new 30 days before the window's end",
    ),
    _kpi(
        repeat_within_90_days_rate,
        "share",
        "new customers who came back within 90 days",
        "high",
        "nobody was new 90 days before the window's end",
    ),
    _kpi(
        orders_per_new_customer,
        "orders",
        "orders so far of a new customer",
        "high",
        "nobody was new in the window",
    ),
    _kpi(dropped_out_own_customers, "customers", "customers who left by themselves", None, STEADY),
    _kpi(
        dropped_out_experience_customers,
        "customers",
        "customers who left after a bad experience",
        "low",
        STEADY,
    ),
    _kpi(won_back_customers, "customers", "customers won back by a contact", None, STEADY),
    _kpi(
        lost_orders_rate,
        "share",
        "orders lost to bad experience",
        "low",
        "no order was due in the window",
    ),
    _kpi(lost_to_last_experience_orders, "orders", "orders lost as the last one went badly", "low"),
    _kpi(lost_to_drop_out_orders, "orders", "orders lost to customers who left", "low", STEADY),
    _kpi(cross_sell_orders, "orders", "orders to which a contact led", "high", NO_CROSS_SELL),
    _kpi(cross_sell_rate, "share", "contacts that led to an order", "high", NO_CROSS_SELL),
)
