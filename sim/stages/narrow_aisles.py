"""Narrow aisles: one picker at a time; whoever comes later waits at the aisle's end.

A tour is walked aisle by aisle. Nobody waits inside an aisle, so nobody waits for ever. Work in
hand is left to others, if that is the rule of the house, where an aisle ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.lines import Job, LineCount
from sim.clock.process import LeanProcess, Wake
from sim.log.facts import Fact

if TYPE_CHECKING:
    from sim.clock.staff import Person
    from sim.stages.house import House
    from sim.stages.tours import Step, Tour

TOUR_STARTED, AISLE_BLOCKED = int(Fact.TOUR_STARTED), int(Fact.AISLE_BLOCKED)


class NarrowAisles(LineCount):
    """Who is in which aisle, and who waits for it.

    Parameters
    ----------
    aisles
        Number of aisles, block by block.
    """

    def __init__(self, aisles: int) -> None:
        super().__init__()
        self._taken = [False] * aisles
        self._lines: list[deque[Wake]] = [deque() for _ in range(aisles)]

    def job(self, house: House, tour: Tour, steps: Sequence[Step]) -> Job:
        """Return the work of a tour that goes step by step."""
        job = Job(house.env, tour.work_s, TOUR_STARTED, tour.number)
        job.walk = _Walk(house, self, tour.number, job, steps)
        return job

    def enter(self, env: simpy.Environment, aisle: int) -> Generator[simpy.Event, Any, float]:
        """Go into an aisle as soon as nobody is in it; return the seconds waited for that."""
        if not self._taken[aisle]:
            self._taken[aisle] = True
            return 0.0
        came_s = env.now
        free = Wake(env)
        self._lines[aisle].append(free)
        self.changes(1, came_s)
        yield free
        self.changes(-1, env.now)
        self.waits_s += env.now - came_s
        return env.now - came_s

    def leave(self, aisle: int) -> None:
        """Come out of an aisle; whoever waits longest goes in."""
        if self._lines[aisle]:
            self._lines[aisle].popleft().now()
        else:
            self._taken[aisle] = False


class _Walk:
    """Walks the steps of one tour; another picker may go on where the first one stopped."""

    __slots__ = ("_aisles", "_house", "_job", "_left", "_spent_s", "_standard_s", "_tour")

    def __init__(
        self, house: House, aisles: NarrowAisles, tour: int, job: Job, steps: Sequence[Step]
    ) -> None:
        self._house = house
        self._aisles = aisles
        self._tour = tour
        self._job = job
        self._left = deque(steps)
        self._standard_s = 0.0
        self._spent_s = 0.0

    def __call__(self, person: Person) -> None:
        """Let a picker walk on."""
        LeanProcess(self._go(person))

    def _go(self, person: Person) -> Generator[simpy.Event, Any, None]:
        env, add, staff = self._house.env, self._house.log.add, self._house.staff
        while self._left:
            aisle, seconds = self._left[0]
            if aisle >= 0:
                waited_s = yield from self._aisles.enter(env, aisle)
                if waited_s:
                    add((env.now, AISLE_BLOCKED, self._tour, aisle, waited_s))
            in_hand_s = seconds * staff.pace_of(person)
            yield env.timeout(in_hand_s)
            self._standard_s += seconds
            self._spent_s += in_hand_s
            if aisle >= 0:
                self._aisles.leave(aisle)
            self._left.popleft()
            if self._left and staff.stops_here(person):
                return
        if self._standard_s:
            self._job.pace = self._spent_s / self._standard_s
        self._job.succeed()
        staff.finished(person)
