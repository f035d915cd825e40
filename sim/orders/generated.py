"""The generated order book: what customers ask for when there is no history to play.

Orders to which a follow-up contact may lead are in the book too, with a basket and luck of their
own; the run decides whether they are placed. Their luck is drawn behind that of all others.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.orders.arrivals import arrivals
from sim.orders.baskets import draw_baskets
from sim.orders.book import Demand, OrderBook
from sim.orders.cross_sales import led_orders, placed_luck, rearranged, with_led_orders
from sim.orders.customers import base_size, who_orders
from sim.orders.lives import draw_lives
from sim.orders.luck import draw_luck
from sim.scenario.schema.scenario import Scenario
from sim.warehouse.items import Catalogue


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
        goods = draw_baskets(scenario, catalogue, channel, replication)
        demand = Demand(
            placed_s=placed_s,
            channel=channel,
            customer=who_orders(scenario, replication, len(placed_s)),
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
    goods = draw_baskets(scenario, catalogue, lives.channel, replication)
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
    goods = draw_baskets(scenario, catalogue, demand.channel, replication, "cross-sell")
    baskets = replace(
        demand,
        first_line=goods.first_line,
        sku=goods.sku,
        units=goods.units,
        price_cents=catalogue.price_cents[goods.sku],
    )
    return with_led_orders(demand, baskets, *led_orders(scenario, replication, demand))
