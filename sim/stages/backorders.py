"""Backorders: lines that wait for goods, and the purchase order from which each one is promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.log.facts import Fact
from sim.stages.loading import note_promise

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line, Shipment
    from sim.stages.suppliers import PurchaseOrder

BACKORDER_PROMISED = int(Fact.BACKORDER_PROMISED)
NO_PURCHASE = -1


class Waiting:
    """A backordered line in its SKU's queue.

    Attributes
    ----------
    promised_from, promised_units
        The purchase order it is promised from, and how many of that one's units.
    due_s
        When the goods are due, as the customer was told last.
    """

    __slots__ = ("due_s", "filled", "line", "promised_from", "promised_units", "shipment")

    def __init__(self, line: Line, shipment: Shipment) -> None:
        self.line = line
        self.shipment = shipment
        self.promised_from: PurchaseOrder | None = None
        self.promised_units = 0
        self.due_s = 0.0
        self.filled = False

    def promise(self, purchase: PurchaseOrder, units: int) -> None:
        """Promise the line so many units of a purchase order."""
        purchase.promised += units
        self.promised_from, self.promised_units = purchase, units

    def leaves(self) -> None:
        """Give back what was promised: it may be promised to others."""
        if self.promised_from is not None:
            self.promised_from.promised -= self.promised_units


def first_with_room(coming: Sequence[PurchaseOrder], units: int) -> PurchaseOrder | None:
    """Return the first purchase order that has the units left, else the last one, if there is any.

    With the last one everything that is bought is there; beside what lies free on the shelf it
    holds what waiting lines miss.
    """
    for purchase in coming:
        if purchase.left >= units:
            return purchase
    return coming[-1] if coming else None


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


def one_less_missing(shipment: Shipment) -> None:
    """Count a line that is there now or given up; the last one lets the shipment go on."""
    shipment.missing -= 1
    if shipment.missing == 0 and shipment.ready is not None:
        shipment.ready.now()
