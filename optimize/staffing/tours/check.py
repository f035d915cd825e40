"""An independent check of tours: minute by minute, rule by rule, cent by cent.

Nothing here looks at the programme that found them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from optimize.staffing.check import CheckError
from optimize.staffing.problem import Template, slot_words
from optimize.staffing.tours.problem import Duty, Group, TourPlan, TourProblem

Ints = npt.NDArray[np.int64]
MINUTES_A_DAY = 1440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
QUARTER_MIN = 15
QUARTERS = MINUTES_A_WEEK // QUARTER_MIN


def check(problem: TourProblem, plan: TourPlan) -> None:
    """Raise unless a plan keeps every rule and costs what it says.

    Raises
    ------
    CheckError
        With every fault found.
    """
    faults = [
        *_duty_faults(problem, plan),
        *_group_faults(problem, plan),
        *_need_faults(problem, plan),
        *_cut_faults(problem, plan),
        *_price_faults(problem, plan),
    ]
    if faults:
        raise CheckError(faults)


def _named(problem: TourProblem, name: str) -> Group | None:
    return next((group for group in problem.groups if group.name == name), None)


def _span(duty: Duty) -> tuple[int, int]:
    """Return first and last minute of a duty, counted from Monday; the last may lie in next week."""
    start = duty.day * MINUTES_A_DAY + duty.template.start * QUARTER_MIN
    return start, start + duty.template.length * QUARTER_MIN


def _duty_faults(problem: TourProblem, plan: TourPlan) -> Iterator[str]:
    opened = {need.skill: need.opened for need in problem.needs}
    for duty in plan.duties:
        who = f"{duty.people} of {duty.group} on {slot_words(duty.start)}"
        group = _named(problem, duty.group)
        if group is None:
            yield f"{who}: no such group"
            continue
        if duty.people < 1:
            yield f"{who}: a duty has at least one person"
        if not _offered(problem, group, duty.day, duty.template):
            yield f"{who}: a shift that is not offered"
        first, last = _span(duty)
        house = opened.get(group.role)
        quarters = range(first // QUARTER_MIN, last // QUARTER_MIN)
        if house is not None and not all(house[quarter % QUARTERS] for quarter in quarters):
            yield f"{who}: the house is closed"


def _offered(problem: TourProblem, group: Group, day: int, template: Template) -> bool:
    hours = template.length / 4
    lengths = group.contract.lengths_h
    if lengths and hours not in lengths:
        return False
    for shift in problem.shifts:
        if (shift.start, shift.length) != (template.start, template.length):
            continue
        pause = (shift.break_length, template.break_length)
        if day in shift.days and pause[0] == pause[1]:
            if not pause[0]:
                return True
            if shift.break_first <= template.break_after <= shift.break_last:
                return True
    return False


def _group_faults(problem: TourProblem, plan: TourPlan) -> Iterator[str]:
    counts = dict(plan.people)
    if sorted(counts) != sorted(group.name for group in problem.groups):
        yield "the plan does not say of each group how many people it counts on"
        return
    for group in problem.groups:
        own = [duty for duty in plan.duties if duty.group == group.name]
        yield from _contract_faults(group, own, counts[group.name])


def _contract_faults(group: Group, duties: Sequence[Duty], people: int) -> Iterator[str]:
    contract = group.contract
    if not group.people_min <= people <= group.people_max:
        yield f"{group.name}: {people} people, {group.people_min} to {group.people_max} there are"
    worked_h = sum(duty.people * duty.template.length for duty in duties) / 4
    most_h = people * (contract.max_hours_a_week + contract.overtime_hours_a_week)
    if worked_h > most_h + 1e-9:
        yield f"{group.name}: {worked_h:g} h, {people} people may work {most_h:g} h"
    if worked_h < people * contract.min_hours_a_week - 1e-9:
        yield f"{group.name}: {worked_h:g} h, {people} people are owed more"
    if sum(duty.people for duty in duties) > people * contract.max_days_a_week:
        yield f"{group.name}: more than {contract.max_days_a_week} days a week a person"
    for day in range(7):
        starting = sum(duty.people for duty in duties if duty.day == day)
        if starting > people:
            yield f"{group.name}: {starting} people start on day {day}, there are {people}"
        for later in (1, 2):
            bound = _bound(duties, day, later, contract.min_rest_h)
            if bound > people:
                yield f"{group.name}: {bound} people needed for rest after day {day}"


def _bound(duties: Sequence[Duty], day: int, later: int, rest_h: float) -> int:
    """Return how many different people the duties of two days need at least because of rest."""
    first = [duty for duty in duties if duty.day == day]
    second = [duty for duty in duties if duty.day == (day + later) % 7]
    away = later * MINUTES_A_DAY
    most = 0
    for moment in (duty.template.start * QUARTER_MIN for duty in second):
        still = sum(
            duty.people
            for duty in first
            if _span(duty)[1] - day * MINUTES_A_DAY + rest_h * 60 > away + moment
        )
        begun = sum(d.people for d in second if d.template.start * QUARTER_MIN <= moment)
        if still:
            most = max(most, still + begun)
    return most


def _at_work(duties: Sequence[Duty]) -> Ints:
    """Return the fewest people at work in any minute of each quarter-hour of the week."""
    minutes = np.zeros(MINUTES_A_WEEK, dtype=np.int64)
    for duty in duties:
        first, last = _span(duty)
        pause = first + duty.template.break_after * QUARTER_MIN
        resume = pause + duty.template.break_length * QUARTER_MIN
        for begin, end, people in ((first, last, duty.people), (pause, resume, -duty.people)):
            minutes[np.arange(begin, end) % MINUTES_A_WEEK] += people
    fewest: Ints = minutes.reshape(QUARTERS, QUARTER_MIN).min(axis=1)
    return fewest


def _need_faults(problem: TourProblem, plan: TourPlan) -> Iterator[str]:
    """Hall's condition for each set of skills in each quarter-hour, and for windows."""
    missing = {(skill, slot): n for skill, slot, n in plan.short}
    if any(n < 1 for n in missing.values()) or len(missing) != len(plan.short):
        yield "a gap is named twice, or is none"
    priced = {need.skill: need.short_cents is not None for need in problem.needs}
    for skill, slot, _ in plan.short:
        if not priced.get(skill, False):
            yield f"{skill}: somebody is missing on {slot_words(slot)} where nobody may be"
    duties_of = {
        group.name: [duty for duty in plan.duties if duty.group == group.name]
        for group in problem.groups
    }
    heads = {name: _at_work(duties) for name, duties in duties_of.items()}
    for size in range(1, len(problem.needs) + 1):
        for chosen in combinations(problem.needs, size):
            skills = {need.skill for need in chosen}
            able = [g for g in problem.groups if not skills.isdisjoint(g.skills)]
            if size > 1 and not any(len(skills.intersection(g.skills)) > 1 for g in able):
                continue  # nobody ties them together: the single skills say it
            there = np.zeros(QUARTERS, dtype=np.int64)
            for group in able:
                there += heads[group.name]
            wanted = np.zeros(QUARTERS, dtype=np.int64)
            for need in chosen:
                least = np.array(need.minimum or (0,) * QUARTERS)
                gaps = np.array([missing.get((need.skill, slot), 0) for slot in range(QUARTERS)])
                wanted += np.maximum(least, np.maximum(np.array(need.heads), least) - gaps)
            for slot in np.flatnonzero(wanted > there)[:3]:
                yield (
                    f"{' and '.join(sorted(skills))}: {there[slot]} of {wanted[slot]} there "
                    f"on {slot_words(int(slot))}"
                )
            yield from _window_faults([list(need.covers) for need in chosen], skills, there)


