"""The model: wires the stages to one clock and plays one replication."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import simpy

from sim.clock.calendar import crews, stretches
from sim.clock.process import Clock, LeanProcess
from sim.clock.staff import Staff
from sim.engine.always_true import assert_always_true
from sim.engine.opening import levels, opening_units
from sim.engine.setting import Setting
from sim.log.event_log import Chunk, EventLog
from sim.log.facts import Fact
from sim.orders.book import OrderBook
from sim.orders.generated import order_book
from sim.policies.batching import BATCHING, LOOK_AT_AISLES
from sim.policies.release import resolve_release
from sim.policies.routing import resolve_routing
from sim.scenario.schema import ROLES, Scenario, law_quantile
from sim.scenario.schema.floor import PackingSection
from sim.stages.after_sales import FollowUpDesk
from sim.stages.house import House
from sim.stages.intake import take_orders
from sim.stages.life import leg_life
from sim.stages.packing import PackingBench
from sim.stages.picking import PickLine
from sim.stages.shipping import Carrier
from sim.stages.stock import Stock, SupplierTimes, show_stock

DAY_S = 86_400.0

Progress = Callable[[float], None]
"""Called with the share of the simulated time that has passed, 0 to 1."""


@dataclass(frozen=True)
class Played:
    """What a replication leaves behind beside its log.

    Parameters
    ----------
    ended_s
        Simulated time of the end.
    open_lives
        Orders, legs and returns not yet at their end when the follow-up time ran out.
    facts
        Facts logged.
    """

    ended_s: float
    open_lives: int
    facts: int


def play(
    setting: Setting,
    replication: int,
    readers: Iterable[Callable[[Chunk], None]] = (),
    *,
    book: OrderBook | None = None,
    progress: Progress | None = None,
) -> Played:
    """Play one replication; the readers get its log chunk by chunk.

    Parameters
    ----------
    setting
        Scenario, catalogue, floor.
    replication
        Number of the replication from 0.
    readers
        Called with each chunk of facts in order.
    book
        The order book, if it has been drawn already.
    progress
        Called now and then with the share of simulated time that has passed.

    Raises
    ------
    BalanceError
        An always-true rule does not hold: a bug of the model.
    """
    if book is None:
        book = order_book(setting.scenario, setting.catalogue, replication, setting.demand)
    house = build_house(setting, book, EventLog(readers))
    env = house.env
    last_s = float(book.demand.placed_s[-1]) if book.demand.orders else 0.0
    run = setting.scenario.run
    window_end_s = (run.warm_up_days + run.horizon_days) * DAY_S
    until_s = max(window_end_s, last_s + run.follow_up_days * DAY_S)
    house.finished = finished = env.event()
    LeanProcess(_deadline(house, until_s))
    LeanProcess(_keep_open(house, window_end_s))
    LeanProcess(take_orders(house))
    if progress is not None:
        LeanProcess(_tick(env, last_s, progress))
    with _no_garbage_collection():
        env.run(until=finished)
    _close(house)
    assert_always_true(house)
    played = Played(env.now, house.lives_open, house.log.facts)
    del book, house, env, finished  # the house holds itself in circles, and the book's luck with it
    gc.collect()
    return played


def build_house(setting: Setting, book: OrderBook, log: EventLog) -> House:
    """Wire one replication's house: people, stock, floor, carriers."""
    scenario, catalogue = setting.scenario, setting.catalogue
    env = Clock()
    date = datetime.date.fromisoformat(scenario.run.start_date)
    staff = _staff(scenario, env, log, book, date)
    routing = resolve_routing(scenario.picking.routing, setting.layout)
    pick_line = PickLine(
        scenario.picking,
        BATCHING[scenario.picking.batching],
        routing.length_m,
        scenario.warehouse.walk_speed_m_per_s,
    )
    staff.sources[ROLES.index("pickers")] = pick_line
    services = list(scenario.shipping.services)
    channels = [scenario.orders.channels.get(name) for name in book.demand.channels]
    aisle_of = setting.layout.aisle_of
    house = House(
        env=env,
        scenario=scenario,
        book=book,
        catalogue=catalogue,
        log=log,
        staff=staff,
        stock=_stock(setting, log, book),
        pick_line=pick_line,
        bench=PackingBench(scenario.packing, scenario.picking),
        follow_up=FollowUpDesk(scenario.follow_up.after_days),
        carriers=[
            Carrier(number, service, date.weekday())
            for number, service in enumerate(scenario.shipping.services.values())
        ],
        carrier_of_channel=[services.index(c.service) if c else 0 for c in channels],
        manual_channel=[c is not None and c.entry == "manual" for c in channels],
        release=resolve_release(scenario.release.policy, scenario.release.interval_min),
        volume_ml=catalogue.volume_ml.tolist(),
        weight_g=catalogue.weight_g.tolist(),
        fragile=catalogue.fragile.tolist(),
        return_rate=catalogue.return_rate.tolist(),
        location_of_sku=setting.location_of_sku,
        aisle_of_sku=(
            [aisle_of[location] for location in setting.location_of_sku]
            if scenario.picking.batching in LOOK_AT_AISLES
            else None
        ),
        damage_rate=_damage_rates(scenario.packing, catalogue.fragile.tolist()),
        turns_away=scenario.stockouts.answer == "turn_away" and not scenario.stock.unlimited,
        leg_life=leg_life,
        shipments=book.demand.orders,
    )
    pick_line.house = house
    if not scenario.stock.unlimited and scenario.stock.sync_min > 0.0:
        LeanProcess(show_stock(house, scenario.stock.sync_min * 60.0))
    return house


