"""The door to CP-SAT lets through whole numbers that were checked, and nothing else."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimize.solver import SolverError, cp_sat
from optimize.solver.cp_sat import (
    InfeasibleError,
    IntegerProgram,
    InvalidModelError,
    NoAnswerError,
    Row,
    broken_rules,
    solve_program,
)

SMALL = IntegerProgram(
    bounds=((0, 5), (0, 5), (0, 5)),
    rows=(Row("cover", ((0, 2), (1, 3), (2, 1)), 7, None), Row("cap", ((0, 1), (1, 1)), None, 2)),
    cost=((0, 5), (1, 8), (2, 4)),
)


def market_split(rows: int = 4, columns: int = 30) -> IntegerProgram:
    """Return a market split (Cornuejols, Dawande 1998): easy to state, hard to find."""
    draw = np.random.Generator(np.random.Philox(7))
    weights = draw.integers(1, 100, size=(rows, columns)).tolist()
    return IntegerProgram(
        bounds=((0, 1),) * columns,
        rows=tuple(
            Row(f"share {r}", tuple(enumerate(line)), sum(line) // 2, sum(line) // 2)
            for r, line in enumerate(weights)
        ),
        cost=((0, 1),),
    )


def cheapest(program: IntegerProgram) -> int | None:
    """Return the least cost by trying everything."""
    ranges = [range(low, high + 1) for low, high in program.bounds]
    costs = [
        sum(factor * values[number] for number, factor in program.cost)
        for values in itertools.product(*ranges)
        if not broken_rules(program, values)
    ]
    return min(costs, default=None)


@pytest.mark.parametrize("number", range(12))
def test_answers_are_the_cheapest(number: int) -> None:
    """On programs small enough to try everything the answer is the cheapest, or none exists."""
    draw = np.random.Generator(np.random.Philox(100 + number))
    factors = draw.integers(-3, 5, size=(3, 4)).tolist()
    program = IntegerProgram(
        bounds=((0, 3), (-2, 2), (0, 3), (1, 4)),
        rows=tuple(
            Row(f"row {r}", tuple(enumerate(line)), int(draw.integers(0, 12)), 14)
            for r, line in enumerate(factors)
        ),
        cost=tuple(enumerate(draw.integers(-4, 9, size=4).tolist())),
    )
    least = cheapest(program)

    if least is None:
        with pytest.raises(InfeasibleError):
            solve_program(program)
        return
    answer = solve_program(program)

    assert (answer.status, answer.objective, answer.bound, answer.gap) == (
        "optimal",
        least,
        least,
        0.0,
    )
    assert broken_rules(program, answer.values) == []


def test_contradiction_is_said() -> None:
    """Rows that contradict each other are called infeasible; no value is read."""
    rows = (*SMALL.rows, Row("too much", ((2, 1),), 6, None))

    with pytest.raises(InfeasibleError, match="no values keep all rules"):
        solve_program(replace(SMALL, rows=rows))


def test_no_answer_in_time_is_not_infeasible() -> None:
    """A limit that comes before any answer is told apart from a proof that there is none."""
    with pytest.raises(NoAnswerError, match=r"limit of 0\.001 s"):
        solve_program(market_split(), deterministic_limit_s=0.001)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (replace(SMALL, cost=((0, 1.5),)), "1.5"),  # type: ignore[arg-type]
        (replace(SMALL, cost=((0, True),)), "bool"),
        (replace(SMALL, cost=((0, np.int64(3)),)), "int64"),  # type: ignore[arg-type]
        (replace(SMALL, cost=((0, float("nan")),)), "nan"),  # type: ignore[arg-type]
        (replace(SMALL, cost=((3, 1),)), "variable number"),
        (replace(SMALL, cost=((-1, 1),)), "variable number"),
        (replace(SMALL, cost=((0, 2**52), (1, 2**51))), r"below 2\*\*53"),
        (replace(SMALL, bounds=((0, 5), (0, 2**62), (0, 5))), "upper bound of variable 1"),
        (replace(SMALL, bounds=((0, 5), (3, 2), (0, 5))), "between 3 and 2"),
        (replace(SMALL, bounds=(), rows=(), cost=()), "no variables"),
        (replace(SMALL, rows=(Row("loose", ((0, 1),)),)), "neither"),
        (replace(SMALL, rows=(Row("big", ((0, 2**51),), 0, None),)), r"big may add up"),
        (replace(SMALL, rows=(Row("half", ((0, 1),), 0.5, None),)), "half"),  # type: ignore[arg-type]
    ],
)
def test_bad_programs_are_refused(program: IntegerProgram, words: str) -> None:
    """What is no whole number, or could add up beyond 2**53, never reaches the solver."""
    with pytest.raises(InvalidModelError, match=words):
        solve_program(program)


@pytest.mark.parametrize(
    "setting",
    [
        {"seed": -1},
        {"seed": 0.5},
        {"workers": 0},
        {"deterministic_limit_s": 0.0},
        {"deterministic_limit_s": float("inf")},
        {"hint": [1]},
        {"linearization_level": 3},
    ],
)
def test_bad_settings_are_refused(setting: dict[str, Any]) -> None:
    """A seed, limit or hint out of its range is refused in words."""
    with pytest.raises(InvalidModelError):
        solve_program(SMALL, **setting)


def test_model_that_the_solver_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should our own check miss an overflow, the solver's refusal is told as one."""
    monkeypatch.setattr(cp_sat, "_check_program", lambda _: None)

    with pytest.raises(InvalidModelError, match="calls the program invalid"):
        solve_program(replace(SMALL, bounds=((0, 2**61), (0, 2**61), (0, 2**61))))


