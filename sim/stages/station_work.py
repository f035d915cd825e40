"""Work at a station: the line before it, a visit or a repair, and the other work of free people."""

from __future__ import annotations

from heapq import heapify
from typing import TYPE_CHECKING

import numpy as np
import simpy

from sim.clock.lines import Job, JobLine
from sim.clock.staff import Person
from sim.log.facts import Fact
from sim.orders.draws import draw
from sim.scenario.schema import Law

if TYPE_CHECKING:
    from sim.stages.stations import Station

STATION_INTERRUPTED, SIDE_WORKED = int(Fact.STATION_INTERRUPTED), int(Fact.SIDE_WORKED)


class StationLine(JobLine):
    """A line that can be left before anybody has begun the work."""

    def put_back(self, job: Job, now_s: float) -> None:
        """Queue a dropped job again at its old place, with what was done of it counted."""
        if isinstance(job, StationJob):
            job.dropped()
        super().put_back(job, now_s)

    def leave(self, job: Job, now_s: float) -> None:
        """Take a job that waits out of the line."""
        place = next(at for at, (_, _, waiting) in enumerate(self._heap) if waiting is job)
        self._heap[place] = self._heap[-1]
        self._heap.pop()
        heapify(self._heap)
        self.changes(-1, now_s)
        self.waits_s += now_s - job.joined_s


class StationJob(Job):
    """One visit, or one repair: whoever takes it up works at their own speed.

    Attributes
    ----------
    channel
        Channel of the order, -1 of a repair.
    line
        Number of its line.
    person
        Who has it in hand.
    worked_s
        Seconds of work so far.
    gave_up
        Whether it left the line before anybody began.
    """

    def __init__(
        self,
        station: Station,
        started: int,
        subject: int,
        channel: int,
        line: int,
        work_s: float,
        luck: np.random.Generator,
        *,
        priority: int = 0,
        ticket: int = 0,
    ) -> None:
        super().__init__(station.house.env, work_s, 0, subject, priority, ticket)
        self.walk = self._work
        self.channel = channel
        self.line = line
        self.luck = luck
        self.person: Person | None = None
        self.worked_s = 0.0
        self.gave_up = False
        self._station = station
        self._started = started
        self._speed = 1.0

    @property
    def may_stop(self) -> bool:
        """Whether somebody has it in hand; work that ends at this very moment is done."""
        person = self.person
        return person is not None and self.env.now < person.started_s + self.left_s

    @may_stop.setter
    def may_stop(self, _: bool) -> None:
        """Take what the staff says of work that goes in steps: here there are none."""

    def _work(self, person: Person) -> None:
        """Work as long as this person needs for what is left."""
        if self.person is not None:  # handed over
            self.dropped()
        station = self._station
        self.left_s *= self._speed  # what somebody else left over
        self._speed = station.speed(person.number)
        own_s = None if self.worked_s else station.own_work_s(person.number, self)
        if own_s is not None:
            self.left_s = own_s * self._speed
        station.house.log.add(
            (self.env.now, self._started, self.subject, station.number, float(person.number))
        )
        self.left_s /= self._speed
        self.person = person
        station.in_hand[self] = person
        end = simpy.Timeout(self.env, self.left_s)
        end.callbacks.append(_WorkEnd(self, person))

    def dropped(self) -> None:
        """Count what was done before the work was dropped."""
        assert self.person is not None
        self.worked_s += self.env.now - self.person.started_s
        self.person = None
        station = self._station
        del station.in_hand[self]
        if self.channel >= 0:
            station.house.log.add(
                (self.env.now, STATION_INTERRUPTED, self.subject, station.number, self.worked_s)
            )

    def done(self, person: Person) -> None:
        """End the work, and let its person go on."""
        self.worked_s += self.env.now - person.started_s
        self.person = None
        del self._station.in_hand[self]
        self._station.leaves(self)
        self.succeed()
        self._station.house.staff.finished(person)


class _WorkEnd:
    """Callback at the end of work that may have been dropped or handed over meanwhile."""

    __slots__ = ("_job", "_person", "_started_s")

    def __init__(self, job: StationJob, person: Person) -> None:
        self._job = job
        self._person = person
        self._started_s = person.started_s

    def __call__(self, _: simpy.Event) -> None:
        person = self._person
        if person.job is self._job and person.started_s == self._started_s:
            self._job.done(person)


class SideWork:
    """Work that is never used up: whoever finds no other takes a piece of it and finishes it.

    Parameters
    ----------
    station
        Whose people do it.
    law
        Seconds of a piece.
    luck
        Stream of its pieces.
    """

    waiting = 1

    def __init__(self, station: Station, law: Law, luck: np.random.Generator) -> None:
        self._station = station
        self._law = law
        self._luck = luck

    def next_job(self, now_s: float) -> Job:  # noqa: ARG002  # as of every source of work
        """Return a further piece."""
        work_s = float(draw(self._law, self._luck, 1)[0])
        job = Job(self._station.house.env, work_s, 0, -1)
        job.walk = lambda person: self._begin(job, person)
        return job

    def put_back(self, job: Job, now_s: float) -> None:
        """Drop a piece: there will be another."""

    def _begin(self, job: Job, person: Person) -> None:
        house = self._station.house

        def end(_: simpy.Event) -> None:
            spent_s = house.env.now - person.started_s
            house.log.add(
                (house.env.now, SIDE_WORKED, person.number, self._station.number, spent_s)
            )
            house.staff.finished(person)

        simpy.Timeout(house.env, job.left_s).callbacks.append(end)
