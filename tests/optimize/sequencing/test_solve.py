"""Plans against brute force, and bounds against the optimum."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings

from optimize.faults import CheckError
from optimize.sequencing.bound import WorkClock, lower_bound
from optimize.sequencing.check import check, cost_of
from optimize.sequencing.kernel import annealed, keep, move, next_state, row_price, total
from optimize.sequencing.list_rules import RULES, listed
from optimize.sequencing.local_search import Arrays
from optimize.sequencing.problem import (
    OBJECTIVES,
    Batch,
    Due,
    Objective,
    Picker,
    Problem,
    Result,
    timed,
)
from optimize.sequencing.solve import cp_sat_plan, solve
from tests.optimize.sequencing.brute_force import (
    all_sequences,
    best_price,
    problems,
    random_problem,
)

FEW = 3_000


def first_list(problem: Problem) -> tuple[tuple[int, ...], ...]:
    """Return a plan to begin with."""
    return listed(problem, RULES["first_come"](problem))


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("batches", [5, 6])
def test_annealing_reaches_the_optimum_with_releases_and_two_pickers(
    objective: Objective, batches: int
) -> None:
    """Overtime, cost and sum of ends are those of the best of all plans."""
    for seed in range(2):
        problem = random_problem(batches, 2, seed, objective)
        arrays = Arrays(problem)
        found, price = arrays.improved(first_list(problem), seed=1, iterations=20_000, heat=1.0)
        assert tuple(price) == best_price(problem)
        assert arrays.price(found) == price


def test_seven_batches_of_two_pickers() -> None:
    """Total tardiness with releases: annealing and CP-SAT reach the best of 40,320 plans.

    The cost is the sum of the pickers' costs, so each picker's best row of each share is tried.
    """
    problem = random_problem(7, 2, 3)
    shares = [[batch for batch in range(7) if share >> batch & 1] for share in range(128)]
    cheapest = [
        [
            min(
                sum(cost_of(problem, [stint]) for stint in timed(alone, (row,)))
                for row in permutations(share)
            )
            for share in shares
        ]
        for alone in (replace(problem, pickers=(picker,)) for picker in problem.pickers)
    ]
    optimum = min(cheapest[0][share] + cheapest[1][127 - share] for share in range(128))
    result = solve(problem, iterations=20_000)
    assert (result.cost, result.bound, result.status) == (optimum, optimum, "optimal")
    annealing = solve(problem, iterations=20_000, deterministic_limit_s=0.0)
    assert annealing.cost == optimum
    cold = cp_sat_plan(problem, hint=None, seed=0, deterministic_limit_s=5.0)
    assert (cold.objective, cold.status) == (optimum, "optimal")


@settings(deadline=None, max_examples=40)
@given(problem=problems())
def test_bounds_are_never_above_the_optimum(problem: Problem) -> None:
    """No plan costs less than the bound, with overtime or without, whatever plan helps."""
    stints = timed(problem, first_list(problem))
    cheapest = min(
        cost_of(problem, timed(problem, rows))
        for rows in all_sequences(len(problem.batches), len(problem.pickers))
    )
    assert lower_bound(problem, stints, cost_of(problem, stints)) <= cheapest


@settings(deadline=None, max_examples=25)
@given(problem=problems(4))
def test_small_plans_are_optimal_and_say_so(problem: Problem) -> None:
    """CP-SAT proves what the bound does not; with overtime nothing is claimed."""
    result = solve(problem, iterations=20_000)
    assert (result.overtime_s, result.cost, result.total_completion_s) == best_price(problem)
    assert (result.status == "optimal") == (result.overtime_s == 0 and result.gap == 0.0)
    if result.overtime_s == 0:
        assert result.status == "optimal"


@pytest.mark.parametrize("objective", ["tardiness", "max_lateness"])
def test_where_the_bound_is_exact_nothing_needs_to_be_searched(objective: Objective) -> None:
    """One picker, nothing to wait for: weighted ends and maximum lateness are proved at once."""
    rng = np.random.default_rng(4)
    batches = tuple(
        Batch(
            int(rng.integers(1, 50)),
            (Due(0 if objective == "tardiness" else int(rng.integers(0, 900)),
                 int(rng.integers(1, 9))),),
        )
        for _ in range(60)
    )  # fmt: skip
    result = solve(Problem(batches, objective=objective), iterations=0)
    assert result.status == "optimal"
    assert result.cost == result.bound


def test_the_clock_of_work_goes_there_and_back() -> None:
    """Two pickers from 10 on, a third from 20: 20 s of work by 20, then three a second."""
    clock = WorkClock([10, 20, 10])
    assert [clock.work_s(moment) for moment in (5, 10, 20, 22)] == [0, 0, 20, 26]
    assert [clock.moment_s(work) for work in (0, 5, 20, 26)] == [10.0, 12.5, 20.0, 22.0]
    assert [clock.first_whole_moment_s(work) for work in (5, 20, 21, 26)] == [13, 20, 21, 22]
    assert clock.moments_s(0, 26) == 20 * 15.0 + 6 * 21.0


def test_interpreted_and_compiled_search_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Same plan, same price: chance and sums do not depend on numba."""
    problem = random_problem(9, 3, 5)
    rows = first_list(problem)
    compiled = Arrays(problem).improved(rows, seed=7, iterations=FEW, heat=1.0)
    kernels = (annealed, keep, move, next_state, row_price, total)
    for kernel in kernels:
        plain = getattr(kernel, "py_func", kernel)
        monkeypatch.setattr(f"optimize.sequencing.kernel.{plain.__name__}", plain)
    monkeypatch.setattr(
        "optimize.sequencing.local_search.annealed", getattr(annealed, "py_func", annealed)
    )
    assert Arrays(problem).improved(rows, seed=7, iterations=FEW, heat=1.0) == compiled


