"""Cycle counts: every SKU is counted in its turn, or when something does not seem right.

A count is work of receivers, replenishers or clerks, behind all their other work. At its end it
mends the books.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import CountCause, Fact
from sim.scenario.schema import ROLES
from sim.scenario.schema.records import RecordsSection

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.records import DriftingStock

COUNT_ASKED, COUNT_STARTED = int(Fact.COUNT_ASKED), int(Fact.COUNT_STARTED)
BEHIND_ALL_ELSE = 1000
DAY_S = 86_400.0


class Counts:
    """Who counts which SKU when.

    Parameters
    ----------
    rules
        The scenario's section.
    rounds
        For each class that is counted in its turn: its SKUs, and the days in which all are counted.
    """

    def __init__(
        self, rules: RecordsSection, rounds: Sequence[tuple[Sequence[int], float]]
    ) -> None:
        self._role = ROLES.index(rules.counted_by)
        self._s_per_sku = rules.count_s_per_sku
        self._s_per_unit = rules.count_s_per_unit
        self._rounds = rounds
        self._asked: set[int] = set()
        self._house: House
        self._stock: DriftingStock

    def enter(self, house: House, stock: DriftingStock) -> None:
        """Begin the rounds."""
        self._house, self._stock = house, stock
        for skus, days in self._rounds:
            if skus:
                LeanProcess(self._round(skus, days * DAY_S / len(skus)))

    def ask(self, sku: int, cause: CountCause) -> None:
        """Have a SKU counted, unless its count waits or is under way."""
        if sku in self._asked:
            return
        self._asked.add(sku)
        house, booked = self._house, self._stock.on_hand[sku]
        house.log.add((house.env.now, COUNT_ASKED, sku, booked, float(cause)))
        work_s = self._s_per_sku + self._s_per_unit * booked
        LeanProcess(self._count(sku, work_s))

    def _round(self, skus: Sequence[int], every_s: float) -> Generator[simpy.Event, Any, None]:
        """Ask for the SKUs of a class, one after the other, evenly over its days."""
        yield self._house.env.timeout(every_s / 2.0)
        while True:
            for sku in skus:
                self.ask(sku, CountCause.IN_TURN)
                yield self._house.env.timeout(every_s)

    def _count(self, sku: int, work_s: float) -> Generator[simpy.Event, Any, None]:
        yield self._house.staff.do(self._role, work_s, COUNT_STARTED, sku, BEHIND_ALL_ELSE)
        self._asked.discard(sku)
        self._stock.counted(sku)
