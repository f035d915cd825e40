"""What a week of duties costs, and the fewest people that must be missing from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimize.staffing.problem import SLOTS_A_DAY, SLOTS_A_WEEK, day_wage_cents
from optimize.staffing.tours.model import Ask, overtime_cents
from optimize.staffing.tours.problem import Duty, TourProblem

Short = tuple[str, int, int]


def overtime(problem: TourProblem, duties: Sequence[Duty], people: Sequence[int]) -> list[int]:
    """Return for each group the paid quarter-hours above its contract's hours."""
    paid = {group.name: 0 for group in problem.groups}
    for duty in duties:
        paid[duty.group] += duty.people * duty.template.length
    return [
        max(0, paid[group.name] - count * group.contract.max_slots)
        for group, count in zip(problem.groups, people, strict=True)
    ]


def wages(problem: TourProblem, duties: Sequence[Duty], over: Sequence[int]) -> int:
    """Return the cents paid for work, overtime included."""
    wage = {group.name: group.wage_cents_per_h for group in problem.groups}
    paid = sum(
        duty.people * day_wage_cents(wage[duty.group], duty.template.length) for duty in duties
    )
    prices = [overtime_cents(group) for group in problem.groups]
    return paid + sum(price * slots for price, slots in zip(prices, over, strict=True))


def missing(problem: TourProblem, duties: Sequence[Duty]) -> list[Short]:
    """Return who is missing when, at the least price.

    What a number of people can do for several skills at once is a polymatroid, on which serving
    the dearest skill first is best (Edmonds 1970).
    """
    bits = {need.skill: 1 << place for place, need in enumerate(problem.needs)}
    can = {
        group.name: sum(bits.get(skill, 0) for skill in dict.fromkeys(group.skills))
        for group in problem.groups
    }
    present: dict[int, np.ndarray] = {}
    for duty in duties:
        counts = present.setdefault(can[duty.group], np.zeros(SLOTS_A_WEEK, dtype=np.int64))
        first = duty.day * SLOTS_A_DAY + duty.template.start
        slots = np.array(duty.template.working) + first
        counts[slots % SLOTS_A_WEEK] += duty.people
    found: list[Short] = []
    prices = [need.short_cents or 0 for need in problem.needs]
    for slot in range(SLOTS_A_WEEK):
        ask = Ask.at(problem.needs, slot)
        heads = {key: int(counts[slot]) for key, counts in present.items() if counts[slot]}
        served = _served(ask, heads, prices)
        found += [
            (need.skill, slot, wanted - done)
            for need, wanted, done in zip(problem.needs, ask.wanted, served, strict=True)
            if wanted > done
        ]
    return found


def _served(ask: Ask, heads: dict[int, int], prices: Sequence[int]) -> list[int]:
    served = list(ask.floor)
    asked = [place for place, wanted in enumerate(ask.wanted) if wanted]
    sets: list[tuple[int, list[int], int]] = []
    for chosen in range(1, 1 << len(asked)):
        places = [place for number, place in enumerate(asked) if chosen >> number & 1]
        mask = sum(1 << place for place in places)
        sets.append((mask, places, sum(count for can, count in heads.items() if can & mask)))
    for place in sorted(asked, key=lambda skill: (-prices[skill], skill)):
        room = min(
            able - sum(served[skill] for skill in places)
            for mask, places, able in sets
            if mask >> place & 1
        )
        served[place] += max(0, min(ask.wanted[place] - served[place], room))
    return served
