"""The house wired for one replication: people and their lines, stock, floor, benches, carriers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import simpy

from sim.clock.calendar import Crew, crews, moments
from sim.clock.clock import Clock
from sim.clock.process import LeanProcess
from sim.clock.staff import Staff
from sim.engine.crew_luck import CrewLuck, mixed_staff
from sim.engine.floor import (
    lines_of_picker,
    narrow_aisles,
    open_the_lines,
    pick_lines,
    pick_method,
    role_of_line,
    zones_of,
)
from sim.engine.goods_in import inbound, pick_faces
from sim.engine.opening import levels, opening_units
from sim.engine.rounds import counts
from sim.engine.setting import Setting
from sim.engine.stations import (
    NOBODY,
    Places,
    lines_of_specialist,
    lines_of_stations,
    open_stations,
    places_of_stations,
)
from sim.engine.supply import buying
from sim.log.event_log import EventLog
from sim.log.facts import Fact
from sim.orders.book import Floats, OrderBook
from sim.scenario.schema import ROLES, Law, Scenario
from sim.scenario.schema.orders import Channel
from sim.scenario.schema.packing import PackingSection
from sim.stages.after_sales import FollowUpDesk
from sim.stages.backorders import QUEUES
from sim.stages.buying import review_stock
from sim.stages.customers import ties
from sim.stages.house import PICKERS, SPECIALISTS, House
from sim.stages.invoices import Invoices
from sim.stages.life import leg_life
from sim.stages.packing import PackingBench
from sim.stages.records import DriftingStock, DriftingStockInTurn
from sim.stages.release import release_desk
from sim.stages.returns_desk import ReturnsDesk
from sim.stages.shipping import Carrier
from sim.stages.stock import Stock, StockInTurn, channels_by_lag, show_stock
from sim.stages.stockouts import StockoutRules
from sim.stages.telling import tells_anything

DAY_S = 86_400.0


def build_house(setting: Setting, book: OrderBook, log: EventLog) -> House:
    """Wire one replication's house: people, stock, floor, carriers."""
    scenario, catalogue = setting.scenario, setting.catalogue
    env = Clock()
    date = datetime.date.fromisoformat(scenario.run.start_date)
    staff, places = _staff(setting, env, log, book, date)
    stock = _stock(setting, log, book)
    stockouts = StockoutRules(scenario, catalogue)
    narrow = narrow_aisles(setting)
    lines = pick_lines(setting, narrow)
    services = list(scenario.shipping.services)
    channels = [scenario.orders.channels.get(name) for name in book.demand.channels]
    carriers = [
        Carrier(number, service, shipping=scenario.shipping, first_weekday=date.weekday())
        for number, service in enumerate(scenario.shipping.services.values())
    ]
    carrier_of = [services.index(c.service) if c else 0 for c in channels]
    house = House(
        env=env,
        scenario=scenario,
        book=book,
        catalogue=catalogue,
        log=log,
        staff=staff,
        stock=stock,
        inbound=inbound(scenario, date.weekday()),
        pick_lines=lines,
        pick=pick_method(setting),
        pick_law_of_channel=[_pick_law(scenario, name) for name in book.demand.channels],
        pick_faces=pick_faces(setting, stock.on_hand),
        narrow_aisles=narrow,
        stations=None,
        bench=PackingBench(
            scenario.packing,
            scenario.picking,
            sees_forms=scenario.entry.found_at_packing_share > 0.0,
        ),
        follow_up=FollowUpDesk(scenario.follow_up.after_days),
        returns_desk=ReturnsDesk(scenario.returns, catalogue),
        carriers=carriers,
        carrier_of_channel=carrier_of,
        promised_transit_s=_promised_transit_s(channels, carrier_of, carriers),
        return_factor=_return_factors(channels),
        manual_channel=[c is not None and c.entry == "manual" for c in channels],
        release_desk=release_desk(scenario.release),
        volume_ml=catalogue.volume_ml.tolist(),
        weight_g=catalogue.weight_g.tolist(),
        fragile=catalogue.fragile.tolist(),
        return_rate=catalogue.return_rate.tolist(),
        damage_rate=_damage_rates(scenario.packing, catalogue.fragile.tolist()),
        stockouts=stockouts,
        looks_at_the_click=stockouts.looks_at_the_click,
        notes_trucks=any(carrier.bay is not None for carrier in carriers),
        tells=tells_anything(scenario.shipping),
        listed_in=[1 if c is None else c.listed_in for c in channels],
        authorisation_s=_authorisation_s(scenario),
        invoices=Invoices(scenario.payment),
        leg_life=leg_life,
        ties=ties(scenario.customers, book),
        shipments=book.demand.orders,
    )
    open_the_lines(house, lines)
    house.stations = open_stations(house, places, book.demand.channels)
    for carrier in carriers:
        if carrier.bay is not None:
            LeanProcess(carrier.bay.trucks_come(house))
    if house.pick_faces is not None:
        house.pick_faces.enter(house)
    if house.bench.line is not None:
        house.bench.line.open(house)
    if isinstance(stock, DriftingStock):
        stock.enter(house)
    if not scenario.stock.unlimited:
        lags_min = [scenario.sync_min(channel) for channel in channels]
        for lag_min, together in channels_by_lag(lags_min).items():
            LeanProcess(show_stock(house, lag_min * 60.0, together))
    if stock.buying.review_s is not None:
        LeanProcess(review_stock(house))
    return house


