"""Stock: what is on the shelves, what is promised, what the channels are shown, what is on its way.

Reserving happens when an order is entered. What is not there gets the scenario's answer. Units that
are received or restocked go first to the backorders that wait longest.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Generator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.policies.replenishment import ReorderLevels, units_to_buy
from sim.stages.backorders import (
    NO_PURCHASE,
    Waiting,
    first_with_room,
    one_less_missing,
    tell_promise,
)
from sim.stages.suppliers import DAY_S, Part, PartReceipts, PurchaseOrder, SupplierTimes

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line

DUE = attrgetter("due_s")
RECEIVERS = 4  # house.py stands above this file
PURCHASED, RECEIVED = int(Fact.PURCHASED), int(Fact.RECEIVED)
BACKORDER_FILLED, BACKORDER_RELINKED = int(Fact.BACKORDER_FILLED), int(Fact.BACKORDER_RELINKED)


class Stock:
    """Units by SKU as plain lists.

    Attributes
    ----------
    on_hand
        Units on the shelf.
    reserved
        Of these, promised to orders and not yet picked.
    on_order
        Units bought and not yet on the shelf.
    backordered
        Units that waiting lines miss.
    shown
        Units the channels are shown; the live figure where the update is in real time.
    """

    def __init__(
        self,
        opening: Sequence[int],
        levels: Sequence[ReorderLevels],
        supplier: SupplierTimes | None,
        promise_days: float,
        receive_s: float,
        in_parts: PartReceipts | None,
    ) -> None:
        skus = len(opening)
        self.unlimited = supplier is None
        self.on_hand = list(opening)
        self.reserved = [0] * skus
        self.on_order = [0] * skus
        self.backordered = [0] * skus
        self.shown: list[int] | None = None
        self._levels = levels
        self._points = [level.point for level in levels]
        self._supplier = supplier
        self._promise_days = promise_days
        self._receive_s = receive_s
        self._in_parts = in_parts
        self._queues: dict[int, deque[Waiting]] = {}
        self._coming: dict[int, list[PurchaseOrder]] = {}
        self._orders_placed = 0

    # what is there

    def shown_units(self, sku: int) -> int:
        """Return the units a channel shows to customers."""
        if self.shown is not None:
            return self.shown[sku]
        return self.on_hand[sku] - self.reserved[sku]

    def reserve(self, house: House, lines: Sequence[Line]) -> list[Line]:
        """Reserve every line that is there in full, buy what runs low; return the other lines."""
        if self.unlimited:
            return []
        on_hand, reserved, points = self.on_hand, self.reserved, self._points
        on_order, backordered = self.on_order, self.backordered
        short = []
        for line in lines:
            sku, units = line.sku, line.units
            left = on_hand[sku] - reserved[sku] - units
            if left < 0:
                short.append(line)
                continue
            reserved[sku] += units
            if left + on_order[sku] - backordered[sku] <= points[sku]:
                self._buy_if_low(house, sku)
        return short

    def free(self, house: House, sku: int, units: int) -> None:
        """Give up a reservation."""
        if not self.unlimited:
            self.reserved[sku] -= units
            self._fill(house, sku)

    def take(self, sku: int, reserved: int, taken: int) -> None:
        """Pick: the reservation ends, the units taken leave the shelf."""
        if not self.unlimited:
            self.reserved[sku] -= reserved
            self.on_hand[sku] -= taken

    def shrink(self, house: House, sku: int, reserved: int, lacking: int) -> None:
        """A place lacks units: they leave the books, and the line's reservation ends.

        The line itself is asked for again before anybody else is served.
        """
        self.reserved[sku] -= reserved
        self.on_hand[sku] -= lacking
        self._buy_if_low(house, sku)

    def put_back(self, house: House, sku: int, taken: int, reserve: int) -> None:
        """A wrongly picked line goes back on the shelf and is reserved anew, no unit too many."""
        if not self.unlimited:
            self.on_hand[sku] += taken
            self.reserved[sku] += reserve
            if taken > reserve:
                self._fill(house, sku)

    def has_spare(self, sku: int) -> bool:
        """Tell whether one unit more than reserved lies on the shelf."""
        return self.unlimited or self.on_hand[sku] > self.reserved[sku]

    def restock(self, house: House, sku: int, units: int) -> None:
        """Put returned units on the shelf."""
        if not self.unlimited:
            self.on_hand[sku] += units
            if house.pick_faces is not None:
                house.pick_faces.received(sku, units)
            self._fill(house, sku)

    # backorders

    def backorder(self, house: House, waiting: Waiting) -> tuple[int, float]:
        """Queue a line; return the purchase order it is promised from and that one's due time."""
        line = waiting.line
        sku = line.sku
        self._queues.setdefault(sku, deque()).append(waiting)
        self.backordered[sku] += line.units
        self._buy_if_low(house, sku)
        return self._link(house, waiting)

    def _link(self, house: House, waiting: Waiting) -> tuple[int, float]:
        """Promise a waiting line what is coming; return the purchase order and its due time."""
        units = waiting.line.units
        purchase = first_with_room(self._coming.get(waiting.line.sku, ()), units)
        if purchase is None:
            waiting.promised_from = None
            return NO_PURCHASE, house.env.now + self._promise_days * DAY_S
        # A purchase order that comes in one go is not divided up: it takes on the whole line.
        waiting.promise(purchase, units if self._in_parts is None else min(units, purchase.left))
        return purchase.number, max(purchase.due_s, house.env.now)

    def _relink(self, house: House, sku: int, purchase: PurchaseOrder) -> None:
        """Promise anew what a receipt of a purchase order has left waiting for it."""
        moved = [each for each in self._queues.get(sku, ()) if each.promised_from is purchase]
        for waiting in moved:
            waiting.leaves()
        add, now = house.log.add, house.env.now
        for waiting in moved:
            number, due_s = self._link(house, waiting)
            add((now, BACKORDER_RELINKED, waiting.line.number, number, due_s))
            if due_s != waiting.due_s:
                tell_promise(house, waiting, number, due_s)

    def give_up(self, house: House, waiting: Waiting) -> None:
        """Take a cancelled line out of its queue."""
        sku = waiting.line.sku
        self._queues[sku].remove(waiting)
        waiting.leaves()
        self.backordered[sku] -= waiting.line.units
        self._fill(house, sku)

    def serve_backorders(self, house: House, sku: int) -> None:
        """Give what is there and not promised to those who wait longest."""
        if not self.unlimited:
            self._fill(house, sku)

    def _fill(self, house: House, sku: int) -> None:
        queue = self._queues.get(sku)
        while queue:
            waiting = queue[0]
            units = waiting.line.units
            if self.on_hand[sku] - self.reserved[sku] < units:
                return
            queue.popleft()
            waiting.leaves()
            self.backordered[sku] -= units
            self.reserved[sku] += units
            waiting.filled = True
            house.log.add((house.env.now, BACKORDER_FILLED, waiting.line.number, units, 0.0))
            one_less_missing(waiting.shipment)

    # purchase orders

    def _buy_if_low(self, house: House, sku: int) -> None:
        position = (
            self.on_hand[sku] - self.reserved[sku] + self.on_order[sku] - self.backordered[sku]
        )
        units = units_to_buy(position, self._levels[sku])
        if units <= 0 or self._supplier is None:
            return
        self.on_order[sku] += units
        number = self._orders_placed
        self._orders_placed += 1
        now = house.env.now
        purchase = PurchaseOrder(number, units, now + self._promise_days * DAY_S)
        insort(self._coming.setdefault(sku, []), purchase, key=DUE)
        house.log.add((now, PURCHASED, sku, units, float(number)))
        days = self._supplier.next_days(sku)
        parts = self._in_parts.parts(sku, units, days) if self._in_parts else [Part(days, units)]
        LeanProcess(self._arrive(house, sku, purchase, parts))

    def _arrive(
        self, house: House, sku: int, purchase: PurchaseOrder, parts: Sequence[Part]
    ) -> Generator[simpy.Event, Any, None]:
        """A delivery: comes to the dock, is checked and put away, fills backorders."""
        part, rest = parts[0], parts[1:]
        yield house.env.timeout(part.days * DAY_S)
        if rest and self._in_parts is not None:
            purchase.rest_due_s = house.env.now + self._in_parts.rest_promise_s
            LeanProcess(self._arrive(house, sku, purchase, rest))
        if house.inbound is not None:
            yield from house.inbound.bring_in(house, sku, part.units, purchase.number)
        elif self._receive_s > 0.0:
            yield house.staff.do(RECEIVERS, self._receive_s, 0, sku)
        self._receive(house, sku, purchase, part.units)

    def _receive(self, house: House, sku: int, purchase: PurchaseOrder, units: int) -> None:
        """Units are on the shelf: they go to those who wait longest; the rest is still to come."""
        house.log.add((house.env.now, RECEIVED, sku, units, float(purchase.number)))
        purchase.units -= units
        coming = self._coming[sku]
        coming.remove(purchase)
        if purchase.units:
            purchase.due_s = purchase.rest_due_s
            insort(coming, purchase, key=DUE)
        self.on_order[sku] -= units
        self.on_hand[sku] += units
        if house.pick_faces is not None:
            house.pick_faces.received(sku, units)
        self._fill(house, sku)
        if self._in_parts is not None:
            self._relink(house, sku, purchase)


def show_stock(house: House, every_s: float) -> Generator[simpy.Event, Any, None]:
    """Update the figures shown in the channels every so often."""
    stock = house.stock
    while True:
        stock.shown = [
            hand - kept for hand, kept in zip(stock.on_hand, stock.reserved, strict=True)
        ]
        yield house.env.timeout(every_s)
