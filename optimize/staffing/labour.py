"""From a scenario's section ``labour`` to groups, shifts and needs of a tour problem."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from optimize.staffing.problem import (
    SLOT_S,
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    SLOTS_AN_HOUR,
    Cover,
    Need,
)
from optimize.staffing.requirement import clock_slots, open_slots
from optimize.staffing.tours.problem import Contract, Group, ShiftType, SkillNeed, TourProblem
from sim.scenario.schema import ROLES, WEEKDAYS, Scenario, clock_s
from sim.scenario.schema import labour as written

Flags = npt.NDArray[np.bool_]
QUARTER_MIN = SLOT_S // 60
FEWER_PEOPLE_EUR = 1.0
"""Price of a person a week where no crews are named: of plans that cost the same, fewer people."""
MOST_ABSENT = 0.9
"""A reserve for more than this would be a second staff."""


def tour_problem(scenario: Scenario, needs: Sequence[Need]) -> TourProblem:
    """Return the tour problem of a scenario's labour rules and of what its work needs.

    Parameters
    ----------
    scenario
        Labour rules, wages, cross-training, today's shifts.
    needs
        What each role needs. Skills that nobody has are left out (`not_planned`).
    """
    opened = open_house(scenario)
    crews = tuple(groups(scenario))
    skills = {skill for group in crews for skill in group.skills}
    return TourProblem(
        groups=crews,
        shifts=tuple(shift_types(scenario, opened)),
        needs=tuple(
            skill_need(scenario, need, opened) for need in needs if need.role in skills
        ),
    )  # fmt: skip


def not_planned(scenario: Scenario, needs: Sequence[Need]) -> tuple[str, ...]:
    """Return the roles with work for which there is neither a crew nor anybody trained."""
    planned = planned_roles(scenario)
    return tuple(need.role for need in needs if need.role not in planned)


def planned_roles(scenario: Scenario) -> tuple[str, ...]:
    """Return the roles whose work some crew can do."""
    skills = {skill for group in groups(scenario) for skill in group.skills}
    return tuple(role for role in ROLES if role in skills)


def open_house(scenario: Scenario) -> Flags:
    """Return in which of the 672 quarter-hours people may be in the house."""
    named = scenario.labour.open.values()
    if not named:
        return open_slots(scenario.staff)
    opened = np.zeros(SLOTS_A_WEEK, dtype=np.bool_)
    for hours in named:
        for weekday in hours.days:
            opened[clock_slots(weekday, hours.start, hours.end)] = True
    return opened


def shift_types(scenario: Scenario, opened: Flags) -> Iterator[ShiftType]:
    """Yield the shifts of all windows that lie in the open hours of at least one weekday.

    They start at the steps of their window, and besides where the house opens or so that they end
    when it closes, as long as the window allows.
    """
    found: dict[ShiftType, None] = {}
    for window in scenario.labour.shifts.values():
        for hours in window.lengths_h:
            length = round(hours * SLOTS_AN_HOUR)
            for start in _starts(window, opened, length):
                days = [
                    day
                    for day in map(WEEKDAYS.index, window.days)
                    if opened[(day * SLOTS_A_DAY + start + np.arange(length)) % SLOTS_A_WEEK].all()
                ]
                if days:
                    found[_shift_type(window, start, length, tuple(sorted(days)))] = None
    yield from sorted(found)


def _starts(window: written.ShiftWindow, opened: Flags, length: int) -> list[int]:
    first, last = clock_s(window.start) // SLOT_S, clock_s(window.last_start) // SLOT_S
    step = window.every_min // QUARTER_MIN
    edges = [slot for slot in range(SLOTS_A_WEEK) if opened[slot] != opened[slot - 1]]
    at_edges = [slot if opened[slot] else slot - length for slot in edges]
    starts = dict.fromkeys([*range(0, SLOTS_A_DAY, step), *(s % SLOTS_A_DAY for s in at_edges)])
    return sorted(start for start in starts if first <= start <= last)


def _shift_type(
    window: written.ShiftWindow, start: int, length: int, days: tuple[int, ...]
) -> ShiftType:
    pause = window.break_min // QUARTER_MIN
    if not pause or length < window.break_from_h * SLOTS_AN_HOUR:
        return ShiftType(start, length, days=days)
    middle, play = (length - pause) // 2, window.break_play_min // QUARTER_MIN
    return ShiftType(start, length, pause, middle - play, middle + play, days)


def groups(scenario: Scenario) -> Iterator[Group]:
    """Yield the crews; where none is named, each role that works today under each contract."""
    labour = scenario.labour
    contracts = {name: _contract(name, each) for name, each in labour.contracts.items()}
    crews = labour.crews or {
        f"{role}-{contract}": written.Crew.model_validate(
            {"role": role, "contract": contract, "eur_per_person_week": FEWER_PEOPLE_EUR}
        )
        for role in ROLES
        if any(shift.most_heads(role) for shift in scenario.staff.values())
        for contract in contracts
    }
    for name, crew in crews.items():
        others = scenario.people.cross_training.get(crew.role, [])
        yield Group(
            name=name,
            role=crew.role,
            skills=tuple(dict.fromkeys([crew.role, *others])),
            contract=contracts[crew.contract],
            people_min=crew.at_least,
            people_max=min(crew.at_most, 10_000),
            wage_cents_per_h=round(getattr(scenario.people.eur_per_hour, crew.role) * 100),
            person_cents_a_week=round(crew.eur_per_person_week * 100),
        )


def _contract(name: str, contract: written.Contract) -> Contract:
    return Contract(
        name=name,
        min_hours_a_week=contract.hours_min,
        max_hours_a_week=contract.hours_max,
        overtime_hours_a_week=contract.overtime_h_max,
        overtime_percent=round(100 * contract.overtime_extra_share),
        max_days_a_week=contract.days_max,
        min_rest_h=contract.rest_h,
        lengths_h=tuple(contract.lengths_h),
    )


def skill_need(scenario: Scenario, need: Need, opened: Flags) -> SkillNeed:
    """Return a role's need with the absence reserve and the least that must be there."""
    absent = scenario.labour.absence_reserve_share
    share = min(MOST_ABSENT, scenario.people.absence_rate if absent is None else absent)
    least = np.zeros(SLOTS_A_WEEK, dtype=np.int64)
    for rule in scenario.labour.least.values():
        if rule.role == need.role:
            for weekday in rule.days:
                slots = clock_slots(weekday, rule.start, rule.end)
                least[slots] = np.maximum(least[slots], rule.heads)
    return SkillNeed(
        skill=need.role,
        heads=tuple(
            _with_reserve(n, share) if o else 0
            for n, o in zip(need.heads, opened.tolist(), strict=True)
        ),
        minimum=tuple(least.tolist()) if least.any() else (),
        covers=tuple(
            Cover(each.first, each.length, math.ceil(each.person_slots / (1.0 - share) - 1e-9))
            for each in need.covers
        ),
        opened=tuple(opened.tolist()),
    )


def _with_reserve(heads: int, absent_share: float) -> int:
    """Return how many must be planned so that on most days so many come (binomial median)."""
    if not absent_share or not heads:
        return heads
    planned = heads
    while _share_at_least(planned, heads, 1.0 - absent_share) < 0.5:
        planned += 1
    return planned


def _share_at_least(planned: int, heads: int, present: float) -> float:
    return math.fsum(
        math.comb(planned, n) * present**n * (1.0 - present) ** (planned - n)
        for n in range(heads, planned + 1)
    )
