"""The generated order book: what customers ask for when there is no history to play.

Baskets hold distinct SKUs: a SKU drawn twice for an order is replaced by the next draw that is new
to it, which is drawing by popularity without putting back.

Orders to which a follow-up contact may lead are in the book too, with a basket and luck of their
own; the run decides whether they are placed. Their luck is drawn behind that of all others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.orders.arrivals import arrivals
from sim.orders.book import Demand, Integers, OrderBook
from sim.orders.cross_sales import led_orders, placed_luck, rearranged, with_led_orders
from sim.orders.customers import base_size, who_orders
from sim.orders.draws import cumulated, draw_counts
from sim.orders.lives import draw_lives
from sim.orders.luck import draw_luck
from sim.orders.streams import stream
from sim.scenario.schema.scenario import Scenario
from sim.warehouse.items import Catalogue

REDRAWS = 20
"""Passes that replace SKUs drawn twice; what is still double then (tiny catalogues) stays."""


def order_book(
    scenario: Scenario, catalogue: Catalogue, replication: int, demand: Demand | None = None
) -> OrderBook:
    """Return demand and luck of a replication.

    Parameters
    ----------
    scenario, catalogue
        What is played.
    replication
        Number of the replication from 0.
    demand
        Imported demand that takes the place of the generated one.
    """
    if demand is None:
        demand = generate_demand(scenario, catalogue, replication)
    if demand.drawn_as is None:
        luck = draw_luck(scenario, catalogue, demand, replication)
    else:
        drawn = rearranged(demand, np.argsort(demand.drawn_as))
        luck = draw_luck(scenario, catalogue, drawn, replication)
        luck = placed_luck(luck, drawn, demand.drawn_as)
    return OrderBook(demand, luck, scenario.run.seed, replication)


def generate_demand(scenario: Scenario, catalogue: Catalogue, replication: int) -> Demand:
    """Return one replication's orders, from the warm-up's start to the cool-down's end."""
    if scenario.customers.law == "bg_nbd":
        demand = _demand_of_lives(scenario, catalogue, replication)
    else:
        placed_s, channel = arrivals(scenario, replication)
        orders = len(placed_s)
        goods = _goods(scenario, catalogue, replication, orders)
        demand = Demand(
            placed_s=placed_s,
            channel=channel,
            customer=who_orders(scenario, replication, orders),
            first_line=goods.first_line,
            sku=goods.sku,
            units=goods.units,
            price_cents=catalogue.price_cents[goods.sku],
            channels=tuple(scenario.orders.channels),
            customers=base_size(scenario),
        )
    if scenario.follow_up.cross_sell_share > 0.0:
        return _with_cross_sales(scenario, catalogue, replication, demand)
    return demand


def _demand_of_lives(scenario: Scenario, catalogue: Catalogue, replication: int) -> Demand:
    lives = draw_lives(scenario, replication)
    goods = _goods(scenario, catalogue, replication, len(lives.placed_s))
    return Demand(
        placed_s=lives.placed_s,
        channel=lives.channel,
        customer=lives.customer,
        first_line=goods.first_line,
        sku=goods.sku,
        units=goods.units,
        price_cents=catalogue.price_cents[goods.sku],
        channels=tuple(scenario.orders.channels),
        customers=len(lives.acquired_s),
        acquired_s=lives.acquired_s,
        last_of_customer=lives.last,
    )


def _with_cross_sales(
    scenario: Scenario, catalogue: Catalogue, replication: int, demand: Demand
) -> Demand:
    goods = _goods(scenario, catalogue, replication, demand.orders, "cross-sell")
    baskets = replace(
        demand,
        first_line=goods.first_line,
        sku=goods.sku,
        units=goods.units,
        price_cents=catalogue.price_cents[goods.sku],
    )
    return with_led_orders(demand, baskets, *led_orders(scenario, replication, demand))


@dataclass(frozen=True)
class _Goods:
    first_line: Integers
    sku: Integers
    units: Integers


def _goods(
    scenario: Scenario, catalogue: Catalogue, replication: int, orders: int, of: str = "baskets"
) -> _Goods:
    """Return what is in the baskets of some orders, from the streams of their kind."""
    seed = scenario.run.seed
    lines = draw_counts(
        scenario.orders.lines_per_order, stream(seed, f"{of}/lines", replication), orders
    )
    first_line = np.zeros(orders + 1, dtype=np.int32)
    np.cumsum(lines, out=first_line[1:])
    sku = _baskets(catalogue, first_line, seed, replication, of)
    units = draw_counts(
        scenario.orders.units_per_line, stream(seed, f"{of}/units", replication), len(sku)
    )
    return _Goods(first_line, sku, units.astype(np.int32))


def _baskets(
    catalogue: Catalogue, first_line: Integers, seed: int, replication: int, of: str
) -> Integers:
    shares = cumulated(catalogue.popularity)
    first = stream(seed, f"{of}/sku", replication).random(int(first_line[-1]))
    sku = np.searchsorted(shares, first, side="right").astype(np.int32)
    again = stream(seed, f"{of}/sku-again", replication)
    suspects = _several_line_orders(first_line)
    for _ in range(REDRAWS):
        double = _drawn_twice(sku, first_line, suspects)
        if len(double) == 0:
            break
        sku[double] = np.searchsorted(shares, again.random(len(double)), side="right")
        suspects = np.unique(np.searchsorted(first_line, double, side="right") - 1)
    return sku


def _several_line_orders(first_line: Integers) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.diff(first_line) > 1)


def _drawn_twice(
    sku: Integers, first_line: Integers, orders: npt.NDArray[np.intp]
) -> npt.NDArray[np.int64]:
    """Return the lines of the given orders whose SKU an earlier line of the order has already."""
    if len(orders) == 0:
        return np.empty(0, dtype=np.int64)
    starts = first_line[orders].astype(np.int64)
    lengths = first_line[orders + 1] - starts
    ends = np.cumsum(lengths)
    owner = np.repeat(np.arange(len(orders)), lengths)
    place = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
    skus, places = int(sku.max()) + 1, int(lengths.max())
    # One number holds order, SKU and place: sorting brings equal SKUs of an order side by side.
    keys = (owner * skus + sku[starts[owner] + place]) * places + place
    keys.sort()
    kinds = keys // places
    later = keys[1:][kinds[1:] == kinds[:-1]]
    return np.sort(starts[later // (skus * places)] + later % places)
