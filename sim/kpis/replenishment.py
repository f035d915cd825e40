"""Replenishment: what is bought and when it comes, what customers wait for, what stock costs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.columns import Column
from sim.kpis.definition import KpiDefinition
from sim.kpis.stock import BACKORDERS, WAIT_ENDS
from sim.kpis.stock_costs import (
    backordered_unit_s,
    holding_eur,
    lost_units,
    ordering_eur,
    placed_in_window,
    purchase_premium_eur,
    shortage_eur,
    stock_eur,
    terms_by_supplier,
)
from sim.kpis.sums import DAY_S, HOUR_S, exact_sum, in_units, mean, ratio
from sim.scenario.schema import law_quantile

SMALL_S = 1e-3
MOST_WAITS = 2**20
"""More often than so, no line waits for stock."""


def purchase_orders_per_day(account: Account) -> float | None:
    """Purchase orders placed inside the window (PURCHASED) / its days."""
    if not account.tables.stock.counted:
        return None
    return float(np.count_nonzero(placed_in_window(account))) / account.days


def purchase_lead_time_mean_days(account: Account) -> float | None:
    """Mean time from PURCHASED to RECEIVED, days, over the receipts inside the window.

    From the order to the shelf: the receivers' work is in it. The two parts of a purchase order
    are two receipts.
    """
    receipts = account.tables.of_purchases.receipts
    here = account.window.holds(receipts["time_s"])
    placed_s = account.tables.of_purchases.purchases["placed_s"][receipts["number"][here]]
    took_s = receipts["time_s"][here] - placed_s
    return in_units(mean(took_s[~np.isnan(took_s)]), DAY_S)


def receipts_on_time_rate(account: Account) -> float | None:
    """Purchase orders that arrived completely by the time promised / all that did.

    In: those whose last units arrived (GOODS_ARRIVED) inside the window, of named suppliers.
    Promised is the quantile `stock.promise_quantile` of the supplier's lead time.
    """
    purchases = account.tables.of_purchases.purchases
    complete = purchases["arrived_units"] >= purchases["units"]
    here = complete & account.window.holds(purchases["arrived_s"])
    promised_s = np.array(
        [law_quantile(terms.lead_time_days, terms.promise_quantile) * DAY_S
         for terms in terms_by_supplier(account)]
    )  # fmt: skip
    due_s = purchases["placed_s"][here] + promised_s[purchases["supplier"][here]]
    on_time = np.count_nonzero(purchases["arrived_s"][here] <= due_s + SMALL_S)
    return ratio(float(on_time), float(np.count_nonzero(here)))


def on_order_mean_units(account: Account) -> float | None:
    """Time average of the units bought and not yet on the shelf, over the window."""
    if not account.tables.stock.counted:
        return None
    window, tables = account.window, account.tables.of_purchases
    bought = tables.purchases["units"] * window.left_s(tables.purchases["placed_s"])
    came = tables.receipts["units"] * window.left_s(tables.receipts["time_s"])
    known = ~np.isnan(bought)
    return (exact_sum(bought[known]) - exact_sum(came)) / window.length_s


def backorders_mean_units(account: Account) -> float | None:
    """Time average of the units on backorder, over the window, of whatever order.

    Area under the curve: SHORT (on backorder) units come, BACKORDER_FILLED and BACKORDER_CANCELLED
    units go.
    """
    if not account.tables.stock.counted:
        return None
    return backordered_unit_s(account) / account.window.length_s


def unit_wait_for_stock_mean_h(account: Account) -> float | None:
    """Mean time that a unit asked for waits until stock meets it, h; 0 for one met at once.

    In: units of the cohort's orders that asked for stock; on backorder, until the line is filled or
    given up. Out: the wait of lines that wait when the log ends.
    """
    units, waited_s = waits_for_stock(account)
    asked = float(account.ends.units[account.reached_stock].sum())
    return in_units(ratio(exact_sum(units * waited_s), asked), HOUR_S)


def waits_for_stock(account: Account) -> tuple[Column, Column]:
    """Return the units of each wait of a line of the cohort for stock, and how long it took, s.

    From SHORT (on backorder) until the line is filled or given up; what still waits when the log
    ends is out.
    """
    shorts, ends = account.tables.shorts, account.tables.backorders
    joined = np.isin(shorts["answer"], BACKORDERS) & account.tables.cohort_line(shorts["line"])
    left = np.isin(ends["fact"], WAIT_ENDS) & account.tables.cohort_line(ends["line"])
    # A line may wait more than once: its k-th end belongs to its k-th start.
    starts, since_s = _by_line(shorts["line"][joined], shorts["time_s"][joined])
    stops, until_s = _by_line(ends["line"][left], ends["time_s"][left])
    _, units = _by_line(ends["line"][left], ends["units"][left])
    known = np.isin(stops, starts)
    began_s = since_s[np.searchsorted(starts, stops[known])]
    return units[known], until_s[known] - began_s


def _by_line(line: Column, values: Column) -> tuple[npt.NDArray[np.int64], Column]:
    """Return values in the order of (line, time), each with a key of its line and of how often.

    The values stand in the order of time.
    """
    order = np.argsort(line, kind="stable")
    lines = line[order].astype(np.int64)
    first = np.searchsorted(lines, lines)
    return lines * MOST_WAITS + (np.arange(len(lines)) - first), values[order]


def lost_units_per_day(account: Account) -> float:
    """Units that stock could not meet and nobody sold, inside the window / its days.

    Turned away, oversold, bought elsewhere, done without, or given up by customers who waited.
    """
    return lost_units(account) / account.days


def stock_cost_per_day_eur(account: Account) -> float:
    """Holding + ordering + shortage + purchase premium of the window / its days, EUR."""
    return stock_eur(account) / account.days


FAMILY = "replenishment"
UNLIMITED = "the log holds no stock: it is unlimited"
DEFINITIONS = (
    KpiDefinition(
        "purchase_orders_per_day",
        "1/day",
        FAMILY,
        "purchase orders",
        None,
        purchase_orders_per_day,
        UNLIMITED,
    ),
    KpiDefinition(
        "purchase_lead_time_mean_days",
        "days",
        FAMILY,
        "from purchase order to shelf, mean",
        "low",
        purchase_lead_time_mean_days,
        "nothing was put on the shelf in the window",
    ),
    KpiDefinition(
        "receipts_on_time_rate",
        "share",
        FAMILY,
        "purchase orders that came on time",
        "high",
        receipts_on_time_rate,
        "no purchase order of a named supplier arrived in the window",
    ),
    KpiDefinition(
        "on_order_mean_units",
        "units",
        FAMILY,
        "units on order, mean",
        None,
        on_order_mean_units,
        UNLIMITED,
    ),
    KpiDefinition(
        "backorders_mean_units",
        "units",
        FAMILY,
        "units on backorder, mean",
        "low",
        backorders_mean_units,
        UNLIMITED,
    ),
    KpiDefinition(
        "unit_wait_for_stock_mean_h",
        "h",
        FAMILY,
        "wait of a unit for stock, mean",
        "low",
        unit_wait_for_stock_mean_h,
        "no order of the cohort asked for stock",
    ),
    KpiDefinition(
        "lost_units_per_day", "1/day", FAMILY, "units lost for want of stock", "low",
        lost_units_per_day,
    ),
    KpiDefinition("holding_eur", "EUR", FAMILY, "cost of keeping stock", "low", holding_eur),
    KpiDefinition("ordering_eur", "EUR", FAMILY, "cost of purchase orders", "low", ordering_eur),
    KpiDefinition("shortage_eur", "EUR", FAMILY, "cost of lacking stock", "low", shortage_eur),
    KpiDefinition(
        "purchase_premium_eur",
        "EUR",
        FAMILY,
        "suppliers' prices above the catalogue's cost",
        "low",
        purchase_premium_eur,
    ),
    KpiDefinition(
        "stock_cost_per_day_eur", "EUR", FAMILY, "cost of stock a day", "low",
        stock_cost_per_day_eur,
    ),
)  # fmt: skip
