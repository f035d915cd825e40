"""The named weeks as tables: by person, by duty, by quarter-hour, by group; and as CSV."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from optimize.staffing.named.price import Kind
from optimize.staffing.named.problem import NamedProblem, Result
from optimize.staffing.problem import (
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    SLOTS_AN_HOUR,
    Template,
    clock,
    slot_words,
)
from sim.scenario.schema import ROLES, WEEKDAYS


class DutyRow(NamedTuple):
    """One person's duty.

    Attributes
    ----------
    name, role, group
        Who.
    day
        Weekday ("mon"), or the date (ISO 8601) where the week has one.
    start, end
        Clock times; an end not after the start is on the next day, midnight is 24:00.
    break_start, break_end
        Clock times, empty where there is no break.
    paid_h
        Paid hours.
    """

    name: str
    role: str
    group: str
    day: str
    start: str
    end: str
    break_start: str
    break_end: str
    paid_h: float


HEADS = (
    "name",
    "role",
    "group",
    "day",
    "start",
    "end",
    "break_start",
    "break_end",
    "paid_hours",
)


def duty_rows(result: Result, monday: datetime.date | None = None) -> list[DutyRow]:
    """Return a row a person and duty, in the order of people and of the week.

    Parameters
    ----------
    result
        Named weeks.
    monday
        First day of the week; None: rows say weekdays.

    Raises
    ------
    ValueError
        If ``monday`` is another weekday.
    """
    if monday is not None:
        check_monday(monday)
    return [
        DutyRow(
            week.name,
            week.role,
            week.group,
            WEEKDAYS[day]
            if monday is None
            else (monday + datetime.timedelta(days=day)).isoformat(),
            *_times(template),
            template.length / SLOTS_AN_HOUR,
        )
        for week in result.weeks
        for day, template in week.duties
    ]


def check_monday(monday: datetime.date) -> None:
    """Raise unless a date is a Monday."""
    if monday.weekday() != 0:
        raise ValueError(
            f"the week begins on {monday.isoformat()}, a {monday:%A}; give the date of a Monday"
        )


def _times(template: Template) -> tuple[str, str, str, str]:
    end = template.start + template.length
    if not template.break_length:
        return clock(template.start), _clock_end(end), "", ""
    pause = template.start + template.break_after
    back = pause + template.break_length
    return clock(template.start), _clock_end(end), clock(pause % SLOTS_A_DAY), _clock_end(back)


def _clock_end(slot: int) -> str:
    return clock((slot - 1) % SLOTS_A_DAY + 1)


def csv_week(result: Result, monday: datetime.date | None = None) -> str:
    """Return the rows of `duty_rows` as CSV; no cell of it is ever taken for a formula."""
    from sim.report.cells import csv_text

    return csv_text([HEADS, *duty_rows(result, monday)])


def person_rows(result: Result) -> list[dict[str, Any]]:
    """Return a row a person: name, role, group, paid hours, and the times of each weekday."""
    rows = []
    for week in result.weeks:
        row: dict[str, Any] = {
            "name": week.name,
            "role": week.role,
            "group": week.group,
            "hours": week.paid_slots / SLOTS_AN_HOUR,
        }
        for day, template in week.duties:
            start, end, *_ = _times(template)
            row[WEEKDAYS[day]] = f"{start}-{end}"
        rows.append(row)
    return rows


def day_rows(result: Result, day: int) -> list[DutyRow]:
    """Return the duties that start on a weekday, 0 is Monday, the earliest first."""
    rows = [row for row in duty_rows(result) if row.day == WEEKDAYS[day]]
    return sorted(rows, key=lambda row: (row.start, row.role, row.name))


def quarter_rows(result: Result) -> list[dict[str, Any]]:
    """Return a row a quarter-hour of the week and role with people on duty.

    Each says the quarter-hour ("tue 00:15"), the role, people on duty (those on break among them)
    and people on break.
    """
    on_duty = {role: [0] * SLOTS_A_WEEK for role in ROLES}
    on_break = {role: [0] * SLOTS_A_WEEK for role in ROLES}
    for week in result.weeks:
        for day, template in week.duties:
            start = day * SLOTS_A_DAY + template.start
            for slot in range(start, start + template.length):
                on_duty[week.role][slot % SLOTS_A_WEEK] += 1
            pause = start + template.break_after
            for slot in range(pause, pause + template.break_length):
                on_break[week.role][slot % SLOTS_A_WEEK] += 1
    return [
        {
            "time": slot_words(slot),
            "role": role,
            "on_duty": on_duty[role][slot],
            "on_break": on_break[role][slot],
        }
        for slot in range(SLOTS_A_WEEK)
        for role in ROLES
        if on_duty[role][slot]
    ]


class FairnessRow(NamedTuple):
    """How far people of a group are apart.

    Attributes
    ----------
    group, people
        Which, and how many.
    least_h, most_h
        Paid hours of the week.
    weekend, late, early
        (fewest, most) duties of that kind of one person.
    """

    group: str
    people: int
    least_h: float
    most_h: float
    weekend: tuple[int, int]
    late: tuple[int, int]
    early: tuple[int, int]


def fairness_rows(problem: NamedProblem, result: Result) -> Iterator[FairnessRow]:
    """Yield the spread of hours and of weekend, late and early duties in each group."""
    for group in problem.groups:
        weeks = [week for week in result.weeks if week.group == group.name]
        if not weeks:
            continue
        hours = [week.paid_slots / SLOTS_AN_HOUR for week in weeks]
        kinds = [
            [Kind(day, template.start, template.length) for day, template in week.duties]
            for week in weeks
        ]
        yield FairnessRow(
            group.name,
            len(weeks),
            min(hours),
            max(hours),
            _spread([sum(kind.weekend for kind in week) for week in kinds]),
            _spread([sum(kind.late for kind in week) for week in kinds]),
            _spread([sum(kind.early for kind in week) for week in kinds]),
        )


def _spread(counts: list[int]) -> tuple[int, int]:
    return min(counts), max(counts)
