"""What is measured of an ``inventory`` case, in the case's unit of time.

Where demand comes in lumps, stock and backorders are those of the period's end, and a wait is the
number of period's ends that it lasts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.experiments.validation.house import DAY_S
from sim.experiments.validation.inventory_time import Pace, Timing
from sim.experiments.validation.system import Measure, NotInScenarios, Played
from sim.kpis.account import Account
from sim.kpis.replenishment import waits_for_stock
from sim.kpis.stock_costs import backordered_unit_s

COST_EUR = 1.0
"""Purchase cost of a unit."""

Floats = npt.NDArray[np.float64]


def measure(metric: str, pace: Pace, timing: Timing) -> Measure:
    """Return what measures a metric.

    Raises
    ------
    NotInScenarios
        If there is no such metric here.
    ValueError
        If a threshold is no number.
    """
    name, _, argument = metric.partition(":")
    each = 1.0 / pace.skus
    kpis: dict[str, Callable[[Played], float]] = {
        "fill_rate": partial(kpi, name="fill_rate_units", factor=1.0),
        "lost_rate": partial(kpi, name="lost_units_per_day", factor=pace.days * each),
        "order_rate": partial(kpi, name="purchase_orders_per_day", factor=pace.days * each),
        "cost_rate": partial(kpi, name="stock_cost_per_day_eur", factor=pace.days * each),
        "customer_wait": partial(mean_wait, pace=pace, timing=timing),
    }
    if timing.in_lumps:
        kpis["on_hand"] = partial(on_hand_at_day_end, factor=each)
        kpis["backorders"] = partial(backorders_at_day_end, factor=each)
    else:
        kpis["on_hand"] = partial(kpi, name="on_hand_mean_units", factor=each)
        kpis["backorders"] = partial(kpi, name="backorders_mean_units", factor=each)
    if name == "p_customer_wait_gt":
        return partial(waiting_longer, limit=float(argument), pace=pace, timing=timing)
    if metric not in kpis:
        known = ", ".join(kpis)
        raise NotInScenarios(f"{metric} of an inventory; known are {known}, p_customer_wait_gt:x")
    return kpis[metric]


def kpi(played: Played, name: str, factor: float) -> float:
    """Return a KPI of the house times a factor.

    Raises
    ------
    ValueError
        If it has no value: nothing was asked for.
    """
    value = played.kpis[name]
    if value is None:
        raise ValueError(f"{name} has no value in a run in which nothing was asked for")
    return value * factor


def on_hand_at_day_end(played: Played, factor: float) -> float:
    """Mean stock at midnight, times a factor."""
    stock, window = played.tables.stock, played.tables.window
    return stock.day_end_cents_s / (100.0 * COST_EUR) / window.length_s * factor


def backorders_at_day_end(played: Played, factor: float) -> float:
    """Mean backordered units at midnight, times a factor."""
    account = Account(played.tables, played.setting.scenario)
    return backordered_unit_s(account, at_day_end=True) / account.window.length_s * factor


def _waits(played: Played, pace: Pace, timing: Timing) -> tuple[Floats, Floats, float]:
    """Return the units of each wait, how long it took, and all units asked for."""
    account = Account(played.tables, played.setting.scenario)
    units, waited_s = waits_for_stock(account)
    days = waited_s / DAY_S
    if timing.in_lumps:  # the hours of a day's events only give them an order
        days = np.rint(days + (timing.demand_h - timing.receive_h) / 24.0)
    return units, days / pace.days, float(account.ends.units[account.reached_stock].sum())


def mean_wait(played: Played, pace: Pace, timing: Timing) -> float:
    """Mean wait of the units asked for, 0 for one met at once."""
    units, waited, asked = _waits(played, pace, timing)
    return float((units * waited).sum()) / asked


def waiting_longer(played: Played, limit: float, pace: Pace, timing: Timing) -> float:
    """Share of the units asked for that waited for stock longer than a limit."""
    units, waited, asked = _waits(played, pace, timing)
    # what is due exactly at the limit came by then, whatever the clock's rounding
    return float(units[waited > limit * (1.0 + 1e-9)].sum()) / asked
