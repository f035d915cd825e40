"""Who works when: the plan's shifts as a scenario writes them, and a week for each person by name.

A whole-week tour is one person's week, so nothing is lost. Duties of single days are dealt out to
as few people as first-fit finds; where only so many people are at hand, what nobody may take under
the labour rules is counted as loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from optimize.staffing.problem import (
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    SLOTS_AN_HOUR,
    Problem,
    Result,
    Rules,
    Template,
    clock,
)
from sim.scenario.schema import ROLES, WEEKDAYS
from sim.scenario.schema.people import Shift

Duty = tuple[Template, int]
"""A shift and its weekday."""


@dataclass(frozen=True)
class Person:
    """One person's week.

    Attributes
    ----------
    name
        Role and number.
    role
        One of ROLES.
    duties
        Shifts with their weekdays, in the order of the week.
    """

    name: str
    role: str
    duties: tuple[Duty, ...]

    @property
    def hours(self) -> float:
        """Paid hours of the week."""
        return sum(template.length for template, _ in self.duties) / SLOTS_AN_HOUR


@dataclass(frozen=True)
class Roster:
    """Everybody's week.

    Attributes
    ----------
    people
        In the order of roles.
    unassigned
        (role, shift, weekday) that nobody at hand may take.
    fewest_people
        For each role with duties: no roster has fewer people (hours, days, and heads of one day).
    """

    people: tuple[Person, ...]
    unassigned: tuple[tuple[str, Template, int], ...]
    fewest_people: tuple[tuple[str, int], ...]

    @property
    def loss_hours(self) -> float:
        """Paid hours of the duties that nobody takes."""
        return sum(template.length for _, template, _ in self.unassigned) / SLOTS_AN_HOUR


def roster(problem: Problem, result: Result, people: Mapping[str, int] | None = None) -> Roster:
    """Deal the duties of the teams out to people.

    Parameters
    ----------
    problem
        Labour rules.
    result
        Teams.
    people
        How many people of a role there are; a role not named may have as many as needed.
    """
    everybody: list[Person] = []
    unassigned: list[tuple[str, Template, int]] = []
    fewest: list[tuple[str, int]] = []
    for role in ROLES:
        teams = [team for team in result.teams if team.role == role]
        if not teams:
            continue
        weeks = [
            [(team.template, day) for day in team.days]
            for team in teams
            if len(team.days) > 1
            for _ in range(team.people)
        ]
        singles = [
            (team.template, team.days[0])
            for team in teams
            if len(team.days) == 1
            for _ in range(team.people)
        ]
        all_duties = [duty for week in weeks for duty in week] + singles
        fewest.append((role, _fewest(all_duties, problem.rules)))
        limit = (people or {}).get(role)
        if limit is not None:
            unassigned += [(role, *duty) for week in weeks[limit:] for duty in week]
            weeks = weeks[:limit]
        for duty in sorted(singles, key=lambda duty: (duty[1], duty[0])):
            week = _first_fit(weeks, duty, problem.rules)
            if week is not None:
                week.append(duty)
            elif limit is None or len(weeks) < limit:
                weeks.append([duty])
            else:
                unassigned.append((role, *duty))
        everybody += [
            Person(f"{role}-{number:03d}", role, tuple(sorted(week, key=_start)))
            for number, week in enumerate(weeks, start=1)
        ]
    return Roster(tuple(everybody), tuple(unassigned), tuple(fewest))


def roster_rows(dealt: Roster) -> list[dict[str, Any]]:
    """Return a row a person for the plan file: name, role, hours, and the hours of each weekday."""
    rows = []
    for person in dealt.people:
        row: dict[str, Any] = {"name": person.name, "role": person.role, "hours": person.hours}
        for template, day in person.duties:
            end = (template.start + template.length - 1) % SLOTS_A_DAY + 1
            row[WEEKDAYS[day]] = f"{clock(template.start)}-{clock(end)}"
        rows.append(row)
    return rows


def _start(duty: Duty) -> int:
    template, day = duty
    return day * SLOTS_A_DAY + template.start


def _fewest(duties: list[Duty], rules: Rules) -> int:
    slots = sum(template.length for template, _ in duties)
    by_hours = -(-slots // (rules.max_hours_a_week * SLOTS_AN_HOUR))
    by_days = -(-len(duties) // rules.max_days_a_week)
    a_day = [day for _, day in duties]
    return max(by_hours, by_days, *(a_day.count(day) for day in range(7)))


def _first_fit(weeks: list[list[Duty]], duty: Duty, rules: Rules) -> list[Duty] | None:
    for week in weeks:
        if _fits(week, duty, rules):
            return week
    return None


def _fits(week: list[Duty], duty: Duty, rules: Rules) -> bool:
    if len(week) >= rules.max_days_a_week or any(day == duty[1] for _, day in week):
        return False
    slots = duty[0].length + sum(template.length for template, _ in week)
    if slots > rules.max_hours_a_week * SLOTS_AN_HOUR:
        return False
    rest = rules.min_rest_h * SLOTS_AN_HOUR
    for other in week:
        ahead = (_start(other) - _start(duty)) % SLOTS_A_WEEK
        if ahead - duty[0].length < rest or SLOTS_A_WEEK - ahead - other[0].length < rest:
            return False
    return True


def staff_section(
    result: Result, today: Mapping[str, Shift], planned: Sequence[str]
) -> dict[str, Any]:
    """Return the section ``staff`` of a scenario: one shift a template and set of days.

    Parameters
    ----------
    result
        Teams.
    today
        Today's shifts; people of roles that were not planned keep them, under their old names.
    planned
        Roles that were planned.
    """
    section: dict[str, Any] = {}
    for team in sorted(result.teams, key=lambda t: (t.template, t.days, ROLES.index(t.role))):
        name = _shift_name(team.template, team.days)
        shift = section.setdefault(name, _shift(team.template, team.days))
        shift[team.role] = shift.get(team.role, 0) + team.people
    for name, kept in today.items():
        rest = [role for role in ROLES if role not in planned and kept.most_heads(role)]
        if rest:
            section[_free_name(name, section)] = _without(kept, rest)
    return section


def _without(kept: Shift, rest: Sequence[str]) -> dict[str, Any]:
    """Return a shift of today as it is written, with the people of some roles alone."""
    hours = {"days", "start", "end", "breaks", "new_people"}
    written = kept.model_dump(exclude_unset=True, include={*hours, *rest})
    for key in ("by_day", "by_date"):
        days = {
            day: different.model_dump(exclude_none=True, include={*hours, *rest})
            for day, different in getattr(kept, key).items()
        }
        if any(days.values()):
            written[key] = {day: different for day, different in days.items() if different}
    return written


def _free_name(name: str, section: Mapping[str, Any]) -> str:
    while name in section:
        name = f"{name[:70]}-today"
    return name


def _shift_name(template: Template, days: tuple[int, ...]) -> str:
    start = clock(template.start)
    hours = f"{template.length / SLOTS_AN_HOUR:g}h"
    words = WEEKDAYS[days[0]] if len(days) == 1 else f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    run = all((after - day) % 7 == 1 for day, after in pairwise(days))
    if not run:
        words = "-".join(WEEKDAYS[day] for day in days)
    pause = f"-break-{clock(template.break_after)}" if _odd_break(template) else ""
    return f"{words}-{start}-{hours}{pause}".replace(":", "")


def _odd_break(template: Template) -> bool:
    usual = (2, (template.length - template.break_length) // 2)
    return bool(template.break_length) and (template.break_length, template.break_after) != usual


def _shift(template: Template, days: tuple[int, ...]) -> dict[str, Any]:
    end = template.start + template.length
    shift: dict[str, Any] = {
        "days": [WEEKDAYS[day] for day in days],
        "start": clock(template.start),
        "end": clock(end if end <= SLOTS_A_DAY else end - SLOTS_A_DAY),
    }
    if template.break_length:
        pause = (template.start + template.break_after) % SLOTS_A_DAY
        minutes = template.break_length * 60 // SLOTS_AN_HOUR
        shift["breaks"] = {"meal": {"start": clock(pause), "minutes": minutes}}
    return shift
