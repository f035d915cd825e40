"""Backorders: lines that wait for goods, and the purchase order from which each one is promised."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from sim.log.facts import Fact
from sim.policies.allocation import fair_shares
from sim.stages.promises import one_less_missing, tell_promise

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line, Shipment
    from sim.stages.suppliers import PurchaseOrder

BACKORDER_FILLED, BACKORDER_RELINKED = int(Fact.BACKORDER_FILLED), int(Fact.BACKORDER_RELINKED)
NO_PURCHASE = -1


class Waiting:
    """A backordered line in its SKU's queue.

    Attributes
    ----------
    promised_from, promised_units
        The purchase order it is promised from, and how many of that one's units.
    due_s, truck_s
        When the goods are due, and the truck that the customer was told last.
    slips
        How often a promised truck has left without it.
    done
        The goods are there, or the customer has given up.
    """

    __slots__ = (
        "done", "due_s", "line", "promised_from", "promised_units", "shipment", "slips", "truck_s",
    )  # fmt: skip

    def __init__(self, line: Line, shipment: Shipment) -> None:
        self.line = line
        self.shipment = shipment
        self.promised_from: PurchaseOrder | None = None
        self.promised_units = 0
        self.due_s = 0.0
        self.truck_s = 0.0
        self.slips = 0
        self.done = False

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
        self._place(self._queues.setdefault(sku, deque()), waiting)
        self.units[sku] += line.units
        house.stock.buying.buy_if_low(house, sku)
        return self._link(house, waiting)

    def _place(self, queue: deque[Waiting], waiting: Waiting) -> None:
        """Put a line where its turn is: behind all others."""
        queue.append(waiting)

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
            if stock.available(sku) < units:
                return
            queue.popleft()
            self._serve(house, waiting)

    def _serve(self, house: House, waiting: Waiting) -> None:
        """Give a line that has left its queue its units."""
        sku, units = waiting.line.sku, waiting.line.units
        waiting.leaves()
        self.units[sku] -= units
        house.stock.reserved[sku] += units
        waiting.done = True
        house.log.add((house.env.now, BACKORDER_FILLED, waiting.line.number, units, 0.0))
        one_less_missing(waiting.shipment)

    def promise_anew(self, house: House, waiting: Waiting) -> None:
        """Tell a customer whose promise has slipped when the goods will come now."""
        waiting.leaves()
        tell_promise(house, waiting, *self._link(house, waiting))

    def faults(self, *, all_done: bool) -> Iterator[tuple[int, str]]:
        """Yield SKUs and what is wrong with those who wait for them."""
        for sku, queue in self._queues.items():
            units = sum(waiting.line.units for waiting in queue)
            if units != self.units[sku]:
                yield sku, f"{units} units are waited for, {self.units[sku]} counted"
            if all_done and queue:
                yield sku, f"{len(queue)} lines wait after the last order"

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
        buying, sku, units = house.stock.buying, waiting.line.sku, waiting.line.units
        purchase = first_with_room(buying.coming(sku), units)
        if purchase is None:
            waiting.promised_from = None
            return NO_PURCHASE, house.env.now + buying.promise_s(sku)
        # A purchase order that comes in one go is not divided up: it takes on the whole line.
        waiting.promise(purchase, units if buying.in_parts is None else min(units, purchase.left))
        now = house.env.now
        if purchase.due_s <= now and house.stockouts.repromises:
            return purchase.number, purchase.new_dates.due_s(purchase.due_s, now)
        return purchase.number, max(purchase.due_s, now)


class ByRank(BackorderQueues):
    """The channel with the highest rank is served first, in it who waits longest."""

    def _place(self, queue: deque[Waiting], waiting: Waiting) -> None:
        rank, place = waiting.shipment.rank, len(queue)
        while place and queue[place - 1].shipment.rank > rank:
            place -= 1
        queue.insert(place, waiting)


class ByFairShare(BackorderQueues):
    """What does not suffice is shared over the channels in proportion to what they wait for.

    In its channel who waits longest is served first, and a line gets all its units or none. What
    the channels' shares leave goes to who waits longest of all, if it is enough for them.
    """

    def fill(self, house: House, sku: int) -> None:
        """Share out what is there and not promised."""
        free = house.stock.available(sku)
        if 0 < free < self.units[sku]:
            self._share_out(house, sku, free)
        super().fill(house, sku)

    def _share_out(self, house: House, sku: int, free: int) -> None:
        queue = self._queues[sku]
        of_channel: dict[int, list[Waiting]] = {}
        for waiting in queue:
            of_channel.setdefault(waiting.shipment.order.channel, []).append(waiting)
        parties = [of_channel[channel] for channel in sorted(of_channel)]
        wanted = [sum(waiting.line.units for waiting in party) for party in parties]
        for party, share in zip(parties, fair_shares(free, wanted), strict=True):
            needed = accumulate(waiting.line.units for waiting in party)
            for waiting, units in zip(party, needed, strict=True):
                if units > share:
                    break
                queue.remove(waiting)
                self._serve(house, waiting)


QUEUES: dict[str, type[BackorderQueues]] = {
    "first_come": BackorderQueues,
    "priority": ByRank,
    "fair_share": ByFairShare,
}
"""Allocation rules by name."""


def first_with_room(coming: Sequence[PurchaseOrder], units: int) -> PurchaseOrder | None:
    """Return the first purchase order that has the units left, else the last one, if there is any.

    With the last one everything that is bought is there; beside what lies free on the shelf it
    holds what waiting lines miss.
    """
    for purchase in coming:
        if purchase.left >= units:
            return purchase
    return coming[-1] if coming else None
