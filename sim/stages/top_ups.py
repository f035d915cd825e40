"""The replenishers' line: faces that wait to be topped up, emergencies first, then as they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from sim.clock.lines import Job, LineCount

Begin = Callable[[int], Job]
"""Begins the top-up of a SKU's face; returns the work."""


class TopUpLine(LineCount):
    """SKUs whose face waits for a replenisher; each SKU stands in it once at most.

    Parameters
    ----------
    begin
        Called when somebody takes a top-up up.
    """

    def __init__(self, begin: Begin) -> None:
        super().__init__()
        self._begin = begin
        self._urgent: deque[int] = deque()
        self._normal: deque[int] = deque()
        self._joined_s: dict[int, float] = {}
        self._dropped: deque[Job] = deque()

    def join(self, sku: int, now_s: float, *, urgent: bool) -> None:
        """Queue a SKU's face."""
        (self._urgent if urgent else self._normal).append(sku)
        self._joined_s[sku] = now_s
        self.changes(1, now_s)

    def lift(self, sku: int) -> None:
        """Let a face that waits in its turn go before all that are no emergencies."""
        self._normal.remove(sku)
        self._urgent.append(sku)

    def call_off(self, sku: int, now_s: float) -> None:
        """Take a face out of the line."""
        (self._urgent if sku in self._urgent else self._normal).remove(sku)
        self._leave(self._joined_s.pop(sku), now_s)

    def put_back(self, job: Job, now_s: float) -> None:
        """Keep a top-up dropped at a shift's end for the next replenisher."""
        job.joined_s = now_s
        self._dropped.append(job)
        self.changes(1, now_s)

    def next_job(self, now_s: float) -> Job:
        """Begin the next top-up."""
        if self._dropped:
            job = self._dropped.popleft()
            self._leave(job.joined_s, now_s)
            return job
        sku = (self._urgent or self._normal).popleft()
        self._leave(self._joined_s.pop(sku), now_s)
        return self._begin(sku)

    def _leave(self, joined_s: float, now_s: float) -> None:
        self.changes(-1, now_s)
        self.waits_s += now_s - joined_s
