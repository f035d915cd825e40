"""How close to the bound tours for 60 people come: ``python -m tests.benchmarks.tour_gap``.

Sixty people in seven sets of three skills and two contracts, seven days of 64 quarter-hours, 11 h
of rest, at most five days and 40 or 24 hours a week, a break of 30 minutes, 20 for somebody missing
for a quarter-hour, 1 for a paid quarter-hour.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from optimize.staffing.problem import SLOTS_A_DAY, SLOTS_A_WEEK
from optimize.staffing.tours.problem import Contract, Group, ShiftType, SkillNeed, TourProblem
from optimize.staffing.tours.solve import Effort, solve

SKILLS = ("pickers", "packers", "dispatchers")
SETS = (
    ("pickers",), ("packers",), ("dispatchers",), ("pickers", "packers"), ("packers", "dispatchers"),
    ("pickers", "dispatchers"), ("pickers", "packers", "dispatchers"),
)  # fmt: skip
STAFF = ((9, 4), (6, 3), (4, 2), (7, 3), (5, 2), (4, 2), (6, 3))
"""Full-time and part-time people of each set: 60."""
FIRST, LENGTH = 24, 64
"""The house is open from 06:00 to 22:00."""
WAGE_CENTS_PER_H, SHORT_CENTS = 400, 2000


def shifts(count: int) -> tuple[ShiftType, ...]:
    """Return 5 or 9 shifts of 8 hours, 27 of three lengths by the hour, or 178 by the quarter."""
    grids = {
        5: ((32,), 8, 0),
        9: ((32,), 4, 0),
        27: ((24, 28, 32), 4, 4),
        178: ((16, 20, 24, 28, 32), 1, 4),
    }
    lengths, step, play = grids[count]
    found = [
        ShiftType(start, length, 2, (length - 2) // 2 - play, (length - 2) // 2 + play)
        for length in lengths
        for start in range(FIRST, FIRST + LENGTH - length + 1, step)
    ]
    return tuple(found[:count])


def demand(seed: int, noise: float) -> dict[str, tuple[int, ...]]:
    """Return people needed by skill: two peaks a day, weekends lower, and noise."""
    luck = np.random.Generator(np.random.Philox(seed))
    weekday = (1.0, 0.95, 0.9, 0.95, 1.1, 0.6, 0.4)
    found = {}
    for place, skill in enumerate(SKILLS):
        heads = np.zeros(SLOTS_A_WEEK)
        for day, factor in enumerate(weekday):
            at = np.arange(LENGTH)
            curve = 3.0 + 4.0 * np.exp(-(((at - 18 - 4 * place) / 10) ** 2))
            curve += 3.5 * np.exp(-(((at - 42 - 2 * place) / 9) ** 2))
            curve *= factor * (1.25, 1.0, 0.75)[place]
            curve *= 1.0 + noise * luck.standard_normal(LENGTH)
            first = day * SLOTS_A_DAY + FIRST
            heads[first : first + LENGTH] = np.maximum(0.0, np.round(curve))
        found[skill] = tuple(int(n) for n in heads)
    return found


def problem(count: int, *, seed: int = 1, noise: float = 0.0) -> TourProblem:
    """Return the problem with so many shifts."""
    contracts = (
        Contract("full", min_hours_a_week=30, max_hours_a_week=40),
        Contract("part", min_hours_a_week=12, max_hours_a_week=24),
    )
    groups = tuple(
        Group(f"{'-'.join(skills)}-{contract.name}", skills[0], skills, contract, n, n,
              WAGE_CENTS_PER_H)
        for skills, numbers in zip(SETS, STAFF, strict=True)
        for contract, n in zip(contracts, numbers, strict=True)
    )  # fmt: skip
    wanted = demand(seed, noise)
    opened = tuple(FIRST <= slot % SLOTS_A_DAY < FIRST + LENGTH for slot in range(SLOTS_A_WEEK))
    needs = tuple(
        SkillNeed(skill, heads, opened=opened, short_cents=SHORT_CENTS)
        for skill, heads in wanted.items()
    )
    return TourProblem(groups, shifts(count), needs)


def main() -> None:
    """Solve what the command line names and print the gap."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=int, choices=(5, 9, 27, 178), default=27)
    parser.add_argument("--limit-s", type=float, default=60.0)
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    asked = problem(words.templates, seed=words.seed, noise=words.noise)
    began, cpu = time.perf_counter(), time.process_time()
    plan = solve(
        asked, effort=Effort(nodes=10**6, rounds=10**6, rel_gap=0.0), limit_s=words.limit_s
    )
    print(
        f"{words.templates} shifts, noise {words.noise:g}: cost {plan.cost_cents / 100:,.2f}, "
        f"bound {plan.bound_cents / 100:,.2f}, gap {100 * plan.gap:.2f} %, {plan.status}, "
        f"{len(plan.short)} gaps, {time.perf_counter() - began:.1f} s "
        f"({time.process_time() - cpu:.1f} s of processor), {plan.method}"
    )


if __name__ == "__main__":
    main()
