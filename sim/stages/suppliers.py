"""Suppliers: what they are asked for, when it comes, and whether it comes in one go.

Luck belongs to a SKU and to how often that SKU was bought before, so a delivery keeps its lead time
and its shortness whatever else the house does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.orders.book import Floats
from sim.orders.draws import draw
from sim.orders.streams import stream
from sim.policies.new_dates import NewDates
from sim.policies.replenishment import as_sold
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
    hurried
        Whether it is an emergency.
    new_dates
        Dates to tell when it is overdue: its supplier's.
    """

    __slots__ = ("due_s", "hurried", "new_dates", "number", "promised", "rest_due_s", "units")

    def __init__(
        self, number: int, units: int, due_s: float, new_dates: NewDates, *, hurried: bool = False
    ) -> None:
        self.number = number
        self.new_dates = new_dates
        self.units = units
        self.hurried = hurried
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
        self._columns: list[Floats] = []
        self._bought = [0] * skus

    def next(self, sku: int) -> float:
        """Return the draw of the SKU's next purchase."""
        number = self._bought[sku]
        self._bought[sku] = number + 1
        while number >= len(self._columns):
            name = f"{self._name}/{len(self._columns)}"
            generator = stream(self._seed, name, self._replication)
            self._columns.append(self._column(generator, self._skus))
        return float(self._columns[number][sku])


class SupplierTimes:
    """Lead times by SKU and by how often the SKU was bought before."""

    def __init__(
        self, law: Law, seed: int, replication: int, skus: int, name: str = "supplier"
    ) -> None:
        self._days = LuckByPurchase(
            f"{name}/lead-time", lambda rng, n: draw(law, rng, n), seed, replication, skus
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

    def __init__(
        self, stock: StockSection, seed: int, replication: int, skus: int, name: str = "supplier"
    ) -> None:
        law = stock.partial_rest_days
        self.rest_promise_s = law_quantile(law, stock.promise_quantile) * DAY_S
        self._share = stock.partial_receipt_share
        self._first_share = stock.partial_first_share
        self._short_u = LuckByPurchase(
            f"{name}/short", lambda rng, n: rng.random(n), seed, replication, skus
        )
        self._rest_days = LuckByPurchase(
            f"{name}/rest", lambda rng, n: draw(law, rng, n), seed, replication, skus
        )

    def parts(self, sku: int, units: int, days: float) -> list[Part]:
        """Return the parts of the SKU's next purchase order; a single unit is never divided."""
        uniform, rest_days = self._short_u.next(sku), self._rest_days.next(sku)
        first = min(max(1, round(units * self._first_share)), units - 1)
        if uniform >= self._share or first < 1:
            return [Part(days, units)]
        return [Part(days, first), Part(rest_days, units - first)]


class Supplier:
    """One who delivers: when, in how many parts, and how much at least.

    Parameters
    ----------
    number
        Its place in the scenario, from 0.
    terms
        The section ``stock`` as it holds for this supplier.
    times, in_parts
        Luck of its purchase orders; ``in_parts`` is None where all come in one go.
    least_units
        Least units of a purchase order, by SKU; None where one is enough.
    pack_units
        Units of a pack.

    Attributes
    ----------
    promise_s
        Seconds in which a purchase order that is placed now is promised.
    new_dates
        Dates to tell when one is overdue.
    """

    def __init__(
        self,
        number: int,
        terms: StockSection,
        times: SupplierTimes,
        in_parts: PartReceipts | None,
        least_units: Sequence[int] | None = None,
        pack_units: int = 1,
    ) -> None:
        self.number = number
        self.in_parts = in_parts
        self.promise_s = law_quantile(terms.lead_time_days, terms.promise_quantile) * DAY_S
        self.new_dates = NewDates(terms.lead_time_days, terms.promise_quantile)
        self._times = times
        self._least_units = least_units
        self._pack_units = pack_units
        self._last_s: dict[int, float] | None = None if terms.orders_cross else {}

    def sells(self, sku: int, units: int) -> int:
        """Return how many units it takes an order for, if so many are wanted."""
        if self._least_units is None:
            return units
        return as_sold(units, self._least_units[sku], self._pack_units)

    def parts(self, sku: int, units: int, now_s: float) -> list[Part]:
        """Return the parts in which the SKU's next purchase order comes."""
        days = self._times.next_days(sku)
        parts = self.in_parts.parts(sku, units, days) if self.in_parts else [Part(days, units)]
        if self._last_s is not None:
            parts[0] = Part(self._not_before(self._last_s, sku, now_s, parts), parts[0].units)
        return parts

    def _not_before(
        self, last_s: dict[int, float], sku: int, now_s: float, parts: Sequence[Part]
    ) -> float:
        """Return the days to the first part: it never comes before what was bought earlier."""
        earliest_s, days = last_s.get(sku, 0.0), parts[0].days
        if now_s + days * DAY_S < earliest_s:
            days = (earliest_s - now_s) / DAY_S
            while now_s + days * DAY_S < earliest_s:  # rounding must not let it overtake
                days = math.nextafter(days, math.inf)
        comes_s = now_s + days * DAY_S
        for part in parts[1:]:
            comes_s += part.days * DAY_S
        last_s[sku] = comes_s
        return days
