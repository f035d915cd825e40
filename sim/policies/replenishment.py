"""When to buy, and how much: order up to S when the position falls to s."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple


class ReorderLevels(NamedTuple):
    """Levels of one SKU in units: order up to ``up_to`` when the position falls to ``point``."""

    point: int
    up_to: int


def reorder_levels(
    demand_units_per_day: float,
    demand_variance_per_day: float,
    lead_time_mean_days: float,
    lead_time_sd_days: float,
    service_level: float,
    order_days: float,
) -> ReorderLevels:
    """Return s and S of a SKU by the normal approximation of demand over the lead time.

    Parameters
    ----------
    demand_units_per_day, demand_variance_per_day
        Mean and variance of a day's demand, units.
    lead_time_mean_days, lead_time_sd_days
        Supplier's lead time.
    service_level
        Chance that stock lasts over a lead time, 0 to 1.
    order_days
        Days of demand bought at a time.

    References
    ----------
    Silver, Pyke, Thomas (2017), Inventory and Production Management, eq. 6.36:
    sd^2 = L var + d^2 var_L.
    """
    mean = demand_units_per_day * lead_time_mean_days
    variance = (
        lead_time_mean_days * demand_variance_per_day
        + (demand_units_per_day * lead_time_sd_days) ** 2
    )
    point = max(0, math.ceil(mean + NormalDist().inv_cdf(service_level) * math.sqrt(variance)))
    return ReorderLevels(point, point + max(1, math.ceil(demand_units_per_day * order_days)))


def units_to_buy(position: int, levels: ReorderLevels) -> int:
    """Return the units to buy at a stock position (on hand + on order - promised), 0 for none."""
    return levels.up_to - position if position <= levels.point else 0
