"""An independent look at a staffing plan: who is there when, what it costs, what the rules say.

Nothing here uses the solver's program or its count of heads: people are put on a clock of 10,080
minutes and read off again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from optimize.staffing.problem import (
    SLOT_S,
    SLOTS_A_WEEK,
    Need,
    Problem,
    Result,
    Rules,
    Team,
    Template,
    slot_words,
)

if TYPE_CHECKING:
    from optimize.staffing.roster import Roster

MINUTES_A_DAY = 1440
MINUTES_A_WEEK = 10_080
SLOT_MINUTES = SLOT_S // 60
MAX_LISTED = 10


class CheckError(Exception):
    """A plan that does not do what it claims, with every fault found."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        more = len(self.faults) - MAX_LISTED
        tail = f"; and {more} more" if more > 0 else ""
        super().__init__("; ".join(self.faults[:MAX_LISTED]) + tail)


def check(problem: Problem, result: Result) -> None:
    """Raise unless the teams keep the rules, are there when needed and cost what is claimed.

    Raises
    ------
    CheckError
        With every fault found.
    """
    faults = [fault for team in result.teams for fault in _team_faults(problem, team)]
    if faults:
        raise CheckError(faults)
    wage = extra = missing_price = 0
    missing: list[tuple[str, int, int]] = []
    for need in problem.needs:
        teams = [team for team in result.teams if team.role == need.role]
        present = at_work(teams)
        gaps = _missing(need, present)
        missing += gaps
        faults += _window_faults(need, present)
        faults += [fault for team in teams for fault in _closed_faults(need, team)]
        for team in teams:
            paid = team.people * len(team.days) * _cents(need, team.template)
            wage += paid
            if len(team.days) == 1:
                one = _cents(need, team.template) * problem.single_day_extra_percent
                extra += team.people * int(one / 100 + 0.5)
        if gaps and problem.short_percent is None:
            faults += [f"{n} {role} missing on {slot_words(slot)}" for role, slot, n in gaps]
        elif problem.short_percent is not None:
            price = _ceiling(need.wage_cents_per_h * problem.short_percent, 400)
            missing_price += price * sum(n for _, _, n in gaps)
    if sorted(result.short) != sorted(missing):
        faults.append(f"the plan says {len(result.short)} gaps, the clock shows {len(missing)}")
    faults += _price_faults(result, wage, wage + extra + missing_price)
    if faults:
        raise CheckError(faults)


def at_work(teams: Sequence[Team]) -> npt.NDArray[np.int64]:
    """Return for each quarter-hour of the week the fewest people at work in any of its minutes."""
    minutes = np.zeros(MINUTES_A_WEEK, dtype=np.int64)
    for team in teams:
        for day in team.days:
            start = day * MINUTES_A_DAY + team.template.start * SLOT_MINUTES
            _add(minutes, start, team.template.length * SLOT_MINUTES, team.people)
            pause = start + team.template.break_after * SLOT_MINUTES
            _add(minutes, pause, team.template.break_length * SLOT_MINUTES, -team.people)
    fewest: npt.NDArray[np.int64] = minutes.reshape(SLOTS_A_WEEK, SLOT_MINUTES).min(axis=1)
    return fewest


def _add(minutes: npt.NDArray[np.int64], start: int, length: int, people: int) -> None:
    minutes[np.arange(start, start + length) % MINUTES_A_WEEK] += people


def _cents(need: Need, template: Template) -> int:
    return int(need.wage_cents_per_h * (template.length / 4) + 0.5)


def _ceiling(value: int, divisor: int) -> int:
    return (value + divisor - 1) // divisor


def _missing(need: Need, present: npt.NDArray[np.int64]) -> list[tuple[str, int, int]]:
    gaps = np.array(need.heads) - present
    return [(need.role, int(slot), int(gaps[slot])) for slot in np.flatnonzero(gaps > 0)]


def _window_faults(need: Need, present: npt.NDArray[np.int64]) -> list[str]:
    twice = np.concatenate([present, present])
    faults = []
    for cover in need.covers:
        there = int(twice[cover.first : cover.first + cover.length].sum())
        if there < cover.person_slots:
            faults.append(
                f"{need.role}: {there} of {cover.person_slots} person-quarter-hours from"
                f" {slot_words(cover.first)} to {slot_words(cover.first + cover.length)}"
            )
    return faults


