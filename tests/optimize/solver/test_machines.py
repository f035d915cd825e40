"""Jobs on machines: small questions with known answers, what is refused, what is not believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pytest

from optimize.solver import SolverError
from optimize.solver.cp_sat import InfeasibleError, InvalidModelError
from optimize.solver.machines import (
    Job,
    Machine,
    Objective,
    Place,
    _check_places,
    jobs_on_machines,
    price,
)

LIMIT_S = 5.0


def job(length: int, due: int, weight: int = 1, release: int = 0) -> Job:
    """Return a job with one due date."""
    return Job(release, length, ((due, weight),))


@pytest.mark.parametrize("objective", ["tardiness", "late", "max_lateness"])
def test_three_jobs_on_one_machine(objective: Objective) -> None:
    """The best of the six orders."""
    jobs = [job(2, 5), job(3, 2, 3), job(5, 3)]
    best = min(
        price(jobs, _one_after_the_other(jobs, order), objective)
        for order in permutations(range(3))
    )
    found = jobs_on_machines(jobs, [Machine(0, None)], objective, deterministic_limit_s=LIMIT_S)
    assert (found.status, found.objective, found.bound) == ("optimal", best, best)
    assert price(jobs, found.places, objective) == best


def _one_after_the_other(jobs: list[Job], order: tuple[int, ...]) -> list[Place]:
    clock, places = 0, {}
    for number in order:
        places[number] = Place(0, clock)
        clock += jobs[number].length
    return [places[number] for number in range(len(jobs))]


def test_machines_with_hours_of_their_own() -> None:
    """The long job fits the second machine only, and waits for its release."""
    jobs = [job(9, 0, release=4), job(3, 0), job(3, 0)]
    machines = [Machine(0, 6), Machine(2, 20), Machine(0, 6)]
    found = jobs_on_machines(jobs, machines, "tardiness", deterministic_limit_s=LIMIT_S)
    assert found.places[0] == Place(1, 4)
    assert (found.objective, found.status) == (13 + 3 + 3, "optimal")


def test_a_hint_is_where_the_search_begins() -> None:
    """However short the search, nothing dearer than the hint is returned."""
    jobs = [job(5 + number, 40, 1 + number % 3, number) for number in range(12)]
    machines = [Machine(0, None), Machine(3, None)]
    clock, hint = [0, 3], []
    for number, each in enumerate(jobs):
        machine = number % 2
        start = max(clock[machine], each.release)
        hint.append(Place(machine, start))
        clock[machine] = start + each.length
    found = jobs_on_machines(jobs, machines, "tardiness", hint=hint, deterministic_limit_s=0.05)
    assert found.bound <= found.objective <= price(jobs, hint, "tardiness")


def test_work_that_does_not_fit_the_hours_is_refused_with_proof() -> None:
    """Two jobs of 4 in one machine's 7."""
    with pytest.raises(InfeasibleError):
        jobs_on_machines(
            [job(4, 0), job(4, 0)], [Machine(0, 7)], "late", deterministic_limit_s=LIMIT_S
        )


@dataclass
class Given:
    """A question, usual but for one thing."""

    jobs: list[Any] = field(default_factory=lambda: [job(4, 0)])
    machines: list[Any] = field(default_factory=lambda: [Machine(0, None)])
    limit_s: float = LIMIT_S


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given(jobs=[]), "0 jobs"),
        (Given(machines=[]), "0 machines"),
        (Given(jobs=[job(0, 0)]), "length"),
        (Given(jobs=[Job(0, 4, ())]), "due date"),
        (Given(jobs=[job(4, 0, -1)]), "below 0"),
        (Given(jobs=[job(4, 1.5)]), "whole"),  # type: ignore[arg-type]
        (Given(jobs=[job(4, 0, 2**51)]), r"2\*\*53"),
        (Given(limit_s=0.0), "above 0"),
    ],
)
def test_a_question_that_must_not_be_asked_is_refused(given: Given, words: str) -> None:
    """Before a model is built."""
    with pytest.raises(InvalidModelError, match=words):
        jobs_on_machines(given.jobs, given.machines, "late", deterministic_limit_s=given.limit_s)


@pytest.mark.parametrize("places", [(0, 3), (-1, 4), (3, 7)])
def test_places_that_do_not_hold_are_not_believed(places: tuple[int, int]) -> None:
    """Two at once, before the machine opens, after it closes."""
    with pytest.raises(SolverError):
        _check_places(
            [job(4, 0), job(4, 0)], [Machine(0, 10)], [Place(0, start) for start in places]
        )
