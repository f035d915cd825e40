"""An independent look at a roster: which rules it breaks, and what it costs.

Nothing here uses the solver's arrays: each person's days are read one by one from the roster.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from optimize.faults import CheckError
from optimize.rostering.days.problem import Person, Problem, Shift, weekends

Row = Sequence[str | None]
"""What one person works: the name of a shift for each day, None for a day off."""


def check(problem: Problem, roster: Sequence[Row], cost: int, bound: float | None = None) -> None:
    """Raise unless a roster keeps every rule and costs what it claims, not less than its bound.

    Raises
    ------
    CheckError
        With every fault found.
    """
    faults = broken_rules(problem, roster)
    if faults:
        raise CheckError(faults)
    if cost != (true := price(problem, roster)):
        faults.append(f"the roster claims a cost of {cost}, it is {true}")
    if bound is not None and not bound <= true:
        faults.append(f"the roster costs {true}, less than its bound {bound}")
    if faults:
        raise CheckError(faults)


def price(problem: Problem, roster: Sequence[Row]) -> int:
    """Return what a roster costs: people missing and too many, and requests refused."""
    total = 0
    for cover in problem.covers:
        there = sum(row[cover.day] == cover.shift for row in roster)
        total += cover.under_weight * max(0, cover.people - there)
        total += cover.over_weight * max(0, there - cover.people)
    row_of = dict(zip((person.name for person in problem.people), roster, strict=True))
    for request in problem.requests:
        works = row_of[request.person][request.day] == request.shift
        total += request.weight if works != request.wanted else 0
    return total


def broken_rules(problem: Problem, roster: Sequence[Row]) -> list[str]:
    """Return in words every rule that a roster breaks; empty if it keeps all."""
    if len(roster) != len(problem.people):
        return [f"rows for {len(roster)} people, there are {len(problem.people)}"]
    shift_of = {shift.name: shift for shift in problem.shifts}
    faults: list[str] = []
    for person, row in zip(problem.people, roster, strict=True):
        if len(row) != problem.days:
            found = [f"{len(row)} days, the horizon has {problem.days}"]
        elif unknown := [name for name in row if name is not None and name not in shift_of]:
            found = [f"there is no shift {unknown[0]!r}"]
        else:
            worked = [None if name is None else shift_of[name] for name in row]
            found = [*_sums(problem, person, worked), *_runs(person, worked)]
        faults += [f"{person.name}: {fault}" for fault in found]
    return faults


def _sums(problem: Problem, person: Person, worked: Sequence[Shift | None]) -> list[str]:
    faults = []
    for shift, most in zip(problem.shifts, person.max_of_shift, strict=True):
        times = sum(one == shift for one in worked)
        if times > most:
            faults.append(f"{times} times {shift.name}, {most} are allowed")
    minutes = sum(one.minutes for one in worked if one is not None)
    if not person.min_minutes <= minutes <= person.max_minutes:
        faults.append(
            f"{minutes} min, {person.min_minutes} to {person.max_minutes} min are allowed"
        )
    busy = sum(any(worked[day] for day in days) for days in weekends(problem.days))
    if busy > person.max_weekends:
        faults.append(f"{busy} weekends, {person.max_weekends} are allowed")
    return faults + [f"works on day {day}, a day off" for day in person.days_off if worked[day]]


def _runs(person: Person, worked: Sequence[Shift | None]) -> list[str]:
    faults = []
    for day, (before, after) in enumerate(pairwise(worked)):
        if before is not None and after is not None and after.name in before.not_before:
            faults.append(f"{after.name} on day {day + 1} right after {before.name}")
    first = 0
    for works, group in groupby(worked, key=lambda one: one is not None):
        length = len(list(group))
        inside = first > 0 and first + length < len(worked)
        if works and length > person.max_run_days:
            faults.append(f"works {length} days from day {first}, {person.max_run_days} at most")
        if works and inside and length < person.min_run_days:
            faults.append(f"works {length} days from day {first}, {person.min_run_days} at least")
        if not works and inside and length < person.min_off_run_days:
            faults.append(f"{length} off from day {first}, {person.min_off_run_days} at least")
        first += length
    return faults
