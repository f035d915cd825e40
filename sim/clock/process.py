"""A lean process: drives a generator on SimPy's events.

SimPy's own ``Process`` is an event itself: it costs two more events, one to start and one to end,
and bookkeeping for interrupts at every step. Orders are neither waited for nor interrupted, so
here a generator is advanced straight from the callbacks of the event it waits for.
It starts at once, inside the caller's moment.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop
from typing import Any

import simpy
from simpy.events import NORMAL, EventPriority

Callbacks = list[Callable[[Any], None]]
LAST = EventPriority(NORMAL + 1)


class Clock(simpy.Environment):
    """SimPy's environment, made for a house in which nothing fails and nobody interrupts.

    ``now`` is a slot, because it is read some thirty times an order.
    """

    __slots__ = ("now",)

    now: float
    """Current simulated time, seconds."""

    def timeout(self, delay: float = 0, value: object = None) -> simpy.Timeout:
        """Return an event that happens after a delay, s."""
        return Pause(self, delay, value)

    def run_to(self, end: simpy.Event) -> None:
        """Let everything happen until an event has."""
        queue = self._queue
        while end.callbacks is not None:
            self.now, _, _, event = heappop(queue)
            callbacks = event.callbacks
            event.callbacks = None  # type: ignore[assignment]  # SimPy's mark of what has happened
            for go_on in callbacks:
                go_on(event)


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


class LeanProcess:
    """Advance a generator of SimPy events; an error inside ends the run, as it should."""

    __slots__ = ("_send",)

    def __init__(self, steps: Generator[simpy.Event, Any, Any]) -> None:
        self._send = steps.send
        self.go_on(None)

    def go_on(self, event: simpy.Event | None) -> None:  # noqa: ARG002  # SimPy's callback
        """Go on from the event that has just happened to the next one that has not."""
        try:
            callbacks: Callbacks | None = self._send(None).callbacks
            while callbacks is None:  # it has happened already: go straight on
                callbacks = self._send(None).callbacks
        except StopIteration:
            return
        callbacks.append(self.go_on)


class Wake(simpy.Event):
    """An event that wakes its waiters inside the moment that causes it: no turn on the clock."""

    def now(self) -> None:
        """Let everybody who waits go on, in the order in which they began to wait."""
        self._ok = True
        self._value = None
        callbacks = self.callbacks
        self.callbacks = None  # type: ignore[assignment]  # SimPy's mark of what has happened
        for go_on in callbacks:
            go_on(self)


class EndOfMoment(simpy.Event):
    """A timeout that comes after everything else of its moment, also what is caused in it."""

    def __init__(self, env: simpy.Environment, delay_s: float) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, priority=LAST, delay=delay_s)
