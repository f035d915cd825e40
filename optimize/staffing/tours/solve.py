"""Find cheap tours with a proven bound: one programme for each set of skills that hangs together.

A small programme goes to HiGHS whole. A large one gives its bound by the linear relaxation; a
first plan comes from fixing day after day in whole numbers, and is then improved by freeing two
days, or three groups, while the others stay.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from optimize.staffing.problem import day_wage_cents
from optimize.staffing.tours.check import check
from optimize.staffing.tours.headcount import people_needed
from optimize.staffing.tours.model import TourModel, overtime_cents, shifts_of
from optimize.staffing.tours.price import missing, overtime, wages
from optimize.staffing.tours.problem import Duty, TourPlan, TourProblem
from optimize.staffing.tours.search import search

DEFAULT_EFFORT = 40
DEFAULT_GAP = 5e-3


def solve(
    problem: TourProblem,
    *,
    seed: int = 0,
    effort: int = DEFAULT_EFFORT,
    gap: float = DEFAULT_GAP,
    limit_s: float | None = None,
) -> TourPlan:
    """Return the cheapest week of duties found, with a proven bound, checked.

    Parameters
    ----------
    problem
        Groups, shifts, needs and cuts.
    seed
        Seed of the neighbourhoods, at least 0.
    effort
        Neighbourhoods tried on a programme too large to be solved whole, at least 0; the answer
        depends on it and the seed alone.
    gap
        The search may end at a plan so close to the bound, as a share of its cost; 0 asks for the
        proof.
    limit_s
        Seconds by the clock after which the search ends; the answer then depends on the machine.

    Raises
    ------
    InfeasibleError
        If no plan keeps all rules.
    CheckError
        If the plan does not do what it claims: a bug here, never of the input.
    """
    if min(effort, seed, gap) < 0:
        raise ValueError(f"effort {effort}, seed {seed} and gap {gap}: each is at least 0")
    end = None if limit_s is None else time.monotonic() + limit_s
    parts = components(problem)
    found = []
    for number, part in enumerate(parts):
        if end is None:
            found.append(_remembered(part, seed, effort, gap))
        else:
            left = (end - time.monotonic()) / (len(parts) - number)
            found.append(_part(part, seed, effort, gap, left))
    duties = [duty for part in found for duty in part.duties]
    people = {name: count for part in found for name, count in part.people}
    bound = sum(part.bound_cents for part in found)
    methods = [part.method for part in found]
    order = {group.name: place for place, group in enumerate(problem.groups)}
    duties.sort(key=lambda duty: (order[duty.group], duty.day, duty.template))
    plan = _plan(problem, tuple(duties), [people[group.name] for group in problem.groups], seed)
    plan = replace(
        plan,
        bound_cents=min(bound, plan.cost_cents),
        gap=(plan.cost_cents - bound) / max(1, plan.cost_cents) if bound < plan.cost_cents else 0.0,
        status="optimal" if bound >= plan.cost_cents else "feasible",
        method="; ".join(dict.fromkeys(methods)) or "nothing is needed",
    )
    check(problem, plan)
    return plan


@dataclass(frozen=True)
class _Part:
    """What a component came to."""

    duties: tuple[Duty, ...]
    people: tuple[tuple[str, int], ...]
    bound_cents: int
    method: str


def _part(part: TourProblem, seed: int, effort: int, gap: float, limit_s: float | None) -> _Part:
    model = TourModel(part)
    found = search(model, seed=seed, effort=effort, gap=gap, limit_s=limit_s)
    duties = tuple(model.duties(found.values))
    # Where people cost nothing the programme does not care how many there are.
    people = tuple(
        (group.name, people_needed(group, [duty for duty in duties if duty.group == group.name]))
        for group in part.groups
    )
    return _Part(duties, people, whole_bound(part, found.bound), found.method)


@lru_cache(maxsize=512)
def _remembered(part: TourProblem, seed: int, effort: int, gap: float) -> _Part:
    """Solve a component, or remember it: plans that differ in one role share all the others."""
    return _part(part, seed, effort, gap, None)


def components(problem: TourProblem) -> list[TourProblem]:
    """Return the problem in parts that share no people, work or cut."""
    roles = dict.fromkeys(need.skill for need in problem.needs)
    roles |= dict.fromkeys(skill for group in problem.groups for skill in group.skills)
    roles |= dict.fromkeys(term.role for cut in problem.cuts for term in cut.terms)
    part_of: dict[str, int] = {role: place for place, role in enumerate(roles)}
    ties = [group.skills for group in problem.groups]
    ties += [tuple(term.role for term in cut.terms) for cut in problem.cuts]
    for tie in ties:
        joined = {part_of[role] for role in tie}
        part_of = {role: min(joined) if part in joined else part for role, part in part_of.items()}
    return [
        TourProblem(
            tuple(group for group in problem.groups if part_of[group.role] == part),
            problem.shifts,
            tuple(need for need in problem.needs if part_of[need.skill] == part),
            tuple(cut for cut in problem.cuts if any(part_of[t.role] == part for t in cut.terms)),
        )
        for part in dict.fromkeys(part_of.values())
    ]


def whole_bound(problem: TourProblem, bound: float) -> int:
    """Return the least cost not below the bound that whole numbers of cents can add up to."""
    prices = [need.short_cents or 0 for need in problem.needs]
    for group in problem.groups:
        prices += [group.person_cents_a_week]
        prices += [
            day_wage_cents(group.wage_cents_per_h, shift.length)
            for shift in shifts_of(problem, group)
        ]
        if group.contract.overtime_hours_a_week:
            prices.append(overtime_cents(group))
    step = math.gcd(*prices) or 1
    slack = 1e-6 * max(1.0, abs(bound))
    return max(0, step * math.ceil((bound - slack) / step))


def _plan(
    problem: TourProblem, duties: tuple[Duty, ...], people: Sequence[int], seed: int
) -> TourPlan:
    over = overtime(problem, duties, people)
    short = missing(problem, duties)
    wage = wages(problem, duties, over)
    prices = {need.skill: need.short_cents or 0 for need in problem.needs}
    cost = wage + sum(prices[skill] * count for skill, _, count in short)
    cost += sum(
        group.person_cents_a_week * count
        for group, count in zip(problem.groups, people, strict=True)
    )
    names = [group.name for group in problem.groups]
    return TourPlan(
        duties=duties,
        people=tuple(zip(names, people, strict=True)),
        overtime_slots=tuple((n, slots) for n, slots in zip(names, over, strict=True)),
        short=tuple(short),
        wage_cents=wage,
        cost_cents=cost,
        bound_cents=0,
        gap=0.0,
        status="feasible",
        method="",
        seed=seed,
    )