def _closed_faults(need: Need, team: Team) -> list[str]:
    """Return the days on which a team is in the house, at work or on break, while it is closed."""
    faults = []
    for day in team.days:
        start, end = _span(team.template, day)
        slots = range(start // SLOT_MINUTES, end // SLOT_MINUTES)
        closed = [slot for slot in slots if not need.opened[slot % SLOTS_A_WEEK]]
        if closed:
            faults.append(f"{need.role} in a closed house on {slot_words(closed[0])}")
    return faults


def _price_faults(result: Result, wage: int, cost: int) -> list[str]:
    faults = []
    if result.wage_cents != wage:
        faults.append(f"the plan claims wages of {result.wage_cents} cents, they are {wage}")
    if result.cost_cents != cost:
        faults.append(f"the plan claims a cost of {result.cost_cents} cents, it is {cost}")
    if result.bound_cents > cost:
        faults.append(f"the plan costs {cost} cents, less than its bound {result.bound_cents}")
    gap = (cost - result.bound_cents) / max(1, cost)
    # Written so that a claim that is not a number fails as well.
    if not abs(result.gap - gap) <= 1e-12:
        faults.append(f"the plan claims a gap of {result.gap}, it is {gap}")
    if result.status == "optimal" and result.bound_cents != cost:
        faults.append("the plan claims to be optimal, its bound does not prove it")
    return faults


def _team_faults(problem: Problem, team: Team) -> list[str]:
    who = f"{team.people} {team.role} from {slot_words(team.template.start)[4:]}"
    faults = []
    if team.role not in [need.role for need in problem.needs]:
        faults.append(f"{who}: nobody asked for this role")
    if type(team.people) is not int or team.people < 1:
        faults.append(f"{who}: a team has at least one person")
    if team.template not in problem.templates:
        faults.append(f"{who}: not one of the shifts given")
    if team.days not in problem.patterns:
        faults.append(f"{who}: not one of the patterns of days given")
    spans = [_span(team.template, day) for day in team.days]
    return faults + [f"{who}: {fault}" for fault in _law_faults(problem.rules, spans)]


def _span(template: Template, day: int) -> tuple[int, int]:
    start = day * MINUTES_A_DAY + template.start * SLOT_MINUTES
    return start, start + template.length * SLOT_MINUTES


def _law_faults(rules: Rules, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return what is wrong with one person's week; the same week follows."""
    faults = []
    ordered = sorted(spans)
    minutes = sum(end - start for start, end in ordered)
    if minutes > rules.max_hours_a_week * 60:
        faults.append(f"{minutes / 60:g} h a week, {rules.max_hours_a_week} are allowed")
    if len(ordered) > rules.max_days_a_week:
        faults.append(f"{len(ordered)} days a week, {rules.max_days_a_week} are allowed")
    shortest = min((end - start for start, end in ordered), default=MINUTES_A_WEEK)
    if shortest < rules.min_shift_h * 60:
        faults.append(f"a shift of {shortest / 60:g} h, {rules.min_shift_h} is the least")
    following = [*ordered[1:], *((s + MINUTES_A_WEEK, e) for s, e in ordered[:1])]
    for (_, end), (start, _) in zip(ordered, following, strict=True):
        if start - end < rules.min_rest_h * 60:
            rest = (start - end) / 60
            faults.append(f"{rest:g} h of rest, {rules.min_rest_h} are the least")
    return faults


def check_people(problem: Problem, result: Result, roster: Roster) -> None:
    """Raise unless every duty has one person or is counted as loss, and everybody's week is lawful.

    Raises
    ------
    CheckError
        With every fault found.
    """
    faults = []
    given: dict[tuple[str, Template, int], int] = {}
    for team in result.teams:
        for day in team.days:
            duty = (team.role, team.template, day)
            given[duty] = given.get(duty, 0) + team.people
    for person in roster.people:
        spans = [_span(template, day) for template, day in person.duties]
        faults += [f"{person.name}: {fault}" for fault in _law_faults(problem.rules, spans)]
        for template, day in person.duties:
            duty = (person.role, template, day)
            given[duty] = given.get(duty, 0) - 1
    for role, template, day in roster.unassigned:
        given[(role, template, day)] = given.get((role, template, day), 0) - 1
    for (role, template, day), left in given.items():
        if left:
            when = slot_words(_span(template, day)[0] // SLOT_MINUTES)
            faults.append(f"{role} on {when}: {abs(left)} too {'few' if left > 0 else 'many'}")
    names = [person.name for person in roster.people]
    if len(dict.fromkeys(names)) != len(names):
        faults.append("two people have the same name")
    if faults:
        raise CheckError(faults)