def test_the_same_seed_gives_the_same_plan() -> None:
    """And more moves never a worse one than its start."""
    problem = random_problem(30, 3, 1)
    one = solve(problem, seed=3, iterations=FEW, deterministic_limit_s=0.1, cp_sat_batches=30)
    assert one == solve(
        problem, seed=3, iterations=FEW, deterministic_limit_s=0.1, cp_sat_batches=30
    )
    arrays = Arrays(problem)
    assert one.cost <= min(
        arrays.price(listed(problem, rule(problem))).cost for rule in RULES.values()
    )
    timed_out = solve(problem, seed=3, iterations=FEW, deterministic_limit_s=0.0, limit_s=0.05)
    assert timed_out.cost <= solve(problem, seed=3, iterations=FEW, deterministic_limit_s=0).cost


def test_the_picker_who_leaves_early_gets_the_short_batch() -> None:
    """Overtime counts before tardiness."""
    batches = (Batch(10, (Due(0, 9),)), Batch(10, (Due(0, 9),)), Batch(3, (Due(100),)))
    result = solve(Problem(batches, (Picker(0, 5), Picker(0, 23))), iterations=FEW)
    assert (result.overtime_s, result.sequences[0]) == (0, (2,))
    assert (result.cost, result.status) == (9 * 10 + 9 * 20, "optimal")
    assert result.makespan_s == 20


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cost": 1}, "claims cost 1"),
        ({"overtime_s": 3}, "claims overtime_s 3"),
        ({"total_completion_s": 0}, "claims total_completion_s 0"),
        ({"gap": float("nan")}, "claims gap nan"),
        ({"bound": 10**6}, "less than its bound"),
        ({"bound": -1, "status": "optimal"}, "denies"),
        ({"sequences": ((1, 0, 2), ())}, "another sequence"),
        ({"stints": ()}, "each of 3 is needed once"),
    ],
)
def test_a_false_claim_is_found(change: dict[str, object], words: str) -> None:
    """Whatever a plan says of itself is worked out again."""
    batches = tuple(Batch(10, (Due(5),)) for _ in range(3))
    problem = Problem(batches, (Picker(), Picker()))
    result: Result = solve(problem, iterations=FEW)
    check(problem, result)
    with pytest.raises(CheckError, match=words):
        check(problem, replace(result, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", ["early", "short", "at once", "not there", "before the shift"])
def test_a_plan_that_cannot_be_walked_is_found(fault: str) -> None:
    """The stints are looked at one by one."""
    problem = Problem((Batch(10, (Due(5),), 20), Batch(10, (Due(5),), 2)), (Picker(4),))
    result = solve(problem, iterations=FEW)
    first, second = result.stints
    changed = {
        "early": (first, second._replace(start_s=15, end_s=25)),
        "short": (first, second._replace(end_s=29)),
        "at once": (first, second._replace(start_s=13, end_s=23)),
        "not there": (first, second._replace(picker=1)),
        "before the shift": (first._replace(start_s=3, end_s=13), second),
    }
    with pytest.raises(CheckError):
        check(problem, replace(result, stints=changed[fault]))


@pytest.mark.parametrize(
    "settings_given",
    [
        {"iterations": -1},
        {"seed": -1},
        {"deterministic_limit_s": float("nan")},
        {"limit_s": -1.0},
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(settings_given: dict[str, float]) -> None:
    """In words, before anything is searched."""
    with pytest.raises(ValueError, match="needed"):
        solve(random_problem(3, 1, 0), **settings_given)  # type: ignore[arg-type]
