"""Orders to which a follow-up contact leads: which there may be, and their place in the book.

Each chosen order may lead to one further order of its customer, with a basket and luck of its own.
When it is due is drawn from the click of the first order, before anybody knows when the contact
will be: the run places it if the contact has gone out by then. A led order leads to no other.

Its luck is drawn behind that of all other orders. So nobody else's luck depends on the share of
contacts that lead to an order.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.orders.arrivals import played_days
from sim.orders.book import Demand, Luck
from sim.orders.draws import draw
from sim.orders.luck import chosen_for_contact
from sim.orders.streams import stream
from sim.scenario.schema.scenario import Scenario

DAY_S = 86_400.0
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def led_orders(scenario: Scenario, replication: int, demand: Demand) -> tuple[Integers, Floats]:
    """Return which orders may lead to a further one, ascending, and when that one is due (s)."""
    section, seed = scenario.follow_up, scenario.run.seed
    rng = stream(seed, "follow-up/cross-sell", replication)
    leads = rng.random(demand.orders) < section.cross_sell_share
    leads &= chosen_for_contact(scenario, replication, demand.orders)
    rng = stream(seed, "follow-up/cross-sell-days", replication)
    due_s = demand.placed_s + draw(section.cross_sell_days, rng, demand.orders) * DAY_S
    leads &= due_s < played_days(scenario.run) * DAY_S
    by = np.flatnonzero(leads)
    return by, due_s[by]


def with_led_orders(demand: Demand, baskets: Demand, by: Integers, due_s: Floats) -> Demand:
    """Return the demand with the further orders, in the order of placing.

    Parameters
    ----------
    demand
        The orders that are due by themselves.
    baskets
        For each of them the order to which it may lead, as if placed at the same time.
    by, due_s
        Which of these there may be, and when. Shape (c,) each.
    """
    own = demand.orders
    further = replace(rearranged(baskets, by), placed_s=due_s)
    line = _joined(demand.first_line, further.first_line)
    both = replace(
        demand,
        placed_s=np.concatenate([demand.placed_s, due_s]),
        channel=np.concatenate([demand.channel, further.channel]),
        customer=np.concatenate([demand.customer, further.customer]),
        first_line=line,
        sku=np.concatenate([demand.sku, further.sku]),
        units=np.concatenate([demand.units, further.units]),
        price_cents=np.concatenate([demand.price_cents, further.price_cents]),
    )
    drawn_as = np.argsort(both.placed_s, kind="stable")
    rank = np.empty(len(drawn_as), dtype=np.int32)
    rank[drawn_as] = np.arange(len(drawn_as))
    led_by = np.full(len(drawn_as), -1, dtype=np.int32)
    led_by[rank[own:]] = rank[by]
    last = demand.last_of_customer
    if last is not None:
        last = np.append(last, np.zeros(len(by), dtype=np.bool_))[drawn_as]
    return replace(
        rearranged(both, drawn_as),
        last_of_customer=last,
        led_by=led_by,
        drawn_as=drawn_as.astype(np.int32),
    )


def rearranged(demand: Demand, orders: npt.NDArray[Any]) -> Demand:
    """Return the demand of some orders, in the sequence in which they are named."""
    line = lines_of(demand, orders)
    counts = np.diff(demand.first_line)[orders]
    return replace(
        demand,
        placed_s=demand.placed_s[orders],
        channel=demand.channel[orders],
        customer=demand.customer[orders],
        first_line=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        sku=demand.sku[line],
        units=demand.units[line],
        price_cents=demand.price_cents[line],
    )


def lines_of(demand: Demand, orders: npt.NDArray[Any]) -> Integers:
    """Return the lines of some orders, order by order."""
    counts = np.diff(demand.first_line)[orders].astype(np.int64)
    ends = np.cumsum(counts)
    starts = demand.first_line[orders].astype(np.int64)
    total = int(ends[-1]) if len(ends) else 0
    lines: Integers = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return lines


def placed_luck(luck: Luck, drawn: Demand, drawn_as: npt.NDArray[Any]) -> Luck:
    """Return luck that was drawn in one sequence of orders in that of placing.

    Parameters
    ----------
    luck, drawn
        Luck and demand in the sequence of drawing.
    drawn_as
        Place in it of each order.
    """
    line = lines_of(drawn, drawn_as)
    columns = {}
    for column in fields(luck):
        values = getattr(luck, column.name)
        if values.strides != (0,):  # else one value for all
            values = values[drawn_as if len(values) == drawn.orders else line]
        columns[column.name] = values
    return Luck(**columns)


def _joined(first: npt.NDArray[np.int32], then: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    joined: npt.NDArray[np.int32] = np.concatenate([first, then[1:] + first[-1]])
    return joined
