"""List rules against what is proved of them, and their ways with shifts."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.sequencing.check import cost_of, overtime_of
from optimize.sequencing.list_rules import (
    RULES,
    apparent_tardiness,
    earliest_due,
    listed,
    shortest_first,
    weighted_shortest_first,
)
from optimize.sequencing.problem import Batch, Due, Objective, Picker, Problem, timed
from tests.optimize.sequencing.brute_force import best_price, problems


def drawn(
    seed: int, objective: Objective, *, pickers: int = 1, due_s: int | None = None, weight: int = 1
) -> Problem:
    """Return six batches that are all there at once."""
    rng = np.random.default_rng(seed)
    batches = tuple(
        Batch(
            int(rng.integers(1, 20)),
            (Due(int(rng.integers(0, 60)) if due_s is None else due_s,
                 int(rng.integers(1, weight + 1))),),
        )
        for _ in range(6)
    )  # fmt: skip
    return Problem(batches, (Picker(),) * pickers, objective)


@pytest.mark.parametrize("seed", range(5))
def test_earliest_due_first_has_the_least_maximum_lateness_of_one_picker(seed: int) -> None:
    """1 || Lmax: Jackson 1955."""
    problem = drawn(seed, "max_lateness")
    plan = timed(problem, listed(problem, earliest_due(problem)))
    assert cost_of(problem, plan) == best_price(problem)[1]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("pickers", [1, 2])
def test_shortest_first_has_the_least_sum_of_ends(pickers: int, seed: int) -> None:
    """P || sum C: Conway, Maxwell & Miller 1967. Due at 0, tardiness is the end."""
    problem = drawn(seed, "tardiness", pickers=pickers, due_s=0)
    plan = timed(problem, listed(problem, shortest_first(problem)))
    assert cost_of(problem, plan) == best_price(problem)[1]


@pytest.mark.parametrize("seed", range(5))
def test_smiths_rule_has_the_least_weighted_sum_of_ends_of_one_picker(seed: int) -> None:
    """1 || sum wC: Smith 1956."""
    problem = drawn(seed, "tardiness", due_s=0, weight=5)
    plan = timed(problem, listed(problem, weighted_shortest_first(problem)))
    assert cost_of(problem, plan) == best_price(problem)[1]


def test_apparent_tardiness_is_the_published_formula() -> None:
    """Weight over time, times exp(-slack / (k x mean time)); the larger goes first."""
    batches = (Batch(10, (Due(50, 3),)), Batch(30, (Due(20, 1), Due(80, 2))))
    key = apparent_tardiness(Problem(batches), look_ahead=2.0)
    assert key(0, 15)[0] == pytest.approx(-3 / 10 * exp(-25 / 40), rel=1e-12)
    assert key(1, 15)[0] == pytest.approx(-(1 + 2 * exp(-35 / 40)) / 30, rel=1e-12)
    with pytest.raises(ValueError, match="look-ahead"):
        apparent_tardiness(Problem(batches), look_ahead=0.0)


@settings(deadline=None)
@given(problem=problems(8, 3), name=st.sampled_from(list(RULES)))
def test_a_list_names_every_batch_once(problem: Problem, name: str) -> None:
    """Whatever the shifts, nothing is left over."""
    rows = listed(problem, RULES[name](problem))
    assert sorted(batch for row in rows for batch in row) == list(range(len(problem.batches)))


def test_who_could_not_end_in_time_leaves_the_batch_to_others() -> None:
    """Overtime only where a batch fits nobody's time."""
    pickers = (Picker(0, 10), Picker(5, 40))
    problem = Problem((Batch(20, (Due(9),)), Batch(8, (Due(30),))), pickers)
    rows = listed(problem, earliest_due(problem))
    assert rows == ((1,), (0,))
    assert overtime_of(problem, timed(problem, rows)) == 0
    crowded = Problem((Batch(20, (Due(9),)), Batch(36, (Due(30),))), pickers)
    rows = listed(crowded, earliest_due(crowded))
    assert rows == ((1,), (0,))
    assert overtime_of(crowded, timed(crowded, rows)) == 26
