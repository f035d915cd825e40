"""Suppliers: what they are asked for, when it comes, and whether it comes in one go.

Luck belongs to a SKU and to how often that SKU was bought before, so a delivery keeps its lead time
and its shortness whatever else the house does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.orders.book import Floats
from sim.orders.draws import draw
from sim.orders.streams import stream
from sim.scenario.schema import Law, law_quantile
from sim.scenario.schema.stock import StockSection

DAY_S = 86_400.0


class PurchaseOrder:
    """An order to the supplier that is on its way, whole or in part.

    Attributes
    ----------
    units
        Units still to come.
    due_s
        When they are due at the dock.
    promised
        Units promised to lines that wait for them.
    rest_due_s
        When the rest is due that did not come with the first part; due itself once that is seen.
    """

    __slots__ = ("due_s", "number", "promised", "rest_due_s", "units")

    def __init__(self, number: int, units: int, due_s: float) -> None:
        self.number = number
        self.units = units
        self.due_s = due_s
        self.rest_due_s = due_s
        self.promised = 0

    @property
    def left(self) -> int:
        """Units that are promised to nobody."""
        return self.units - self.promised


class Part(NamedTuple):
    """One truck's part of a purchase order: so many days after the one before, so many units."""

    days: float
    units: int


class LuckByPurchase:
    """One draw for each purchase of a SKU, a column of all SKUs at a time."""

    def __init__(self, name: str, column: Callable[[np.random.Generator, int], Floats],
                 seed: int, replication: int, skus: int) -> None:  # fmt: skip
        self._name = name
        self._column = column
        self._seed = seed
        self._replication = replication
        self._skus = skus
        self._columns: list[Sequence[float]] = []
        self._bought = [0] * skus

    def next(self, sku: int) -> float:
        """Return the draw of the SKU's next purchase."""
        number = self._bought[sku]
        self._bought[sku] = number + 1
        while number >= len(self._columns):
            name = f"{self._name}/{len(self._columns)}"
            generator = stream(self._seed, name, self._replication)
            self._columns.append(self._column(generator, self._skus).tolist())
        return self._columns[number][sku]


class SupplierTimes:
    """Lead times by SKU and by how often the SKU was bought before."""

    def __init__(self, law: Law, seed: int, replication: int, skus: int) -> None:
        self._days = LuckByPurchase(
            "supplier/lead-time", lambda rng, n: draw(law, rng, n), seed, replication, skus
        )

    def next_days(self, sku: int) -> float:
        """Return the lead time of the SKU's next purchase order, days."""
        return self._days.next(sku)


class PartReceipts:
    """Which purchase orders come in two parts, and when the rest comes.

    Attributes
    ----------
    rest_promise_s
        Seconds from the first part to the time at which the rest is promised.
    """

    def __init__(self, stock: StockSection, seed: int, replication: int, skus: int) -> None:
        law = stock.partial_rest_days
        self.rest_promise_s = law_quantile(law, stock.promise_quantile) * DAY_S
        self._share = stock.partial_receipt_share
        self._first_share = stock.partial_first_share
        self._short_u = LuckByPurchase(
            "supplier/short", lambda rng, n: rng.random(n), seed, replication, skus
        )
        self._rest_days = LuckByPurchase(
            "supplier/rest", lambda rng, n: draw(law, rng, n), seed, replication, skus
        )

    def parts(self, sku: int, units: int, days: float) -> list[Part]:
        """Return the parts of the SKU's next purchase order; a single unit is never divided."""
        uniform, rest_days = self._short_u.next(sku), self._rest_days.next(sku)
        first = min(max(1, round(units * self._first_share)), units - 1)
        if uniform >= self._share or first < 1:
            return [Part(days, units)]
        return [Part(days, first), Part(rest_days, units - first)]
