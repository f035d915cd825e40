"""Stock at the start, and the levels at which it is bought again."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.engine.setting import Setting
from sim.orders.baskets import BasketLaws, basket_laws, own_baskets
from sim.orders.draws import choose
from sim.orders.streams import ALL_REPLICATIONS, stream
from sim.policies.replenishment import (
    ReorderLevels,
    economic_order_quantity,
    fill_rate_point,
    levels_by_policy,
    reorder_levels,
    shares_of_value,
)
from sim.scenario.expected_orders import mean_orders_per_day
from sim.scenario.schema import Scenario, law_mean, law_variance
from sim.scenario.schema.laws import count_moments
from sim.scenario.schema.orders import Channel
from sim.scenario.schema.stock import StockSection
from sim.scenario.schema.suppliers import Supplier, rules_of, terms_of

DAYS_A_YEAR = 365.0


def demand_rates(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of a day's demand by SKU, units. Shape (K,) each.

    Generated demand: compound Poisson, mean = orders x lines x share x units, variance = line rate
    x E[units^2]; summed over the channels where some have basket laws of their own or bring several
    orders at once, which scatter more: any two orders of a message may ask for the same SKU. A
    history: its own mean day; its SKUs' variance by the same formula with the history's units.
    """
    orders = setting.scenario.orders
    if setting.demand is None:
        scenario, catalogue = setting.scenario, setting.catalogue
        special = [name for name, each in orders.channels.items() if own_baskets(each)]
        per_day = mean_orders_per_day(scenario)
        together = {name: _pairs_per_order(each) for name, each in orders.channels.items()}
        if not special and not any(together.values()):
            return _rates(per_day, basket_laws(scenario, catalogue))
        of_channels = [
            _rates(
                orders.channel_per_day(name) * (per_day / orders.per_day),
                basket_laws(scenario, catalogue, name if name in special else None),
                together[name],
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


def _rates(
    orders_per_day: float, laws: BasketLaws, pairs_per_order: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of a day's demand of a compound Poisson process.

    A message of N orders, each asking for a SKU with chance p, adds E[N (N - 1)] p^2 E[units]^2 to
    the second moment of N orders by themselves.
    """
    asks = law_mean(laws.lines) * laws.popularity
    lines = orders_per_day * law_mean(laws.lines) * laws.popularity
    mean = law_mean(laws.units)
    alone = lines * (law_variance(laws.units) + mean**2)
    if not pairs_per_order:
        return lines * mean, alone
    return lines * mean, alone + orders_per_day * pairs_per_order * (asks * mean) ** 2


def _pairs_per_order(channel: Channel) -> float:
    """Return E[N (N - 1)] / E[N] of the orders N that a channel's messages bring; 0 one by one."""
    if channel.orders_at_once is None:
        return 0.0
    mean, pairs = count_moments(channel.orders_at_once)
    return pairs / mean


def levels(setting: Setting) -> list[ReorderLevels]:
    """Return the levels by SKU: given by file, by class or for all, else from the demand."""
    scenario, catalogue = setting.scenario, setting.catalogue
    stock, given = scenario.stock, catalogue.given
    rules = [stock, *(rules_of(stock, group) for group in stock.classes.values())]
    terms = _terms(scenario)
    supplier = regular_suppliers(setting) if scenario.suppliers else [0] * catalogue.count
    mean, variance = demand_rates(setting)
    columns = zip(
        classes_of(setting, mean),
        supplier,
        mean.tolist(),
        variance.tolist(),
        catalogue.cost_cents.tolist(),
        strict=True,
    )
    by_sku = []
    for sku, (group, number, m, v, cost_cents) in enumerate(columns):
        mine = rules[group]
        computed = _computed_levels(mine, terms[number], m, v, cost_cents / 100.0)
        asked = (mine.reorder_point, mine.order_up_to, mine.order_quantity)
        if given is not None:
            asked = given.levels(sku, asked)
        by_sku.append(levels_by_policy(mine.policy, computed, *asked))
    return by_sku


class _Terms(NamedTuple):
    """What a supplier says about levels: lead time, days, and cost of a purchase order."""

    lead_mean: float
    lead_sd: float
    order_cost_eur: float


def _terms(scenario: Scenario) -> list[_Terms]:
    """Return the terms of each supplier; those of the section ``stock`` where none has a name."""
    stock, suppliers = scenario.stock, list(scenario.suppliers.values()) or [Supplier()]
    found = []
    for supplier in suppliers:
        terms = terms_of(stock, supplier)
        law = terms.lead_time_days
        lead_sd = math.sqrt(law_variance(law))
        found.append(_Terms(law_mean(law), lead_sd, terms.order_cost_eur))
    return found


def _computed_levels(
    rules: StockSection, terms: _Terms, m: float, v: float, cost_eur: float
) -> ReorderLevels:
    """Return the levels of a SKU by its demand and the time that its stock must last."""
    lead_mean, lead_sd = terms.lead_mean, terms.lead_sd
    if rules.review == "periodic":
        lead_mean += rules.review_days
    usual = reorder_levels(m, v, lead_mean, lead_sd, rules.service_level, rules.order_days)
    point, quantity = usual.point, usual.up_to - usual.point
    if rules.order_size == "eoq":
        holding_eur = cost_eur * rules.holding_cost_rate_per_year
        quantity = economic_order_quantity(m * DAYS_A_YEAR, terms.order_cost_eur, holding_eur)
    if rules.service_measure == "fill_rate":
        variance = lead_mean * v + (m * lead_sd) ** 2
        point = fill_rate_point(m * lead_mean, variance, quantity, rules.service_level)
    return ReorderLevels(point, point + quantity)


def classes_of(setting: Setting, demand_units_per_day: np.ndarray) -> list[int]:
    """Return the class of each SKU in the order written, from 1; 0 for none."""
    groups, catalogue = setting.scenario.stock.classes, setting.catalogue
    if not groups:
        return [0] * catalogue.count
    better = shares_of_value((demand_units_per_day * catalogue.cost_cents).tolist())
    found = []
    for share, category in zip(better, catalogue.category.tolist(), strict=True):
        name = catalogue.categories[category]
        takes = (
            number
            for number, group in enumerate(groups.values(), 1)
            if (not group.categories or name in group.categories)
            and (group.value_share is None or share < group.value_share)
        )
        found.append(next(takes, 0))
    return found


def regular_suppliers(setting: Setting) -> list[int]:
    """Return the number of each SKU's regular supplier.

    The one that the catalogue file names; else one of those that list its category, else one of
    those that list none, by their shares and a draw of the SKU that is the same in all
    replications.
    """
    scenario, catalogue = setting.scenario, setting.catalogue
    names = list(scenario.suppliers)
    sections = list(scenario.suppliers.values())
    regular = [number for number, each in enumerate(sections) if each.use == "regular"]
    uniform = stream(scenario.run.seed, "suppliers/regular", ALL_REPLICATIONS).random(
        catalogue.count
    )
    chosen = np.empty(catalogue.count, dtype=np.int64)
    for number, name in enumerate(catalogue.categories):
        could = [k for k in regular if name in sections[k].categories]
        could = could or [k for k in regular if not sections[k].categories]
        members = catalogue.category == number
        shares = [sections[k].share for k in could]
        chosen[members] = np.array(could)[choose(shares, uniform[members])]
    if catalogue.given is not None:
        for sku, supplier in enumerate(catalogue.given.supplier):
            if supplier:
                chosen[sku] = names.index(supplier)
    return [int(number) for number in chosen]


def opening_units(setting: Setting, by_sku: list[ReorderLevels], replication: int) -> list[int]:
    """Return units on hand at the start: given, full, or anywhere in the SKU's cycle."""
    stock = setting.scenario.stock
    if stock.opening == "full":
        usual = [max(0, level.up_to) for level in by_sku]
    else:
        uniform = stream(setting.scenario.run.seed, "stock/opening", replication)
        usual = [
            max(0, level.point + 1 + int(u * (level.up_to - level.point)))
            for level, u in zip(by_sku, uniform.random(len(by_sku)).tolist(), strict=True)
        ]
    if stock.opening_units is not None:
        usual = [stock.opening_units] * len(usual)
    given = setting.catalogue.given
    return usual if given is None else given.opening(usual)
