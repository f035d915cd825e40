"""People who are not all alike: some faster or new, some sent to where most work waits.

Used only where a scenario asks for it; otherwise :class:`~sim.clock.staff.Staff` does the same
without looking. Work waits in standard seconds; in somebody's hands it is counted in theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import simpy

from sim.clock.calendar import Crew
from sim.clock.lines import Job
from sim.clock.pace import Pace
from sim.clock.staff import Add, Person, Staff
from sim.log.facts import Fact
from sim.policies.moving import MovingRule

MOVED = int(Fact.MOVED)


class MixedStaff(Staff):
    """Everybody, each with an own pace, and a rule that sends the cross-trained.

    Parameters
    ----------
    moving
        Which line a free person serves; None: their own first, and nobody is sent.
    paces
        Pace of each person.
    """

    def __init__(
        self,
        env: simpy.Environment,
        add: Add,
        crews: Sequence[Crew],
        serves: Callable[[Crew, int], Sequence[int]],
        at_shift_end: str,
        role_of_line: Sequence[int],
        overtime_s: float = 0.0,
        *,
        moving: MovingRule | None,
        paces: Sequence[Pace],
    ) -> None:
        super().__init__(env, add, crews, serves, at_shift_end, role_of_line, overtime_s)
        self._moving = moving
        self._paces = paces
        self._pace_now = [1.0] * len(self.people)
        self._works_as = [person.role for person in self.people]

    def _come(self, person: Person, end_s: float) -> None:
        super()._come(person, end_s)
        self._works_as[person.number] = person.role

    def _look_for_work(self, person: Person) -> None:
        if self._moving is None or len(person.lines) == 1 or person.still:
            super()._look_for_work(person)
            return
        waiting = [
            0 if line in self.spare_lines else self.sources[line].waiting for line in person.lines
        ]
        people = [self.on_duty[self._role_of_line[line]] for line in person.lines]
        place = self._moving(waiting, people)
        if place < 0:
            super()._look_for_work(person)
            return
        line = person.lines[place]
        self._begin(person, self.sources[line].next_job(self._env.now), line)

    def _begin(self, person: Person, job: Job, line: int) -> None:
        number, role = person.number, self._role_of_line[line]
        if self._moving is not None and role != self._works_as[number]:
            self._works_as[number] = role
            self._add((self._env.now, MOVED, number, role, 0.0))
        pace = self._pace_now[number] = self._paces[number].now(role)
        standard_s = job.left_s
        job.left_s = standard_s * pace
        job.pace = pace
        if job.done_s:
            job.pace = (job.spent_s + job.left_s) / (job.done_s + standard_s)
        super()._begin(person, job, line)

    def pace_of(self, person: Person) -> float:
        """Return the seconds that a standard second of a person's work in hand takes."""
        return self._pace_now[person.number]

    def _still_to_do_s(self, person: Person, job: Job) -> float:
        left_s, pace = super()._still_to_do_s(person, job), self._pace_now[person.number]
        job.spent_s += job.left_s - left_s
        job.done_s += (job.left_s - left_s) / pace
        return left_s / pace

    def finished(self, person: Person, _: simpy.Event | None = None) -> None:
        """Note the work of a person, let them learn from it and go on."""
        self._paces[person.number].finished(self._role_of_line[person.job_line])
        super().finished(person)
