"""The core flow as a SimPy textbook would write it: the yardstick for the simulator's speed.

One process an order, ``Resource`` for people, ``Container`` for the units of a SKU, ``AllOf`` for
the lines of an order, ``with ... request()`` around work, a list of tuples as the record. It plays
the same order book and shares the plain decision functions (walk length, box choice, reorder
levels, truck times) with the simulator, and nothing of its clock.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import simpy

from sim.engine.opening import levels, opening_units
from sim.engine.setting import Setting
from sim.orders.book import PICK_OMITTED, PICK_SOUND, PICK_WRONG_QUANTITY, OrderBook
from sim.orders.streams import next_draw
from sim.policies.boxes import Carton, smallest_box
from sim.policies.replenishment import units_to_buy
from sim.policies.routing import resolve_routing
from sim.policies.trucks import TruckTimes
from sim.stages.suppliers import SupplierTimes

HOUR_S, DAY_S = 3600.0, 86_400.0
Steps = Generator[simpy.Event, Any, None]
LATE, DAMAGED = 4, 8


@dataclass
class Line:
    """One order line on its way."""

    number: int
    sku: int
    units: int
    price_cents: int
    pick_error: int
    check_finds: bool
    taken: int = 0


@dataclass
class Waiting:
    """A released order that waits for a cart."""

    order: int
    lines: list[Line]
    volume_ml: float
    picked: simpy.Event


class IdiomaticTwin:
    """Plays one order book.

    Parameters
    ----------
    setting, book
        What the simulator gets, too.

    Attributes
    ----------
    records
        Tuples (time_s, what, whom, ...).
    """

    def __init__(self, setting: Setting, book: OrderBook) -> None:
        scenario, catalogue = setting.scenario, setting.catalogue
        self.scenario, self.book, self.luck = scenario, book, book.luck
        self.records: list[tuple[Any, ...]] = []
        self.env = env = simpy.Environment()
        (shift,) = scenario.staff.values()
        self.pickers = simpy.Resource(env, shift.pickers)
        self.packers = simpy.Resource(env, shift.packers)
        self.dispatchers = simpy.Resource(env, shift.dispatchers)
        self.receivers = simpy.Resource(env, shift.receivers)
        self.returns_clerks = simpy.Resource(env, shift.returns_clerks)
        self.levels = levels(setting)
        opening = opening_units(setting, self.levels, book.replication)
        self.stock = [simpy.Container(env, init=units) for units in opening]
        self.position = list(opening)
        self.supplier = SupplierTimes(
            scenario.stock.lead_time_days, book.seed, book.replication, catalogue.count
        )
        self.volume_ml = catalogue.volume_ml.tolist()
        self.weight_g = catalogue.weight_g.tolist()
        self.fragile = catalogue.fragile.tolist()
        self.return_rate = catalogue.return_rate.tolist()
        self.location = setting.location_of_sku
        self.length_m = resolve_routing(scenario.picking.routing, setting.layout).length_m
        (self.service,) = scenario.shipping.services.values()
        date = datetime.date.fromisoformat(scenario.run.start_date)
        self.trucks = TruckTimes(self.service, date.weekday())
        packing = scenario.packing
        self.cartons = [
            Carton(
                box.volume_ml * packing.fill_share,
                box.volume_ml,
                box.max_weight_kg * 1000.0,
                box.sides_mm,
            )
            for box in packing.boxes_by_volume
        ]
        self.waiting: list[Waiting] = []
        self.tours = 0
        self.truck = env.event()

    def run(self) -> None:
        """Play until the last order, return and follow-up has ended."""
        arrivals = self.env.process(self.arrivals())
        self.env.process(self.carrier())
        self.env.run(until=arrivals)

    def note(self, what: str, whom: int, *more: float) -> None:
        """Record what happened now."""
        self.records.append((self.env.now, what, whom, *more))

    def arrivals(self) -> Steps:
        """Place the orders of the book at their times, then wait for all of them."""
        env, demand = self.env, self.book.demand
        placed_s = demand.placed_s.tolist()
        first = demand.first_line.tolist()
        rows = list(
            zip(
                demand.sku.tolist(),
                demand.units.tolist(),
                demand.price_cents.tolist(),
                self.luck.pick_error.tolist(),
                self.luck.check_finds.tolist(),
                strict=True,
            )
        )
        orders = []
        for order, time_s in enumerate(placed_s):
            yield env.timeout(max(0.0, time_s - env.now))
            lines = [
                Line(number, *rows[number]) for number in range(first[order], first[order + 1])
            ]
            orders.append(env.process(self.order(order, lines)))
        yield from orders

    def order(self, order: int, lines: list[Line]) -> Steps:
        """One order's life, from the click to the end of its returns."""
        env, luck = self.env, self.luck
        self.note("placed", order)
        promised_s = self.trucks.promised_s(env.now) + self.service.promised_transit_days * DAY_S
        yield env.all_of([self.stock[line.sku].get(line.units) for line in lines])
        self.note("reserved", order)
        for line in lines:
            self.buy_if_low(line.sku, line.units)
        if luck.payment_delay_s[order] > 0.0:
            yield env.timeout(float(luck.payment_delay_s[order]))
        if not luck.pays[order]:
            for line in lines:
                self.give_back(line.sku, line.units)
            self.note("cancelled", order)
            return
        self.note("paid", order, sum(line.price_cents * line.units for line in lines))
        yield from self.pick_and_pack(order, lines)
        with self.dispatchers.request() as dispatcher:
            yield dispatcher
            self.note("label started", order)
            yield env.timeout(float(luck.label_s[order]))
        self.note("labelled", order)
        yield self.truck
        self.note("handed over", order, self.billed_g(lines))
        yield env.timeout(float(luck.transit_s[order]))
        self.note("delivered", order)
        yield from self.after_delivery(order, lines, late=env.now > promised_s)

    # stock

    def buy_if_low(self, sku: int, units: int) -> None:
        """Lower the position, and buy if it asks for it."""
        self.position[sku] -= units
        buy = units_to_buy(self.position[sku], self.levels[sku])
        if buy:
            self.position[sku] += buy
            self.env.process(self.purchase(sku, buy))

    def purchase(self, sku: int, units: int) -> Steps:
        """A delivery: travels, is received, is on the shelf."""
        self.note("purchased", sku, units)
        yield self.env.timeout(self.supplier.next_days(sku) * DAY_S)
        with self.receivers.request() as receiver:
            yield receiver
            yield self.env.timeout(self.scenario.stock.receive_s_per_order)
        yield self.stock[sku].put(units)
        self.note("received", sku, units)

    def give_back(self, sku: int, units: int) -> None:
        """Put units back on the shelf."""
        self.stock[sku].put(units)
        self.position[sku] += units

    # picking and packing

    def pick_and_pack(self, order: int, lines: list[Line]) -> Steps:
        """Pick, pack and check until the check is content."""
        env, packing = self.env, self.scenario.packing
        factor = float(self.luck.pack_factor[order])
        volume_ml = sum(self.volume_ml[line.sku] * line.units for line in lines)
        units = sum(line.units for line in lines)
        fragile = sum(line.units for line in lines if self.fragile[line.sku])
        to_pick, passes = lines, 0
        while True:
            passes += 1
            self.note("released", order)
            waiting = Waiting(order, to_pick, volume_ml, env.event())
            self.waiting.append(waiting)
            if self.pickers.count < self.pickers.capacity:
                env.process(self.tour())
            yield waiting.picked
            self.note("picked", order)
            work_s = packing.base_s
            if passes == 1:
                work_s += packing.per_unit_s * units + packing.fragile_extra_s * fragile
            with self.packers.request() as packer:
                yield packer
                self.note("pack started", order)
                yield env.timeout(work_s * factor)
            wrong = [line for line in to_pick if line.pick_error and line.check_finds]
            if not wrong:
                break
            for line in wrong:
                self.note("mended", line.number)
                self.pick_again(line, passes)
            to_pick = wrong
        for line in lines:
            if line.pick_error == PICK_SOUND and self.fragile[line.sku]:
                volume_ml += (packing.fragile_padding - 1.0) * self.volume_ml[line.sku] * line.units
        weight_g = sum(self.weight_g[line.sku] * line.units for line in lines)
        box, void_ml = smallest_box(volume_ml, weight_g, self.cartons)[0]
        self.note("packed", order, box, void_ml)

    def pick_again(self, line: Line, passes: int) -> None:
        """Throw the dice of a further pass."""
        picking, book = self.scenario.picking, self.book
        mix = picking.error_mix
        weights = [mix.wrong_item, mix.wrong_quantity, mix.omitted, mix.damaged]
        u = next_draw(book.seed, "pick/error/again", book.replication, line.number, passes).random()
        rate, line.pick_error = picking.wrong_line_rate, PICK_SOUND
        if u < rate:
            shares = [sum(weights[: kind + 1]) / sum(weights) for kind in range(4)]
            line.pick_error = 1 + sum(u / rate >= share for share in shares[:-1])
        u = next_draw(book.seed, "pack/check/again", book.replication, line.number, passes).random()
        line.check_finds = u < self.scenario.packing.check_detects

    def tour(self) -> Steps:
        """A picker walks tours as long as orders wait."""
        env, picking = self.env, self.scenario.picking
        with self.pickers.request() as picker:
            yield picker
            while self.waiting:
                batch = self.take_batch()
                tour = self.tours
                self.tours += 1
                self.note("tour started", tour, len(batch))
                work_s, stops = picking.tour_setup_s, []
                for waiting in batch:
                    self.note("pick started", waiting.order, tour)
                    for line in waiting.lines:
                        stops.append(self.location[line.sku])
                        search_s = float(self.luck.search_s[line.number])
                        work_s += search_s + picking.take_s_per_unit * line.units
                walk_m = self.length_m(stops)
                yield env.timeout(work_s + walk_m / self.scenario.warehouse.walk_speed_m_per_s)
                self.note("tour ended", tour, walk_m)
                for waiting in batch:
                    for line in waiting.lines:
                        line.taken = taken(line)
                        self.note("line picked", line.number, line.taken, line.pick_error)
                    waiting.picked.succeed()

    def take_batch(self) -> list[Waiting]:
        """Take the oldest orders that fit on a cart."""
        picking = self.scenario.picking
        volume_ml, count = 0.0, 0
        for waiting in self.waiting:
            volume_ml += waiting.volume_ml
            too_much = volume_ml > picking.cart_volume_l * 1000.0
            if count == picking.batch_max_orders or (count and too_much):
                break
            count += 1
        batch, self.waiting = self.waiting[:count], self.waiting[count:]
        return batch

    # shipping and after

    def carrier(self) -> Steps:
        """The truck comes at its times and takes all that is labelled."""
        while True:
            time_s = self.trucks.next_s(self.env.now)
            yield self.env.timeout(time_s - self.env.now)
            truck, self.truck = self.truck, self.env.event()
            truck.succeed()
            yield self.env.timeout(1.0)

    def billed_g(self, lines: Sequence[Line]) -> float:
        """Return the billed weight of a parcel."""
        weight_g = sum(self.weight_g[line.sku] * line.units for line in lines)
        volume_ml = sum(self.volume_ml[line.sku] * line.units for line in lines)
        return float(
            max(weight_g, volume_ml * 1000.0 / self.scenario.shipping.volumetric_ml_per_kg)
        )

    def after_delivery(self, order: int, lines: list[Line], *, late: bool) -> Steps:
        """Start the returns, contact the customer, wait for the returns to end."""
        env, luck = self.env, self.luck
        extra = self.scenario.returns.late_return_extra if late else 0.0
        returns = []
        for line in lines:
            n = line.number
            damaged = luck.damage_u[n] < self.scenario.packing.damage_rate
            if line.pick_error or damaged:
                self.note("arrived wrong", n)
                if luck.claims[n]:
                    reason = line.pick_error + 4 if line.pick_error else DAMAGED
                    lag_s = float(luck.claim_lag_s[n])
                    returns.append(env.process(self.comes_back(order, line, reason, lag_s)))
            elif luck.return_u[n] < self.return_rate[line.sku] + extra:
                lag_s = float(luck.return_lag_s[n])
                returns.append(env.process(self.comes_back(order, line, LATE, lag_s)))
        if luck.followed_up[order]:
            due_s = env.now + self.scenario.follow_up.after_days * DAY_S
            yield env.timeout(math.ceil(due_s / HOUR_S) * HOUR_S - env.now)
            self.note("followed up", order)
        if returns:
            yield env.all_of(returns)

    def comes_back(self, order: int, line: Line, reason: int, lag_s: float) -> Steps:
        """A return: asked, sent, inspected, restocked or scrapped, refunded."""
        env, luck, n = self.env, self.luck, line.number
        missing, surplus = max(0, line.units - line.taken), max(0, line.taken - line.units)
        units = 0 if missing else surplus or line.units
        yield env.timeout(lag_s)
        self.note("return asked", n, units)
        if units:
            yield env.timeout(float(luck.way_back_s[n]))
            self.note("return received", n, units)
            sound = bool(luck.restockable[n]) and reason != DAMAGED
            work_s = float(luck.inspect_s[n])
            with self.returns_clerks.request() as clerk:
                yield clerk
                yield env.timeout(work_s + (self.scenario.returns.restock_s if sound else 0.0))
            self.note("restocked" if sound else "scrapped", n, units)
            if sound:
                self.give_back(line.sku, units)
        if surplus:  # it was never charged
            return
        yield env.timeout(float(luck.refund_s[order]))
        self.note("refunded", n, line.price_cents * (missing or units))


def taken(line: Line) -> int:
    """Return the units that leave the shelf."""
    if line.pick_error == PICK_OMITTED:
        return 0
    if line.pick_error == PICK_WRONG_QUANTITY:
        return line.units - 1 if line.units > 1 else 2
    return line.units
