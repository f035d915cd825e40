"""Stock at the start, and the levels at which it is bought again."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.setting import Setting
from sim.orders.baskets import BasketLaws, basket_laws, own_baskets
from sim.orders.streams import stream
from sim.policies.replenishment import ReorderLevels, reorder_levels
from sim.scenario.schema import law_mean, law_variance


def demand_rates(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of a day's demand by SKU, units. Shape (K,) each.

    Generated demand: compound Poisson, mean = orders x lines x share x units, variance = line rate
    x E[units^2]; summed over the channels where some have basket laws of their own. A history: its
    own mean day; its SKUs' variance by the same formula with the history's units.
    """
    orders = setting.scenario.orders
    if setting.demand is None:
        special = [name for name, each in orders.channels.items() if own_baskets(each)]
        if not special:
            return _rates(orders.per_day, basket_laws(setting.scenario, setting.catalogue))
        of_channels = [
            _rates(
                orders.channel_per_day(name),
                basket_laws(setting.scenario, setting.catalogue, name if name in special else None),
            )
            for name in orders.channels
        ]
        return sum(m for m, _ in of_channels), sum(v for _, v in of_channels)  # type: ignore[return-value]  # not the 0 of an empty sum
    demand = setting.demand
    days = setting.scenario.run.horizon_days
    units = demand.units.astype(np.float64)
    total = np.bincount(demand.sku, weights=units, minlength=setting.catalogue.count)
    squares = np.bincount(demand.sku, weights=units**2, minlength=setting.catalogue.count)
    return total / days, squares / days


def _rates(orders_per_day: float, laws: BasketLaws) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of a day's demand of a compound Poisson process."""
    lines = orders_per_day * law_mean(laws.lines) * laws.popularity
    mean = law_mean(laws.units)
    return lines * mean, lines * (law_variance(laws.units) + mean**2)


def levels(setting: Setting) -> list[ReorderLevels]:
    """Return reorder point and order-up-to level by SKU."""
    stock = setting.scenario.stock
    lead_mean = law_mean(stock.lead_time_days)
    lead_sd = math.sqrt(law_variance(stock.lead_time_days))
    mean, variance = demand_rates(setting)
    return [
        reorder_levels(m, v, lead_mean, lead_sd, stock.service_level, stock.order_days)
        for m, v in zip(mean.tolist(), variance.tolist(), strict=True)
    ]


def opening_units(setting: Setting, by_sku: list[ReorderLevels], replication: int) -> list[int]:
    """Return units on hand at the start: full, or anywhere in the SKU's cycle."""
    if setting.scenario.stock.opening == "full":
        return [level.up_to for level in by_sku]
    uniform = stream(setting.scenario.run.seed, "stock/opening", replication).random(len(by_sku))
    return [
        level.point + 1 + int(u * (level.up_to - level.point))
        for level, u in zip(by_sku, uniform.tolist(), strict=True)
    ]
