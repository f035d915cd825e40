"""What picking an order takes, by orders on the cart: a sample of tours, walked by the rules.

Baskets are drawn, put on carts in the order in which they come, and each cart is walked on the
floor by the scenario's routing rule; nothing is played.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.engine.floor import zone_floors, zones_of
from sim.engine.setting import Setting, cart_of
from sim.orders.baskets import Baskets, draw_baskets
from sim.policies.batching import BATCHING, LOOK_AHEAD, Cart, Waiting, first_come
from sim.policies.routing import resolve_routing
from sim.scenario.schema import law_mean
from sim.warehouse.layout import Layout

Floats = npt.NDArray[np.float64]

SAMPLE_ORDERS = 3000
"""Baskets that are drawn for a price."""
TOURS = 30
"""Tours that are walked for each number of orders on the cart."""


@dataclass(frozen=True)
class TourPrices:
    """Seconds of picking an order by the orders that share its cart.

    Parameters
    ----------
    orders
        Orders on a tour, ascending; what a cart holds by volume counts.
    seconds
        Seconds an order at the standard pace.
    sampled
        Whether tours were walked; False where the scenario gives the time as a law.
    """

    orders: tuple[float, ...]
    seconds: tuple[float, ...]
    sampled: bool

    @property
    def alone_s(self) -> float:
        """Seconds of an order on the smallest cart that leaves."""
        return self.seconds[0]

    @property
    def full_s(self) -> float:
        """Seconds of an order on a full cart, the least there is."""
        return min(self.seconds)

    def at(self, orders: float) -> float:
        """Return the seconds of an order when so many share a cart."""
        return float(np.interp(orders, self.orders, self.seconds))


@dataclass
class Basket:
    """An order as the batching rules look at it."""

    volume_ml: float
    units: int
    weight_g: float
    stops: Sequence[int]
    aisles: frozenset[int]


def sample_baskets(setting: Setting, orders: int = SAMPLE_ORDERS) -> Baskets:
    """Return some baskets: the first ones of a history, else drawn, channels by their shares."""
    demand = setting.demand
    if demand is not None:
        count = min(orders, demand.orders)
        last = int(demand.first_line[count])
        return Baskets(demand.first_line[: count + 1], demand.sku[:last], demand.units[:last])
    section = setting.scenario.orders
    weights = np.array([section.channel_per_day(name) for name in section.channels])
    ends = np.cumsum(weights) / weights.sum()
    # Channels alternate by a low-discrepancy sequence, so that every stretch holds its share.
    places = (np.arange(orders) * 0.6180339887498949) % 1.0
    channel = np.minimum(np.searchsorted(ends, places, side="right"), len(ends) - 1)
    return draw_baskets(
        setting.scenario, setting.catalogue, channel.astype(np.int8), 0, "baskets-looked-at"
    )


def tour_prices(setting: Setting, baskets: Baskets) -> TourPrices:
    """Return what picking an order takes, by orders on the cart."""
    picking = setting.scenario.picking
    least = min(picking.batch_min_orders, picking.batch_max_orders)
    most = 1 if picking.batching == "single" else picking.batch_max_orders
    least = min(least, most)
    if picking.tour_time_s is not None:
        mean_s = law_mean(picking.tour_time_s)
        sizes = _sizes(least, most)
        return TourPrices(sizes, tuple(mean_s / size for size in sizes), sampled=False)
    if picking.time_s is not None:
        return TourPrices((1.0,), (_mean_law_s(setting),), sampled=False)
    zones = [
        _Zone(setting, baskets, floor, zone) for zone, floor in enumerate(zone_floors(setting))
    ]
    found: dict[float, float] = {}
    for size in _sizes(least, most):
        orders, seconds = 0.0, 0.0
        for zone in zones:
            on_a_cart, each_s = zone.price(int(size))
            orders, seconds = max(orders, on_a_cart), seconds + each_s
        found[orders] = seconds
    ascending = sorted(found)
    return TourPrices(tuple(ascending), tuple(found[size] for size in ascending), sampled=True)


def _mean_law_s(setting: Setting) -> float:
    """Return the mean of the laws that replace tours, over the channels by their orders."""
    picking, section = setting.scenario.picking, setting.scenario.orders
    assert picking.time_s is not None
    if not picking.time_s_by_channel or setting.demand is not None:
        return law_mean(picking.time_s)
    rates = {name: section.channel_per_day(name) for name in section.channels}
    laws = {name: picking.time_s_by_channel.get(name, picking.time_s) for name in rates}
    return sum(rate * law_mean(laws[name]) for name, rate in rates.items()) / sum(rates.values())


def _sizes(least: int, most: int) -> tuple[float, ...]:
    sizes, size = {least, most}, max(1, least)
    while size < most:
        sizes.add(size)
        size *= 2
    return tuple(float(each) for each in sorted(sizes))


class _Zone:
    """The part of some baskets that lies in a zone, ready to be put on carts."""

    def __init__(self, setting: Setting, baskets: Baskets, floor: Layout, zone: int) -> None:
        self._picking = setting.scenario.picking
        self._speed = setting.scenario.warehouse.walk_speed_m_per_s
        self._routing = resolve_routing(self._picking.routing, floor)
        self._cart = cart_of(self._picking)
        self._access_s = floor.access_s
        whole = zones_of(setting) == 1
        self._orders = len(baskets.first_line) - 1
        catalogue, place_of = setting.catalogue, setting.location_of_sku
        self.parts: list[Basket] = []
        sku, units = baskets.sku.tolist(), baskets.units.tolist()
        bounds = baskets.first_line.tolist()
        for first, end in pairwise(bounds):
            here = [
                line
                for line in range(first, end)
                if whole or floor.zone_of[place_of[sku[line]]] == zone
            ]
            if not here:
                continue
            stops = [place_of[sku[line]] for line in here]
            self.parts.append(
                Basket(
                    sum(float(catalogue.volume_ml[sku[line]]) * units[line] for line in here),
                    sum(units[line] for line in here),
                    sum(float(catalogue.weight_g[sku[line]]) * units[line] for line in here),
                    stops,
                    frozenset(floor.aisle_of[stop] for stop in stops),
                )
            )

    def price(self, size: int) -> tuple[float, float]:
        """Return parts on a cart of at most so many, and the seconds of an order in this zone."""
        if not self.parts:
            return 0.0, 0.0
        rule = BATCHING.get(self._picking.batching, first_come)
        cart: Cart = self._cart._replace(orders=size)
        waiting: list[Waiting] = list(self.parts)
        tours = 0
        taken, fixed_s = 0, 0.0
        while waiting and tours < max(TOURS, 2 * TOURS // size):
            chosen = rule(waiting[:LOOK_AHEAD], cart)
            fixed_s += self._fixed_s([waiting[place] for place in chosen])
            gone = set(chosen)
            waiting = [task for place, task in enumerate(waiting) if place not in gone]
            taken, tours = taken + len(chosen), tours + 1
        share = len(self.parts) / self._orders
        return taken / tours, share * (fixed_s / taken + self._goods_s())

    def _fixed_s(self, tasks: Sequence[Waiting]) -> float:
        """Return what the tour takes apart from the goods: set-up, walk, keeping orders apart."""
        stops = [stop for task in tasks for stop in task.stops]
        seconds = self._picking.tour_setup_s + self._routing.length_m(stops) / self._speed
        if len(tasks) > 1 and self._picking.sorting == "while_picking":
            seconds += self._picking.sort_s_per_line * len(stops)
        return seconds

    def _goods_s(self) -> float:
        """Return what the goods of a part take at the shelf, mean of all parts."""
        picking, scan = self._picking, self._picking.scan
        line_s = law_mean(picking.search_s) + (scan.s_per_scan if scan.of == "lines" else 0.0)
        unit_s = picking.take_s_per_unit + (scan.s_per_scan if scan.of == "units" else 0.0)
        lines = sum(len(part.stops) for part in self.parts)
        units = sum(part.units for part in self.parts)
        total = lines * line_s + units * unit_s
        if self._access_s is not None:
            total += sum(self._access_s[stop] for part in self.parts for stop in part.stops)
        return total / len(self.parts)
