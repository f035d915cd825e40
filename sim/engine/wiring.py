"""The house wired for one replication: people and their lines, stock, floor, benches, carriers."""

from __future__ import annotations

import datetime

import simpy

from sim.clock.calendar import Crew, crews, moments
from sim.clock.process import Clock, LeanProcess
from sim.clock.staff import Staff
from sim.engine.crew_luck import CrewLuck, mixed_staff
from sim.engine.opening import levels, opening_units
from sim.engine.setting import Setting
from sim.log.event_log import EventLog
from sim.log.facts import Fact
from sim.orders.book import OrderBook
from sim.policies.batching import BATCHING, LOOK_AT_AISLES
from sim.policies.release import resolve_release
from sim.policies.routing import resolve_routing
from sim.scenario.schema import ROLES, Scenario, law_quantile
from sim.scenario.schema.packing import PackingSection
from sim.stages.after_sales import FollowUpDesk
from sim.stages.house import House
from sim.stages.life import leg_life
from sim.stages.packing import PackingBench
from sim.stages.picking import PickLine
from sim.stages.shipping import Carrier
from sim.stages.stock import Stock, SupplierTimes, show_stock

DAY_S = 86_400.0


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

    def serves(crew: Crew, _place: int) -> list[int]:
        """Their own role's line first, then those they are trained for."""
        return [crew.role, *also.get(crew.role, ())]

    rule = scenario.people.at_shift_end
    overtime_s = scenario.people.overtime_max_min * 60.0
    luck = CrewLuck(scenario, book)
    build = mixed_staff(scenario, teams, luck) or Staff
    staff = build(env, log.add, teams, serves, rule, range(len(ROLES)), overtime_s)
    last_day = book.demand.placed_s[-1] / DAY_S if book.demand.orders else 0.0
    days = int(last_day + scenario.run.follow_up_days) + 2
    for crew in teams:
        shift = scenario.staff[crew.shift]
        closed, misses = scenario.people.closed_dates, luck.misses(crew, days)
        LeanProcess(
            staff.duty(moments(crew, shift, date, days, closed_dates=closed, misses=misses))
        )
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
