"""A lean process: drives a generator on SimPy's events.

SimPy's own ``Process`` is an event itself: it costs two more events, one to start and one to end,
and bookkeeping for interrupts at every step. Orders are neither waited for nor interrupted, so
here a generator is advanced straight from the callbacks of the event it waits for.
It starts at once, inside the caller's moment.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy
from simpy.events import NORMAL, EventPriority

Callbacks = list[Callable[[Any], None]]
LAST = EventPriority(NORMAL + 1)


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
