"""The account of the stock: what came onto the shelf and what left it, SKU by SKU.

Opening + received + restocked + put back = picked + shrunk + closing. A line that the packing
check finds wrong is put back before it is picked again. What comes back and is scrapped never
reached the shelf. What lies on a wrong place is in the house. The same movements give the mean
stock of the window, as an area under a curve.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.kpis.slices import Slice, Window
from sim.log.facts import Fact
from sim.warehouse.items import Catalogue

Units = npt.NDArray[np.int64]


class StockAccount:
    """Totals of each SKU and the area under the stock curve.

    Parameters
    ----------
    sku_of, sku_picked
        Tell the SKU of the line of each fact as typed at that moment, and of each pick or put-back.
    catalogue
        Costs of the SKUs.
    window
        The measured stretch of time.

    Attributes
    ----------
    opened, received, restocked, put_back, picked, shrunk, closed
        Units of each SKU over the whole log. Shape (K,).
    on_hand
        Units of each SKU after the last fact. Shape (K,).
    area_unit_s, area_cents_s
        Area under the stock curve inside the window, in units and at purchase cost.
    day_end_cents_s
        The same area if the stock of each midnight had been there all day, at purchase cost.
    out_cents
        Purchase cost of the units that left the shelf inside the window, without those put back.
    lowest
        Lowest stock of any SKU at any time, units.
    """

    def __init__(
        self,
        sku_of: Callable[[Slice], Units],
        sku_picked: Callable[[Slice], Units],
        catalogue: Catalogue,
        window: Window,
    ) -> None:
        self._sku_of = sku_of
        self._sku_picked = sku_picked
        self._cost_cents = catalogue.cost_cents
        self._window = window
        count = catalogue.count
        self.opened, self.received, self.restocked, self.put_back = (_none(count) for _ in range(4))
        self.picked, self.shrunk, self.closed, self.on_hand = (_none(count) for _ in range(4))
        self.area_unit_s = 0.0
        self.area_cents_s = 0.0
        self.day_end_cents_s = 0.0
        self.out_cents = 0
        self.lowest = 0
        self.counted = False

    def fold(self, slices: dict[int, Slice], fault: Callable[[str], None]) -> None:
        """Fold the stock movements of a chunk in.

        Parameters
        ----------
        slices
            Facts of the chunk by kind.
        fault
            Told about a stock below zero.
        """
        moves: list[tuple[Units, Units, Slice]] = []
        sources = (
            (Fact.STOCK_OPENED, self.opened, 1, _named),
            (Fact.RECEIVED, self.received, 1, _named),
            (Fact.RESTOCKED, self.restocked, 1, self._sku_of),
            (Fact.LINE_MENDED, self.put_back, 1, self._sku_picked),
            (Fact.ENTRY_FAULT_FOUND, self.put_back, 1, self._sku_of),
            (Fact.LINE_PICKED, self.picked, -1, self._sku_picked),
            (Fact.SHRUNK, self.shrunk, -1, _named),
            (Fact.VANISHED, self.shrunk, -1, _named),
        )
        for fact, total, sign, sku_told_by in sources:
            facts = slices.get(int(fact))
            if facts is None:
                continue
            units = facts.other.astype(np.int64)
            sku = sku_told_by(facts)
            np.add.at(total, sku, units)
            moves.append((sku, sign * units, facts))
            if fact in (Fact.LINE_PICKED, Fact.LINE_MENDED, Fact.ENTRY_FAULT_FOUND):
                self._count_out(sku, -sign * units, facts.time_s)
        closed = slices.get(int(Fact.STOCK_CLOSED))
        if closed is not None:
            np.add.at(self.closed, closed.subject, closed.other.astype(np.int64))
        self.counted = self.counted or int(Fact.STOCK_OPENED) in slices
        if moves and self.counted:
            self._move(moves, fault)

    def _count_out(self, sku: Units, units: Units, time_s: npt.NDArray[np.float64]) -> None:
        inside = self._window.holds(time_s)
        self.out_cents += int(np.sum(units[inside] * self._cost_cents[sku[inside]]))

    def _move(self, moves: list[tuple[Units, Units, Slice]], fault: Callable[[str], None]) -> None:
        sku = np.concatenate([m[0] for m in moves])
        units = np.concatenate([m[1] for m in moves])
        time_s = np.concatenate([m[2].time_s for m in moves])
        left_s = self._window.end_s - self._window.cut(time_s)
        area = units * left_s
        self.area_unit_s += float(np.sum(area))
        self.area_cents_s += float(np.sum(area * self._cost_cents[sku]))
        day_ends_s = units * self._window.day_end_left_s(time_s)
        self.day_end_cents_s += float(np.sum(day_ends_s * self._cost_cents[sku]))
        order = np.lexsort((np.concatenate([m[2].position for m in moves]), sku))
        sku, units = sku[order], units[order]
        running = np.cumsum(units)
        starts = np.flatnonzero(np.append(True, sku[1:] != sku[:-1]))
        before = np.where(starts > 0, running[starts - 1], 0)
        lengths = np.diff(np.append(starts, len(sku)))
        running += np.repeat(self.on_hand[sku[starts]] - before, lengths)
        worst = int(np.argmin(running))
        if running[worst] < min(self.lowest, 0):
            self.lowest = int(running[worst])
            fault(f"stock of SKU {int(sku[worst])} fell to {self.lowest} units")
        ends = starts + lengths - 1
        self.on_hand[sku[ends]] = running[ends]


def _named(facts: Slice) -> Units:
    """Return the SKUs that facts of stock name as their subject."""
    return facts.subject.astype(np.int64)


def _none(count: int) -> Units:
    return np.zeros(count, dtype=np.int64)
