"""Rosters against all rosters of small problems, and against published ones."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from optimize.rostering.activities.check import check
from optimize.rostering.activities.problem import Person, Problem
from optimize.rostering.activities.solve import solve
from tests.benchmarks.published import matsp
from tests.optimize.rostering.activities.small import drawn, weeks_of

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = """
from optimize.rostering.activities.solve import solve
from tests.optimize.rostering.activities.small import drawn
found = solve(drawn(3, people=4), seed=5, rounds=40, bound_steps=25)
print(found.roster, found.cost, found.missing, found.bound, found.weeks)
"""


def best_by_trying(problem: Problem) -> tuple[int, int] | None:
    """Return missing cover and cost of the best of all rosters, or None if there is none."""
    weeks = [weeks_of(problem, person) for person in problem.people]
    prices = (check(problem, roster) for roster in product(*weeks))
    return min(((price.missing, price.cost) for price in prices), default=None)


@pytest.mark.parametrize("seed", range(24))
def test_small_problems_are_solved_to_the_best_roster(seed: int) -> None:
    """Small problems are solved to the best of all rosters, and the bound is never above it."""
    problem = drawn(seed, people=2, days=1, tasks=2)
    problem = replace(problem, least=problem.least // 2)
    best = best_by_trying(problem)
    if best is None:
        with pytest.raises(ValueError, match="keep the rules"):
            solve(problem, rounds=10, bound_steps=0)
        return
    found = solve(problem, rounds=1000, bound_steps=300)
    assert (found.missing, found.cost) == best
    if best[0] == 0:
        assert found.bound <= best[1]


def test_equal_seeds_give_equal_rosters() -> None:
    """Equal seeds give equal rosters; another seed may give another."""
    problem = drawn(3, people=4, days=3)
    first = solve(problem, seed=5, rounds=100, bound_steps=50)
    assert solve(problem, seed=5, rounds=100, bound_steps=50) == first


def test_compiled_and_interpreted_searches_find_the_same() -> None:
    """Compiled and interpreted searches find the same roster and the same bound."""
    printed = [
        subprocess.run(
            [sys.executable, "-W", "error::RuntimeWarning", "-c", PROGRAM],
            cwd=ROOT,
            env=os.environ | {"NUMBA_DISABLE_JIT": switch},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for switch in ("0", "1")
    ]
    assert printed[0] == printed[1]


def test_a_time_limit_gives_a_roster_that_is_checked_too() -> None:
    """A time limit gives a roster that is checked too."""
    problem = drawn(3, people=4)
    found = solve(problem, limit_s=0.3)
    assert check(problem, found.roster) == (found.cost, found.missing)


@pytest.mark.parametrize("seed", range(5))
def test_without_rounds_there_is_a_roster_too(seed: int) -> None:
    """Without rounds there is a roster too, of everybody's first week."""
    found = solve(drawn(3, people=4), seed=seed, rounds=0, bound_steps=0)
    assert found.weeks <= 7
    assert found.bound == 0


def test_a_horizon_without_a_start_leaves_everybody_at_home() -> None:
    """A horizon in which no shift may start leaves everybody at home."""
    cover = np.zeros((1, 10), np.int64)
    found = solve(Problem((Person("Bo", 0, 600),), cover, cover, 300), rounds=1, bound_steps=1)
    assert found.roster == ((),)
    assert found.status == "optimal"


def test_a_published_week_is_solved_to_the_optimum(shared_data: Path) -> None:
    """A published week is solved to its counting bound, far below a plain model's 200."""
    text = (shared_data / "data" / "matsp" / "2_7_10_1.txt").read_text(encoding="utf-8")
    found = solve(matsp.problem_of(text), rounds=8000, bound_steps=1)
    assert found.status == "optimal"
    assert found.cost == found.bound == 132
    assert found.missing == 0


def test_somebody_without_a_week_is_named() -> None:
    """Somebody whose minutes no shifts come to is named."""
    cover = np.zeros((1, 96), np.int64)
    with pytest.raises(ValueError, match="person Bo: no shifts of 615 to 690 minutes"):
        solve(Problem((Person("Bo", 615, 690),), cover, cover, 360))
