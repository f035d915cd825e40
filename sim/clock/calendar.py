"""From shifts of the week to the hours each person is on duty.

Weeks repeat; closed dates drop the shifts that would start on them. Two stretches of one person
that touch (a house open around the clock) are one stretch.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.scenario.schema import ROLES, WEEKDAYS, clock_s
from sim.scenario.schema.people import Shift

DAY_S = 86_400


@dataclass(frozen=True)
class Crew:
    """People who share a role and all their hours.

    Parameters
    ----------
    role
        Index into ROLES.
    first_person, heads
        Person numbers ``first_person`` to ``first_person + heads - 1``.
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


def crews(staff: Mapping[str, Shift]) -> list[Crew]:
    """Number everybody: shifts in the order of the file, roles in the order of ROLES."""
    found: list[Crew] = []
    person = 0
    for name, shift in staff.items():
        for index, role in enumerate(ROLES):
            heads = getattr(shift, role)
            if heads:
                found.append(Crew(index, person, heads, name))
                person += heads
    return found


def stretches(
    shift: Shift, start_date: datetime.date, days: int, closed_dates: Iterable[str] = ()
) -> list[Stretch]:
    """Return the duty of a shift over ``days`` days from ``start_date`` (and the night before it).

    Parameters
    ----------
    shift
        Weekdays, start, end and breaks; an end not after the start means the next day.
    start_date
        Day whose midnight is second 0.
    days
        Number of days, >= 1.
    closed_dates
        ISO dates on which no shift starts.
    """
    begin, end = clock_s(shift.start), clock_s(shift.end)
    length = end - begin if end > begin else end - begin + DAY_S
    closed = frozenset(closed_dates)
    plan: list[Stretch] = []
    for day in range(-1, days):
        date = start_date + datetime.timedelta(days=day)
        if WEEKDAYS[date.weekday()] not in shift.days or date.isoformat() in closed:
            continue
        start = day * DAY_S + begin
        if start + length <= 0:
            continue
        pauses = sorted(
            (start + (clock_s(pause.start) - begin) % DAY_S, pause.minutes * 60.0)
            for pause in shift.breaks.values()
        )
        plan.append(
            Stretch(
                max(0.0, float(start)),
                float(start + length),
                tuple((float(s), m) for s, m in pauses if s >= 0),
            )
        )
    return _joined(plan)


def _joined(plan: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in plan:
        if not joined or stretch.start_s > joined[-1].end_s:
            joined.append(stretch)
            continue
        last = joined[-1]
        end_s = max(last.end_s, stretch.end_s)
        joined[-1] = Stretch(last.start_s, end_s, last.breaks + stretch.breaks)
    return joined
