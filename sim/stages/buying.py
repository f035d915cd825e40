"""Buying: what runs low is bought, what comes is received, and backorders are promised from it."""

from __future__ import annotations

from bisect import insort
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.policies.replenishment import ReorderLevels, units_to_buy
from sim.stages.suppliers import DAY_S, Part, PurchaseOrder, Supplier

if TYPE_CHECKING:
    from sim.stages.house import House

DUE = attrgetter("due_s")
RECEIVERS = 4  # house.py stands above this file
PURCHASED, RECEIVED = int(Fact.PURCHASED), int(Fact.RECEIVED)
GOODS_ARRIVED, SUPPLIED_BY = int(Fact.GOODS_ARRIVED), int(Fact.SUPPLIED_BY)
ALWAYS, NEVER = 2**62, -(2**62)


@dataclass(frozen=True)
class Emergency:
    """Where a SKU is bought when little is left, and how much of it.

    ``levels`` are those of the units free on the shelf less those backordered, plus those on their
    way from the supplier.
    """

    supplier: Supplier
    levels: ReorderLevels


@dataclass(frozen=True)
class BuyingRules:
    """How a house buys.

    Parameters
    ----------
    regular
        The regular supplier of each SKU.
    emergency
        The emergency supplier of each SKU; empty where there is none at all.
    receive_s
        A receiver's work on a delivery in one go.
    review_s
        Time of the first review and time between two, s; None: positions are looked at at once.
    max_outstanding
        Regular purchase orders of a SKU on their way at once; None: any number.
    one_lot
        Whether a regular purchase order is one lot, where lots are bought.
    named
        Whether suppliers have names: the log then says who supplies, and when they come.
    """

    regular: Sequence[Supplier]
    emergency: Sequence[Emergency | None] = ()
    receive_s: float = 0.0
    review_s: tuple[float, float] | None = None
    max_outstanding: int | None = None
    one_lot: bool = False
    named: bool = False


