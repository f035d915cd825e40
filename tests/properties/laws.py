"""Reads a log fact by fact for a group of laws."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.log.facts import Fact
from tests.sim.engine.playing import Record, Row


class Laws:
    """Laws of some kinds of facts: those that the class has a handler for."""

    def __init__(self) -> None:
        self.handlers: Mapping[Fact, Callable[[Row], None]] = {
            fact: getattr(self, f"on_{fact.name.lower()}")
            for fact in Fact
            if hasattr(self, f"on_{fact.name.lower()}")
        }

    def check(self, record: Record) -> None:
        """Read the log."""
        now_s = 0.0
        for row in record.rows(*self.handlers):
            if row.time_s > now_s:
                self.moment_ends()
                now_s = row.time_s
            self.handlers[row.fact](row)
        self.moment_ends()

    def moment_ends(self) -> None:
        """Check what holds between two moments."""
