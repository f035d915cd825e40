"""The rules of a tour problem one by one: what each says in a planner's words, and life without it.

A rule is left out by making it say nothing: needs become 0, opening hours always, limits as wide as
a week. What stays in any case is what a shift is: one a day and person, from those given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from optimize.staffing.problem import (
    ALWAYS,
    DAYS_A_WEEK,
    MAX_HEADS,
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    clock,
    slot_words,
)
from optimize.staffing.tours.problem import Contract, Group, SkillNeed, TourProblem
from sim.scenario.schema import WEEKDAYS

HOURS_A_WEEK = 168
MAX_LISTED = 4
MINIMUM, HEADS, COVER, OPENED = "minimum", "heads", "cover", "opened"
PEOPLE_MIN, PEOPLE_MAX, CUT = "people_min", "people_max", "cut"
MIN_HOURS, MAX_HOURS, MAX_DAYS, REST, LENGTHS = (
    "min_hours",
    "max_hours",
    "max_days",
    "rest",
    "lengths",
)


@dataclass(frozen=True)
class Rule:
    """One thing that must hold.

    Parameters
    ----------
    family
        What it limits.
    number
        Place of its skill, group or cut in the problem, or of the first group with its contract.
    first, end
        Quarter-hours of the week it speaks of (of "minimum" and "heads"), or the place of a window
        among the skill's.
    """

    family: str
    number: int
    first: int = 0
    end: int = 0


def rules(problem: TourProblem) -> tuple[Rule, ...]:
    """Return every rule that says something, those on needs first."""
    return (
        *_need_rules(problem),
        *(Rule(CUT, number) for number, cut in enumerate(problem.cuts) if cut.at_least > 0),
        *_group_rules(problem),
        *_contract_rules(problem),
    )


def _need_rules(problem: TourProblem) -> Iterator[Rule]:
    for number, need in enumerate(problem.needs):
        for family, heads in ((MINIMUM, need.minimum), (HEADS, _hard_heads(need))):
            for first in range(0, SLOTS_A_WEEK, SLOTS_A_DAY):
                if any(heads[first : first + SLOTS_A_DAY]):
                    yield Rule(family, number, first, first + SLOTS_A_DAY)
        for place in range(len(need.covers)):
            yield Rule(COVER, number, place)
        if not all(need.opened):
            yield Rule(OPENED, number)


def _hard_heads(need: SkillNeed) -> tuple[int, ...]:
    return need.heads if need.short_cents is None else ()


def _group_rules(problem: TourProblem) -> Iterator[Rule]:
    for number, group in enumerate(problem.groups):
        if group.people_max < MAX_HEADS:
            yield Rule(PEOPLE_MAX, number)
        if group.people_min:
            yield Rule(PEOPLE_MIN, number)


def _contract_rules(problem: TourProblem) -> Iterator[Rule]:
    contracts = [group.contract for group in problem.groups]
    for number, contract in enumerate(contracts):
        if contract in contracts[:number]:
            continue
        if contract.max_hours_a_week + contract.overtime_hours_a_week < HOURS_A_WEEK:
            yield Rule(MAX_HOURS, number)
        if contract.max_days_a_week < DAYS_A_WEEK:
            yield Rule(MAX_DAYS, number)
        if contract.min_rest_h:
            yield Rule(REST, number)
        if contract.lengths_h:
            yield Rule(LENGTHS, number)
        if contract.min_hours_a_week:
            yield Rule(MIN_HOURS, number)


def split(problem: TourProblem, rule: Rule) -> tuple[Rule, ...]:
    """Return a day's need as one rule for each run of the same number of people."""
    if rule.family not in (MINIMUM, HEADS):
        return (rule,)
    heads = getattr(problem.needs[rule.number], rule.family)
    return tuple(
        replace(rule, first=first, end=end) for first, end, _ in _runs(heads, rule.first, rule.end)
    )


