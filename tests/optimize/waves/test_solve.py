from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.waves.check import priced
from optimize.waves.problem import Problem
from optimize.waves.solve import PROOF_LINES, solve
from tests.benchmarks.published import sbpo
from tests.optimize.waves.small import best_by_trying, drawn

ROOT = Path(__file__).resolve().parents[3]


def medium(seed: int) -> Problem:
    """Draw a problem beyond the size that is proved."""
    luck = np.random.default_rng(seed)

    def row(lines: int, most: int) -> dict[int, int]:
        picked = luck.choice(400, lines, replace=False)
        return {int(item): int(luck.integers(1, most)) for item in picked}

    orders = tuple(row(int(luck.integers(1, 6)), 3) for _ in range(700))
    assert sum(map(len, orders)) > PROOF_LINES
    return Problem(orders, tuple(row(40, 5) for _ in range(30)), 60, 300)


@pytest.mark.parametrize("seed", range(20))
def test_small_problems_are_solved_to_the_optimum_and_proven(seed: int) -> None:
    """Small problems are solved to the optimum and proven."""
    problem = drawn(seed)
    best = best_by_trying(problem)
    if best is None:
        with pytest.raises(ValueError, match="no wave of"):
            solve(problem, iterations=400)
        return
    found = solve(problem, iterations=400)
    assert found.ratio == pytest.approx(float(best), rel=1e-12)
    assert found.status == "optimal"
    assert found.bound == found.ratio
    assert found.gap == 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_wave_is_feasible_within_its_bound_and_the_same_for_the_same_seed(
    number: int, seed: int
) -> None:
    """A wave is feasible within its bound and the same for the same seed."""
    problem = drawn(number, orders=12, items=8, aisles=7)
    try:
        found = solve(problem, seed=seed, iterations=200)
    except ValueError:
        return
    assert float(priced(problem, found.orders, found.aisles)) == found.ratio <= found.bound
    again = solve(problem, seed=seed, iterations=200)
    assert (again.orders, again.aisles) == (found.orders, found.aisles)


def test_larger_problems_give_a_feasible_wave_the_same_for_the_same_seed() -> None:
    """Larger problems give a feasible wave the same for the same seed."""
    problem = medium(1)
    first, second = (solve(problem, seed=3, iterations=2000) for _ in range(2))
    assert (first.orders, first.aisles) == (second.orders, second.aisles)
    assert float(priced(problem, first.orders, first.aisles)) == first.ratio <= first.bound


def test_more_steps_on_the_same_problem_beat_the_greedy_start() -> None:
    """More steps on the same problem beat the greedy start."""
    problem = medium(2)
    assert solve(problem, iterations=8000).ratio > solve(problem, iterations=1).ratio


PROGRAM = """
from optimize.waves.arrays import arrays_of
from optimize.waves.search import Search
from tests.optimize.waves.small import drawn
problem = drawn(7, orders=60, items=40, aisles=15)
search = Search(arrays_of(problem), problem.lower, 60, seed=5)
search.run(400, None)
print(search.best, search.state.tally)
"""


def test_interpreted_and_compiled_loops_find_the_same_wave() -> None:
    """Interpreted and compiled loops find the same wave."""
    printed = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env=os.environ | {"NUMBA_DISABLE_JIT": switch},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for switch in ("0", "1")
    ]
    assert printed[0] == printed[1]


def test_a_time_limit_gives_a_feasible_wave_too() -> None:
    """A time limit gives a feasible wave too."""
    problem = medium(1)
    found = solve(problem, limit_s=0.5)
    assert float(priced(problem, found.orders, found.aisles)) == found.ratio


def test_orders_that_cannot_be_served_are_left_out() -> None:
    """Orders that cannot be served are left out."""
    problem = Problem(({1: 2}, {2: 1}, {1: 9}), ({1: 4}, {3: 5}), 1, 10)
    found = solve(problem, iterations=100)
    assert (found.orders, found.aisles, found.ratio) == ((0,), (0,), 2)


@pytest.mark.parametrize(
    "problem",
    [
        Problem(({1: 2},), ({2: 4},), 0, 10),
        Problem(({1: 2},), (), 0, 10),
        Problem((), ({2: 4},), 0, 10),
        Problem(({1: 2},), ({1: 4},), 3, 10),
        Problem(({1: 4}, {1: 4}), ({1: 7},), 6, 10),
    ],
)
def test_where_there_is_no_wave_the_error_says_what_could_be_served(problem: Problem) -> None:
    """Where there is no wave the error says what could be served."""
    with pytest.raises(ValueError, match="orders can be served at all"):
        solve(problem, iterations=100)


@pytest.mark.parametrize("settings_", [{"iterations": 0}, {"limit_s": 0.0}])
def test_a_search_of_no_length_is_refused(settings_: dict[str, int]) -> None:
    """A search of no length is refused."""
    with pytest.raises(ValueError, match="is 0"):
        solve(drawn(0), **settings_)


@pytest.mark.parametrize("part", ["a", "b"])
def test_published_instances_come_close_to_the_best_team(shared_data: Path, part: str) -> None:
    """Published instances come close to the best team."""
    folder = shared_data / "data" / "sbpo2025_wave_picking"
    if not folder.is_dir():
        pytest.skip(f"published data is not at {folder}")
    chosen = {"a": ("a/instance_0004.txt", "a/instance_0016.txt"), "b": ("b/instance_0007.txt",)}
    for instance in sbpo.instances(part, folder):
        if instance.name in chosen[part]:
            assert instance.solve(2.0, 1).value >= 0.92 * instance.best_known
