"""Delivery: the parcel at the door, what is wrong with it, and whether it is late."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact, WrongCause
from sim.stages.house import House
from sim.stages.order import Line, Shipment
from sim.stages.payment import capture
from sim.stages.shipping import Carrier
from sim.stages.telling import tell

DELIVERED, ARRIVED_WRONG = int(Fact.DELIVERED), int(Fact.LINE_ARRIVED_WRONG)
ADDRESS_CORRECTED = int(Fact.ADDRESS_CORRECTED)
SENT_BY_SUPPLIER = int(Fact.SENT_BY_SUPPLIER)
DAY_S = 86_400.0


def travel_from_supplier(house: House, leg: Shipment) -> Generator[simpy.Event, Any, None]:
    """A dropship leg: the supplier sends it in their own time, and makes their own mistakes."""
    env, luck, order = house.env, house.book.luck, leg.order
    yield env.timeout(float(luck.dropship_s[order.number]))
    for line in leg.lines:
        line.taken = line.units
        line.pick_error = 0
        if luck.dropship_wrong[line.number]:
            line.arrived_wrong = int(WrongCause.SUPPLIER)
    house.log.add((env.now, SENT_BY_SUPPLIER, leg.number, -1, 0.0))
    capture(house, leg)
    if house.tells:
        LeanProcess(tell(house, leg))
    carrier: Carrier = house.carriers[house.carrier_of_channel[order.channel]]
    transit = house.redraw(
        carrier.service.transit_days, "shipping/transit/again", order.number, leg.leg
    )
    yield env.timeout(transit * DAY_S)


def arrive(house: House, leg: Shipment) -> None:
    """Note the delivery and every line that is not what the customer ordered."""
    add, now, order = house.log.add, house.env.now, leg.order
    if order.wrong_address and leg.passes >= 0:  # not if the supplier sent it
        add((now, ADDRESS_CORRECTED, leg.number, order.number, 0.0))
    add((now, DELIVERED, leg.number, -1, 0.0))
    if now > order.promised_door_s:
        order.late = True
    for line in leg.lines:
        if line.breaks or line.pick_error or line.entry_fault or line.arrived_wrong:
            line.arrived_wrong = _cause(line)
            order.wrong = True
            add((now, ARRIVED_WRONG, line.number, line.taken, float(line.arrived_wrong)))


def _cause(line: Line) -> int:
    """Name the first thing that went wrong with a line; kinds of pick errors share their codes."""
    if line.arrived_wrong:
        return line.arrived_wrong
    if line.pick_error:
        return line.pick_error
    if line.entry_fault:
        return int(WrongCause.ENTRY)
    return int(WrongCause.DAMAGED_IN_TRANSIT)
