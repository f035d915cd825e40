"""From shifts of the week to the hours each person is on duty.

Weeks repeat; some weekdays and dates are different, closed dates drop the shifts that would start
on them, and a person may miss a shift. Two stretches of one person that touch (a house open around
the clock) are one stretch.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from sim.scenario.schema import ROLES, clock_s
from sim.scenario.schema.people import Shift

DAY_S = 86_400

Misses = Callable[[int, int], bool]
"""``misses(place, day)``: the crew's person at a place (from 0) misses the shift of a day."""


@dataclass(frozen=True)
class Crew:
    """People who share a role and a shift.

    Parameters
    ----------
    role
        Index into ROLES.
    first_person, heads
        Person numbers ``first_person`` to ``first_person + heads - 1``; on a day with fewer heads
        the first of them are there.
    shift
        Name of the shift.
    """

    role: int
    first_person: int
    heads: int
    shift: str


@dataclass(frozen=True)
class Stretch:
    """One stretch of duty: seconds from the scenario's start, breaks as (start, length)."""

    start_s: float
    end_s: float
    breaks: tuple[tuple[float, float], ...]


class Turn(IntEnum):
    """What happens to people at a moment; at the same second in this order."""

    COME = 1
    MISS = 2
    BREAK = 3
    GO = 4


@dataclass(frozen=True)
class Moment:
    """A moment at which some of a crew come, miss their shift, begin a break, or go.

    Parameters
    ----------
    time_s
        Seconds from the scenario's start.
    turn
        What happens.
    length_s
        Seconds until the end of the duty, of the missed shift, of the break; 0 for GO.
    people
        Person numbers.
    """

    time_s: float
    turn: Turn
    length_s: float
    people: tuple[int, ...]


@dataclass(frozen=True)
class _WorkedDay:
    day: int
    stretch: Stretch
    heads: int


def crews(staff: Mapping[str, Shift]) -> list[Crew]:
    """Number everybody: shifts in the order of the file, roles in the order of ROLES."""
    found: list[Crew] = []
    person = 0
    for name, shift in staff.items():
        for index, role in enumerate(ROLES):
            heads = shift.most_heads(role)
            if heads:
                found.append(Crew(index, person, heads, name))
                person += heads
    return found


def moments(
    crew: Crew,
    shift: Shift,
    start_date: datetime.date,
    days: int,
    *,
    closed_dates: Iterable[str] = (),
    misses: Misses | None = None,
) -> list[Moment]:
    """Return when the people of a crew come, miss a shift, begin a break and go, in order.

    Parameters
    ----------
    crew
        The people.
    shift
        Weekdays, start, end and breaks; an end not after the start means the next day.
    start_date
        Day whose midnight is second 0.
    days
        Number of days, >= 1; the night before them is played too.
    closed_dates
        ISO dates on which no shift starts.
    misses
        Who misses which shift; None if nobody ever does.
    """
    role = ROLES[crew.role]
    worked = [
        _WorkedDay(day, stretch, getattr(that_day, role))
        for day, that_day, stretch in _days(shift, start_date, days, closed_dates)
    ]
    groups = (
        _alike(worked, crew.heads) if misses is None else [(p, p + 1) for p in range(crew.heads)]
    )
    plan = _Plan()
    for first, end in groups:
        people = range(crew.first_person + first, crew.first_person + end)
        mine = [day for day in worked if first < day.heads]
        missed = [day for day in mine if misses is not None and misses(first, day.day)]
        plan.miss([day.stretch for day in missed], people)
        plan.work([day.stretch for day in mine if day not in missed], people)
    return plan.moments()


class _Plan:
    """Collects who comes and goes when; people of one moment stand together."""

    def __init__(self) -> None:
        self._people: dict[tuple[float, Turn, float], list[int]] = {}

    def work(self, plan: Iterable[Stretch], people: Iterable[int]) -> None:
        for stretch in _joined(plan):
            self._add(stretch.start_s, Turn.COME, stretch.end_s - stretch.start_s, people)
            for start_s, length_s in stretch.breaks:
                self._add(start_s, Turn.BREAK, length_s, people)
            self._add(stretch.end_s, Turn.GO, 0.0, people)

    def miss(self, missed: Iterable[Stretch], people: Iterable[int]) -> None:
        for stretch in missed:
            self._add(stretch.start_s, Turn.MISS, stretch.end_s - stretch.start_s, people)

    def _add(self, time_s: float, turn: Turn, length_s: float, people: Iterable[int]) -> None:
        self._people.setdefault((time_s, turn, length_s), []).extend(people)

    def moments(self) -> list[Moment]:
        return [Moment(*key, tuple(self._people[key])) for key in sorted(self._people)]


def _alike(worked: list[_WorkedDay], heads: int) -> list[tuple[int, int]]:
    """Return the places that share all their hours, as (first, end)."""
    bounds = sorted({0, heads, *(day.heads for day in worked)})
    return list(pairwise(bounds))


def _days(
    shift: Shift, start_date: datetime.date, days: int, closed_dates: Iterable[str]
) -> Iterator[tuple[int, Shift, Stretch]]:
    """Yield each day that is worked, counted from 0: the shift as it is then, and its hours."""
    closed = frozenset(closed_dates)
    for day in range(-1, days):
        date = start_date + datetime.timedelta(days=day)
        that_day = None if date.isoformat() in closed else shift.on(date)
        if that_day is None:
            continue
        stretch = _hours(that_day, day)
        if stretch.end_s > 0.0:
            yield day, that_day, stretch


def _hours(shift: Shift, day: int) -> Stretch:
    """Return the hours of a shift on a day, cut at second 0."""
    begin, end = clock_s(shift.start), clock_s(shift.end)
    length = end - begin if end > begin else end - begin + DAY_S
    start = day * DAY_S + begin
    pauses = sorted(
        (start + (clock_s(pause.start) - begin) % DAY_S, pause.minutes * 60.0)
        for pause in shift.breaks.values()
    )
    return Stretch(
        max(0.0, float(start)),
        float(start + length),
        tuple((float(s), m) for s, m in pauses if s >= 0),
    )


def _joined(plan: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in plan:
        if not joined or stretch.start_s > joined[-1].end_s:
            joined.append(stretch)
            continue
        last = joined[-1]
        end_s = max(last.end_s, stretch.end_s)
        joined[-1] = Stretch(last.start_s, end_s, last.breaks + stretch.breaks)
    return joined
