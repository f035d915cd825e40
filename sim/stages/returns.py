"""A return's life: asked for, sent back, inspected, restocked or scrapped, refunded or replaced.

What never arrived is not sent back. A unit too many is, and that is all: it was never charged.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact, ReturnReason, SplitKind
from sim.stages.customers import waited_for_money
from sim.stages.house import RETURNS_CLERKS, House, size_of
from sim.stages.order import STAYS, Line, Order, Shipment

ASKED, RECEIVED_BACK = int(Fact.RETURN_ASKED), int(Fact.RETURN_RECEIVED)
INSPECT_STARTED, RESTOCKED, SCRAPPED = (
    int(Fact.INSPECT_STARTED),
    int(Fact.RESTOCKED),
    int(Fact.SCRAPPED),
)
REFUNDED, REPLACED, SPLIT = int(Fact.REFUNDED), int(Fact.REPLACED), int(Fact.SPLIT)
DAY_S = 86_400.0
# An order that was typed wrong is refunded: sent again, it would be wrong again.
REPLACEABLE = frozenset(
    int(reason)
    for reason in (
        ReturnReason.WRONG_ITEM,
        ReturnReason.WRONG_QUANTITY,
        ReturnReason.OMITTED,
        ReturnReason.DAMAGED,
    )
)


def return_life(
    house: House, order: Order, line: Line, reason: int, lag_s: float
) -> Generator[simpy.Event, Any, None]:
    """Ask; send back what can come back; have it inspected; refund or replace."""
    env, add, luck = house.env, house.log.add, house.book.luck
    missing, surplus = max(0, line.units - line.taken), max(0, line.taken - line.units)
    comes_back = 0 if missing else surplus or line.units
    yield env.timeout(lag_s)
    asked_s = env.now
    add((asked_s, ASKED, line.number, comes_back, float(reason)))
    if comes_back:
        yield env.timeout(float(luck.way_back_s[line.number]))
        add((env.now, RECEIVED_BACK, line.number, comes_back, 0.0))
        yield from _inspect(house, line, reason, comes_back)
    if surplus:  # it was never charged
        house.life_ends()
        return
    if (
        reason in REPLACEABLE
        and not line.entry_fault
        and luck.replaced[line.number]
        and _replace(house, order, line, missing)
    ):
        house.life_ends()
        return
    yield env.timeout(float(luck.refund_s[order.number]))
    cents = line.price_cents * (missing or comes_back)
    add((env.now, REFUNDED, line.number, order.number, float(cents)))
    house.invoices.set_off(house, order, line.number, cents)
    if env.now - asked_s > house.scenario.customers.slow_refund_days * DAY_S:
        waited_for_money(house, order)
    house.life_ends()


def _inspect(
    house: House, line: Line, reason: int, units: int
) -> Generator[simpy.Event, Any, None]:
    """Open, look, decide; a sound line goes back on its shelf."""
    luck, returns, number = house.book.luck, house.scenario.returns, line.number
    sound = bool(luck.restockable[number]) and reason != ReturnReason.DAMAGED
    work_s = float(luck.inspect_s[number]) + (returns.restock_s if sound else 0.0)
    yield house.staff.do(RETURNS_CLERKS, work_s, INSPECT_STARTED, number)
    fact = RESTOCKED if sound else SCRAPPED
    house.log.add((house.env.now, fact, number, units, 0.0))
    if sound:
        house.stock.restock(house, line.sku, units)


def _replace(house: House, order: Order, line: Line, missing: int) -> bool:
    """Send the goods again if they are there; they are not charged."""
    units = missing or line.units
    again = Line(
        line.number, line.sku, units, line.price_cents, line.search_s, 0, False, False, STAYS
    )
    if house.stock.reserve(house, [again]):
        return False
    number = house.next_shipment_number()
    leg = Shipment(number, order, [again], size_of(house, [again]))
    leg.leg = order.legs
    order.legs += 1
    leg.paid_for = False
    add, now = house.log.add, house.env.now
    add((now, SPLIT, number, order.number, float(SplitKind.REPLACEMENT)))
    add((now, REPLACED, line.number, number, 0.0))
    order.open_legs += 1
    house.life_begins()
    LeanProcess(house.leg_life(house, leg))
    return True
