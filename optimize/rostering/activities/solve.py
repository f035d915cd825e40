"""The cheapest roster found by replanning a few people's weeks at a time, with a bound."""

from __future__ import annotations

import math
import time
from typing import Literal

import numpy as np

from optimize.rostering.activities.arrays import fixed_of, roster_of, state_of
from optimize.rostering.activities.bound import lower_bound
from optimize.rostering.activities.check import check
from optimize.rostering.activities.kernels.search import (
    COST,
    MISSING,
    WEEKS,
    Fixed,
    State,
    insert,
    search,
)
from optimize.rostering.activities.problem import Problem, Result

ROUNDS = 3_000
BOUND_STEPS = 2_000
BOUND_SHARE = 0.2
"""Of a time limit, the part of the bound."""
ROUNDS_AT_ONCE = 20
LEAST_WEIGHT = 0.25
"""Least price of one person missing in an interval, where hardly anybody is too many."""
FIRST_TEMPERATURE = 3.0
"""In units of cost: a first person above the most costs 1, the next one 3 more."""
LAST_TEMPERATURE = 0.1
"""For a price of 0 of missing cover, and as much again for each 1 of it."""
MISSING_TARGET = 10.0
"""What one person missing counts in the guess at the cost of a roster without any."""
NOISE = 0.3
SIZE = 3
"""Most people who are planned again in a round."""


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    rounds: int = ROUNDS,
    bound_steps: int = BOUND_STEPS,
    limit_s: float | None = None,
) -> Result:
    """Return the best roster found: the least missing cover, then the least cost.

    Parameters
    ----------
    problem
        People, cover and rules.
    seed
        Of the search; equal seeds give equal rosters where no time limit is set.
    rounds
        Rounds of the search, each with 1 to 3 people.
    bound_steps
        Steps of the bound.
    limit_s
        Seconds for both, instead of rounds and steps; compiling comes on top.

    Raises
    ------
    ValueError
        If somebody has no week that keeps the rules, or a number of steps is below 0.
    """
    if rounds < 0 or bound_steps < 0:
        raise ValueError(f"{rounds} rounds, {bound_steps} steps of the bound; at least 0 is needed")
    began_s = time.process_time()
    fixed = fixed_of(problem)
    weight = _weight(fixed)
    state = state_of(fixed, seed, weight)
    _begin(problem, fixed, state, weight)
    bound_limit_s = None if limit_s is None else BOUND_SHARE * limit_s
    search_limit_s = None if limit_s is None else (1.0 - BOUND_SHARE) * limit_s
    _anneal(fixed, state, weight, rounds, search_limit_s)
    roster = roster_of(problem, state.best)
    price = check(problem, roster)
    target = price.cost + MISSING_TARGET * price.missing
    bound = lower_bound(fixed, target, steps=bound_steps, limit_s=bound_limit_s)
    status: Literal["optimal", "feasible", "short"] = "feasible"
    if price.missing:
        status = "short"
    elif bound > price.cost:
        raise RuntimeError(f"a roster of cost {price.cost} is below the bound {bound}")
    elif bound == price.cost:
        status = "optimal"
    return Result(
        roster=roster,
        cost=price.cost,
        missing=price.missing,
        bound=bound,
        gap=math.inf if price.missing else (price.cost - bound) / max(1, price.cost),
        status=status,
        seed=seed,
        weeks=int(state.counters[WEEKS]),
        time_s=time.process_time() - began_s,
    )


def _weight(fixed: Fixed) -> float:
    """Return the price at which missing cover begins: low ones let the search pass through it.

    People's fewest intervals that no cover asks for, spread evenly, lie s people above the most in
    each interval and task, and cost s squared; one interval more costs 2 s.
    """
    surplus = float(fixed.fewest.sum() - fixed.most.sum()) / fixed.most.size
    return max(LEAST_WEIGHT, 2.0 * surplus)


def _is_least(fixed: Fixed, state: State) -> bool:
    """Return whether the best plan meets the counting bound: nothing is better."""
    least = max(0, int(fixed.fewest.sum() - fixed.most.sum()))
    return bool(state.best_price[MISSING] == 0.0 and state.best_price[COST] <= least)


def _begin(problem: Problem, fixed: Fixed, state: State, weight: float) -> None:
    """Plan everybody's week, one after the other."""
    for number, person in enumerate(problem.people):
        if fixed.fewest[number] > fixed.longest[number] or not np.isfinite(
            insert(fixed, state, number, NOISE)
        ):
            raise ValueError(
                f"person {person.name}: no shifts of {person.least_min} to {person.most_min}"
                " minutes in all keep the rules; widen their minutes, or the rules"
            )
    search(fixed, state, 1, math.inf, NOISE, SIZE, weight)  # accepted, so a best plan is there


def _anneal(fixed: Fixed, state: State, weight: float, rounds: int, limit_s: float | None) -> None:
    """Search while the temperature falls, by rounds or by the clock."""
    last_temperature = LAST_TEMPERATURE * (1.0 + weight)
    began_s = time.perf_counter()
    done = 0
    while True:
        at = done / rounds if rounds else 1.0
        if limit_s is not None:
            at = (time.perf_counter() - began_s) / limit_s
        if at >= 1.0 or _is_least(fixed, state):
            return
        temperature = FIRST_TEMPERATURE * (last_temperature / FIRST_TEMPERATURE) ** at
        search(fixed, state, ROUNDS_AT_ONCE, temperature, NOISE, SIZE, weight)
        done += ROUNDS_AT_ONCE