def _damage_rates(packing: PackingSection, fragile: list[bool]) -> list[float]:
    """Return the chance of transit damage by SKU."""
    bare = packing.damage_rate if packing.protect_fragile else packing.damage_rate_unprotected
    return [bare if breaks else packing.damage_rate for breaks in fragile]


def _staff(
    scenario: Scenario,
    env: simpy.Environment,
    log: EventLog,
    book: OrderBook,
    date: datetime.date,
) -> Staff:
    teams = crews(scenario.staff)
    also = {
        ROLES.index(role): [ROLES.index(other) for other in others]
        for role, others in scenario.people.cross_training.items()
    }
    staff = Staff(env, log.add, teams, also, scenario.people.at_shift_end, len(ROLES))
    last_day = book.demand.placed_s[-1] / DAY_S if book.demand.orders else 0.0
    days = int(last_day + scenario.run.follow_up_days) + 2
    for crew in teams:
        shift = scenario.staff[crew.shift]
        LeanProcess(staff.duty(crew, stretches(shift, date, days, scenario.people.closed_dates)))
    return staff


def _stock(setting: Setting, log: EventLog, book: OrderBook) -> Stock:
    rules = setting.scenario.stock
    if rules.unlimited:
        return Stock([0] * setting.catalogue.count, [], None, 0.0, 0.0)
    by_sku = levels(setting)
    opening = opening_units(setting, by_sku, book.replication)
    for sku, units in enumerate(opening):
        log.add((0.0, int(Fact.STOCK_OPENED), sku, units, 0.0))
    supplier = SupplierTimes(
        rules.lead_time_days, book.seed, book.replication, setting.catalogue.count
    )
    promise_days = law_quantile(rules.lead_time_days, rules.promise_quantile)
    return Stock(opening, by_sku, supplier, promise_days, rules.receive_s_per_order)


def _deadline(house: House, until_s: float) -> Generator[simpy.Event, Any, None]:
    """End the run when the follow-up time is over, whatever is still open."""
    yield house.env.timeout(until_s)
    if house.finished is not None:
        house.finished.succeed()
        house.finished = None


def _keep_open(house: House, until_s: float) -> Generator[simpy.Event, Any, None]:
    """Keep the house open to the window's end: people are paid for it even without orders."""
    house.life_begins()
    yield house.env.timeout(until_s)
    house.life_ends()


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Hold the cycle collector: a run leaves few cycles, and scanning live orders costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tick(
    env: simpy.Environment, last_s: float, progress: Progress
) -> Generator[simpy.Event, Any, None]:
    """Tell how far the clock is, a hundred times a run."""
    step_s = max(last_s / 100.0, 1.0)
    while env.now < last_s:
        yield env.timeout(step_s)
        progress(min(1.0, env.now / last_s))


def _close(house: House) -> None:
    """Count the shelves, send everybody home in the log, and hand out the last chunk."""
    add, now = house.log.add, house.env.now
    if not house.stock.unlimited:
        for sku, units in enumerate(house.stock.on_hand):
            add((now, int(Fact.STOCK_CLOSED), sku, units, 0.0))
    house.staff.close()
    house.log.flush()
