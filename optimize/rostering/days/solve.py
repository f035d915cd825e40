"""Who works which shift on which day: the cheapest roster found, with a bound on every other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf
from typing import Literal

import numpy as np

from optimize.rostering.days.check import check
from optimize.rostering.days.demand import demand_of
from optimize.rostering.days.pricing import Pricer
from optimize.rostering.days.problem import Problem
from optimize.rostering.days.proof import MOST_CELLS, proved
from optimize.rostering.days.search import TOLERANCE, Effort, Search


@dataclass(frozen=True)
class Result:
    """A roster that was checked.

    Attributes
    ----------
    status
        "optimal" where proved, else "feasible".
    cost
        People missing and too many, and requests refused, times their weights.
    bound
        No roster costs less.
    gap
        (cost - bound) / max(1, cost).
    roster
        For each person of the problem the name of the shift of each day, None for a day off.
    seed
        Seed of the search.
    time_s
        Seconds of wall clock that it took.
    """

    status: Literal["optimal", "feasible"]
    cost: int
    bound: int
    gap: float
    roster: tuple[tuple[str | None, ...], ...]
    seed: int
    time_s: float


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    effort: Effort | None = None,
    limit_s: float | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Result:
    """Return a roster that keeps every rule and misses little.

    Parameters
    ----------
    problem
        What is to be rostered.
    seed
        Seed of the search, at least 0.
    effort
        How long to search; the same effort gives the same roster on any machine.
    limit_s
        Seconds after which the search ends instead, if given: the roster then depends on the
        machine.
    clock
        What counts those seconds.

    Raises
    ------
    ValueError
        If somebody's rules leave them no row at all, or a setting makes no sense.
    CheckError
        If the roster does not hold.
    """
    if type(seed) is not int or seed < 0:
        raise ValueError(f"the seed is {seed!r}; a whole number of at least 0 is needed")
    if limit_s is not None and not limit_s > 0:
        raise ValueError(f"the limit is {limit_s!r} s; more than 0 is needed")
    began = time.perf_counter()
    limit = inf if limit_s is None else limit_s
    search = Search(demand_of(problem), _pricers(problem), seed, limit, clock)
    effort = Effort() if effort is None else effort
    search.start(effort)
    cells = problem.days * len(problem.people) * len(problem.shifts)
    if not search.is_proved and cells <= MOST_CELLS:
        _prove(problem, search, seed, effort.proof_s)
    search.improve(effort, endless=limit_s is not None)
    names: list[str | None] = [*(shift.name for shift in problem.shifts), None]
    roster = tuple(tuple(names[int(shift)] for shift in row) for row in search.rows)
    cost = round(search.cost)
    bound = max(0, ceil(search.bound - TOLERANCE))
    check(problem, roster, cost, bound)
    return Result(
        status="optimal" if bound == cost else "feasible",
        cost=cost,
        bound=bound,
        gap=(cost - bound) / max(1, cost),
        roster=roster,
        seed=seed,
        time_s=time.perf_counter() - began,
    )


def _prove(problem: Problem, search: Search, seed: int, limit_s: float) -> None:
    """Let the whole problem be solved at once, and take what it gives."""
    found = proved(problem, seed, limit_s)
    if found is None:
        return
    roster, bound = found
    number: dict[str | None, int] = {shift.name: n for n, shift in enumerate(problem.shifts)}
    search.take([np.array([number.get(name, -1) for name in row]) for row in roster])
    search.bound = max(search.bound, float(bound))


def _pricers(problem: Problem) -> list[Pricer]:
    """Return everybody's walk; raise where somebody has no row that keeps their rules."""
    pricers = []
    nothing = demand_of(problem).wanted * 0.0
    for person in problem.people:
        pricers.append(Pricer(problem, person))
        if pricers[-1].cheapest(nothing) is None:
            raise ValueError(
                f"no row of {problem.days} days keeps all rules of person {person.name}: "
                f"{person.min_minutes} to {person.max_minutes} min, {person.min_run_days} to "
                f"{person.max_run_days} days in a row, at least {person.min_off_run_days} days off "
                f"in a row, {person.max_weekends} weekends, {len(person.days_off)} days off; "
                "loosen one of them"
            )
    return pricers