def _window_faults(
    covers: Sequence[Sequence[object]], skills: set[str], there: Ints
) -> Iterator[str]:
    twice = np.concatenate([there, there])
    works: dict[tuple[int, int], list[int]] = {}
    for own in covers:
        best: dict[tuple[int, int], int] = {}
        for cover in own:
            key = (cover.first, cover.length)  # type: ignore[attr-defined]
            best[key] = max(best.get(key, 0), cover.person_slots)  # type: ignore[attr-defined]
        for key, work in best.items():
            works.setdefault(key, []).append(work)
    for (first, length), each in works.items():
        done = int(twice[first : first + length].sum())
        if len(each) == len(covers) and done < sum(each):
            yield (
                f"{' and '.join(sorted(skills))}: {done} of {sum(each)} person-quarter-hours "
                f"from {slot_words(first)} on"
            )


def _cut_faults(problem: TourProblem, plan: TourPlan) -> Iterator[str]:
    role_of = {group.name: group.role for group in problem.groups}
    for cut in problem.cuts:
        total = 0
        for term in cut.terms:
            there = _at_work([d for d in plan.duties if role_of.get(d.group) == term.role])
            twice = np.concatenate([there, there])
            total += term.weight * int(twice[term.first : term.first + term.length].sum())
        if total < cut.at_least:
            yield f"row {cut.name}: {total} of {cut.at_least}"


def _price_faults(problem: TourProblem, plan: TourPlan) -> Iterator[str]:
    wages = cost = 0
    counts = dict(plan.people)
    overtime = dict(plan.overtime_slots)
    for group in problem.groups:
        cents, own = group.wage_cents_per_h, [d for d in plan.duties if d.group == group.name]
        slots = sum(duty.people * duty.template.length for duty in own)
        over = max(
            0, slots - round(counts.get(group.name, 0) * 4 * group.contract.max_hours_a_week)
        )
        if over != overtime.get(group.name, 0):
            yield f"{group.name}: {overtime.get(group.name, 0)} quarter-hours of overtime, {over} are"
        wages += sum(d.people * ((2 * cents * d.template.length + 4) // 8) for d in own)
        wages += over * ((cents * group.contract.overtime_percent + 399) // 400)
        cost += counts.get(group.name, 0) * group.person_cents_a_week
    price = {need.skill: need.short_cents or 0 for need in problem.needs}
    cost += wages + sum(price.get(skill, 0) * n for skill, _, n in plan.short)
    if plan.wage_cents != wages:
        yield f"the plan claims wages of {plan.wage_cents} cents, they are {wages}"
    if plan.cost_cents != cost:
        yield f"the plan claims a cost of {plan.cost_cents} cents, it is {cost}"
    if plan.bound_cents > cost:
        yield f"the plan costs {cost} cents, less than its bound {plan.bound_cents}"
    gap = (cost - plan.bound_cents) / max(1, cost)
    if not abs(plan.gap - gap) <= 1e-12:
        yield f"the plan claims a gap of {plan.gap}, it is {gap}"
    if plan.status == "optimal" and plan.bound_cents != cost:
        yield "the plan claims to be optimal, its bound does not prove it"
