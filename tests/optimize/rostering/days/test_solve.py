"""Rosters of days against brute force, against the published optima, and against their bounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimize.faults import CheckError
from optimize.rostering.days.check import broken_rules, check
from optimize.rostering.days.pricing import Pricer
from optimize.rostering.days.problem import Cover, Person, Problem, Request, Shift
from optimize.rostering.days.search import Effort
from optimize.rostering.days.solve import solve
from tests.benchmarks.published import nrp24
from tests.optimize.rostering.days.small import lawful_rows, least_cost, random_problem


@pytest.mark.parametrize("seed", range(12))
def test_cheapest_row_is_that_of_all_lawful_rows(seed: int) -> None:
    """The walk over days finds the row that trying all rows finds, or that there is none."""
    problem = random_problem(seed)
    rng = np.random.default_rng(seed)
    for person in problem.people:
        costs = rng.integers(-9, 9, (problem.days, len(problem.shifts))).astype(float)
        number = {shift.name: n for n, shift in enumerate(problem.shifts)}
        rows = lawful_rows(problem, person)
        tried = [
            sum(costs[day, number[name]] for day, name in enumerate(row) if name is not None)
            for row in rows
        ]
        found = Pricer(problem, person).cheapest(costs)
        if not rows:
            assert found is None
            continue
        assert found is not None
        assert found.cost == found.bound == min(tried)
        names = tuple(problem.shifts[n].name if n >= 0 else None for n in found.row)
        assert names in rows


@pytest.mark.parametrize("seed", range(12))
def test_small_rosters_cost_least(seed: int) -> None:
    """A tiny roster costs what the best of all rosters costs, and its bound is not above."""
    problem = random_problem(seed)
    rows = [lawful_rows(problem, person) for person in problem.people]
    if not all(rows):
        with pytest.raises(ValueError, match="keeps all rules of person"):
            solve(problem)
        return
    found = solve(problem, effort=Effort(neighbourhoods=20))
    assert found.cost == least_cost(problem, rows)
    assert found.bound <= found.cost


def test_a_row_in_haste_is_lawful_and_bounded() -> None:
    """Where limits are not counted, a row still keeps them, and its bound holds."""
    shifts = (Shift("E", 480), Shift("L", 480, ("E",)))
    person = Person("Ada", (2, 20), 0, 9600, 5)
    problem = Problem(21, shifts, (person,))
    costs = np.tile([-3.0, -1.0], (21, 1))
    exact = Pricer(problem, person).cheapest(costs)
    hasty = Pricer(problem, person).cheapest(costs, exact=False)
    assert exact is not None
    assert hasty is not None
    assert hasty.bound <= exact.cost <= hasty.cost
    for found in (exact, hasty):
        names = [shifts[n].name if n >= 0 else None for n in found.row]
        assert not broken_rules(problem, [names])


@pytest.mark.parametrize("number", [1, 2])
def test_published_instances_are_solved_to_the_proof(shared_data: Path, number: int) -> None:
    """The two smallest published instances are proved to be at their known optimum."""
    for instance in nrp24.instances(shared_data / "data" / nrp24.FOLDER):
        if instance.name == f"Instance{number}":
            answer = instance.solve(60.0, 0)
            assert answer.value == instance.best_known
            assert answer.proven


def test_same_seed_gives_the_same_roster() -> None:
    """Two runs with the same seed and effort agree in every day."""
    problem = random_problem(1)
    assert solve(problem, seed=3).roster == solve(problem, seed=3).roster


def one() -> Problem:
    """Return a week of one person with a request and a cover."""
    return Problem(
        7,
        (Shift("E", 480), Shift("L", 480, ("E",))),
        (Person("Ada", (7, 7), 480, 2400, 5, 2, 2, 1, (3,)),),
        (Cover(0, "E", 1, 10, 1),),
        (Request("Ada", 1, "L", 4),),
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("E...E..", "works 1 days from day 4, 2 at least"),
        ("EEEE...", "works on day 3, a day off"),
        ("EE.....", None),
        ("LE.....", "E on day 1 right after L"),
        ("EE..EE.", None),
        ("EE...EE", None),
        (".......", "0 min, 480 to 2400 min are allowed"),
        ("E......", None),
        ("EEE.EE.", "1 off from day 3, 2 at least"),
    ],
)
def test_check_names_the_rule(row: str, fault: str | None) -> None:
    """The check says which rule a row breaks, and is silent on lawful ones."""
    names = [None if name == "." else name for name in row]
    faults = broken_rules(one(), [names])
    assert (f"Ada: {fault}" in faults) if fault else not faults


def test_check_refuses_a_wrong_price() -> None:
    """A claim of another cost or of a bound above the cost is refused."""
    row: list[str | None] = ["E", "E", None, None, None, None, None]
    check(one(), [row], 4, 4)
    with pytest.raises(CheckError, match="claims a cost of 5, it is 4"):
        check(one(), [row], 5)
    with pytest.raises(CheckError, match="less than its bound 6"):
        check(one(), [row], 4, 6)
