"""Plays a small scenario for a test and keeps its whole log."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.model import Played, play
from sim.engine.setting import Setting, prepare
from sim.log.event_log import Chunk, join
from sim.log.facts import Fact
from sim.orders.book import OrderBook
from sim.orders.generated import order_book
from sim.scenario.schema import Scenario

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Row(NamedTuple):
    """One fact of the log."""

    time_s: float
    fact: Fact
    subject: int
    other: int
    value: float


@dataclass(frozen=True)
class Record:
    """A replication that was played, with its order book and its whole log."""

    setting: Setting
    book: OrderBook
    played: Played
    log: Chunk

    def rows(self, *facts: Fact) -> list[Row]:
        """Return the rows of some kinds of facts (all kinds if none is named), in log order."""
        chosen = self.log.fact >= 0
        if facts:
            chosen = np.isin(self.log.fact, [int(fact) for fact in facts])
        columns = [column[chosen].tolist() for column in self.log]
        return [Row(t, Fact(f), s, o, v) for t, f, s, o, v in zip(*columns, strict=True)]

    def count(self, fact: Fact) -> int:
        """Return how often a fact happened."""
        return int(np.count_nonzero(self.log.fact == fact))

    def first_s(self, fact: Fact) -> npt.NDArray[np.float64]:
        """Return the first time of a fact by subject, NaN where it never happened."""
        chosen = self.log.fact == fact
        subject = self.log.subject[chosen][::-1]
        size = max(self.book.demand.orders, int(subject.max(initial=-1)) + 1)
        times = np.full(size, np.nan)
        times[subject] = self.log.time_s[chosen][::-1]
        return times

    @cached_property
    def bytes(self) -> bytes:
        """The log as bytes: equal logs are equal here, and only they."""
        return b"".join(column.tobytes() for column in self.log)


def scenario_of(**sections: Any) -> Scenario:
    """Return a checked scenario from its sections, as a file would hold them."""
    return Scenario.model_validate({"name": "t", **sections})


def book_of(setting: Setting, replication: int = 0) -> OrderBook:
    """Return the order book that a replication plays."""
    return order_book(setting.scenario, setting.catalogue, replication, setting.demand)


def record(
    scenario: Scenario,
    replication: int = 0,
    *,
    setting: Setting | None = None,
    book: OrderBook | None = None,
) -> Record:
    """Play one replication and keep everything."""
    setting = setting or prepare(scenario, {})
    book = book or book_of(setting, replication)
    chunks: list[Chunk] = []
    played = play(setting, replication, [chunks.append], book=book)
    return Record(setting, book, played, join(chunks))


def whole_minutes(book: OrderBook) -> OrderBook:
    """Round every time of an order book to whole minutes, so that much happens at once."""
    times = {
        column.name: np.rint(getattr(book.luck, column.name) / 60.0) * 60.0
        for column in fields(book.luck)
        if column.name.endswith("_s")
    }
    demand = replace(book.demand, placed_s=np.floor(book.demand.placed_s / 60.0) * 60.0)
    return replace(book, demand=demand, luck=replace(book.luck, **times))