def _damage_rates(packing: PackingSection, fragile: list[bool]) -> list[float]:
    """Return the chance of transit damage by SKU."""
    bare = packing.damage_rate if packing.protect_fragile else packing.damage_rate_unprotected
    return [bare if breaks else packing.damage_rate for breaks in fragile]


def _promised_transit_s(
    channels: Sequence[Channel | None], carrier_of: Sequence[int], carriers: Sequence[Carrier]
) -> list[float]:
    """Return the transit time that the customers of each channel are told."""
    return [
        carriers[carrier].promised_transit_s
        if c is None or c.promised_transit_days is None
        else c.promised_transit_days * DAY_S
        for c, carrier in zip(channels, carrier_of, strict=True)
    ]


def _authorisation_s(scenario: Scenario) -> float | None:
    """Return how long an authorisation holds, s; None where it never expires."""
    days = scenario.payment.authorisation_days
    return None if days is None else days * DAY_S


def _return_factors(channels: Sequence[Channel | None]) -> Floats | None:
    """Return the factor on the return rate of each channel; None where all are 1."""
    factors = np.array([1.0 if c is None else c.return_factor for c in channels])
    return None if np.all(factors == 1.0) else factors


def _pick_law(scenario: Scenario, channel: str) -> Law | None:
    """Return the law of an order's picking time, None where it is walked out."""
    return scenario.picking.time_s_by_channel.get(channel, scenario.picking.time_s)


def _staff(
    setting: Setting,
    env: simpy.Environment,
    log: EventLog,
    book: OrderBook,
    date: datetime.date,
) -> tuple[Staff, Places]:
    scenario = setting.scenario
    teams, channels = crews(scenario.staff), book.demand.channels
    zones, helps = zones_of(setting), scenario.picking.zones.help_other_zones
    also = {
        ROLES.index(role): [ROLES.index(other) for other in others]
        for role, others in scenario.people.cross_training.items()
    }

    pickers = [crew for crew in teams if crew.role == PICKERS]
    heads_before = accumulate((crew.heads for crew in pickers), initial=0)
    before = {crew.first_person: heads for crew, heads in zip(pickers, heads_before, strict=False)}

    stations, zone_lines = scenario.stations, len(role_of_line(zones, 0))
    places = places_of_stations(stations, teams, len(channels), zone_lines)

    spare = {place.side_line for place in places.values()}

    def serves(crew: Crew, place: int) -> list[int]:
        """Their own role's lines first, then those they are trained for.

        Zones are dealt over all pickers of the house, so that small crews do not all stand in the
        first ones.
        """
        lines: list[int] = []
        for role in (crew.role, *also.get(crew.role, ())):
            if role == PICKERS:
                picker = before.get(crew.first_person, 0) + place
                lines += lines_of_picker(picker, zones, helps or crew.role != PICKERS)
            else:
                lines.append(role)
            if role == SPECIALISTS:
                person = crew.first_person + place if crew.role == SPECIALISTS else NOBODY
                lines += lines_of_specialist(person, stations, places, channels)
        return sorted(lines, key=lambda line: line in spare)  # other work comes last

    rule = scenario.people.at_shift_end
    overtime_s = scenario.people.overtime_max_min * 60.0
    luck = CrewLuck(scenario, book)
    build = mixed_staff(scenario, teams, luck) or Staff
    roles = role_of_line(zones, lines_of_stations(stations, len(channels)))
    staff = build(env, log.add, teams, serves, rule, roles, overtime_s)
    last_day = book.demand.placed_s[-1] / DAY_S if book.demand.orders else 0.0
    days = int(last_day + scenario.run.follow_up_days) + 2
    for crew in teams:
        shift = scenario.staff[crew.shift]
        closed, misses = scenario.people.closed_dates, luck.misses(crew, days)
        LeanProcess(
            staff.duty(moments(crew, shift, date, days, closed_dates=closed, misses=misses))
        )
    return staff, places


def _stock(setting: Setting, log: EventLog, book: OrderBook) -> Stock:
    rules = setting.scenario.stock
    if rules.unlimited:
        return Stock([0] * setting.catalogue.count, None)
    by_sku = levels(setting)
    opening = opening_units(setting, by_sku, book.replication)
    for sku, units in enumerate(opening):
        log.add((0.0, int(Fact.STOCK_OPENED), sku, units, 0.0))
    records, allocation = setting.scenario.records, setting.scenario.allocation
    buys, in_turn = buying(setting, by_sku, book), allocation.no_overtaking
    stock: Stock
    if records.apart:
        drifts = DriftingStockInTurn if in_turn else DriftingStock
        stock = drifts(opening, buys, records, counts(setting))
    else:
        stock = (StockInTurn if in_turn else Stock)(opening, buys)
    stock.queues = QUEUES[allocation.rule](setting.catalogue.count)
    return stock
