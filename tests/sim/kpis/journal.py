"""Writes small logs by hand, as a warehouse would, for tests of the KPIs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.kpis.account import Account
from sim.kpis.registry import compute
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.log.event_log import Chunk
from sim.log.facts import Fact
from sim.orders.book import Demand
from sim.scenario.schema import Scenario
from sim.warehouse.items import Catalogue

HOUR = 3600.0
DAY = 86_400.0

Line = tuple[int, int, int]
"""SKU, units, price of a unit in cents."""


def demand_of(
    orders: Sequence[tuple[float, Sequence[Line]]],
    customer: Sequence[int] | None = None,
    customers: int = 10,
) -> Demand:
    """Return the demand of orders given as (time of the click, lines)."""
    lines = [line for _, of in orders for line in of]
    first = np.cumsum([0, *(len(of) for _, of in orders)])
    columns = np.array(lines, dtype=np.int32).reshape(-1, 3)
    return Demand(
        placed_s=np.array([time_s for time_s, _ in orders], dtype=np.float64),
        channel=np.zeros(len(orders), dtype=np.int8),
        customer=np.array(customer if customer is not None else range(len(orders)), dtype=np.int32),
        first_line=first.astype(np.int32),
        sku=columns[:, 0].copy(),
        units=columns[:, 1].copy(),
        price_cents=columns[:, 2].copy(),
        channels=("web",),
        customers=customers,
    )


def catalogue_of(cost_cents: Sequence[int]) -> Catalogue:
    """Return a catalogue of SKUs that cost so much."""
    count = len(cost_cents)
    return Catalogue(
        codes=tuple(f"K{k}" for k in range(count)),
        category=np.zeros(count, dtype=np.int16),
        price_cents=np.array(cost_cents, dtype=np.int32) * 2,
        cost_cents=np.array(cost_cents, dtype=np.int32),
        weight_g=np.full(count, 500.0),
        volume_ml=np.full(count, 1000.0),
        sides_mm=np.full((count, 3), 100.0),
        fragile=np.zeros(count, dtype=np.bool_),
        return_rate=np.zeros(count),
        popularity=np.full(count, 1.0 / count),
        location=np.full(count, -1, dtype=np.int32),
        categories=("general",),
    )


class Journal:
    """A log that is written line by line, then read in chunks.

    Facts may be noted in any order of orders; they are read by time, those of the same instant in
    the order in which they were noted.
    """

    def __init__(self, demand: Demand, cost_cents: Sequence[int] = (1000, 2000, 500)) -> None:
        self.demand = demand
        self.catalogue = catalogue_of(cost_cents)
        self.facts: list[tuple[float, int, int, int, float]] = []

    def note(
        self, time_s: float, fact: Fact, subject: int, other: int = -1, value: float = 0.0
    ) -> None:
        """Note one fact."""
        self.facts.append((time_s, int(fact), subject, other, float(value)))

    def sell(self, order: int, paid_s: float) -> None:
        """Note that an order is placed, entered at once and paid at ``paid_s``."""
        placed_s = float(self.demand.placed_s[order])
        self.note(placed_s, Fact.PLACED, order, 0)
        self.note(placed_s, Fact.ENTERED, order)
        self.note(paid_s, Fact.PAID, order)

    def lines_of(self, order: int) -> range:
        """Return the line numbers of an order."""
        return range(int(self.demand.first_line[order]), int(self.demand.first_line[order + 1]))

    def value_cents(self, order: int) -> int:
        """Return the price of all lines of an order."""
        lines = list(self.lines_of(order))
        return int(np.sum(self.demand.units[lines] * self.demand.price_cents[lines]))

    def ship(self, order: int, start_s: float, lines: Sequence[int] | None = None) -> None:
        """Note a shipment of the whole order: one hour a step from ``start_s`` on.

        Allocated, +1 h released, +2 h pick started, +3 h picked (600 s of it walked), +4 h pack
        started, +5 h packed, +6 h handed over, +30 h delivered.
        """
        steps = (
            (0, Fact.ALLOCATED, -1, 0.0),
            (1, Fact.RELEASED, -1, 0.0),
            (2, Fact.PICK_STARTED, order, 0.0),
            (3, Fact.PICKED, order, 600.0),
            (4, Fact.PACK_STARTED, 1, 0.0),
            (5, Fact.PACKED, 0, 500.0),
            (6, Fact.HANDED_OVER, 0, 2000.0),
            (30, Fact.DELIVERED, -1, 0.0),
        )
        for line in lines if lines is not None else self.lines_of(order):
            units = int(self.demand.units[line])
            self.note(start_s + 3 * HOUR, Fact.LINE_PICKED, line, units, 0.0)
        for hours, fact, other, value in steps:
            self.note(start_s + hours * HOUR, fact, order, other, value)
        cents = self.value_cents(order)
        self.note(start_s + 6 * HOUR, Fact.CAPTURED, order, order, cents)

    def chunks(self, size: int = 10_000) -> list[Chunk]:
        """Return the log in chunks of at most ``size`` facts."""
        ordered = sorted(self.facts, key=lambda fact: fact[0])
        table = np.array(ordered, dtype=np.float64).reshape(-1, 5)
        return [
            Chunk(
                part[:, 0].copy(),
                part[:, 1].astype(np.uint8),
                part[:, 2].astype(np.int32),
                part[:, 3].astype(np.int32),
                part[:, 4].copy(),
            )
            for part in (table[low : low + size] for low in range(0, len(table), size))
        ]

    def tables(self, window: Window | None = None, size: int = 10_000) -> Tables:
        """Return the log folded into tables; the window is the first 30 days if not given."""
        tables = Tables(self.demand, self.catalogue, window or Window(0.0, 30 * DAY))
        for chunk in self.chunks(size):
            tables.add(chunk)
        return tables

    def kpis(
        self, window: Window | None = None, scenario: Scenario | None = None, size: int = 10_000
    ) -> dict[str, float | None]:
        """Return all KPIs of the log."""
        return compute(self.tables(window, size), scenario or plain_scenario())

    def account(self, window: Window | None = None) -> Account:
        """Return the log as KPI functions read it."""
        return Account(self.tables(window), plain_scenario())


def plain_scenario(**sections: object) -> Scenario:
    """Return a scenario with defaults but for the given sections."""
    return Scenario.model_validate({"name": "hand-made", **sections})
