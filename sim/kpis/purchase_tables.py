"""What the log says about purchase orders: when they were placed, arrived, were received."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import NAN, Numbered, Rows
from sim.kpis.slices import Slice
from sim.log.facts import Fact


class PurchaseTables:
    """Purchase orders.

    Attributes
    ----------
    purchases
        Per purchase order: ``placed_s sku units supplier`` (supplier 0 where none is named),
        ``arrived_s arrived_units`` (last arrival, units so far; only of named suppliers),
        ``received_units``.
    receipts
        Rows of what came onto the shelf: ``number time_s units``.
    """

    def __init__(self) -> None:
        self.purchases = Numbered(
            0,
            placed_s=("f8", NAN),
            sku=("i4", -1),
            units=("i4", 0),
            supplier=("i2", 0),
            arrived_s=("f8", NAN),
            arrived_units=("i4", 0),
            received_units=("i4", 0),
        )
        self.receipts = Rows(number="i4", time_s="f8", units="i4")

    def fold(self, slices: dict[int, Slice]) -> None:
        """Fold the purchase orders of a chunk in."""
        for fact, handler in (
            (Fact.PURCHASED, self._purchased),
            (Fact.SUPPLIED_BY, self._supplied_by),
            (Fact.GOODS_ARRIVED, self._arrived),
            (Fact.RECEIVED, self._received),
        ):
            facts = slices.get(int(fact))
            if facts is not None:
                handler(facts)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.purchases.nbytes + self.receipts.nbytes

    def _numbers(self, facts: Slice) -> npt.NDArray[np.int64]:
        numbers: npt.NDArray[np.int64] = facts.value.astype(np.int64)
        self.purchases.reach(int(numbers.max()))
        return numbers

    def _purchased(self, facts: Slice) -> None:
        numbers = self._numbers(facts)
        self.purchases.set("placed_s", numbers, facts.time_s)
        self.purchases.set("sku", numbers, facts.subject)
        self.purchases.set("units", numbers, facts.other)

    def _supplied_by(self, facts: Slice) -> None:
        self.purchases.set("supplier", self._numbers(facts), facts.other)

    def _arrived(self, facts: Slice) -> None:
        numbers = self._numbers(facts)
        self.purchases.set("arrived_s", numbers, facts.time_s)
        self.purchases.add("arrived_units", numbers, facts.other)

    def _received(self, facts: Slice) -> None:
        numbers = self._numbers(facts)
        self.purchases.add("received_units", numbers, facts.other)
        self.receipts.append(len(numbers), number=numbers, time_s=facts.time_s, units=facts.other)