@pytest.mark.parametrize(
    ("attribute", "lie", "words"),
    [
        ("value", lambda *_: 2314885530818453536, "breaks a rule"),
        ("objective_value", property(lambda _: 1.0), "claims the cost"),
        ("best_objective_bound", property(lambda _: float("nan")), "claims the bound"),
        ("best_objective_bound", property(lambda _: 1e6), "claims the bound"),
        ("best_objective_bound", property(lambda _: 0.0), "claims the bound"),
    ],
)
def test_lies_are_found(
    monkeypatch: pytest.MonkeyPatch, attribute: str, lie: object, words: str
) -> None:
    """Values, cost and bound are checked, not believed."""
    from ortools.sat.python import cp_model

    monkeypatch.setattr(cp_model.CpSolver, attribute, lie)

    with pytest.raises(SolverError, match=words):
        solve_program(SMALL)


@pytest.mark.parametrize("workers", [1, 4])
def test_ten_times_the_same(workers: int) -> None:
    """A search cut off by its limit gives the same values ten times, with one worker or several."""
    draw = np.random.Generator(np.random.Philox(3))
    program = IntegerProgram(
        bounds=((0, 9),) * 150,
        rows=tuple(
            Row(f"row {r}", tuple(enumerate(draw.integers(0, 30, size=150).tolist())), 4000, None)
            for r in range(50)
        ),
        cost=tuple(enumerate(draw.integers(20, 60, size=150).tolist())),
    )

    answers = [
        solve_program(program, seed=5, deterministic_limit_s=0.05, workers=workers)
        for _ in range(10)
    ]

    assert answers[0].status == "feasible"
    assert len(dict.fromkeys(answers)) == 1


def test_hint_does_not_change_the_optimum() -> None:
    """A start value is a hint, not a rule."""
    plain = solve_program(SMALL)

    hinted = solve_program(SMALL, hint=[0, 0, 0])

    assert hinted.objective == plain.objective == cheapest(SMALL)


def test_ctrl_c_ends_the_search_and_drops_the_answer() -> None:
    """Ctrl-C during a search raises KeyboardInterrupt: no half-found plan is kept."""
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()

    with pytest.raises(KeyboardInterrupt):
        solve_program(market_split(columns=50), deterministic_limit_s=1e6)

    timer.join()
    searching = [thread for thread in threading.enumerate() if thread.name == "cp-sat"]
    for thread in searching:
        thread.join(5.0)
    assert not any(thread.is_alive() for thread in searching)
