"""From needs to names, checked on the clock: ``python -m tests.benchmarks.roster_checks``.

Random problems of two kinds. Dealt: people with leave, wishes and balances, and duties that may
well be too many for them. Planned: needs of two skills, planned by groups, then dealt out to people
who are made up. Each answer is checked minute by minute; counts are printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import numpy as np

from optimize.faults import CheckError
from optimize.solver.cp_sat import InfeasibleError
from optimize.staffing.named.check import check
from optimize.staffing.named.problem import named_problem
from optimize.staffing.named.solve import solve
from optimize.staffing.problem import Cover
from optimize.staffing.tours.problem import (
    Contract,
    Group,
    ShiftType,
    SkillNeed,
    TourProblem,
)
from tests.optimize.staffing.named.drawn import problem as drawn

PROBLEMS = 500
ROUNDS = 2
EXACT_LIMIT_S = 0.1


def dealt_problems(count: int) -> Counter[str]:
    """Deal out random duties to random people, check, and count what came of it."""
    counts: Counter[str] = Counter()
    for seed in range(count):
        problem = drawn(seed, groups=2, people=7, duties=12)
        counts["problems"] += 1
        try:
            found = solve(problem, seed=seed, rounds=ROUNDS, exact_limit_s=EXACT_LIMIT_S)
            check(problem, found)
        except CheckError:
            counts["faults"] += 1
            continue
        counts["duties"] += sum(duty.people for duty in problem.duties)
        counts["lost duties"] += sum(duty.people for duty in found.unassigned)
        counts["proved optimal"] += found.status == "optimal"
        counts["lost no more than must be"] += found.lost_slots == found.lost_slots_bound
    return counts


def tour_problem(seed: int) -> TourProblem:
    """Draw needs of two skills through the week, and groups of two contracts."""
    luck = np.random.default_rng(seed)
    full = Contract("full", int(luck.integers(0, 31)), 40, lengths_h=(8.0,))
    part = Contract("part", 0, 24, 4, max_days_a_week=4, lengths_h=(4.0, 6.0))
    groups = (
        Group("pickers-full", "pickers", ("pickers",), full, 0, int(luck.integers(2, 8)), 1800),
        Group("packers-part", "packers", ("packers", "pickers"), part, 0, 8, 1500),
    )
    shifts = tuple(
        ShiftType(int(luck.integers(5, 16)) * 4, length, pause, first, last)
        for length, pause, first, last in (
            (32, 2, 12, 18),
            (32, 2, 14, 14),
            (24, 1, 10, 10),
            (16, 0, 0, 0),
        )
    )
    needs = []
    for skill in ("pickers", "packers"):
        height = luck.uniform(0.5, 3.0)
        wave = 1.0 + np.sin(np.arange(96) / 96 * 2 * np.pi - 1.5)
        heads = np.rint(np.tile(height * wave, 7)).astype(int).tolist()
        covers = (Cover(int(luck.integers(0, 6)) * 96 + 24, 60, int(luck.integers(1, 20))),)
        needs.append(SkillNeed(skill, tuple(heads), covers=covers, short_cents=2000))
    return TourProblem(groups, shifts, tuple(needs))


def planned_problems(count: int) -> Counter[str]:
    """Plan random needs by groups, name the people, check both, and count what came of it."""
    from optimize.staffing.tours.check import check as check_tours
    from optimize.staffing.tours.solve import solve as solve_tours

    counts: Counter[str] = Counter()
    for seed in range(count):
        problem = tour_problem(seed)
        counts["problems"] += 1
        try:
            plan = solve_tours(problem, seed=seed)
            check_tours(problem, plan)
            named = named_problem(problem, plan)
            found = solve(named, seed=seed, rounds=ROUNDS, exact_limit_s=EXACT_LIMIT_S)
            check(named, found)
        except InfeasibleError:
            counts["impossible"] += 1
            continue
        except CheckError:
            counts["faults"] += 1
            continue
        counts["people"] += len(named.people)
        counts["duties"] += sum(duty.people for duty in named.duties)
        counts["lost duties"] += sum(duty.people for duty in found.unassigned)
        counts["plans without loss"] += not found.unassigned
    return counts


def main() -> int:
    """Print the counts of both kinds; 1 if anything was at fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=PROBLEMS, help="of each kind")
    parser.add_argument("--kind", choices=["dealt", "planned", "both"], default="both")
    words = parser.parse_args()
    faults = 0
    for kind, run in (("dealt", dealt_problems), ("planned", planned_problems)):
        if words.kind in (kind, "both"):
            started = time.process_time()
            counts = run(words.problems)
            faults += counts["faults"]
            shown = ", ".join(f"{name} {number}" for name, number in counts.items())
            sys.stdout.write(
                f"{kind}: {shown}, faults {counts['faults']}; "
                f"{time.process_time() - started:.0f} s of processor time\n"
            )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
