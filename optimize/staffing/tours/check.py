"""An independent look at a plan of tours: who is there when, who does what, what it costs.

Nothing here uses the programme or its count of heads. Duties are put on the week quarter-hour by
quarter-hour, work is handed out by a maximum flow, and every rule of a group is counted anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from optimize.faults import CheckError
from optimize.staffing.problem import Template, slot_words
from optimize.staffing.tours.problem import Duty, Group, TourPlan, TourProblem

WEEK = 7 * 96
Counts = npt.NDArray[np.int64]


def check(problem: TourProblem, plan: TourPlan) -> None:
    """Raise unless the plan covers what it claims, keeps the rules and costs what it says.

    Raises
    ------
    CheckError
        With every fault found.
    """
    groups = {group.name: group for group in problem.groups}
    people = dict(plan.people)
    faults = [f"unknown group {duty.group}" for duty in plan.duties if duty.group not in groups]
    if list(people) != list(groups):
        faults.append("the plan does not count the people of each group once")
    if faults:
        raise CheckError(faults)
    over = dict(plan.overtime_slots)
    present = {name: _present(plan.duties, name) for name in groups}
    for group in problem.groups:
        duties = [duty for duty in plan.duties if duty.group == group.name]
        faults += _duty_faults(problem, group, duties)
        faults += _group_faults(group, duties, people[group.name], over.get(group.name, 0))
        faults += _rest_faults(group, duties, people[group.name])
    faults += _need_faults(problem, plan, present)
    faults += _window_faults(problem, present)
    faults += _cut_faults(problem, present)
    faults += _price_faults(problem, plan, people, over)
    if faults:
        raise CheckError(faults)


def _present(duties: Sequence[Duty], name: str) -> Counts:
    there = np.zeros(WEEK, dtype=np.int64)
    for duty in duties:
        if duty.group == name:
            shift = duty.template
            for slot in range(shift.length):
                if not 0 <= slot - shift.break_after < shift.break_length:
                    there[(duty.day * 96 + shift.start + slot) % WEEK] += duty.people
    return there


def _known(problem: TourProblem, group: Group, day: int, template: Template) -> bool:
    lengths = group.contract.lengths_h
    return (not lengths or template.length / 4 in lengths) and any(
        day in shift.days and template in shift.templates() for shift in problem.shifts
    )


def _duty_faults(problem: TourProblem, group: Group, duties: Sequence[Duty]) -> Iterator[str]:
    opened = {need.skill: need.opened for need in problem.needs}.get(group.role)
    for duty in duties:
        if duty.people < 1:
            yield f"{group.name}: a duty of {duty.people} people"
        if not _known(problem, group, duty.day, duty.template):
            yield f"{group.name}: no such shift on day {duty.day}: {duty.template}"
        inside = range(duty.start, duty.start + duty.template.length)
        closed = [slot for slot in inside if opened is not None and not opened[slot % WEEK]]
        if closed:
            yield f"{group.name} in a closed house on {slot_words(closed[0])}"


def _group_faults(group: Group, duties: Sequence[Duty], people: int, over: int) -> Iterator[str]:
    contract = group.contract
    if not group.people_min <= people <= group.people_max:
        yield f"{group.name}: {people} people, not {group.people_min} to {group.people_max}"
    for day in range(7):
        there = sum(duty.people for duty in duties if duty.day == day)
        if there > people:
            yield f"{group.name}: {there} duties of {people} people on day {day}"
    count = sum(duty.people for duty in duties)
    if count > contract.max_days_a_week * people:
        yield f"{group.name}: {count} duties a week of {people} people"
    paid = sum(duty.people * duty.template.length for duty in duties)
    if paid < 4 * contract.min_hours_a_week * people:
        yield f"{group.name}: {paid / 4:g} h of {people} people, below the least"
    extra = max(0, paid - 4 * contract.max_hours_a_week * people)
    if over != extra:
        yield f"{group.name}: {over} quarter-hours of overtime claimed, they are {extra}"
    if extra > 4 * contract.overtime_hours_a_week * people:
        yield f"{group.name}: {extra / 4:g} h of overtime of {people} people"


def _rest_faults(group: Group, duties: Sequence[Duty], people: int) -> Iterator[str]:
    """For each moment: who has not rested by then, and who has started since, are different."""
    for day in range(7):
        for later in (1, 2):
            next_day = (day + later) % 7
            for moment in range(96):
                tired = sum(
                    duty.people
                    for duty in duties
                    if duty.day == day
                    and duty.template.start + duty.template.length + 4 * group.contract.min_rest_h
                    > later * 96 + moment
                )
                if not tired:
                    break
                early = sum(
                    duty.people
                    for duty in duties
                    if duty.day == next_day and duty.template.start <= moment
                )
                if tired + early > people:
                    yield (
                        f"{group.name}: {tired} tired and {early} at work by"
                        f" {slot_words(next_day * 96 + moment)}, of {people} people"
                    )


def _handed_out(able: Mapping[tuple[str, ...], int], asked: Mapping[str, int]) -> int:
    """Return how much of what is asked people can do, by a maximum flow (Ford, Fulkerson 1956)."""
    free, left = dict(able), dict(asked)
    given: dict[tuple[tuple[str, ...], str], int] = {}
    for skill in asked:
        while left[skill] > 0:
            before: dict[str, tuple[tuple[str, ...], str] | None] = {skill: None}
            queue, end = [skill], None
            while queue and end is None:
                now = queue.pop(0)
                for skills, count in free.items():
                    if now not in skills:
                        continue
                    if count > 0:
                        end = (skills, now)
                        break
                    for other in skills:
                        if other not in before and given.get((skills, other), 0) > 0:
                            before[other] = (skills, now)
                            queue.append(other)
            if end is None:
                break
            path = [end]
            while (step := before[path[-1][1]]) is not None:
                path.append(step)
            # Along the path each step gives people of `skills` to one skill and takes the next.
            moved = min(
                [left[skill], free[end[0]]]
                + [given[step[0], path[place][1]] for place, step in enumerate(path[1:])]
            )
            free[end[0]] -= moved
            left[skill] -= moved
            given[end] = given.get(end, 0) + moved
            for place, step in enumerate(path[1:]):
                given[step[0], path[place][1]] -= moved
                given[step] = given.get(step, 0) + moved
    return sum(asked.values()) - sum(left.values())


def _able(
    problem: TourProblem, amounts: Mapping[str, int], skills: Sequence[str]
) -> dict[tuple[str, ...], int]:
    able: dict[tuple[str, ...], int] = {}
    for group in problem.groups:
        can = tuple(skill for skill in skills if skill in group.skills)
        if can:
            able[can] = able.get(can, 0) + amounts[group.name]
    return able


def _need_faults(
    problem: TourProblem, plan: TourPlan, present: Mapping[str, Counts]
) -> Iterator[str]:
    short: dict[tuple[str, int], int] = {}
    for skill, slot, count in plan.short:
        if count < 1 or (skill, slot) in short:
            yield f"{skill}: {count} missing on {slot_words(slot)}, or told twice"
        short[skill, slot] = count
    seen: dict[tuple[object, ...], bool] = {}
    skills = [need.skill for need in problem.needs]
    for slot in range(WEEK):
        asked = {}
        for need in problem.needs:
            floor = need.minimum[slot] if need.minimum else 0
            missing = short.pop((need.skill, slot), 0)
            asked[need.skill] = max(need.heads[slot], floor) - missing
            if missing and (need.short_cents is None or asked[need.skill] < floor):
                yield f"{need.skill}: {missing} missing on {slot_words(slot)} though none may be"
        amounts = {name: int(there[slot]) for name, there in present.items()}
        key = (*asked.values(), *amounts.values())
        if key not in seen:
            served = _handed_out(_able(problem, amounts, skills), asked)
            seen[key] = served == sum(asked.values())
        if not seen[key]:
            yield f"not enough people for {asked} on {slot_words(slot)}"
    for skill, slot in short:
        yield f"{skill} missing at {slot}, which is no need of this problem"


def _window_faults(problem: TourProblem, present: Mapping[str, Counts]) -> Iterator[str]:
    windows: dict[tuple[int, int], dict[str, int]] = {}
    for need in problem.needs:
        for cover in need.covers:
            asked = windows.setdefault((cover.first, cover.length), {})
            asked[need.skill] = max(asked.get(need.skill, 0), cover.person_slots)
    for (first, length), asked in windows.items():
        slots = np.arange(first, first + length) % WEEK
        amounts = {name: int(there[slots].sum()) for name, there in present.items()}
        served = _handed_out(_able(problem, amounts, list(asked)), asked)
        if served < sum(asked.values()):
            yield (
                f"{served} of {sum(asked.values())} person-quarter-hours of {', '.join(asked)}"
                f" from {slot_words(first)} to {slot_words(first + length)}"
            )


def _cut_faults(problem: TourProblem, present: Mapping[str, Counts]) -> Iterator[str]:
    for cut in problem.cuts:
        total = sum(
            term.weight
            * int(present[group.name][np.arange(term.first, term.first + term.length) % WEEK].sum())
            for term in cut.terms
            for group in problem.groups
            if group.role == term.role
        )
        if total < cut.at_least:
            yield f"{cut.name}: {total} of {cut.at_least}"


def _cents(wage_cents_per_h: int, quarter_hours: int) -> int:
    return int(wage_cents_per_h * (quarter_hours / 4) + 0.5)


def _price_faults(
    problem: TourProblem, plan: TourPlan, people: Mapping[str, int], over: Mapping[str, int]
) -> Iterator[str]:
    wage = cost = 0
    for group in problem.groups:
        extra = -(-group.wage_cents_per_h * group.contract.overtime_percent // 400)
        wage += over.get(group.name, 0) * extra
        cost += people[group.name] * group.person_cents_a_week
        for duty in plan.duties:
            if duty.group == group.name:
                wage += duty.people * _cents(group.wage_cents_per_h, duty.template.length)
    prices = {need.skill: need.short_cents or 0 for need in problem.needs}
    cost += wage + sum(prices.get(skill, 0) * count for skill, _, count in plan.short)
    if plan.wage_cents != wage:
        yield f"the plan claims wages of {plan.wage_cents} cents, they are {wage}"
    if plan.cost_cents != cost:
        yield f"the plan claims a cost of {plan.cost_cents} cents, it is {cost}"
    if plan.bound_cents > plan.cost_cents:
        yield f"the bound of {plan.bound_cents} cents is above the cost of {plan.cost_cents}"
    gap = (plan.cost_cents - plan.bound_cents) / max(1, plan.cost_cents)
    if abs(plan.gap - gap) > 1e-12:
        yield f"the plan claims a gap of {plan.gap:.4%}, it is {gap:.4%}"
    if (plan.status == "optimal") != (plan.bound_cents == plan.cost_cents):
        yield f"the plan is called {plan.status} with a gap of {gap:.4%}"
