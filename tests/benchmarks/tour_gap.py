"""How far from the proven bound tours of 60 people are, by the number of shifts.

``python -m tests.benchmarks.tour_gap [--templates 5|9|27|178] [--limit-s 60] [--noisy]``
"""

from __future__ import annotations

import argparse
import itertools
import time

import numpy as np

from optimize.staffing.problem import DAYS_A_WEEK, SLOTS_A_DAY, SLOTS_A_WEEK
from optimize.staffing.tours.problem import Contract, Group, ShiftType, SkillNeed, TourProblem
from optimize.staffing.tours.solve import DEFAULT_EFFORT, solve

SKILLS = ("pickers", "packers", "receivers")
FIRST_SLOT, SLOTS_OPEN = 24, 64
LABOUR_CENTS_PER_H, SHORT_CENTS = 4, 20
PEOPLE = 60


def shifts(count: int) -> tuple[ShiftType, ...]:
    """Return 5, 9, 27 or 178 shifts between 06:00 and 22:00, each with a break of 30 minutes.

    Five start every two hours, nine every hour, with the break in the middle; 27 of three lengths
    every hour and 178 of five lengths every quarter-hour, with a break of two hours' play.
    """
    if count in {5, 9}:
        starts = range(0, 33, 4 if count == 9 else 8)
        return tuple(ShiftType(FIRST_SLOT + start, 32, 2, 15, 15) for start in starts)
    step, lengths = {27: (4, (24, 32, 36)), 178: (1, (20, 24, 28, 32, 36))}[count]
    every = [
        ShiftType(FIRST_SLOT + start, length, 2, length // 2 - 5, length // 2 + 3)
        for length in lengths
        for start in range(0, SLOTS_OPEN - length + 1, step)
    ]
    return tuple(every[:count])  # the latest of the longest are left out


def demand(draw: np.random.Generator, *, noisy: bool) -> tuple[int, ...]:
    """Return people wanted of one skill: two waves a day, with or without noise."""
    slots = np.arange(SLOTS_OPEN) / SLOTS_OPEN
    heads = np.zeros(SLOTS_A_WEEK, dtype=np.int64)
    for day in range(DAYS_A_WEEK):
        level = draw.uniform(5.0, 9.0) * (0.6 if day >= 5 else 1.0)
        peak = draw.uniform(0.2, 0.45)
        wave = np.exp(-(((slots - peak) / 0.12) ** 2)) + 0.8 * np.exp(
            -(((slots - peak - 0.35) / 0.15) ** 2)
        )
        people = level * (0.35 + wave)
        if noisy:
            people *= draw.uniform(0.6, 1.4, size=SLOTS_OPEN)
        first = day * SLOTS_A_DAY + FIRST_SLOT
        heads[first : first + SLOTS_OPEN] = np.rint(people)
    return tuple(int(count) for count in heads)


def instance(count: int, *, seed: int, noisy: bool) -> TourProblem:
    """Return 60 people in seven sets of skills and two contracts, and what three skills need."""
    draw = np.random.Generator(np.random.Philox(seed))
    sets = [chosen for size in (1, 2, 3) for chosen in itertools.combinations(SKILLS, size)]
    contracts = (
        Contract("full", min_hours_a_week=32, max_hours_a_week=40),
        Contract("part", min_hours_a_week=16, max_hours_a_week=24),
    )
    kinds = [(chosen, contract) for chosen in sets for contract in contracts]
    sizes = [PEOPLE // len(kinds) + (place < PEOPLE % len(kinds)) for place in range(len(kinds))]
    groups = tuple(
        Group(
            f"{'+'.join(chosen)} {contract.name}",
            chosen[0],
            chosen,
            contract,
            size,
            size,
            LABOUR_CENTS_PER_H,
        )
        for (chosen, contract), size in zip(kinds, sizes, strict=True)
    )
    needs = tuple(
        SkillNeed(skill, demand(draw, noisy=noisy), short_cents=SHORT_CENTS) for skill in SKILLS
    )
    return TourProblem(groups, shifts(count), needs)


def main() -> None:
    """Solve and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=int, choices=(5, 9, 27, 178), default=27)
    parser.add_argument("--limit-s", type=float, default=None)
    parser.add_argument("--effort", type=int, default=DEFAULT_EFFORT)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--noisy", action="store_true")
    asked = parser.parse_args()
    problem = instance(asked.templates, seed=asked.seed, noisy=asked.noisy)
    wall, work = time.perf_counter(), time.process_time()
    plan = solve(problem, seed=asked.seed, effort=asked.effort, gap=0.0, limit_s=asked.limit_s)
    print(
        f"{asked.templates} shifts, {'noisy' if asked.noisy else 'smooth'}: "
        f"cost {plan.cost_cents}, bound {plan.bound_cents}, gap {plan.gap:.2%}, {plan.status}, "
        f"{time.process_time() - work:.1f} s of work in {time.perf_counter() - wall:.1f} s; "
        f"{plan.method}"
    )


if __name__ == "__main__":
    main()
