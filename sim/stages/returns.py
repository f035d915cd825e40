"""A return's life: asked for, allowed, sent back, inspected; and what the customer gets for it.

Two ways meet in it. The goods go back to the desk, and from there to the shelf or the scrap. The
customer gets money, an exchange or a replacement, once, at the moment that the house has chosen.
What never arrived is not sent back. A unit too many is, and that is all: it was never charged.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import IntEnum
from typing import Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact, ReturnReason
from sim.stages.customers import waited_for_money
from sim.stages.house import House
from sim.stages.order import Line, Order
from sim.stages.returns_desk import CUSTOMERS_OWN, is_as_new
from sim.stages.sent_again import exchange, replace

ASKED, SCANNED = int(Fact.RETURN_ASKED), int(Fact.RETURN_SCANNED)
RECEIVED_BACK, NEVER_CAME = int(Fact.RETURN_RECEIVED), int(Fact.RETURN_NEVER_CAME)
REFUNDED = int(Fact.REFUNDED)
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
EXCHANGEABLE = frozenset((int(ReturnReason.FIT), int(ReturnReason.NOT_AS_EXPECTED)))


class Moment(IntEnum):
    """When a customer may get what is due."""

    REQUEST = 0
    SCAN = 1
    INSPECTION = 2


class Wish(IntEnum):
    """What a customer gets for a return."""

    NOTHING = 0  # a unit too many was never charged
    MONEY = 1
    EXCHANGE = 2
    REPLACEMENT = 3


def return_life(
    house: House, order: Order, line: Line, reason: int, lag_s: float
) -> Generator[simpy.Event, Any, None]:
    """Ask; send back what can come back; have it inspected; refund, exchange or replace."""
    env, add, number = house.env, house.log.add, line.number
    desk = house.returns_desk
    missing, surplus = max(0, line.units - line.taken), max(0, line.taken - line.units)
    comes_back = 0 if missing else surplus or units_back(house, line, reason)
    yield env.timeout(lag_s)
    add((env.now, ASKED, number, comes_back, float(reason)))
    due = Due(house, order, line, reason, missing or comes_back, surplus > 0)
    if desk.may_say_no:
        said_yes = yield from desk.says_yes(house, line, reason, comes_back, lag_s)
        if not said_yes:
            house.life_ends()
            return
    due.settle(house, Moment.REQUEST)
    if comes_back:
        if house.book.luck.never_sent[number]:
            yield env.timeout(house.scenario.returns.label_valid_days * DAY_S)
            add((env.now, NEVER_CAME, number, comes_back, 0.0))
            house.life_ends()
            return
        yield from _way_back(house, line, comes_back, due)
        add((env.now, RECEIVED_BACK, number, comes_back, 0.0))
        refurbishes = yield from desk.inspect(house, line, reason, comes_back)
        due.settle(house, Moment.INSPECTION)
        if refurbishes:
            yield from desk.refurbish(house, line, comes_back)
    else:
        due.settle(house, Moment.INSPECTION)
    house.life_ends()


def units_back(house: House, line: Line, reason: int) -> int:
    """Return how many units of a line come back: all, or a number below them.

    Sound goods only: what the house got wrong is sent back whole.
    """
    part_u = float(house.book.luck.part_u[line.number])
    if part_u >= 1.0 or line.units == 1 or reason not in CUSTOMERS_OWN:
        return line.units
    return 1 + int(part_u * (line.units - 1))


def _way_back(house: House, line: Line, units: int, due: Due) -> Generator[simpy.Event, Any, None]:
    """Travel back; the carrier's scan on the way may start the refund."""
    rules, env = house.scenario.returns, house.env
    way_s = float(house.book.luck.way_back_s[line.number])
    if rules.refund_when == "scan":
        until_scan_s = way_s * rules.scan_after_share
        yield env.timeout(until_scan_s)
        house.log.add((env.now, SCANNED, line.number, units, 0.0))
        due.settle(house, Moment.SCAN)
        way_s -= until_scan_s
    yield env.timeout(way_s)


class Due:
    """What a customer is owed for a return; it is given once.

    Parameters
    ----------
    units
        Units to be paid back, exchanged or replaced.
    cents
        What a refund comes to: the price, less a deduction for what customers have used.
    too_many
        Whether these came on top of what was ordered.
    """

    __slots__ = ("asked_s", "cents", "line", "order", "units", "wish")

    def __init__(
        self, house: House, order: Order, line: Line, reason: int, units: int, too_many: bool
    ) -> None:
        luck = house.book.luck
        self.order, self.line, self.units = order, line, units
        self.asked_s = house.env.now
        self.cents = line.price_cents * units
        deduction = house.scenario.returns.deduction_share
        if deduction and reason in CUSTOMERS_OWN and not is_as_new(house, line, reason):
            self.cents -= round(self.cents * deduction)
        self.wish = Wish.MONEY
        if too_many:
            self.wish = Wish.NOTHING
        elif reason in REPLACEABLE:
            if luck.replaced[line.number] and not line.entry_fault:
                self.wish = Wish.REPLACEMENT
        elif reason in EXCHANGEABLE and luck.exchanged[line.number]:
            self.wish = Wish.EXCHANGE

    def settle(self, house: House, moment: Moment) -> None:
        """Give what is due by this moment; if the goods are not there, money takes their place."""
        rules = house.scenario.returns
        if self.wish == Wish.REPLACEMENT and moment == Moment.INSPECTION:
            sent = replace(house, self.order, self.line, self.units)
            self.wish = Wish.NOTHING if sent else Wish.MONEY
        elif self.wish == Wish.EXCHANGE and moment >= Moment[rules.exchange_when.upper()]:
            sent = exchange(house, house.returns_desk, self.order, self.line, self.units)
            self.wish = Wish.NOTHING if sent else Wish.MONEY
        if self.wish == Wish.MONEY and moment >= Moment[rules.refund_when.upper()]:
            self.wish = Wish.NOTHING
            house.life_begins()
            LeanProcess(_pay_back(house, self))


def _pay_back(house: House, due: Due) -> Generator[simpy.Event, Any, None]:
    order, line = due.order, due.line
    yield house.env.timeout(float(house.book.luck.refund_s[order.number]))
    house.log.add((house.env.now, REFUNDED, line.number, order.number, float(due.cents)))
    house.invoices.set_off(house, order, line.number, due.cents)
    if house.env.now - due.asked_s > house.scenario.customers.slow_refund_days * DAY_S:
        waited_for_money(house, order)
    house.life_ends()


def refund_instead(house: House, order: Order, line: Line) -> Generator[simpy.Event, Any, None]:
    """Give the money back for goods sent again that were in the books and not on the shelf."""
    yield house.env.timeout(float(house.book.luck.refund_s[order.number]))
    cents = line.price_cents * line.units
    house.log.add((house.env.now, REFUNDED, line.number, order.number, float(cents)))
    house.invoices.set_off(house, order, line.number, cents)
    house.life_ends()
