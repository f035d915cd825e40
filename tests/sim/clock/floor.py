"""A small floor for tests: crews with their hours, and work asked for at given times."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from sim.clock.calendar import Crew, Moment, Stretch, Turn
from sim.clock.mixed_staff import MixedStaff
from sim.clock.pace import EXPERIENCED, Pace
from sim.clock.process import LeanProcess
from sim.clock.staff import Staff
from sim.log.facts import Fact
from sim.policies.moving import MovingRule

RULES = ["finish", "hand_over", "preempt_resume"]
STARTED = Fact.PACK_STARTED
Plan = Sequence[tuple[float, float] | tuple[float, float, tuple[tuple[float, float], ...]]]


def _moments(duty: Sequence[Stretch], people: tuple[int, ...]) -> list[Moment]:
    """Return when the people of a crew come, begin their breaks, and go."""
    found = []
    for stretch in duty:
        length_s = stretch.end_s - stretch.start_s
        found.append(Moment(stretch.start_s, Turn.COME, length_s, people))
        found += [Moment(start_s, Turn.BREAK, long_s, people) for start_s, long_s in stretch.breaks]
        found.append(Moment(stretch.end_s, Turn.GO, 0.0, people))
    return found


class Floor:
    """Crews with their stretches, and jobs that are asked for at given times."""

    def __init__(
        self,
        rule: str,
        *teams: tuple[int, int, Plan],
        also: dict[int, list[int]] | None = None,
        roles: int = 2,
        overtime_s: float = 0.0,
        moving: MovingRule | None = None,
        paces: Sequence[Pace] = (),
    ) -> None:
        self.env = simpy.Environment()
        self.log: list[tuple[float, int, int, int, float]] = []
        self.done: dict[int, float] = {}
        crews: list[Crew] = []
        duties: list[list[Stretch]] = []
        person = 0
        for role, heads, plan in teams:
            crews.append(Crew(role, person, heads, "shift"))
            duties.append([Stretch(*(each if len(each) == 3 else (*each, ()))) for each in plan])
            person += heads
        self.staff = self._staff(crews, also or {}, rule, roles, overtime_s, moving, paces)
        for crew, duty in zip(crews, duties, strict=True):
            people = range(crew.first_person, crew.first_person + crew.heads)
            LeanProcess(self.staff.duty(_moments(duty, tuple(people))))

    def _staff(
        self,
        crews: list[Crew],
        also: dict[int, list[int]],
        rule: str,
        roles: int,
        overtime_s: float,
        moving: MovingRule | None,
        paces: Sequence[Pace],
    ) -> Staff:
        def serves(crew: Crew, _: int) -> Sequence[int]:
            return (crew.role, *also.get(crew.role, ()))

        add, lines = self.log.append, range(roles)
        if moving is None and not paces:
            return Staff(self.env, add, crews, serves, rule, lines, overtime_s)
        everybody = sum(crew.heads for crew in crews)
        return MixedStaff(
            self.env, add, crews, serves, rule, lines, overtime_s,
            moving=moving, paces=paces or [Pace(1.0, EXPERIENCED) for _ in range(everybody)],
        )  # fmt: skip

    def ask(self, at_s: float, work_s: float, subject: int, role: int = 0, rank: int = 0) -> None:
        """Ask at a moment for some work."""

        def steps() -> Generator[simpy.Event, Any, None]:
            yield self.env.timeout(at_s)
            yield self.staff.do(role, work_s, STARTED, subject, rank)
            self.done[subject] = self.env.now

        LeanProcess(steps())

    def run(self, until_s: float | None = None) -> Floor:
        """Run the clock."""
        self.env.run(until=until_s)
        return self

    def of(self, fact: Fact) -> list[tuple[float, int, float]]:
        """Return (time, person, value) of a fact."""
        return [(t, s, v) for t, f, s, _, v in self.log if f == fact]

    def worked(self) -> list[tuple[int, float, float]]:
        """Return (person, begin, end) of every piece of work, by its end."""
        return [(person, time - length, time) for time, person, length in self.of(Fact.WORKED)]

    def begun(self) -> list[tuple[float, int, int]]:
        """Return (time, subject, person) of every start of work."""
        return [(t, s, o) for t, f, s, o, _ in self.log if f == STARTED]