class Buying:
    """Purchase orders by SKU.

    Attributes
    ----------
    points
        Position at or below which buying wants to be asked whether to buy, units.
    on_order
        Units bought and not yet on the shelf.
    in_parts
        Whether purchase orders may come in parts; None where all come in one go.
    """

    def __init__(self, levels: Sequence[ReorderLevels], rules: BuyingRules) -> None:
        asked_at = ALWAYS if rules.emergency else NEVER if rules.review_s else None
        self.points = [level.point if asked_at is None else asked_at for level in levels]
        self.on_order = [0] * len(levels)
        suppliers = {supplier.number: supplier for supplier in rules.regular}
        suppliers |= {each.supplier.number: each.supplier for each in rules.emergency if each}
        parts = [supplier.in_parts for supplier in suppliers.values() if supplier.in_parts]
        self.in_parts = parts[0] if parts else None
        self._levels = levels
        self._rules = rules
        self._coming: dict[int, list[PurchaseOrder]] = {}
        self._orders_placed = 0
        # Where a line may wait for what nobody has bought yet, or for what went to others.
        self._links_anew = bool(
            parts
            or rules.named
            or rules.review_s is not None
            or rules.max_outstanding is not None
            or min((level.point for level in levels), default=0) < 0
        )

    @classmethod
    def nothing(cls, skus: int) -> Buying:
        """Return the buying of a house whose stock is unlimited: none."""
        return cls([ReorderLevels(0, 0)] * skus, BuyingRules([]))

    @property
    def review_s(self) -> tuple[float, float] | None:
        """Time of the first review and time between two, s; None without reviews."""
        return self._rules.review_s

    def coming(self, sku: int) -> Sequence[PurchaseOrder]:
        """Return the SKU's purchase orders that are on their way, the first due first."""
        return self._coming.get(sku, ())

    def promise_s(self, sku: int) -> float:
        """Return the seconds in which goods are promised of which none are coming."""
        until_review_s = 0.0 if self._rules.review_s is None else self._rules.review_s[1]
        return self._rules.regular[sku].promise_s + until_review_s

    def buy_if_low(self, house: House, sku: int) -> None:
        """Buy a SKU whose position has fallen to its reorder point."""
        rules = self._rules
        if rules.emergency and (emergency := rules.emergency[sku]) is not None:
            self._hurry(house, sku, emergency)
        if rules.review_s is None:
            self._buy_up(house, sku)

    def review(self, house: House) -> None:
        """Look at the position of every SKU, and buy those that are low."""
        for sku in range(len(self._levels)):
            self._buy_up(house, sku)

    def _free(self, house: House, sku: int) -> int:
        """Return the units that lie free on the shelf, less those backordered."""
        stock = house.stock
        return stock.available(sku) - stock.queues.units[sku]

    def _buy_up(self, house: House, sku: int) -> None:
        """Buy from the regular supplier: one order of all that is missing, or lot by lot."""
        levels, rules = self._levels[sku], self._rules
        one_lot = rules.one_lot and levels.lot
        while rules.regular and not self._all_are_out(sku):
            position = self._free(house, sku) + self.on_order[sku]
            units = units_to_buy(position, levels)
            if units <= 0:
                return
            self._buy(house, sku, levels.lot if one_lot else units, rules.regular[sku])
            if not one_lot:
                return

    def _all_are_out(self, sku: int) -> bool:
        """Tell whether as many regular purchase orders of a SKU are on their way as may be."""
        most = self._rules.max_outstanding
        return most is not None and most <= sum(not each.hurried for each in self.coming(sku))

    def _hurry(self, house: House, sku: int, emergency: Emergency) -> None:
        """Buy from the emergency supplier, if what is there and soon comes is too little."""
        soon = sum(each.units for each in self.coming(sku) if each.hurried)
        units = units_to_buy(self._free(house, sku) + soon, emergency.levels)
        if units > 0:
            self._buy(house, sku, units, emergency.supplier, hurried=True)

    def _buy(
        self, house: House, sku: int, wanted: int, supplier: Supplier, *, hurried: bool = False
    ) -> None:
        units = supplier.sells(sku, wanted)
        self.on_order[sku] += units
        number = self._orders_placed
        self._orders_placed += 1
        now = house.env.now
        purchase = PurchaseOrder(
            number, units, now + supplier.promise_s, supplier.new_dates, hurried=hurried
        )
        insort(self._coming.setdefault(sku, []), purchase, key=DUE)
        house.log.add((now, PURCHASED, sku, units, float(number)))
        if self._rules.named:
            house.log.add((now, SUPPLIED_BY, sku, supplier.number, float(number)))
        parts = supplier.parts(sku, units, now)
        LeanProcess(self._arrive(house, sku, purchase, parts, supplier))
        if self._links_anew:
            house.stock.queues.link_what_waits(house, sku)

    def _arrive(
        self,
        house: House,
        sku: int,
        purchase: PurchaseOrder,
        parts: Sequence[Part],
        supplier: Supplier,
    ) -> Generator[simpy.Event, Any, None]:
        """A delivery: comes to the dock, is checked and put away, fills backorders."""
        part, rest = parts[0], parts[1:]
        yield house.env.timeout(part.days * DAY_S)
        if self._rules.named:
            arrived = (house.env.now, GOODS_ARRIVED, sku, part.units, float(purchase.number))
            house.log.add(arrived)
        if rest and supplier.in_parts is not None:
            purchase.rest_due_s = house.env.now + supplier.in_parts.rest_promise_s
            LeanProcess(self._arrive(house, sku, purchase, rest, supplier))
        if house.inbound is not None:
            yield from house.inbound.bring_in(house, sku, part.units, purchase.number)
        elif self._rules.receive_s > 0.0:
            yield house.staff.do(RECEIVERS, self._rules.receive_s, 0, sku)
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
        if self._links_anew:
            house.stock.queues.relink(house, sku, purchase)
        if self._rules.max_outstanding is not None and self._rules.review_s is None:
            self._buy_up(house, sku)


def review_stock(house: House) -> Generator[simpy.Event, Any, None]:
    """Review the stock every so many days at a clock time."""
    buying = house.stock.buying
    assert buying.review_s is not None
    next_s, every_s = buying.review_s
    while True:
        yield house.env.timeout(next_s - house.env.now)
        buying.review(house)
        next_s += every_s
