"""Buying: what runs low is bought, what comes is received, and backorders are promised from it."""

from __future__ import annotations

from bisect import insort
from collections.abc import Generator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.policies.replenishment import ReorderLevels, units_to_buy
from sim.stages.suppliers import DAY_S, Part, PartReceipts, PurchaseOrder, SupplierTimes

if TYPE_CHECKING:
    from sim.stages.house import House

DUE = attrgetter("due_s")
RECEIVERS = 4  # house.py stands above this file
PURCHASED, RECEIVED = int(Fact.PURCHASED), int(Fact.RECEIVED)


class Buying:
    """Purchase orders by SKU.

    Attributes
    ----------
    points
        Position at or below which a SKU is bought, units.
    on_order
        Units bought and not yet on the shelf.
    in_parts
        Which purchase orders come in parts; None where all come in one go.
    promise_s
        Seconds in which a purchase order that is placed now is promised.
    """

    def __init__(
        self,
        levels: Sequence[ReorderLevels],
        supplier: SupplierTimes | None,
        promise_days: float,
        receive_s: float,
        in_parts: PartReceipts | None,
    ) -> None:
        self.points = [level.point for level in levels]
        self.on_order = [0] * len(levels)
        self.in_parts = in_parts
        self.promise_s = promise_days * DAY_S
        self._levels = levels
        self._supplier = supplier
        self._receive_s = receive_s
        self._coming: dict[int, list[PurchaseOrder]] = {}
        self._orders_placed = 0

    @classmethod
    def nothing(cls, skus: int) -> Buying:
        """Return the buying of a house whose stock is unlimited: none."""
        return cls([ReorderLevels(0, 0)] * skus, None, 0.0, 0.0, None)

    def coming(self, sku: int) -> Sequence[PurchaseOrder]:
        """Return the SKU's purchase orders that are on their way, the first due first."""
        return self._coming.get(sku, ())

    def buy_if_low(self, house: House, sku: int) -> None:
        """Buy a SKU whose position has fallen to its reorder point."""
        stock = house.stock
        position = (
            stock.on_hand[sku] - stock.reserved[sku] + self.on_order[sku] - stock.queues.units[sku]
        )
        units = units_to_buy(position, self._levels[sku])
        if units <= 0 or self._supplier is None:
            return
        self.on_order[sku] += units
        number = self._orders_placed
        self._orders_placed += 1
        now = house.env.now
        purchase = PurchaseOrder(number, units, now + self.promise_s)
        insort(self._coming.setdefault(sku, []), purchase, key=DUE)
        house.log.add((now, PURCHASED, sku, units, float(number)))
        days = self._supplier.next_days(sku)
        parts = self.in_parts.parts(sku, units, days) if self.in_parts else [Part(days, units)]
        LeanProcess(self._arrive(house, sku, purchase, parts))

    def _arrive(
        self, house: House, sku: int, purchase: PurchaseOrder, parts: Sequence[Part]
    ) -> Generator[simpy.Event, Any, None]:
        """A delivery: comes to the dock, is checked and put away, fills backorders."""
        part, rest = parts[0], parts[1:]
        yield house.env.timeout(part.days * DAY_S)
        if rest and self.in_parts is not None:
            purchase.rest_due_s = house.env.now + self.in_parts.rest_promise_s
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
        house.stock.put_on_shelf(house, sku, units)
        house.stock.queues.fill(house, sku)
        if self.in_parts is not None:
            house.stock.queues.relink(house, sku, purchase)