def _runs(heads: Sequence[int], first: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield first, end and number of people of each stretch in which people are wanted."""
    for people, slots in groupby(range(first, end), key=heads.__getitem__):
        run = list(slots)
        if people:
            yield run[0], run[-1] + 1, people


def keeping(problem: TourProblem, kept: Sequence[Rule]) -> TourProblem:
    """Return the problem in which no rules hold but these."""
    cuts = [rule.number for rule in kept if rule.family == CUT]
    return replace(
        problem,
        needs=tuple(
            _need_keeping(need, [rule for rule in kept if rule.number == number])
            for number, need in enumerate(problem.needs)
        ),
        groups=tuple(
            _group_keeping(problem, number, group, kept)
            for number, group in enumerate(problem.groups)
        ),
        cuts=tuple(cut for number, cut in enumerate(problem.cuts) if number in cuts),
    )


def _need_keeping(need: SkillNeed, kept: Sequence[Rule]) -> SkillNeed:
    minimum = _windows(need.minimum, [rule for rule in kept if rule.family == MINIMUM])
    heads = need.heads
    if need.short_cents is None:
        heads = _windows(need.heads, [rule for rule in kept if rule.family == HEADS])
    places = [rule.first for rule in kept if rule.family == COVER]
    return replace(
        need,
        minimum=minimum if any(minimum) else (),
        heads=heads,
        covers=tuple(cover for place, cover in enumerate(need.covers) if place in places),
        opened=need.opened if any(rule.family == OPENED for rule in kept) else ALWAYS,
    )


def _windows(heads: Sequence[int], kept: Sequence[Rule]) -> tuple[int, ...]:
    left = [0] * len(heads)
    for rule in kept:
        left[rule.first : rule.end] = heads[rule.first : rule.end]
    return tuple(left)


def _group_keeping(problem: TourProblem, number: int, group: Group, kept: Sequence[Rule]) -> Group:
    own = [rule.family for rule in kept if rule.number == number]
    most = group.people_max if PEOPLE_MAX in own else MAX_HEADS
    return replace(
        group,
        people_max=most,
        people_min=group.people_min if PEOPLE_MIN in own else 0,
        contract=_contract_keeping(group.contract, _contract_families(problem, group, kept)),
    )


def _contract_families(problem: TourProblem, group: Group, kept: Sequence[Rule]) -> list[str]:
    first = [other.contract for other in problem.groups].index(group.contract)
    return [rule.family for rule in kept if rule.number == first]


def _contract_keeping(contract: Contract, kept: Sequence[str]) -> Contract:
    longest = MAX_HOURS not in kept
    return replace(
        contract,
        min_hours_a_week=contract.min_hours_a_week if MIN_HOURS in kept else 0,
        max_hours_a_week=HOURS_A_WEEK if longest else contract.max_hours_a_week,
        overtime_hours_a_week=0 if longest else contract.overtime_hours_a_week,
        max_days_a_week=contract.max_days_a_week if MAX_DAYS in kept else DAYS_A_WEEK,
        min_rest_h=contract.min_rest_h if REST in kept else 0,
        lengths_h=contract.lengths_h if LENGTHS in kept else (),
    )


# --- words ----------------------------------------------------------------------------------------


def words(problem: TourProblem, rule: Rule) -> str:
    """Return what a rule says, as a planner would."""
    if rule.family == CUT:
        return f"the simulation asks for {problem.cuts[rule.number].name}"
    if rule.family in (MINIMUM, HEADS, COVER, OPENED):
        return _need_words(problem.needs[rule.number], rule)
    group = problem.groups[rule.number]
    if rule.family == PEOPLE_MAX:
        return f"{group.name}: at most {_people(group.people_max)}"
    if rule.family == PEOPLE_MIN:
        return f"{group.name}: at least {_people(group.people_min)}"
    return f"contract {group.contract.name}: {_contract_words(problem, group.contract, rule)}"


def _need_words(need: SkillNeed, rule: Rule) -> str:
    if rule.family == OPENED:
        if not any(need.opened):
            return f"{need.skill} may never be in the house"
        return f"{need.skill} may be in the house {_opened_words(need.opened)} only"
    if rule.family == COVER:
        cover = need.covers[rule.first]
        return (
            f"{need.skill}: the window from {slot_words(cover.first)} until "
            f"{_until(cover.first, cover.first + cover.length)} needs "
            f"{cover.person_slots} person-quarter-hours"
        )
    heads = need.minimum if rule.family == MINIMUM else need.heads
    must = "must be there" if rule.family == MINIMUM else "wanted (nobody may be missing)"
    runs = [
        f"{_people(people)}{'' if place else f' {must}'} on {_from_to(first, end)}"
        for place, (first, end, people) in enumerate(_runs(heads, rule.first, rule.end))
    ]
    return f"{need.skill}: {_listed(runs)}"


def _contract_words(problem: TourProblem, contract: Contract, rule: Rule) -> str:
    groups = [group for group in problem.groups if group.contract == contract]
    if rule.family == MAX_HOURS:
        hours = contract.max_hours_a_week + contract.overtime_hours_a_week
        people = sum(group.people_max for group in groups)
        over = f", {contract.overtime_hours_a_week:g} of them overtime," * bool(
            contract.overtime_hours_a_week
        )
        return f"at most {hours:g} h{over} a week for {_people(people)} = {hours * people:g} h"
    if rule.family == MIN_HOURS:
        return f"at least {contract.min_hours_a_week:g} h a week for everybody"
    if rule.family == MAX_DAYS:
        return f"at most {contract.max_days_a_week} days a week"
    if rule.family == REST:
        return f"rest of {contract.min_rest_h:g} h between two shifts"
    return f"shifts of {', '.join(f'{hours:g}' for hours in contract.lengths_h)} h only"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _from_to(first: int, end: int) -> str:
    return f"{slot_words(first)} to {_until(first, end)}"


def _until(first: int, end: int) -> str:
    """Return the end of a window: a clock time, with its weekday if that is another one."""
    day, inside = divmod(end - 1, SLOTS_A_DAY)
    time = clock(inside + 1)
    return time if day == first // SLOTS_A_DAY else f"{WEEKDAYS[day % DAYS_A_WEEK]} {time}"


def _opened_words(opened: Sequence[bool]) -> str:
    """Return opening hours, weekdays in a row with the same hours told once."""
    days = [opened[day * SLOTS_A_DAY : (day + 1) * SLOTS_A_DAY] for day in range(DAYS_A_WEEK)]
    told = []
    for hours, same in groupby(range(DAYS_A_WEEK), key=days.__getitem__):
        row = list(same)
        times = [f"{clock(a)} to {clock(b)}" for a, b, _ in _runs(hours, 0, SLOTS_A_DAY)]
        name = WEEKDAYS[row[0]] + (f" to {WEEKDAYS[row[-1]]}" if len(row) > 1 else "")
        if times:
            told.append(f"{name} {' and '.join(times)}")
    return _listed(told)


def _listed(parts: Sequence[str]) -> str:
    more = len(parts) - MAX_LISTED
    return ", ".join(parts[:MAX_LISTED]) + (f" (and {more} more times)" if more > 0 else "")
