"""The people of the house: they come, take the work they are trained for, break, and go home.

A stage asks with ``yield staff.do(...)`` and is woken when the work is done: one event for waiting
and working together. Nobody polls. When several people come at once, each takes work at once.

Tie rule: earlier time first, then the order of scheduling; among idle people the first in the row
of the idle takes the work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from typing import Any

import simpy

from sim.clock.calendar import Crew, Moment, Turn
from sim.clock.ends import BreakEnd, LatestEnd, Timer
from sim.clock.lines import Job, JobLine, Source
from sim.log.facts import Fact

ON_DUTY, OFF_DUTY, ABSENT = int(Fact.ON_DUTY), int(Fact.OFF_DUTY), int(Fact.ABSENT)
BREAK_STARTED, BREAK_ENDED, WORKED = (
    int(Fact.BREAK_STARTED),
    int(Fact.BREAK_ENDED),
    int(Fact.WORKED),
)

Add = Callable[[tuple[float, int, int, int, float]], None]


class Person:
    """One person: number, role, the lines they serve in order of choice, and what they do now."""

    __slots__ = (
        "break_due_s", "end_s", "finisher", "idle", "job", "job_line", "leaving", "lines",
        "number", "on_duty", "role", "started_s", "still",
    )  # fmt: skip

    def __init__(self, number: int, role: int, lines: Sequence[int]) -> None:
        self.number = number
        self.role = role
        self.lines = tuple(dict.fromkeys(lines))
        self.finisher: Callable[[simpy.Event], None]
        self.on_duty = False
        self.idle = False
        self.leaving = False
        self.break_due_s = 0.0
        self.end_s = 0.0
        self.job: Job | None = None
        self.job_line = self.lines[0]
        self.started_s = 0.0
        self.still = False


class Staff:
    """Everybody, and the lines before them.

    Parameters
    ----------
    env
        The clock.
    add
        ``EventLog.add``.
    crews
        Who is there, with role and person numbers.
    serves
        ``serves(crew, place)`` names the lines that the crew's person at a place (from 0) serves,
        in order of choice.
    at_shift_end
        ``finish``, ``hand_over`` or ``preempt_resume``: what happens to work in hand when a shift
        ends or a break begins.
    role_of_line
        The role whose work waits in each line: first one line for each role, in their order, then
        further ones (the zones of the floor).
    overtime_s
        How long people stay after their shift's end as long as work waits that they can do.

    Attributes
    ----------
    spare_lines
        Lines whose work never ends: nobody stays for it after their shift's end.
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
    ) -> None:
        self._env = env
        self._add = add
        self._rule = at_shift_end
        self._overtime_s = overtime_s
        self._role_of_line = tuple(role_of_line)
        self.lines: list[JobLine] = [JobLine() for _ in role_of_line]
        self.sources: list[Source] = list(self.lines)
        self._idle: list[deque[Person]] = [deque() for _ in role_of_line]
        self.spare_lines: set[int] = set()
        self.people: list[Person] = []
        self.on_duty = [0] * (max(role_of_line) + 1)
        for crew in crews:
            for place in range(crew.heads):
                person = Person(crew.first_person + place, crew.role, serves(crew, place))
                person.finisher = partial(self.finished, person)
                self.people.append(person)

    # asking for work

    def do(self, role: int, work_s: float, fact: int, subject: int, priority: int = 0) -> Job:
        """Ask for ``work_s`` seconds of a role's work; the event returned happens when done.

        The line of a role has the role's number.
        """
        line = self.lines[role]
        line.tickets += 1
        job = Job(self._env, work_s, fact, subject, priority, line.tickets)
        person = self._longest_idle(role)
        if person is not None:
            self._begin(person, job, role)
        else:
            line.join(job, self._env.now)
        return job

    def wake(self, line: int) -> None:
        """Let idle people take what waits in a line."""
        source = self.sources[line]
        while source.waiting:
            person = self._longest_idle(line)
            if person is None:
                return
            self._begin(person, source.next_job(self._env.now), line)

    def free(self, line: int) -> Sequence[Person]:
        """Return who is free for the work of a line, the longest idle first."""
        return self._idle[line]

    def take_up(self, person: Person, job: Job, line: int) -> None:
        """Give work to somebody who is free."""
        if person.idle:
            self._leave_the_idle(person)
        self._begin(person, job, line)

    def drop(self, person: Person) -> None:
        """Take the work out of somebody's hands, back to its old place in line."""
        line = person.job_line
        self.sources[line].put_back(self._lay_down(person), self._env.now)

    def stand_still(self, person: Person) -> None:
        """Keep somebody from working until :meth:`go_on`; work that may stop is dropped."""
        person.still = True
        job = person.job
        if not person.on_duty or job is _ON_BREAK:
            return
        if job is None:
            if person.idle:
                self._leave_the_idle(person)
            person.job = _STANDS_STILL
        elif job.walk is not None and job.may_stop:
            self.drop(person)
            self._goes_on(person)
            self.wake(person.job_line)

    def go_on(self, person: Person) -> None:
        """Let somebody who stood still work again."""
        person.still = False
        if person.job is _STANDS_STILL:
            person.job = None
            self._goes_on(person)

    # working

    def _longest_idle(self, line: int) -> Person | None:
        queue = self._idle[line]
        if not queue:
            return None
        person = queue[0]
        self._leave_the_idle(person)
        return person

    def _leave_the_idle(self, person: Person) -> None:
        person.idle = False
        for line in person.lines:
            self._idle[line].remove(person)

    def _begin(self, person: Person, job: Job, line: int) -> None:
        now = self._env.now
        person.job = job
        person.job_line = line
        person.started_s = now
        if job.begun_s < 0.0:
            job.begun_s = now
            if job.fact:
                self._add((now, job.fact, job.subject, person.number, job.value_of_fact))
        if job.walk is not None:
            job.walk(person)
        elif self._rule == "finish":
            job.callbacks.insert(0, person.finisher)
            job.begin(job.left_s)
        else:
            timer = simpy.Timeout(self._env, job.left_s)
            timer.callbacks.append(Timer(self, person, job, now))

    def finished(self, person: Person, _: simpy.Event | None = None) -> None:
        """Note the work of a person and let them go on; also the first callback of its event."""
        self._note_work(person)
        person.job = None
        self._goes_on(person)

    def _goes_on(self, person: Person) -> None:
        """Let somebody without work in hand go home, on their break, or to the next work."""
        if person.leaving or self._env.now >= person.end_s:
            self._stay_or_go_home(person)
        elif person.break_due_s:
            self._start_break(person)
        else:
            self._look_for_work(person)

    def stops_here(self, person: Person) -> bool:
        """Between two steps of work: tell whether the person leaves the rest to somebody else."""
        job = person.job
        goes_home = person.leaving and not self._stays(person)
        if job is None or not (goes_home or (person.break_due_s and not person.leaving)):
            return False
        job.may_stop = True
        if not self._let_go(person):
            job.may_stop = False
            return False
        if person.leaving:
            self._go_home(person)
        else:
            self._start_break(person)
        return True

    def _note_work(self, person: Person) -> None:
        now = self._env.now
        role = self._role_of_line[person.job_line]
        self._add((now, WORKED, person.number, role, now - person.started_s))

    def _look_for_work(self, person: Person) -> None:
        if person.still:
            person.job = _STANDS_STILL
            return
        for line in person.lines:
            source = self.sources[line]
            if source.waiting:
                self._begin(person, source.next_job(self._env.now), line)
                return
        if not person.idle:
            person.idle = True
            for line in person.lines:
                self._idle[line].append(person)

    # coming, breaking, going

    def duty(self, moments: Iterable[Moment]) -> Generator[simpy.Event, Any, None]:
        """Play the hours of a crew: a process of the clock."""
        env = self._env
        for moment in moments:
            yield env.timeout(max(0.0, moment.time_s - env.now))
            team = [self.people[number] for number in moment.people]
            match moment.turn:
                case Turn.COME:
                    self._come_together(team, env.now + moment.length_s)
                case Turn.MISS:
                    for person in team:
                        self._add((env.now, ABSENT, person.number, person.role, moment.length_s))
                case Turn.BREAK:
                    for person in _idle_first(team):
                        self._send_to_break(person, moment.length_s)
                case Turn.GO:
                    for person in _idle_first(team):
                        self._send_home(person)
                    if self._overtime_s and self._rule != "finish":
                        latest = simpy.Timeout(env, self._overtime_s)
                        latest.callbacks.append(LatestEnd(self, team))

    def _come_together(self, team: Sequence[Person], end_s: float) -> None:
        for person in team:
            self._come(person, end_s)
        for person in team:
            if person.on_duty and person.job is None:
                self._look_for_work(person)

    def _come(self, person: Person, end_s: float) -> None:
        now = self._env.now
        if person.on_duty:  # still busy with the shift before: its overtime ends, this shift begins
            self._add((now, OFF_DUTY, person.number, person.role, now - person.end_s))
        else:
            self.on_duty[person.role] += 1
        person.on_duty = True
        person.leaving = False
        person.break_due_s = 0.0
        person.end_s = end_s
        self._add((now, ON_DUTY, person.number, person.role, 0.0))

    def _send_to_break(self, person: Person, length_s: float) -> None:
        if not person.on_duty or person.job is _ON_BREAK:
            return
        person.break_due_s = length_s
        if person.job is _STANDS_STILL:
            person.job = None
        if person.job is None or self._let_go(person):
            self._start_break(person)

    def _start_break(self, person: Person) -> None:
        env = self._env
        length_s = person.break_due_s
        person.break_due_s = 0.0
        if person.idle:
            self._leave_the_idle(person)
        self._add((env.now, BREAK_STARTED, person.number, person.role, 0.0))
        person.job = _ON_BREAK
        until = min(env.now + length_s, person.end_s)
        pause = simpy.Timeout(env, max(0.0, until - env.now))
        pause.callbacks.append(BreakEnd(self, person))

    def break_ended(self, person: Person) -> None:
        """Bring a person back from the break."""
        self._add((self._env.now, BREAK_ENDED, person.number, person.role, 0.0))
        person.job = None
        if person.leaving or self._env.now >= person.end_s:
            self._stay_or_go_home(person)
        else:
            self._look_for_work(person)

    def _send_home(self, person: Person) -> None:
        if not person.on_duty or self._env.now < person.end_s:
            return
        person.leaving = True
        if person.job is _STANDS_STILL:
            person.job = None
        if person.job is _ON_BREAK or self._stays(person):
            return
        if person.job is None or self._let_go(person):
            self._go_home(person)

    def latest_end(self, team: Iterable[Person]) -> None:
        """Overtime is used up: who is still at work stops by the house's rule."""
        for person in team:
            over = person.on_duty and self._env.now >= person.end_s + self._overtime_s
            if over and self._let_go(person):
                self._go_home(person)

    def _stay_or_go_home(self, person: Person) -> None:
        if not person.still and self._has_overtime_left(person) and self._work_waits(person):
            self._look_for_work(person)
        else:
            self._go_home(person)

    def _stays(self, person: Person) -> bool:
        """Tell whether a busy person works on after the end: work waits, or theirs would."""
        if person.job is None or not self._has_overtime_left(person):
            return False
        would_wait = self._rule == "preempt_resume" and not self._idle[person.job_line]
        return would_wait or self._work_waits(person)

    def _has_overtime_left(self, person: Person) -> bool:
        return self._env.now < person.end_s + self._overtime_s

    def _work_waits(self, person: Person) -> bool:
        lines, spare = person.lines, self.spare_lines
        return any(self.sources[line].waiting for line in lines if line not in spare)

    def _go_home(self, person: Person) -> None:
        now = self._env.now
        person.on_duty = False
        if person.idle:
            self._leave_the_idle(person)
        person.leaving = False
        self.on_duty[person.role] -= 1
        self._add((now, OFF_DUTY, person.number, person.role, max(0.0, now - person.end_s)))

    def close(self) -> None:
        """End the run: whoever is still there goes home in the log, work in hand noted."""
        for person in self.people:
            if not person.on_duty:
                continue
            if person.job is _ON_BREAK:
                self._add((self._env.now, BREAK_ENDED, person.number, person.role, 0.0))
            elif person.job is not None and person.job is not _STANDS_STILL:
                self._note_work(person)
            self._go_home(person)

    def _let_go(self, person: Person) -> bool:
        """Free a busy person by the house's rule; return False if they must finish.

        Work that ends at this very moment is done.
        """
        job, line = person.job, person.job_line
        now = self._env.now
        if self._rule == "finish" or job is None:
            return False
        if not job.may_stop if job.walk is not None else person.started_s + job.left_s <= now:
            return False
        colleague = self._longest_idle(line) if self._rule == "hand_over" else None
        if self._rule == "hand_over" and colleague is None:
            return False
        self._lay_down(person)
        if colleague is not None:
            self._begin(colleague, job, line)
        else:
            self.sources[line].put_back(job, now)
            self.wake(line)
        return True

    def _lay_down(self, person: Person) -> Job:
        """Note the work of a busy person and return what is left of it."""
        job = person.job
        assert job is not None
        self._note_work(person)
        job.may_stop = False
        job.left_s = self._still_to_do_s(person, job)
        person.job = None
        return job

    def pace_of(self, person: Person) -> float:  # noqa: ARG002  # here all work alike
        """Return the seconds that a standard second of a person's work in hand takes."""
        return 1.0

    def _still_to_do_s(self, person: Person, job: Job) -> float:
        return max(0.0, job.left_s - (self._env.now - person.started_s))


def _idle_first(team: Sequence[Person]) -> list[Person]:
    """Who goes at the same moment does not take over: the idle leave before work is handed on."""
    return sorted(team, key=lambda person: person.job is not None)


_ON_BREAK = Job.__new__(Job)
"""Stands in for work while a person is on break."""

_STANDS_STILL = Job.__new__(Job)
"""Stands in for work while a person cannot work."""
