"""Promises of backorders: told, slipped, told anew, and given up by the customer."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.stages.loading import note_promise

if TYPE_CHECKING:
    from sim.stages.backorders import Waiting
    from sim.stages.house import House
    from sim.stages.order import Shipment

BACKORDER_PROMISED, BACKORDER_SLIPPED = int(Fact.BACKORDER_PROMISED), int(Fact.BACKORDER_SLIPPED)
BACKORDER_CANCELLED = int(Fact.BACKORDER_CANCELLED)


def tell_promise(house: House, waiting: Waiting, purchase: int, due_s: float) -> None:
    """Tell the customer by which truck the line will leave."""
    waiting.due_s = due_s
    shipment = waiting.shipment
    carrier = house.carriers[house.carrier_of_channel[shipment.order.channel]]
    truck_s = due_s if carrier.service.continuous else carrier.trucks.promised_s(due_s)
    house.log.add((house.env.now, BACKORDER_PROMISED, waiting.line.number, purchase, truck_s))
    told_s = house.told_trucks_s.setdefault(shipment.number, {})
    told_s[waiting.line.number] = truck_s
    shipment.promised_truck_s = max(told_s.values())
    if house.notes_trucks and shipment.leg:  # an order's own shipment is held to the first promise
        note_promise(house, shipment.order, shipment.number, shipment.promised_truck_s)
    waiting.truck_s = truck_s
    if house.stockouts.repromises:
        LeanProcess(_slips(house, waiting, truck_s))


def _slips(house: House, waiting: Waiting, truck_s: float) -> Generator[simpy.Event, Any, None]:
    """When the promised truck has gone and the goods are not there, tell a new date."""
    yield house.env.timeout(truck_s - house.env.now)
    if waiting.done or waiting.truck_s != truck_s:  # there, given up, or told another date since
        return
    number = waiting.line.number
    house.log.add((house.env.now, BACKORDER_SLIPPED, number, -1, truck_s))
    share = house.stockouts.cancel_on_slip_share
    if share and house.redraw_uniform("stockout/slip", number, waiting.slips) < share:
        give_up(house, waiting)
        return
    waiting.slips += 1
    house.stock.queues.promise_anew(house, waiting)


def patience(
    house: House, waiting: Waiting, patience_s: float
) -> Generator[simpy.Event, Any, None]:
    """The customer cancels what is still missing when their patience ends."""
    yield house.env.timeout(patience_s)
    if not waiting.done:
        give_up(house, waiting)


def give_up(house: House, waiting: Waiting) -> None:
    """Cancel a line that waits."""
    waiting.done = True
    line = waiting.line
    house.log.add((house.env.now, BACKORDER_CANCELLED, line.number, line.units, 0.0))
    house.stock.queues.give_up(house, waiting)
    order = waiting.shipment.order
    order.gave_up = True
    order.lines = [kept for kept in order.lines if kept is not line]
    waiting.shipment.lines = [kept for kept in waiting.shipment.lines if kept is not line]
    waiting.shipment.to_pick = [kept for kept in waiting.shipment.to_pick if kept is not line]
    one_less_missing(waiting.shipment)


def one_less_missing(shipment: Shipment) -> None:
    """Count a line that is there now or given up; the last one lets the shipment go on."""
    shipment.missing -= 1
    if shipment.missing == 0 and shipment.ready is not None:
        shipment.ready.now()
