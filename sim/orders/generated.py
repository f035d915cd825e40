"""The generated order book: what customers ask for when there is no history to play."""

from __future__ import annotations

from sim.orders.arrivals import arrivals
from sim.orders.baskets import draw_baskets
from sim.orders.book import Demand, OrderBook
from sim.orders.customers import base_size, who_orders
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
    luck = draw_luck(scenario, catalogue, demand, replication)
    return OrderBook(demand, luck, scenario.run.seed, replication)


def generate_demand(scenario: Scenario, catalogue: Catalogue, replication: int) -> Demand:
    """Return one replication's orders, from the warm-up's start to the cool-down's end."""
    placed_s, channel = arrivals(scenario, replication)
    baskets = draw_baskets(scenario, catalogue, channel, replication)
    return Demand(
        placed_s=placed_s,
        channel=channel,
        customer=who_orders(scenario, replication, len(placed_s)),
        first_line=baskets.first_line,
        sku=baskets.sku,
        units=baskets.units,
        price_cents=catalogue.price_cents[baskets.sku],
        channels=tuple(scenario.orders.channels),
        customers=base_size(scenario),
    )
