"""Records that drift: the books say one thing, the shelf holds another, and nobody knows.

Units vanish, are put on a wrong place or booked wrong. Who reserves, buys or sells goes by the
books; who picks finds the shelf. The books are mended by a picker who finds too few, and by counts
(`counts.py`). Books that were mended downwards may say less than is reserved: nothing is taken from
anybody, nothing more is promised, and whoever comes last to the place finds too few.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import CountCause, Fact
from sim.orders.streams import stream
from sim.policies.miscounts import units_lost, units_off
from sim.scenario.schema.records import RecordsSection
from sim.stages.buying import Buying
from sim.stages.counts import Counts
from sim.stages.stock import SHORT_PICKED, STOCK_CLOSED, Stock, StockInTurn

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line

VANISHED, MISPUT, MISCOUNTED = int(Fact.VANISHED), int(Fact.MISPUT), int(Fact.MISCOUNTED)
COUNTED, RECORD_MENDED = int(Fact.COUNTED), int(Fact.RECORD_MENDED)
FOUND_AGAIN, RECORD_CLOSED = int(Fact.FOUND_AGAIN), int(Fact.RECORD_CLOSED)
DAY_S = 86_400.0
BLOCK = 1024
"""Units that are drawn at a time of those that vanish."""


class DriftingStock(Stock):
    """Stock whose books and shelf are kept apart.

    Attributes
    ----------
    misplaced
        Units by SKU that are in the house on a wrong place: no picker finds them.
    counts
        Who counts; None where nobody does.
    """

    apart = True

    def __init__(
        self, opening: Sequence[int], buying: Buying, rules: RecordsSection, counts: Counts | None
    ) -> None:
        super().__init__(opening, buying)
        self.shelf = list(opening)
        self.misplaced = [0] * len(opening)
        self.counts = counts
        self.house: House
        self._rules = rules
        self._held: dict[int, int] = {}
        self._events: dict[tuple[str, int], int] = {}

    def enter(self, house: House) -> None:
        """Take its place in the house; from now on units vanish, and counts begin."""
        self.house = house
        self._open()
        if self._rules.shrinkage_units_per_sku_day > 0.0:
            LeanProcess(vanish(house, self, self._rules.shrinkage_units_per_sku_day))
        if self.counts is not None:
            self.counts.enter(house, self)

    def _open(self) -> None:
        """Some books are wrong at the start."""
        share = self._rules.opening_wrong_share
        if share > 0.0:
            book, skus = self.house.book, len(self.shelf)
            luck = stream(book.seed, "records/opening", book.replication).random(skus).tolist()
            for sku, uniform in enumerate(luck):
                self._book_wrong(sku, uniform, share, self.shelf[sku])

    # what pickers find

    def held(self, sku: int) -> int:
        """Return the units that the tour which ends now has taken and not yet noted."""
        return self._held.get(sku, 0)

    def claim(self, line: Line) -> bool:
        """Take hold of a line's units, after those that the same tour took for others."""
        sku, held = line.sku, self.held(line.sku)
        if self.shelf[sku] - held < line.units:
            return False
        self._held[sku] = held + line.units
        return True

    def settle(self, line: Line) -> None:
        """End the hold on a line's units: it is picked."""
        self._held[line.sku] -= line.units

    def take(self, sku: int, reserved: int, taken: int) -> None:
        """Pick: what was not in the books is booked first, so that they never fall below zero."""
        if self.on_hand[sku] < taken:
            self._mend(sku, taken)
        super().take(sku, reserved, taken)
        self.shelf[sku] -= taken
        if taken and not self.on_hand[sku]:
            self._ask_for_a_count(sku, CountCause.ZERO)

    def found_too_few(self, house: House, line: Line) -> None:
        """A place holds fewer units than a line needs: the books say from now on what it holds.

        The line's reservation ends. No other line can have what is left: it is held by those of
        the same tour that came first, or it is too little.
        """
        sku = line.sku
        there = self.shelf[sku] - self.held(sku)
        house.log.add((house.env.now, SHORT_PICKED, line.number, line.units - there, 0.0))
        self.reserved[sku] -= line.units
        if self.on_hand[sku] != self.shelf[sku]:
            self._mend(sku, self.shelf[sku])
        self.buying.buy_if_low(house, sku)
        self._ask_for_a_count(sku, CountCause.SHORT_PICK)

    def put_back(self, house: House, sku: int, taken: int, reserve: int) -> None:
        """A wrongly picked line goes back on the shelf and is reserved anew."""
        self.shelf[sku] += taken
        super().put_back(house, sku, taken, reserve)

    def has_spare(self, sku: int) -> bool:
        """Tell whether books and shelf hold a unit more than is promised and held."""
        return super().has_spare(sku) and self.shelf[sku] > self.held(sku)

    # what comes in

    def put_on_shelf(self, house: House, sku: int, units: int) -> None:
        """A receipt: some of it may land on a wrong place, and other units be booked than came."""
        rules = self._rules
        misput = self._luck("records/misput", sku, rules.misput_receipt_share)
        lost = units_lost(misput, rules.misput_receipt_share, units)
        self.shelf[sku] += units - lost
        if lost:
            self.misplaced[sku] += lost
            house.log.add((house.env.now, MISPUT, sku, lost, 0.0))
        self._book(sku, units, "records/receipt", rules.miscount_receipt_share)

    def restock(self, house: House, sku: int, units: int) -> None:
        """Put returned units on the shelf; other units may be booked than came."""
        self.shelf[sku] += units
        self._book(sku, units, "records/return", self._rules.miscount_return_share)
        self.queues.fill(house, sku)

    def _book(self, sku: int, units: int, stream_name: str, share: float) -> None:
        self.on_hand[sku] += units
        self._book_wrong(sku, self._luck(stream_name, sku, share), share, units)

    def _book_wrong(self, sku: int, uniform: float, share: float, units: int) -> None:
        """Book more or fewer units than came, if luck will have it so."""
        off = units_off(uniform, share, self._rules.miscount_max_units, units)
        if off:
            self.on_hand[sku] += off
            self.house.log.add((self.house.env.now, MISCOUNTED, sku, off, 0.0))
            self.buying.buy_if_low(self.house, sku)

    def _luck(self, stream_name: str, sku: int, share: float) -> float:
        """Return the uniform of the SKU's next event of a kind; 1 where nothing can go wrong."""
        if share <= 0.0:
            return 1.0
        number = self._events.get((stream_name, sku), 0)
        self._events[stream_name, sku] = number + 1
        return self.house.redraw_uniform(stream_name, sku, number)

    # how the books are mended

    def _mend(self, sku: int, units: int) -> None:
        """A picker saw what is there: the books say so from now on."""
        before = self.on_hand[sku]
        self.on_hand[sku] = units
        self.house.log.add((self.house.env.now, RECORD_MENDED, sku, before, float(units)))

    def counted(self, sku: int) -> None:
        """A SKU has been counted: what lay on a wrong place is found, the books say what was seen.

        Who waits for goods is served if there are more, and more is bought if there are fewer.
        """
        house, rules = self.house, self._rules
        add, now, found = house.log.add, house.env.now, self.misplaced[sku]
        if found:
            self.misplaced[sku] = 0
            self.shelf[sku] += found
            add((now, FOUND_AGAIN, sku, found, 0.0))
        there = self.shelf[sku]
        luck = self._luck("records/count", sku, rules.count_wrong_share)
        seen = there + units_off(luck, rules.count_wrong_share, rules.miscount_max_units, there)
        add((now, COUNTED, sku, self.on_hand[sku], float(seen)))
        self.on_hand[sku] = seen
        self.buying.buy_if_low(house, sku)
        self.queues.fill(house, sku)

    def _ask_for_a_count(self, sku: int, cause: CountCause) -> None:
        if self._rules.count_when_zero and self.counts is not None:
            self.counts.ask(sku, cause)

    def close(self, house: House) -> None:
        """Count what is in the house at the end of the run, and what the books say."""
        add, now = house.log.add, house.env.now
        for sku, (booked, there) in enumerate(zip(self.on_hand, self.shelf, strict=True)):
            add((now, STOCK_CLOSED, sku, there + self.misplaced[sku], 0.0))
            add((now, RECORD_CLOSED, sku, booked, float(there)))


class DriftingStockInTurn(StockInTurn, DriftingStock):
    """Stock whose books drift, and of which new lines overtake nobody who waits."""


def vanish(
    house: House, stock: DriftingStock, units_per_sku_day: float
) -> Generator[simpy.Event, Any, None]:
    """Let units vanish, one by one: a Poisson process of all SKUs together; each hit alike.

    Nothing vanishes from an empty place.
    """
    skus, add = len(stock.shelf), house.log.add
    generator = stream(house.book.seed, "records/shrinkage", house.book.replication)
    mean_s = DAY_S / (units_per_sku_day * skus)
    while True:
        gaps_s = generator.exponential(mean_s, BLOCK).tolist()
        for gap_s, sku in zip(gaps_s, generator.integers(0, skus, BLOCK).tolist(), strict=True):
            yield house.env.timeout(gap_s)
            if stock.shelf[sku]:
                stock.shelf[sku] -= 1
                add((house.env.now, VANISHED, sku, 1, 0.0))
