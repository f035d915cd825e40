"""The clock: SimPy's environment, made for a house in which nothing fails and nobody interrupts.

Nine tenths of what is on the clock lie days ahead: parcels under way, goods that come back. They
wait unsorted, a row for each quarter of a day, until their quarter begins; so the queue of what
comes next stays short. What happens, and in which order, is what SimPy's own environment plays.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import simpy
from simpy.events import NORMAL, EventPriority

QUARTER_S = 21_600.0
Entry = tuple[float, EventPriority, int, simpy.Event]
"""Time, priority, place among all that was ever scheduled, event: sorts as things happen."""


class Clock(simpy.Environment):
    """Simulated time, and what is to happen.

    References
    ----------
    Brown (1988), Calendar queues: a fast O(1) priority queue implementation for the simulation
    event set problem.
    """

    # A slot, because it is read some thirty times an order.
    __slots__ = ("_later", "_quarter_ends_s", "now")

    now: float
    """Current simulated time, seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._later: dict[float, list[Entry]] = {}
        self._quarter_ends_s = QUARTER_S

    def timeout(self, delay: float = 0, value: object = None) -> simpy.Timeout:
        """Return an event that happens after a delay, s."""
        return Pause(self, delay, value)

    def schedule(
        self, event: simpy.Event, priority: EventPriority = NORMAL, delay: float = 0
    ) -> None:
        """Let an event happen after a delay, s."""
        time_s = self.now + delay
        entry = time_s, priority, next(self._eid), event
        if time_s < self._quarter_ends_s:
            heappush(self._queue, entry)
        else:
            self._later.setdefault(time_s // QUARTER_S, []).append(entry)

    def run_to(self, end: simpy.Event) -> None:
        """Let everything happen until an event has."""
        queue = self._queue
        while end.callbacks is not None:
            if not queue:
                self._begin_quarter()
            self.now, _, _, event = heappop(queue)
            callbacks = event.callbacks
            event.callbacks = None  # type: ignore[assignment]  # SimPy's mark of what has happened
            for go_on in callbacks:
                go_on(event)

    def step(self) -> None:
        """Let the next event happen, for SimPy's own ``run``."""
        if not self._queue:
            self._begin_quarter()
        super().step()

    def _begin_quarter(self) -> None:
        """Sort what happens in the next quarter in which anything does."""
        if self._later:
            quarter = min(self._later)
            self._queue.extend(self._later.pop(quarter))
            heapify(self._queue)
            self._quarter_ends_s = (quarter + 1.0) * QUARTER_S


# One slot under two names: SimPy writes the one, the house reads the other.
Clock._now = Clock.now  # noqa: SLF001


class Pause(simpy.Timeout):
    """SimPy's timeout, put on the clock without a detour; it is never anything but a success."""

    _ok = True

    def __init__(self, clock: Clock, delay_s: float, value: object) -> None:
        if delay_s < 0.0:
            raise ValueError(f"Negative delay {delay_s}")
        self.env = clock
        self.callbacks = []
        self._value = value
        clock.schedule(self, NORMAL, delay_s)
