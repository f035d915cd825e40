"""Waiting lines in front of people: first come, first served within a priority.

A line counts its own Little's law in two independent ways: the area under its length, and the
waits of those who left it. On a drained run both are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Protocol

import simpy
from simpy.events import NORMAL


class Job(simpy.Event):
    """A piece of work for one person; the event is its end.

    It is a timeout whose clock starts when somebody takes the work up.

    Attributes
    ----------
    left_s
        Seconds of work still to do: standard seconds in the line, in somebody's hands theirs.
    fact, subject
        Fact to log when the work is first taken up, and whom it is about; fact 0 logs nothing.
    value_of_fact
        Value of that fact.
    ticket
        Place among the jobs of its line, in the order of asking.
    walk
        Work that goes in steps with waits between them: called with whoever takes it up. None: the
        work is one stretch of ``left_s``.
    may_stop
        Whether work that goes in steps is between two of them.
    pace
        Seconds that a standard second of the whole piece takes, in all hands it has gone through.
    done_s, spent_s
        Standard seconds done in other hands before, and the seconds that they took.
    """

    # Of the class: most pieces of work never set them.
    value_of_fact = 0.0
    joined_s = 0.0
    walk: Callable[[Any], None] | None = None
    may_stop = False
    pace = 1.0
    done_s = 0.0
    spent_s = 0.0

    def __init__(
        self,
        env: simpy.Environment,
        left_s: float,
        fact: int,
        subject: int,
        priority: int = 0,
        ticket: int = 0,
    ) -> None:
        self.env = env
        self.callbacks = []
        self.left_s = left_s
        self.fact = fact
        self.subject = subject
        self.priority = priority
        self.begun_s = -1.0
        self.ticket = ticket

    def begin(self, delay_s: float) -> None:
        """Start the clock; the event happens ``delay_s`` seconds from now."""
        self._ok = True
        self._value = None
        self.env.schedule(self, NORMAL, delay_s)


class Source(Protocol):
    """Where an idle person looks for work."""

    @property
    def waiting(self) -> int:
        """Number of jobs that may be taken up now."""
        ...

    def next_job(self, now_s: float) -> Job:
        """Take the next job out of the line; only called while ``waiting`` is above 0."""
        ...

    def put_back(self, job: Job, now_s: float) -> None:
        """Put a job dropped at a shift's end back to the head of its line."""
        ...


class LineCount:
    """Length of a line over time, and the waits of those who left it.

    Attributes
    ----------
    waiting
        Length now.
    area_s
        Area under the length so far, person-seconds.
    waits_s
        Sum of the waits of those who left, minus the joining times of those still in line.
    """

    __slots__ = ("_changed_s", "area_s", "waiting", "waits_s")

    def __init__(self) -> None:
        self.waiting = 0
        self.area_s = 0.0
        self.waits_s = 0.0
        self._changed_s = 0.0

    def changes(self, by: int, now_s: float) -> None:
        """Add ``by`` to the length at ``now_s``."""
        self.area_s += self.waiting * (now_s - self._changed_s)
        self._changed_s = now_s
        self.waiting += by


class JobLine(LineCount):
    """Jobs in order of priority, then of their tickets.

    Every job that is asked for draws a ticket, whether it must wait or not: by it, a job that is
    dropped comes back to its old place.
    """

    __slots__ = ("_heap", "tickets")

    def __init__(self) -> None:
        super().__init__()
        self._heap: list[tuple[int, int, Job]] = []
        self.tickets = 0

    def join(self, job: Job, now_s: float) -> None:
        """Queue a numbered job at the end of its priority."""
        job.joined_s = now_s
        self.changes(1, now_s)
        heappush(self._heap, (job.priority, job.ticket, job))

    def put_back(self, job: Job, now_s: float) -> None:
        """Queue a dropped job again at its old place: its ticket is the oldest of those waiting."""
        job.joined_s = now_s
        self.changes(1, now_s)
        heappush(self._heap, (job.priority, job.ticket, job))

    def next_job(self, now_s: float) -> Job:
        """Take the job at the head."""
        job = heappop(self._heap)[2]
        self.changes(-1, now_s)
        self.waits_s += now_s - job.joined_s
        return job
