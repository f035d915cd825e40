"""An independent look at people's weeks, minute by minute on a clock of 10,080.

Nothing here uses the search's tables: the law, the wishes and the price are read off the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from optimize.faults import CheckError
from optimize.staffing.named.problem import (
    NamedProblem,
    Person,
    PersonWeek,
    Result,
    Window,
    Wish,
)
from optimize.staffing.problem import Template, clock
from optimize.staffing.tours.problem import Contract, Duty
from sim.scenario.schema import WEEKDAYS

SLOT_MINUTES = 15
MINUTES_A_DAY = 1440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY

Span = tuple[int, int]
Shift = tuple[str, int, Template]


def check(problem: NamedProblem, result: Result) -> None:
    """Raise unless every duty has one person or is counted as loss, lawfully and as claimed.

    Raises
    ------
    CheckError
        With every fault found.
    """
    faults = _people_faults(problem, result)
    if faults:
        raise CheckError(faults)
    faults = [
        *_duty_faults(problem, result.weeks, result.unassigned),
        *unlawful(problem, result.weeks),
        *_claim_faults(problem, result),
    ]
    if faults:
        raise CheckError(faults)


def unlawful(problem: NamedProblem, weeks: Sequence[PersonWeek]) -> list[str]:
    """Return in words what contracts and absences forbid in weeks, one a person of the problem."""
    groups = {group.name: group for group in problem.groups}
    faults = []
    for person, week in zip(problem.people, weeks, strict=True):
        spans = _spans(week)
        faults += [f"{person.name}: {fault}" for fault in _absence_faults(person, spans)]
        contract = groups[person.group].contract
        faults += [f"{person.name}: {fault}" for fault in _law_faults(contract, spans)]
    return faults


def _people_faults(problem: NamedProblem, result: Result) -> list[str]:
    roles = {group.name: group.role for group in problem.groups}
    wanted = [(p.name, p.group, roles[p.group]) for p in problem.people]
    found = [(week.name, week.group, week.role) for week in result.weeks]
    if found == wanted:
        return []
    if len(found) != len(wanted):
        return [f"{len(found)} weeks for {len(wanted)} people"]
    return [f"{f} in the place of {w}" for f, w in zip(found, wanted, strict=True) if f != w]


def _duty_faults(
    problem: NamedProblem, weeks: Sequence[PersonWeek], unassigned: Sequence[Duty]
) -> list[str]:
    """Return duties that have too few or too many people, and weeks out of order."""
    left: dict[Shift, int] = {}
    for duty in problem.duties:
        shift = (duty.group, duty.day, duty.template)
        left[shift] = left.get(shift, 0) + duty.people
    for duty in unassigned:
        shift = (duty.group, duty.day, duty.template)
        left[shift] = left.get(shift, 0) - duty.people
    faults = [f"{d}: nobody is missing" for d in unassigned if d.people < 1]
    for week in weeks:
        for day, template in week.duties:
            shift = (week.group, day, template)
            left[shift] = left.get(shift, 0) - 1
        starts = [start for start, _ in _spans(week)]
        if starts != sorted(starts):
            faults.append(f"{week.name}: duties not in the order of the week")
    for (group, day, template), count in left.items():
        if count:
            many = f"{abs(count)} too {'few' if count > 0 else 'many'}"
            faults.append(f"{group} on {WEEKDAYS[day]} {clock(template.start)}: {many}")
    return faults


def _spans(week: PersonWeek) -> list[Span]:
    return [
        (
            day * MINUTES_A_DAY + template.start * SLOT_MINUTES,
            day * MINUTES_A_DAY + (template.start + template.length) * SLOT_MINUTES,
        )
        for day, template in week.duties
    ]


def _law_faults(contract: Contract, spans: list[Span]) -> Iterator[str]:
    days = [start // MINUTES_A_DAY for start, _ in spans]
    for day in dict.fromkeys(day for day in days if days.count(day) > 1):
        yield f"{days.count(day)} duties on {WEEKDAYS[day]}"
    if len(days) > contract.max_days_a_week:
        yield f"{len(days)} days a week, {contract.max_days_a_week} are allowed"
    minutes = sum(end - start for start, end in spans)
    allowed = contract.max_hours_a_week + contract.overtime_hours_a_week
    if minutes > allowed * 60:
        yield f"{minutes / 60:g} h a week, {allowed:g} are allowed"
    ordered = sorted(spans)
    following = [*ordered, *((s + MINUTES_A_WEEK, e) for s, e in ordered[:1])]
    for (_, end), (start, _) in pairwise(following):
        if start - end < contract.min_rest_h * 60:
            yield f"{(start - end) / 60:g} h of rest, {contract.min_rest_h:g} are the least"


def _minutes(first: int, end: int) -> frozenset[int]:
    return frozenset(minute % MINUTES_A_WEEK for minute in range(first, end))


def _window_minutes(window: Window) -> frozenset[int]:
    first = window.first * SLOT_MINUTES
    return _minutes(first, first + window.length * SLOT_MINUTES)


def _absence_faults(person: Person, spans: list[Span]) -> Iterator[str]:
    for absence in person.absences:
        away = _window_minutes(absence.window)
        for start, end in spans:
            common = away & _minutes(start, end)
            if common:
                day, minute = divmod(start, MINUTES_A_DAY)
                yield f"absent, but on duty {WEEKDAYS[day]} {clock(minute // SLOT_MINUTES)}"


def _granted(wish: Wish, spans: list[Span]) -> bool:
    wanted = _window_minutes(wish.window)
    if wish.kind == "work":
        return any(start in wanted for start, _ in spans)
    return all(wanted.isdisjoint(_minutes(start, end)) for start, end in spans)


class Price(NamedTuple):
    """What the clock shows of weeks; see `Result`."""

    lost_slots: int
    missed_slots: int
    overtime_slots: int
    wishes: int
    granted: int
    cost: int


def priced(problem: NamedProblem, weeks: Sequence[PersonWeek], unassigned: Sequence[Duty]) -> Price:
    """Return hours, wishes and cost of weeks, one a person of the problem."""
    weights = problem.weights
    contracts = {group.name: group.contract for group in problem.groups}
    lost = sum(duty.people * duty.template.length for duty in unassigned)
    cost, missed, overtime, asked, granted = weights.lost * lost, 0, 0, 0, 0
    for person, week in zip(problem.people, weeks, strict=True):
        spans, contract = _spans(week), contracts[person.group]
        paid = sum(end - start for start, end in spans) // SLOT_MINUTES
        leave = sum(absence.paid_slots for absence in person.absences)
        below = max(0, round(contract.min_hours_a_week * 4) - paid - leave)
        above = max(0, paid - round(contract.max_hours_a_week * 4))
        yes = sum(wish.weight for wish in person.wishes if _granted(wish, spans))
        wishes = sum(wish.weight for wish in person.wishes)
        cost += weights.outside * (below + above) + weights.wish * (wishes - yes)
        away = abs(paid + leave + person.balance_slots - _fair(problem, person.group))
        cost += weights.hours * (away + max(0, away - 16) + max(0, away - 32))
        cost += _pattern_cost(problem, spans)
        missed, overtime = missed + below, overtime + above
        asked, granted = asked + wishes, granted + yes
    return Price(lost, missed, overtime, asked, granted, cost)


def _claim_faults(problem: NamedProblem, result: Result) -> Iterator[str]:
    """Yield every number of the result that the clock does not confirm."""
    found = priced(problem, result.weeks, result.unassigned)
    for name, value in found._asdict().items():
        claimed = getattr(result, name)
        if claimed != value:
            yield f"{name.replace('_', ' ')}: {claimed} claimed, the clock shows {value}"
    if result.lost_slots_bound > found.lost_slots:
        lost, bound = found.lost_slots, result.lost_slots_bound
        yield f"{lost} quarter-hours lost, fewer than the bound {bound}"
    yield from _bound_faults(problem, result, found.cost)


def _bound_faults(problem: NamedProblem, result: Result, cost: int) -> Iterator[str]:
    if result.bound > cost:
        yield f"the weeks cost {cost}, less than their bound {result.bound}"
    gap = (cost - result.bound) / max(1, cost)
    if not abs(result.gap - gap) <= 1e-12:
        yield f"a gap of {result.gap} is claimed, it is {gap}"
    if result.status == "optimal" and result.bound != cost:
        yield "claimed to be optimal, the bound does not prove it"
    lossy = {duty.group for duty in result.unassigned}
    for group, fewest in result.fewest_people:
        people = sum(person.group == group for person in problem.people)
        if group not in lossy and people < fewest:
            yield f"{people} people of {group} take everything, the bound says {fewest}"


def _fair(problem: NamedProblem, group: str) -> int:
    people = [person for person in problem.people if person.group == group]
    slots = sum(
        duty.people * duty.template.length for duty in problem.duties if duty.group == group
    )
    for person in people:
        slots += person.balance_slots + sum(absence.paid_slots for absence in person.absences)
    return slots // len(people)


def _pattern_cost(problem: NamedProblem, spans: list[Span]) -> int:
    """Return the price of weekends, late and early duties and of starts that wander."""
    weekend = late = early = 0
    starts = []
    for start, end in spans:
        day, minute = divmod(start, MINUTES_A_DAY)
        weekend += day >= 5
        early += minute < 7 * 60
        late += minute + end - start > 20 * 60
        starts.append(minute if minute >= 3 * 60 else minute + MINUTES_A_DAY)
    weights = problem.weights
    wide = (max(starts) - min(starts)) // SLOT_MINUTES if starts else 0
    squares = weights.weekend * weekend**2 + weights.late * late**2 + weights.early * early**2
    return squares + weights.steady * wide
