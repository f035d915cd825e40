"""What is called when a person's time with something is over: work, a break, overtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import simpy

from sim.clock.lines import Job

if TYPE_CHECKING:
    from sim.clock.staff import Person, Staff


class Timer:
    """Callback at the end of work that may have been dropped or handed over meanwhile."""

    __slots__ = ("job", "person", "staff", "started_s")

    def __init__(self, staff: Staff, person: Person, job: Job, started_s: float) -> None:
        self.staff = staff
        self.person = person
        self.job = job
        self.started_s = started_s

    def __call__(self, _: simpy.Event) -> None:
        """End the work, unless it is in other hands by now."""
        if self.person.job is self.job and self.person.started_s == self.started_s:
            self.job.succeed()
            self.staff.finished(self.person)


class BreakEnd:
    """Callback at the end of a break."""

    __slots__ = ("person", "staff")

    def __init__(self, staff: Staff, person: Person) -> None:
        self.staff = staff
        self.person = person

    def __call__(self, _: simpy.Event) -> None:
        """Bring the person back."""
        self.staff.break_ended(self.person)


class LatestEnd:
    """Callback at the end of the overtime of those who went off duty together."""

    __slots__ = ("staff", "team")

    def __init__(self, staff: Staff, team: Sequence[Person]) -> None:
        self.staff = staff
        self.team = team

    def __call__(self, _: simpy.Event) -> None:
        """Stop whoever is still at work."""
        self.staff.latest_end(self.team)
