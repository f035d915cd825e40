"""Stock: what is on the shelves, what is promised, what the channels are shown.

Reserving happens when an order is entered. What is not there gets the scenario's answer. Units that
are received or restocked go first to the backorders that wait longest (`backorders.py`); what runs
low is bought (`buying.py`).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import simpy

from sim.stages.backorders import BackorderQueues
from sim.stages.buying import Buying

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line


class Stock:
    """Units by SKU as plain lists.

    Parameters
    ----------
    opening
        Units on the shelf at the start.
    buying
        Who buys what runs low; None where stock is unlimited.

    Attributes
    ----------
    on_hand
        Units on the shelf.
    reserved
        Of these, promised to orders and not yet picked.
    shown
        Units the channels are shown; the live figure where the update is in real time.
    queues
        Lines that wait for goods.
    """

    def __init__(self, opening: Sequence[int], buying: Buying | None) -> None:
        self.unlimited = buying is None
        self.on_hand = list(opening)
        self.reserved = [0] * len(opening)
        self.shown: list[int] | None = None
        self.buying = buying or Buying.nothing(len(opening))
        self.queues = BackorderQueues(len(opening))

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
        on_hand, reserved, points = self.on_hand, self.reserved, self.buying.points
        on_order, backordered = self.buying.on_order, self.queues.units
        short = []
        for line in lines:
            sku, units = line.sku, line.units
            left = on_hand[sku] - reserved[sku] - units
            if left < 0:
                short.append(line)
                continue
            reserved[sku] += units
            if left + on_order[sku] - backordered[sku] <= points[sku]:
                self.buying.buy_if_low(house, sku)
        return short

    def reserve_before_all(self, house: House, line: Line) -> bool:
        """Reserve a line that had its units before, whoever waits; return False if short."""
        return not Stock.reserve(self, house, [line])

    def free(self, house: House, sku: int, units: int) -> None:
        """Give up a reservation."""
        if not self.unlimited:
            self.reserved[sku] -= units
            self.queues.fill(house, sku)

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
        self.buying.buy_if_low(house, sku)

    def put_back(self, house: House, sku: int, taken: int, reserve: int) -> None:
        """A wrongly picked line goes back on the shelf and is reserved anew, no unit too many."""
        if not self.unlimited:
            self.on_hand[sku] += taken
            self.reserved[sku] += reserve
            if taken > reserve:
                self.queues.fill(house, sku)

    def has_spare(self, sku: int) -> bool:
        """Tell whether one unit more than reserved lies on the shelf."""
        return self.unlimited or self.on_hand[sku] > self.reserved[sku]

    def restock(self, house: House, sku: int, units: int) -> None:
        """Put returned units on the shelf."""
        if not self.unlimited:
            self.put_on_shelf(house, sku, units)
            self.queues.fill(house, sku)

    def put_on_shelf(self, house: House, sku: int, units: int) -> None:
        """Units come onto the shelf; nobody is served yet."""
        self.on_hand[sku] += units
        if house.pick_faces is not None:
            house.pick_faces.received(sku, units)


class StockInTurn(Stock):
    """Stock of which new lines get nothing while other lines wait for the SKU."""

    def reserve(self, house: House, lines: Sequence[Line]) -> list[Line]:
        """Reserve as :meth:`Stock.reserve` does, but overtake nobody."""
        awaited = self.queues.units
        free = [line for line in lines if not awaited[line.sku]]
        short = super().reserve(house, free)
        return [line for line in lines if line in short or line not in free]


def show_stock(house: House, every_s: float) -> Generator[simpy.Event, Any, None]:
    """Update the figures shown in the channels every so often."""
    stock = house.stock
    while True:
        stock.shown = [
            hand - kept for hand, kept in zip(stock.on_hand, stock.reserved, strict=True)
        ]
        yield house.env.timeout(every_s)
