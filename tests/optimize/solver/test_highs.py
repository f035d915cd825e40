"""The door to HiGHS: answers with a status, and nothing on stdout."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251 - a package of SciPy
from scipy.sparse import csc_array

from optimize.solver import SolverError
from optimize.solver.highs import solve_milp, solve_priced_lp


def knapsack(least: float, options: Any) -> tuple[str, float | None]:
    """Return status and bound of the fewest weighty things that weigh so much."""
    weights = np.array([[2.0, 3.0, 5.0]])
    answer = solve_milp(
        np.array([2.0, 4.0, 5.0]),
        integrality=np.ones(3, dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(weights, least, np.inf),
        options=options,
    )
    return answer.status, answer.bound


def test_the_best_answer_is_proved() -> None:
    """Seven in weight cost 7: the first and the last thing."""
    status, bound = knapsack(7.0, {"mip_rel_gap": 0.0})
    assert status == "optimal"
    assert bound == pytest.approx(7.0)


def test_what_cannot_be_is_said_in_a_word() -> None:
    """More than all things weigh."""
    assert knapsack(11.0, {}) == ("infeasible", None)


def test_costs_that_fall_without_end_are_an_error() -> None:
    """No values are read from an answer that has none."""
    with pytest.raises(SolverError, match="1 columns"):
        solve_milp(
            np.array([-1.0]),
            integrality=np.zeros(1, dtype=np.int64),
            bounds=Bounds(0.0, np.inf),
            constraints=[],
            options={},
        )


def test_nothing_reaches_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS asked to talk is not heard; what is written before and after is."""
    os.write(1, b"before\n")
    knapsack(7.0, {"disp": True})
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "before\nafter\n"


def test_a_linear_programme_has_values_and_prices() -> None:
    """Three of one thing, or of a dearer one: the cheaper is taken, and sets the price."""
    answer = solve_priced_lp(
        np.array([2.0, 5.0]), csc_array(np.array([[1.0, 1.0]])), np.array([3.0])
    )
    assert answer.objective == pytest.approx(6.0)
    assert answer.values == pytest.approx([3.0, 0.0])
    assert answer.prices == pytest.approx([2.0])


def test_a_linear_programme_without_an_answer_fails_in_words() -> None:
    """Nothing of at least 0 adds up to less."""
    with pytest.raises(SolverError, match="no cheapest answer to 1 columns and 1 rows"):
        solve_priced_lp(np.array([1.0]), csc_array(np.array([[1.0]])), np.array([-1.0]))
