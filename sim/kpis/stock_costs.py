"""What stock costs: keeping it, ordering it, lacking it, and buying it dearer than usual.

All rates are 0 unless the scenario sets them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.slices import Window
from sim.kpis.stock import BACKORDERS, WAIT_ENDS
from sim.kpis.sums import DAY_S, exact_sum
from sim.log.facts import Fact, ShortAnswer
from sim.scenario.schema.stock import StockSection
from sim.scenario.schema.suppliers import terms_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LOST = (
    ShortAnswer.TURN_AWAY,
    ShortAnswer.OVERSOLD,
    ShortAnswer.ELSEWHERE,
    ShortAnswer.DROPPED,
)


def backordered_unit_s(account: Account, *, at_day_end: bool = False) -> float:
    """Return the area under the curve of backordered units inside the window, units x s.

    SHORT (on backorder) adds a line's units, BACKORDER_FILLED and BACKORDER_CANCELLED take them
    away. At the day's end: the sum of the levels at each midnight, times a day.
    """
    left_s = Window.day_end_left_s if at_day_end else Window.left_s
    window, shorts, ends = account.window, account.tables.shorts, account.tables.backorders
    joined = np.isin(shorts["answer"], BACKORDERS)
    left = np.isin(ends["fact"], WAIT_ENDS)
    came = shorts["units"][joined] * left_s(window, shorts["time_s"][joined])
    went = ends["units"][left] * left_s(window, ends["time_s"][left])
    return exact_sum(came) - exact_sum(went)


def lost_units(account: Account) -> int:
    """Return the units lost inside the window.

    Turned away, oversold, bought elsewhere, done without, or given up while they waited.
    """
    window, shorts, ends = account.window, account.tables.shorts, account.tables.backorders
    refused = np.isin(shorts["answer"], LOST) & window.holds(shorts["time_s"])
    given_up = (ends["fact"] == int(Fact.BACKORDER_CANCELLED)) & window.holds(ends["time_s"])
    return int(shorts["units"][refused].sum()) + int(ends["units"][given_up].sum())


def holding_eur(account: Account) -> float:
    """Cost of keeping the stock of the window, EUR.

    Mean value on the shelf at purchase cost x years x `stock.holding_cost_rate_per_year`; with
    `stock.costs_counted: at_day_end` the value at each midnight instead of the mean.
    """
    rules, stock = account.scenario.stock, account.tables.stock
    if not (rules.holding_cost_rate_per_year and stock.counted):
        return 0.0
    at_day_end = rules.costs_counted == "at_day_end"
    cents_s = stock.day_end_cents_s if at_day_end else stock.area_cents_s
    value_eur = cents_s / account.window.length_s / 100.0
    return value_eur * account.years * rules.holding_cost_rate_per_year


def terms_by_supplier(account: Account) -> list[StockSection]:
    """Return the section ``stock`` as it holds for each supplier, at least one."""
    stock = account.scenario.stock
    return [terms_of(stock, each) for each in account.scenario.suppliers.values()] or [stock]


def placed_in_window(account: Account) -> Flags:
    """Tell which purchase orders were placed inside the window."""
    return account.window.holds(account.tables.of_purchases.purchases["placed_s"])


def ordering_eur(account: Account) -> float:
    """Cost of the purchase orders placed inside the window, EUR: their supplier's order cost."""
    costs = np.array([terms.order_cost_eur for terms in terms_by_supplier(account)])
    if not costs.any():
        return 0.0
    supplier = account.tables.of_purchases.purchases["supplier"][placed_in_window(account)]
    return exact_sum(costs[supplier])


def shortage_eur(account: Account) -> float:
    """Cost of what was lacking in the window, EUR.

    Unit-days on backorder x `stock.shortage_cost_eur_per_unit_day` (at each midnight with
    `costs_counted: at_day_end`) + units lost x `stock.lost_cost_eur_per_unit`.
    """
    rules = account.scenario.stock
    total = rules.lost_cost_eur_per_unit * lost_units(account)
    if rules.shortage_cost_eur_per_unit_day:
        at_day_end = rules.costs_counted == "at_day_end"
        unit_days = backordered_unit_s(account, at_day_end=at_day_end) / DAY_S
        total += rules.shortage_cost_eur_per_unit_day * unit_days
    return total


def purchase_premium_eur(account: Account) -> float:
    """What suppliers ask above the purchase cost of the catalogue, EUR; below it: negative.

    Purchase orders placed inside the window: units x cost x (price_factor - 1).
    """
    factors = np.array([each.price_factor for each in account.scenario.suppliers.values()])
    if not len(factors) or np.all(factors == 1.0):
        return 0.0
    purchases, here = account.tables.of_purchases.purchases, placed_in_window(account)
    cost_cents = account.tables.catalogue.cost_cents[purchases["sku"][here]].astype(np.float64)
    more = factors[purchases["supplier"][here]] - 1.0
    return exact_sum(purchases["units"][here] * cost_cents * more) / 100.0


def stock_eur(account: Account) -> float:
    """Holding + ordering + shortage + what suppliers ask above the catalogue's cost, EUR."""
    parts = (
        holding_eur(account),
        ordering_eur(account),
        shortage_eur(account),
        purchase_premium_eur(account),
    )
    return exact_sum(np.array(parts))
