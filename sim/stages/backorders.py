"""Backorders: lines that wait for goods, and the purchase order from which each one is promised."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.log.facts import Fact
from sim.stages.loading import note_promise

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line, Shipment
    from sim.stages.suppliers import PurchaseOrder

BACKORDER_PROMISED, BACKORDER_FILLED = int(Fact.BACKORDER_PROMISED), int(Fact.BACKORDER_FILLED)
BACKORDER_RELINKED = int(Fact.BACKORDER_RELINKED)
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


class BackorderQueues:
    """Lines that wait for goods, by SKU; who waits longest is served first.

    Attributes
    ----------
    units
        Units that waiting lines miss, by SKU.
    """

    def __init__(self, skus: int) -> None:
        self.units = [0] * skus
        self._queues: dict[int, deque[Waiting]] = {}

    def join(self, house: House, waiting: Waiting) -> tuple[int, float]:
        """Queue a line; return the purchase order it is promised from and that one's due time."""
        line = waiting.line
        sku = line.sku
        self._queues.setdefault(sku, deque()).append(waiting)
        self.units[sku] += line.units
        house.stock.buying.buy_if_low(house, sku)
        return self._link(house, waiting)

    def give_up(self, house: House, waiting: Waiting) -> None:
        """Take a cancelled line out of its queue."""
        sku = waiting.line.sku
        self._queues[sku].remove(waiting)
        waiting.leaves()
        self.units[sku] -= waiting.line.units
        self.fill(house, sku)

    def fill(self, house: House, sku: int) -> None:
        """Give what is there and not promised to those who wait longest."""
        queue, stock = self._queues.get(sku), house.stock
        while queue:
            waiting = queue[0]
            units = waiting.line.units
            if stock.on_hand[sku] - stock.reserved[sku] < units:
                return
            queue.popleft()
            waiting.leaves()
            self.units[sku] -= units
            stock.reserved[sku] += units
            waiting.filled = True
            house.log.add((house.env.now, BACKORDER_FILLED, waiting.line.number, units, 0.0))
            one_less_missing(waiting.shipment)

    def relink(self, house: House, sku: int, purchase: PurchaseOrder) -> None:
        """Promise anew what a receipt of a purchase order has left waiting for it."""
        moved = [each for each in self._queues.get(sku, ()) if each.promised_from is purchase]
        for waiting in moved:
            waiting.leaves()
        self._link_anew(house, moved)

    def link_what_waits(self, house: House, sku: int) -> None:
        """Promise lines that wait with nothing coming for them what has just been bought."""
        queue = self._queues.get(sku, ())
        # Whoever was told nothing yet is just joining, and is linked then.
        self._link_anew(house, [w for w in queue if w.promised_from is None and w.due_s > 0.0])

    def _link_anew(self, house: House, moved: Sequence[Waiting]) -> None:
        add, now = house.log.add, house.env.now
        for waiting in moved:
            number, due_s = self._link(house, waiting)
            add((now, BACKORDER_RELINKED, waiting.line.number, number, due_s))
            if due_s != waiting.due_s:
                tell_promise(house, waiting, number, due_s)

    def _link(self, house: House, waiting: Waiting) -> tuple[int, float]:
        """Promise a waiting line what is coming; return the purchase order and its due time."""
        buying, units = house.stock.buying, waiting.line.units
        purchase = first_with_room(buying.coming(waiting.line.sku), units)
        if purchase is None:
            waiting.promised_from = None
            return NO_PURCHASE, house.env.now + buying.promise_s
        # A purchase order that comes in one go is not divided up: it takes on the whole line.
        waiting.promise(purchase, units if buying.in_parts is None else min(units, purchase.left))
        return purchase.number, max(purchase.due_s, house.env.now)


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
