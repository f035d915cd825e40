"""What a search is worth beside list rules: ``python -m tests.benchmarks.sequencing_gain``.

Random batches of 5 to 25 minutes with five orders each, released over the first half of the work,
due within 60 % of it after they could be done; 20 batches for 3 pickers, 40 for 4, 80 for 6. Mean
tardiness over the instances in hours, and processor seconds; CP-SAT begins cold, at the plan of the
earliest due date, and at that of the annealing. ``--objective`` counts otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from statistics import fmean

import numpy as np

from optimize.sequencing.bound import lower_bound
from optimize.sequencing.check import cost_of
from optimize.sequencing.list_rules import RULES, earliest_due, listed
from optimize.sequencing.problem import (
    OBJECTIVES,
    Batch,
    Due,
    Objective,
    Picker,
    Problem,
    Sequences,
    timed,
)
from optimize.sequencing.solve import cp_sat_plan, solve
from optimize.solver.cp_sat import NoAnswerError

SIZES = ((20, 3), (40, 4), (80, 6))
ORDERS = 5


def instance(batches: int, pickers: int, seed: int, objective: Objective) -> Problem:
    """Return random batches."""
    rng = np.random.default_rng([seed, batches])
    time_s = rng.integers(300, 1500, batches)
    span_s = float(time_s.sum()) / pickers
    release_s = rng.uniform(0.0, 0.5 * span_s, batches).astype(int)
    slack_s = rng.uniform(0.0, 0.6 * span_s, (batches, ORDERS)).astype(int)
    made = tuple(
        Batch(
            int(time_s[b]),
            tuple(Due(int(release_s[b] + time_s[b] + slack)) for slack in slack_s[b]),
            int(release_s[b]),
        )
        for b in range(batches)
    )
    return Problem(made, (Picker(),) * pickers, objective)


def ways(problem: Problem, limit_s: float) -> dict[str, tuple[float, float]]:
    """Return what each way costs, and its seconds."""
    found = {
        name: _spent(lambda rule=rule: _rule_cost(problem, listed(problem, rule(problem))))  # type: ignore[misc]
        for name, rule in RULES.items()
    }
    searched = solve(problem, deterministic_limit_s=0.0)
    found["annealing"] = (searched.cost, searched.time_s)
    hints: dict[str, Sequences | None] = {
        "CP-SAT cold": None,
        "CP-SAT from earliest_due": listed(problem, earliest_due(problem)),
        "CP-SAT from annealing": searched.sequences,
    }
    for name, hint in hints.items():
        found[name] = _spent(lambda hint=hint: _cp_sat_cost(problem, hint, limit_s))  # type: ignore[misc]
    found["own bound"] = _spent(lambda: lower_bound(problem, searched.stints, searched.cost))
    return found


def _spent(run: Callable[[], float]) -> tuple[float, float]:
    begun_s = time.process_time()
    cost = run()
    return cost, time.process_time() - begun_s


def _rule_cost(problem: Problem, sequences: Sequences) -> int:
    return cost_of(problem, timed(problem, sequences))


def _cp_sat_cost(problem: Problem, hint: Sequences | None, limit_s: float) -> float:
    try:
        return cp_sat_plan(problem, hint=hint, seed=0, deterministic_limit_s=limit_s).objective
    except NoAnswerError:
        return float("nan")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--objective", choices=OBJECTIVES, default="tardiness")
    parser.add_argument("--limit", type=float, default=2.0, help="CP-SAT's deterministic seconds")
    chosen = parser.parse_args()
    solve(instance(5, 2, 0, chosen.objective))  # compiles, loads OR-Tools
    per_unit = 1.0 if chosen.objective == "late" else 3600.0
    for batches, pickers in SIZES:
        all_found = [
            ways(instance(batches, pickers, seed, chosen.objective), chosen.limit)
            for seed in range(chosen.instances)
        ]
        due = fmean(found["earliest_due"][0] for found in all_found)
        sys.stdout.write(f"{batches} batches, {pickers} pickers\n")
        for way in all_found[0]:
            cost = fmean(found[way][0] for found in all_found)
            spent_s = fmean(found[way][1] for found in all_found)
            sys.stdout.write(
                f"  {way:<26}{cost / per_unit:>9.2f}  {cost / due:>5.2f} of earliest_due"
                f"{spent_s:>8.2f} s\n"
            )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
