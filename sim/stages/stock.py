"""Stock: what is on the shelves, what is promised, what the channels are shown.

Reserving happens when an order is entered. What is not there gets the scenario's answer. Units that
are received or restocked go first to the backorders that wait longest (`backorders.py`); what runs
low is bought (`buying.py`). Where the books may part from the shelf, `records.py` keeps both.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import simpy

from sim.log.facts import Fact
from sim.stages.backorders import BackorderQueues
from sim.stages.buying import Buying

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line

SHORT_PICKED, SHRUNK = int(Fact.SHORT_PICKED), int(Fact.SHRUNK)
STOCK_CLOSED = int(Fact.STOCK_CLOSED)


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
        Units by the books: what is reserved, bought and shown goes by them.
    shelf
        Units that a picker finds. The same list as ``on_hand``, as long as the books are right.
    reserved
        Units promised to orders and not yet picked.
    shown
        Units by SKU that a channel shows, by channel; a channel that is not in here shows the live
        figure.
    queues
        Lines that wait for goods.
    apart
        Whether the books may be other than the shelf.
    """

    apart = False

    def __init__(self, opening: Sequence[int], buying: Buying | None) -> None:
        self.unlimited = buying is None
        self.on_hand = list(opening)
        self.shelf = self.on_hand
        self.reserved = [0] * len(opening)
        self.shown: dict[int, Sequence[int]] = {}
        self.buying = buying or Buying.nothing(len(opening))
        self.queues = BackorderQueues(len(opening))

    # what is there

    def available(self, sku: int) -> int:
        """Return the units that may be promised: by the books, less those reserved."""
        return self.on_hand[sku] - self.reserved[sku]

    def shown_units(self, sku: int, channel: int) -> int:
        """Return the units a channel shows to customers; 0 and below: sold out."""
        figures = self.shown.get(channel)
        if figures is not None:
            return figures[sku]
        return self.available(sku)

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

    def claim(self, line: Line) -> bool:  # noqa: ARG002  # here the books are right
        """At a tour's end, take hold of a line's units; False: the place holds fewer."""
        return True

    def settle(self, line: Line) -> None:
        """End the hold on a line's units: it is picked."""

    def found_too_few(self, house: House, line: Line) -> None:
        """A place lacks units: they leave the books, and the line's reservation ends.

        The line itself is asked for again before anybody else is served.
        """
        lacking = min(line.lacking, line.units)
        line.lacking = 0
        sku, add, now = line.sku, house.log.add, house.env.now
        add((now, SHORT_PICKED, line.number, lacking, 0.0))
        add((now, SHRUNK, sku, lacking, 0.0))
        self.reserved[sku] -= line.units
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

    def close(self, house: House) -> None:
        """Count what is in the house at the end of the run."""
        if not self.unlimited:
            for sku, units in enumerate(self.on_hand):
                house.log.add((house.env.now, STOCK_CLOSED, sku, units, 0.0))


class StockInTurn(Stock):
    """Stock of which new lines get nothing while other lines wait for the SKU."""

    def reserve(self, house: House, lines: Sequence[Line]) -> list[Line]:
        """Reserve as :meth:`Stock.reserve` does, but overtake nobody."""
        awaited = self.queues.units
        free = [line for line in lines if not awaited[line.sku]]
        short = super().reserve(house, free)
        return [line for line in lines if line in short or line not in free]


def show_stock(
    house: House, every_s: float, channels: Sequence[int]
) -> Generator[simpy.Event, Any, None]:
    """Update the figures shown in some channels every so often."""
    stock = house.stock
    while True:
        figures = [hand - kept for hand, kept in zip(stock.on_hand, stock.reserved, strict=True)]
        stock.shown.update(dict.fromkeys(channels, figures))
        yield house.env.timeout(every_s)


def channels_by_lag(lags_min: Sequence[float]) -> Mapping[float, Sequence[int]]:
    """Return the channels that are updated together, by the minutes between their updates.

    Parameters
    ----------
    lags_min
        By channel; those in real time (0) need no update and are left out.
    """
    together: dict[float, list[int]] = {}
    for channel, lag_min in enumerate(lags_min):
        if lag_min > 0.0:
            together.setdefault(lag_min, []).append(channel)
    return together
