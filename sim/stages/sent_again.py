"""Shipments that nobody pays for: a replacement of what went wrong, an exchange of what comes back.

They are picked, packed and sent like any other, and never wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock.process import LeanProcess
from sim.log.facts import Fact, SplitKind
from sim.policies.exchange import sku_in_exchange
from sim.stages.house import House, size_of
from sim.stages.order import STAYS, Line, Order, Shipment
from sim.stages.substitutes import waits_for

if TYPE_CHECKING:
    from sim.stages.returns_desk import ReturnsDesk

REPLACED, EXCHANGED, SPLIT = int(Fact.REPLACED), int(Fact.EXCHANGED), int(Fact.SPLIT)


def replace(house: House, order: Order, line: Line, units: int) -> bool:
    """Send the goods again; return False if they are not there."""
    again = _again(line, line.sku, units)
    if house.stock.reserve(house, [again]):
        return False
    leg = _leg(house, order, again, SplitKind.REPLACEMENT)
    house.log.add((house.env.now, REPLACED, line.number, leg.number, 0.0))
    return _send(house, leg)


def exchange(house: House, desk: ReturnsDesk, order: Order, line: Line, units: int) -> bool:
    """Send another SKU of the category at the price that was paid; return False if none is there.

    Sizes and colours cost the same, so nothing is charged and nothing is paid back.
    """
    stock = house.stock

    def available(sku: int) -> int:
        if stock.unlimited:
            return units
        return 0 if waits_for(house, sku) else stock.available(sku)

    sku = sku_in_exchange(line.sku, desk.kin(line.sku), units, available)
    if sku < 0:
        return False
    other = _again(line, sku, units)
    short = stock.reserve(house, [other])
    assert not short, "it was there"
    leg = _leg(house, order, other, SplitKind.EXCHANGE)
    house.log.add((house.env.now, EXCHANGED, line.number, leg.number, float(sku)))
    return _send(house, leg)


def _again(line: Line, sku: int, units: int) -> Line:
    return Line(line.number, sku, units, line.price_cents, line.search_s, 0, False, False, STAYS)


def _leg(house: House, order: Order, line: Line, kind: SplitKind) -> Shipment:
    number = house.next_shipment_number()
    leg = Shipment(number, order, [line], size_of(house, [line]))
    leg.leg = order.legs
    order.legs += 1
    leg.paid_for = False
    house.log.add((house.env.now, SPLIT, number, order.number, float(kind)))
    return leg


def _send(house: House, leg: Shipment) -> bool:
    leg.order.open_legs += 1
    house.life_begins()
    LeanProcess(house.leg_life(house, leg))
    return True
