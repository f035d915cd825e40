"""The whole problem as one integer program: a proof where there are few people and days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimize.rostering.days.problem import Person, Problem, weekends
from optimize.solver.cp_sat import (
    IntegerProgram,
    NoAnswerError,
    Row,
    Terms,
    solve_program,
)

MOST_CELLS = 500
"""Most people x days x shifts for which a proof is tried."""


class _Program:
    """Variables by what they say: 1 where a person works a shift on a day, and so on."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.bounds: list[tuple[int, int]] = []
        self.rows: list[Row] = []
        self.cost: list[tuple[int, int]] = []
        names = [shift.name for shift in problem.shifts]
        self.works = {
            (person.name, day, name): self._new(0 if day in person.days_off else 1)
            for person in problem.people
            for day in range(problem.days)
            for name in names
        }
        for person in problem.people:
            self.rows += [*self._sums(person), *self._runs(person), *self._weekends(person)]
        self._prices()

    def _new(self, high: int, cost: int = 0) -> int:
        self.bounds.append((0, high))
        if cost:
            self.cost.append((len(self.bounds) - 1, cost))
        return len(self.bounds) - 1

    def day(self, person: Person, day: int, factor: int = 1) -> Terms:
        """Return what is ``factor`` where a person works on a day, else 0."""
        shifts = self.problem.shifts
        return tuple((self.works[person.name, day, shift.name], factor) for shift in shifts)

    def _days(self, person: Person, days: Sequence[int], factor: int = 1) -> Terms:
        return tuple(term for day in days for term in self.day(person, day, factor))

    def _sums(self, person: Person) -> Iterator[Row]:
        days, shifts = range(self.problem.days), self.problem.shifts
        worked = self.works
        for day in days:
            yield Row("one shift a day", self.day(person, day), high=1)
        for shift, most in zip(shifts, person.max_of_shift, strict=True):
            terms = tuple((worked[person.name, day, shift.name], 1) for day in days)
            yield Row("most of a shift", terms, high=most)
        for day in days[:-1]:
            for shift in shifts:
                after = [(worked[person.name, day + 1, name], 1) for name in shift.not_before]
                if after:
                    terms = ((worked[person.name, day, shift.name], 1), *after)
                    yield Row("what may follow", terms, high=1)
        minutes = tuple(
            (worked[person.name, day, shift.name], shift.minutes)
            for day in days
            for shift in shifts
        )
        yield Row("working time", minutes, person.min_minutes, person.max_minutes)

    def _runs(self, person: Person) -> Iterator[Row]:
        days, longest = self.problem.days, person.max_run_days
        for first in range(days - longest):
            terms = self._days(person, range(first, first + longest + 1))
            yield Row("most days in a row", terms, high=longest)
        for length in range(1, max(person.min_run_days, person.min_off_run_days)):
            for first in range(1, days - length):
                edges = self._days(person, (first - 1, first + length))
                inside = self._days(person, range(first, first + length), -1)
                if length < person.min_run_days:
                    yield Row("fewest days in a row", edges + inside, low=1 - length)
                if length < person.min_off_run_days:
                    yield Row("fewest days off in a row", edges + inside, high=1)

    def _weekends(self, person: Person) -> Iterator[Row]:
        busy = []
        for days in weekends(self.problem.days):
            busy.append((self._new(1), 1))
            for day in days:
                yield Row("a weekend", (*self.day(person, day), (busy[-1][0], -1)), high=0)
        if busy:
            yield Row("most weekends", tuple(busy), high=person.max_weekends)

    def _prices(self) -> None:
        people = self.problem.people
        for cover in self.problem.covers:
            missing = self._new(cover.people, cover.under_weight)
            extra = self._new(len(people), cover.over_weight)
            there = tuple((self.works[one.name, cover.day, cover.shift], 1) for one in people)
            terms = (*there, (missing, 1), (extra, -1))
            self.rows.append(Row("cover", terms, cover.people, cover.people))
        for request in self.problem.requests:
            cell = self.works[request.person, request.day, request.shift]
            if request.wanted:
                refused = self._new(1, request.weight)
                self.rows.append(Row("a wish", ((refused, 1), (cell, 1)), low=1))
            else:
                self.cost.append((cell, request.weight))


def proved(
    problem: Problem, seed: int, deterministic_limit_s: float
) -> tuple[list[list[str | None]], int] | None:
    """Return a roster and a bound on every other, None where the search comes to neither.

    Parameters
    ----------
    problem
        One of few people and days.
    seed, deterministic_limit_s
        As for `solve_program`.
    """
    program = _Program(problem)
    merged: dict[int, int] = {}
    for variable, cost in program.cost:
        merged[variable] = merged.get(variable, 0) + cost
    asked = IntegerProgram(tuple(program.bounds), tuple(program.rows), tuple(merged.items()))
    try:
        found = solve_program(
            asked, seed=seed, deterministic_limit_s=deterministic_limit_s, linearization_level=2
        )
    except NoAnswerError:
        return None
    roster: list[list[str | None]] = [[None] * problem.days for _ in problem.people]
    number = {person.name: n for n, person in enumerate(problem.people)}
    for (name, day, shift), variable in program.works.items():
        if found.values[variable]:
            roster[number[name]][day] = shift
    return roster, found.bound
