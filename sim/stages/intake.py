"""Order receipt: due orders come in over their channels, are handed in, entered, confirmed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import islice, repeat
from typing import Any

import numpy as np
import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.orders.book import ENTRY_SOUND, Flags
from sim.stages.house import House, as_list
from sim.stages.life import order_life
from sim.stages.order import Line, Order, Size

PLACED, LOST = int(Fact.PLACED), int(Fact.LOST)
BLOCK = 4096
"""Orders that are turned from columns into objects at a time."""


def take_orders(house: House) -> Generator[simpy.Event, Any, None]:
    """Let every order of the book come in at its time, unless the customer stays away."""
    env, add, log = house.env, house.log.add, house.log
    loyalty = house.loyalty
    uniforms = house.book.luck.loyalty_u
    for order in _orders(house):
        wait_s = order.placed_s - env.now
        if wait_s > 0.0:
            yield env.timeout(wait_s)
        log.flush_if_full()
        if loyalty and loyalty.get(order.customer, 1.0) <= uniforms[order.number]:
            add((env.now, LOST, order.number, order.customer, 0.0))
            continue
        add((env.now, PLACED, order.number, order.channel, 0.0))
        house.lives_open += 1
        LeanProcess(order_life(house, order))
    house.all_placed = True
    house.lives_open += 1
    house.life_ends()


def _orders(house: House) -> Iterator[Order]:
    """Turn the book's columns into orders, block by block: only a block lives as objects."""
    demand, luck = house.book.demand, house.book.luck
    picks_s: Any = luck.pick_s if house.scenario.picking.time_s is not None else None
    for start in range(0, demand.orders, BLOCK):
        end = min(start + BLOCK, demand.orders)
        first = as_list(demand.first_line[start : end + 1])
        lines = _lines(house, first[0], first[-1])
        rows = zip(
            range(start, end),
            as_list(demand.placed_s[start:end]),
            as_list(demand.channel[start:end]),
            as_list(demand.customer[start:end]),
            as_list(luck.hand_in_delay_s[start:end]),
            as_list(luck.entry_s[start:end]),
            as_list(luck.payment_delay_s[start:end]),
            as_list(luck.declines[start:end]),
            as_list(luck.pays[start:end]),
            as_list(luck.fraud_check_s[start:end]),
            as_list(luck.pack_factor[start:end]),
            as_list(luck.label_s[start:end]),
            repeat(0.0) if picks_s is None else as_list(picks_s[start:end]),
            as_list(luck.transit_s[start:end]),
            as_list(_needs_entry(house, start, end)),
            _sizes(house, start, end),
            strict=False,
        )
        for row, count in zip(rows, np.diff(first).tolist(), strict=True):
            order = Order(*row)
            order.lines = list(islice(lines, count))
            yield order


def _needs_entry(house: House, start: int, end: int) -> Flags:
    """Tell which orders are handed in late, typed by a clerk, or entered wrong."""
    demand, luck = house.book.demand, house.book.luck
    first = demand.first_line[start : end + 1]
    faults = np.cumsum(luck.entry_error[first[0] : first[-1]] != ENTRY_SOUND)
    faults = np.concatenate(([0], faults))[first - first[0]]
    manual = np.asarray(house.manual_channel)[demand.channel[start:end]]
    late = luck.hand_in_delay_s[start:end] > 0.0
    needs: Flags = manual | late | luck.wrong_address[start:end] | (np.diff(faults) > 0)
    return needs


def _sizes(house: House, start: int, end: int) -> Iterator[Size]:
    """Return how much goods each order of a block is."""
    demand, items = house.book.demand, house.catalogue
    first = demand.first_line[start : end + 1]
    sku, units = demand.sku[first[0] : first[-1]], demand.units[first[0] : first[-1]]
    price = demand.price_cents[first[0] : first[-1]].astype(np.int64)
    by_line = (
        units,
        units * items.volume_ml[sku],
        units * items.weight_g[sku],
        units * items.fragile[sku],
        units * price,
    )
    begins = first[:-1] - first[0]  # every order has a line
    return map(Size._make, zip(*(as_list(np.add.reduceat(c, begins)) for c in by_line), strict=True))


def _lines(house: House, start: int, end: int) -> Iterator[Line]:
    demand, luck = house.book.demand, house.book.luck
    rows = zip(
        range(start, end),
        as_list(demand.sku[start:end]),
        as_list(demand.units[start:end]),
        as_list(demand.price_cents[start:end]),
        as_list(luck.search_s[start:end]),
        as_list(luck.pick_error[start:end]),
        as_list(luck.check_finds[start:end]),
        as_list(luck.damage_u[start:end]),
        as_list(luck.return_u[start:end]),
        strict=True,
    )
    faults = as_list(luck.entry_error[start:end])
    for row, fault in zip(rows, faults, strict=True):
        line = Line(*row)
        if fault:
            line.entry_fault = fault
        yield line
