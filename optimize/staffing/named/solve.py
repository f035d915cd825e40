"""Name the people of a plan: dealt day by day, improved by trades, small groups exactly.

Groups share nothing, so each is dealt on its own and costs and bounds add up.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from optimize.staffing.named.bound import (
    cost_bound,
    fewest_people,
    lost_slots_bound,
    lost_slots_by_cost,
)
from optimize.staffing.named.check import check
from optimize.staffing.named.deal import RECOVERING_PEOPLE, Table, first_deal
from optimize.staffing.named.price import GroupDeal, Kind, Kinds, group_deal
from optimize.staffing.named.problem import NamedProblem, PersonWeek, Result
from optimize.staffing.named.program import dealt_exactly
from optimize.staffing.problem import Template
from optimize.staffing.tours.problem import Duty

ROUNDS = 20
"""How often a few people's weeks are dealt anew while duties are lost, and how often days are while
people trade."""
TRADES = 10
"""Trades between two turns of dealing days anew."""
EXACT_COLUMNS = 1_500
"""Most people times kinds of duties of a group that is dealt exactly at the end."""
EXACT_LIMIT_S = 2.0


@dataclass(frozen=True)
class _Dealt:
    """A group's weeks, and what no way of dealing is below."""

    deal: GroupDeal
    weeks: list[Kinds]
    lost: dict[int, int]
    cost: int
    bound: int


def solve(
    problem: NamedProblem,
    *,
    seed: int = 0,
    rounds: int = ROUNDS,
    exact_limit_s: float = EXACT_LIMIT_S,
    limit_s: float | None = None,
) -> Result:
    """Return everybody's week; checked by `optimize.staffing.named.check`.

    Parameters
    ----------
    problem
        People and duties.
    seed
        Seed of the search, 0 to 2**31 - 1.
    rounds
        See `ROUNDS`; 0 deals day by day alone.
    exact_limit_s
        Deterministic seconds of the solver for a group small enough to be dealt exactly; 0 for
        none.
    limit_s
        Seconds after which no further round begins; None: the same answer on any machine.

    Raises
    ------
    CheckError
        If the weeks do not do what they claim: a bug here, never of the input.
    """
    started = time.perf_counter()
    end = None if limit_s is None else started + limit_s
    dealt = [
        _dealt(group_deal(problem, group), (seed, number), rounds, exact_limit_s, end)
        for number, group in enumerate(problem.groups)
    ]
    weeks: dict[str, PersonWeek] = {}
    unassigned: list[Duty] = []
    for group in dealt:
        found, left = _with_breaks(problem, group)
        weeks.update((week.name, week) for week in found)
        unassigned += left
    ordered = tuple(weeks[person.name] for person in problem.people)
    cost, bound = sum(g.cost for g in dealt), sum(g.bound for g in dealt)
    missed, overtime, granted = _outside_and_granted(dealt)
    result = Result(
        weeks=ordered,
        unassigned=tuple(unassigned),
        lost_slots=sum(duty.people * duty.template.length for duty in unassigned),
        lost_slots_bound=sum(
            max(lost_slots_bound(group.deal), lost_slots_by_cost(group.deal, group.bound))
            for group in dealt
        ),
        missed_slots=missed,
        overtime_slots=overtime,
        wishes=sum(wish.weight for person in problem.people for wish in person.wishes),
        granted=granted,
        fewest_people=tuple((g.deal.group.name, fewest_people(g.deal)) for g in dealt),
        cost=cost,
        bound=bound,
        gap=(cost - bound) / max(1, cost),
        status="optimal" if cost == bound else "feasible",
        seed=seed,
        time_s=time.perf_counter() - started,
    )
    check(problem, result)
    return result


def _dealt(
    deal: GroupDeal,
    seeds: tuple[int, int],
    rounds: int,
    exact_limit_s: float,
    end: float | None,
) -> _Dealt:
    table = first_deal(deal)
    bound = cost_bound(deal)
    luck = np.random.default_rng(seeds)
    _searched(table, luck, rounds, bound, end)
    small = 0 < len(deal.people) * len(deal.kinds) <= EXACT_COLUMNS
    if small and exact_limit_s and table.cost() > bound:
        bound = max(bound, _exactly(table, seeds[0], exact_limit_s))
    return _Dealt(deal, table.weeks, table.lost(), table.cost(), bound)


def _searched(
    table: Table, luck: np.random.Generator, rounds: int, bound: int, end: float | None
) -> None:
    """Look for lost duties, then let people trade."""
    lost = lost_slots_bound(table.deal)
    # Where all weeks are dealt anew at once, once is enough.
    many = len(table.weeks) > RECOVERING_PEOPLE
    for _ in range(rounds if many else min(1, rounds)):
        if _over(end) or not table.recover(luck, lost):
            break
    table.improve_days()
    for _ in range(rounds):
        if _over(end) or table.cost() <= bound or not table.weeks:
            return
        for _ in range(TRADES):
            table.trade_days(luck)
        table.improve_days()


def _over(end: float | None) -> bool:
    return end is not None and time.perf_counter() >= end


def _exactly(table: Table, seed: int, limit_s: float) -> int:
    """Deal a whole group anew, and return the bound proved on the way."""
    deal = table.deal
    everything = dict(enumerate(deal.counts))
    found = dealt_exactly(
        deal, dict(enumerate(table.weeks)), everything, seed=seed, deterministic_limit_s=limit_s
    )
    if found is None:
        return 0
    weeks, answer = found
    before, kept = table.cost(), table.weeks
    table.weeks = [weeks[person] for person in range(len(deal.people))]
    if table.cost() > before:
        table.weeks = kept
    return answer.bound


def _with_breaks(problem: NamedProblem, dealt: _Dealt) -> tuple[list[PersonWeek], list[Duty]]:
    """Give every kind its shifts with their breaks, first come first served."""
    deal = dealt.deal
    shifts: dict[Kind, list[Template]] = {}
    for duty in sorted(duty for duty in problem.duties if duty.group == deal.group.name):
        kind = Kind(duty.day, duty.template.start, duty.template.length)
        shifts.setdefault(kind, []).extend([duty.template] * duty.people)
    weeks = []
    for person, week in zip(deal.people, dealt.weeks, strict=True):
        kinds = [deal.kinds[number] for number in week]
        duties = tuple((kind.day, shifts[kind].pop(0)) for kind in kinds)
        weeks.append(PersonWeek(person.name, deal.group.role, person.group, duties))
    left: dict[tuple[int, Template], int] = {}
    for kind, templates in shifts.items():
        for template in templates:
            left[kind.day, template] = left.get((kind.day, template), 0) + 1
    return weeks, [
        Duty(deal.group.name, day, template, count)
        for (day, template), count in sorted(left.items())
    ]


def _outside_and_granted(dealt: list[_Dealt]) -> tuple[int, int, int]:
    """Return quarter-hours missed and of overtime, and the weight of granted wishes."""
    missed = overtime = granted = 0
    for group in dealt:
        deal = group.deal
        for number, (person, week) in enumerate(zip(deal.people, group.weeks, strict=True)):
            paid = sum(deal.kinds[kind].length for kind in week)
            missed += max(0, deal.least - paid - person.paid_leave_slots)
            overtime += max(0, paid - deal.most)
            for wish, (_, work, spoken) in zip(person.wishes, deal.wish_kinds[number], strict=True):
                granted += wish.weight * ((not spoken.isdisjoint(week)) == work)
    return missed, overtime, granted
