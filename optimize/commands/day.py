"""The day that is planned: picked in a simulation, or brought in a file."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimize.batching.day import Batch, DayOrder
from optimize.batching.problem import Order
from optimize.order_file import FiledOrder
from optimize.pick_lists import DAY_S, PickList, busiest_day, of_day, pick_lists

if TYPE_CHECKING:
    from sim.engine.setting import Setting
    from sim.orders.book import OrderBook

TOLERANCE_M = 1e-6


@dataclass(frozen=True)
class PickedDay:
    """What was picked on a day of the first replication.

    Parameters
    ----------
    lists
        Its tours.
    words
        Its date, for people.
    book
        The orders behind the lines.
    """

    lists: list[PickList]
    words: str
    book: OrderBook


def picked_day(setting: Setting, day: int | None) -> PickedDay:
    """Play the first replication and return a day of the measured window; None: the busiest."""
    from optimize.judge import simulated_log
    from sim.log.event_log import join
    from sim.orders.generated import order_book

    book = order_book(setting.scenario, setting.catalogue, 0, setting.demand)
    found = pick_lists(
        join(simulated_log(setting, 0)), book.demand.sku.tolist(), setting.location_of_sku
    )
    run = setting.scenario.run
    first_s = run.warm_up_days * DAY_S
    last_s = first_s + run.horizon_days * DAY_S
    number = busiest_day(found, first_s, last_s) if day is None else int(first_s // DAY_S) + day - 1
    date = datetime.date.fromisoformat(run.start_date) + datetime.timedelta(days=number)
    return PickedDay(of_day(found, number), f"{date:%A} {date.isoformat()}", book)


def zones_of_stops(setting: Setting) -> Sequence[int]:
    """Return the zone that picks each location; all 0 where one picks all."""
    from sim.engine.floor import zones_of

    return setting.layout.zone_of if zones_of(setting) > 1 else [0] * setting.layout.locations


def as_walked(setting: Setting, lists: Sequence[PickList]) -> list[PickList]:
    """Return the lists that are the whole walk.

    Left out are tours on which pickers also walked to places that they left empty-handed: the log
    does not name these.
    """
    from sim.engine.floor import zone_floors
    from sim.policies.routing import resolve_routing

    stopped = [one for one in lists if one.stops]
    if not any(one.walked_m for one in stopped):  # a law stands for the walk
        return stopped
    rules = [
        resolve_routing(setting.scenario.picking.routing, floor) for floor in zone_floors(setting)
    ]
    zone_of = zones_of_stops(setting)
    return [
        one
        for one in stopped
        if abs(rules[zone_of[one.stops[0]]].length_m(one.stops) - one.walked_m) <= TOLERANCE_M
    ]


def units_of(day: PickedDay, one: PickList) -> int:
    """Return the units that the lines of a list ask for."""
    units = day.book.demand.units
    return sum(int(units[line]) for line in one.lines)


def orders_of(
    setting: Setting, day: PickedDay, lists: Sequence[PickList]
) -> tuple[list[DayOrder], list[Batch]]:
    """Return the orders behind tours, tour by tour, and which of them shared each cart.

    An order that was picked in several goes (zone by zone, or again after the check) counts as
    often.
    """
    import numpy as np

    demand, catalogue = day.book.demand, setting.catalogue
    zone_of = zones_of_stops(setting)
    orders: list[DayOrder] = []
    batches: list[Batch] = []
    for one in lists:
        of_line = np.searchsorted(demand.first_line, np.array(one.lines), side="right") - 1
        lines: dict[int, list[int]] = {}
        for place, order in enumerate(of_line.tolist()):
            lines.setdefault(order, []).append(place)
        batches.append(tuple(range(len(orders), len(orders) + len(lines))))
        for order, places in lines.items():
            units = [int(demand.units[one.lines[place]]) for place in places]
            skus = [int(demand.sku[one.lines[place]]) for place in places]
            taken = Order(
                tuple(one.stops[place] for place in places),
                sum(units),
                sum(n * float(catalogue.volume_ml[k]) for n, k in zip(units, skus, strict=True)),
                sum(n * float(catalogue.weight_g[k]) for n, k in zip(units, skus, strict=True)),
            )
            orders.append(DayOrder(f"order {order}", zone_of[taken.stops[0]], taken))
    return orders, batches


def orders_of_file(setting: Setting, filed: Sequence[FiledOrder]) -> list[DayOrder]:
    """Return the orders of a file, each split into the parts that zones pick.

    Units, volume and weight of an order are shared out over its parts by their lines.
    """
    zone_of = zones_of_stops(setting)
    orders: list[DayOrder] = []
    for each in filed:
        parts: dict[int, list[int]] = {}
        for stop in each.stops:
            parts.setdefault(zone_of[stop], []).append(stop)
        for zone, stops in sorted(parts.items()):
            share = len(stops) / len(each.stops)
            taken = Order(
                tuple(stops), round(each.units * share), each.volume_ml * share,
                each.weight_g * share,
            )  # fmt: skip
            orders.append(DayOrder(each.name, zone, taken, each.release, each.due))
    return orders
