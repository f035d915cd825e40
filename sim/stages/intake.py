"""Order receipt: due orders come in over their channels, are handed in, entered, confirmed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import repeat
from typing import Any

import numpy as np
import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.orders.book import ENTRY_SOUND, Codes, Demand, Flags, Floats
from sim.stages.house import House, as_list
from sim.stages.life import order_life
from sim.stages.order import BACK_IF_LATE, COMES_BACK, Line, Order, Size

PLACED, LOST = int(Fact.PLACED), int(Fact.LOST)
PLAIN_RANK = 1
BLOCK = 4096
"""Orders that are turned from columns into objects at a time."""


def take_orders(house: House) -> Generator[simpy.Event, Any, None]:
    """Let every order of the book come in at its time, unless the customer stays away."""
    env, add, log = house.env, house.log.add, house.log
    loyalty, ties = house.loyalty, house.ties
    uniforms = house.book.luck.loyalty_u
    for order in _orders(house):
        wait_s = order.placed_s - env.now
        if wait_s > 0.0:
            yield env.timeout(wait_s)
        log.flush_if_full()
        if ties is not None:
            if not ties.lets_come(house, order):
                continue
        elif loyalty and loyalty.get(order.customer, 1.0) <= uniforms[order.number]:
            add((env.now, LOST, order.number, order.customer, 0.0))
            continue
        else:
            add((env.now, PLACED, order.number, order.channel, 0.0))
        house.lives_open += 1
        LeanProcess(order_life(house, order))
    house.all_placed = True
    house.lives_open += 1
    house.life_ends()


def _orders(house: House) -> Iterator[Order]:
    """Turn the book's columns into orders, block by block: only a block lives as objects."""
    demand, luck = house.book.demand, house.book.luck
    picks_s: Any = luck.pick_s if any(house.pick_law_of_channel) else None
    known = house.scenario.orders.channels
    ranks = [known[name].priority if name in known else PLAIN_RANK for name in demand.channels]
    rank_of_channel = np.array(ranks)
    for start in range(0, demand.orders, BLOCK):
        end = min(start + BLOCK, demand.orders)
        first = as_list(demand.first_line[start : end + 1])
        lines = _lines(house, first[0], first[-1])
        truck_s, door_s = _promises(house, start, end)
        orders = map(
            Order,
            range(start, end),
            as_list(demand.placed_s[start:end]),
            as_list(demand.channel[start:end]),
            as_list(demand.customer[start:end]),
            as_list(luck.pack_factor[start:end]),
            as_list(luck.label_s[start:end]),
            repeat(0.0) if picks_s is None else as_list(picks_s[start:end]),
            as_list(luck.transit_s[start:end]),
            as_list(_needs_entry(house, start, end)),
            as_list(_needs_payment(house, start, end)),
            _sizes(house, start, end),
            as_list(truck_s),
            as_list(door_s),
            as_list(rank_of_channel[demand.channel[start:end]]),
        )
        base = first[0]
        for order, begin, after in zip(orders, first, first[1:], strict=False):
            order.lines = lines[begin - base : after - base]
            yield order


def _promises(house: House, start: int, end: int) -> tuple[Floats, Floats]:
    """Return by which truck each order is promised to leave, and when to be at the door."""
    demand = house.book.demand
    placed_s, channel = demand.placed_s[start:end], demand.channel[start:end]
    truck_s, door_s = placed_s.copy(), placed_s.copy()
    for number, which in enumerate(house.carrier_of_channel):
        carrier, mine = house.carriers[which], channel == number
        if not carrier.service.continuous:
            truck_s[mine] = carrier.trucks.promised_all_s(placed_s[mine])
        door_s[mine] = truck_s[mine] + house.promised_transit_s[number]
    return truck_s, door_s


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


def _needs_payment(house: House, start: int, end: int) -> Flags:
    """Tell which orders' money is not authorised at once, or comes later."""
    luck = house.book.luck
    waits: Flags = (luck.payment_delay_s[start:end] > 0.0) | luck.pays_later[start:end]
    return waits | ~luck.pays[start:end] | (luck.fraud_check_s[start:end] > 0.0)


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
    return map(
        Size._make, zip(*(as_list(np.add.reduceat(c, begins)) for c in by_line), strict=True)
    )


def channel_of_lines(demand: Demand, start: int, end: int) -> Codes:
    """Return the channel of some lines."""
    order = np.searchsorted(demand.first_line, np.arange(start, end), side="right") - 1
    return demand.channel[order]


def _lines(house: House, start: int, end: int) -> list[Line]:
    demand, luck = house.book.demand, house.book.luck
    sku = demand.sku[start:end]
    breaks = luck.damage_u[start:end] < np.asarray(house.damage_rate)[sku]
    rates = np.asarray(house.return_rate)[sku]
    if house.return_factor is not None:
        rates = rates * house.return_factor[channel_of_lines(demand, start, end)]
    late_extra = house.scenario.returns.late_return_extra
    back_if_late = luck.return_u[start:end] < rates + late_extra
    comes_back = np.where(luck.return_u[start:end] < rates, COMES_BACK, BACK_IF_LATE * back_if_late)
    lines = list(
        map(
            Line,
            range(start, end),
            as_list(sku),
            as_list(demand.units[start:end]),
            as_list(demand.price_cents[start:end]),
            as_list(luck.search_s[start:end]),
            as_list(luck.pick_error[start:end]),
            as_list(luck.check_finds[start:end]),
            as_list(breaks),
            as_list(comes_back),
        )
    )
    faults = luck.entry_error[start:end]
    for place in np.flatnonzero(faults != ENTRY_SOUND).tolist():
        lines[place].entry_fault = int(faults[place])
    for place in np.flatnonzero(luck.scan_finds[start:end]).tolist():
        lines[place].scan_finds = True
    if not house.stock.unlimited:
        lacking_u = luck.lacking_u[start:end]
        for place in np.flatnonzero(lacking_u < 1.0).tolist():
            lines[place].lacking = 1 + int(lacking_u[place] * lines[place].units)
    return lines
