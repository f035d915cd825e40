"""The search: a few people's weeks are taken out and planned again, each the best given the rest.

Ruin and recreate (Schrimpf et al. 2000, Journal of Computational Physics 159(2), 139-171) with
annealing. Missing cover has a price of its own in each interval, which grows where it stays
missing. Chance is a xorshift of 32 bits (Marsaglia 2003).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled
from optimize.rostering.activities.kernels.week import fill_weeks, price_shifts, trace_week

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Tasks = npt.NDArray[np.int8]

RANDOM, WEEKS = range(2)
CURRENT, COST, MISSING = range(3)
SIXTEEN_BITS = 65536


class Fixed(NamedTuple):
    """What does not change during a search; times are intervals of the horizon.

    Attributes
    ----------
    least, most
        Cover by task and interval.
    may_do
        By person and task: 1 where they can do it.
    fewest, longest
        Fewest and most intervals of each person.
    starts, days, after, left
        As in `kernels.week`.
    shortest, stretch
        Fewest intervals of a shift and of a stretch.
    runs
        Most days in a row, plus 1.
    """

    least: Counts
    most: Counts
    may_do: Tasks
    fewest: Counts
    longest: Counts
    starts: Counts
    days: Counts
    after: Counts
    left: Counts
    shortest: int
    stretch: int
    runs: int


class State(NamedTuple):
    """What a search changes.

    Attributes
    ----------
    plan, best
        Task of each person in each interval or `IDLE`: now, and in the best plan so far.
    cover
        People by task and interval, now.
    weights
        Price of one person missing, by task and interval.
    counters
        `RANDOM`: state of chance; `WEEKS`: weeks planned.
    best_price
        `CURRENT`: cost now, missing cover weighted; `COST` and `MISSING` of the best plan.
    old, order, prices, shift_costs, costs
        Room to work in.
    """

    plan: Tasks
    best: Tasks
    cover: Counts
    weights: Floats
    counters: Counts
    best_price: Floats
    old: Tasks
    order: Counts
    prices: Floats
    shift_costs: Floats
    costs: Floats


@compiled
def _below(counters: Counts, limit: int) -> int:
    """Return a random number from 0 to below a limit."""
    x = int(counters[RANDOM])
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    counters[RANDOM] = x
    return (x * limit) >> 32


@compiled
def _add(cover: Counts, week: Tasks, change: int) -> None:
    """Add a week to the cover, or take it off."""
    for slot in range(len(week)):
        if week[slot] >= 0:
            cover[week[slot], slot] += change


@compiled
def _copy(source: Tasks, target: Tasks) -> None:
    """Copy a week."""
    for slot in range(len(source)):
        target[slot] = source[slot]


@compiled
def _best_week(fixed: Fixed, state: State, person: int) -> float:
    """Plan somebody's cheapest week at the prices of the state; infinite if they have none.

    Runs of days are counted only if the cheapest week without the rule breaks it.
    """
    state.counters[WEEKS] += 1
    may_do = fixed.may_do[person]
    fewest, most = fixed.fewest[person], fixed.longest[person]
    price_shifts(
        state.prices, may_do, fixed.starts, fixed.shortest, fixed.stretch, state.shift_costs
    )
    runs = min(1, fixed.runs)  # a plain 1 would have the kernels compiled twice
    while True:
        fill_weeks(
            state.shift_costs, fixed.days, fixed.after, fixed.left, fixed.shortest, fewest, most,
            runs, state.costs,
        )  # fmt: skip
        cheapest = np.inf
        used = most + 1
        for run in range(runs):
            for worked in range(fewest, most + 1):
                if state.costs[len(fixed.starts), run, worked] < cheapest:
                    cheapest = state.costs[len(fixed.starts), run, worked]
                    used = worked
        if used > most:
            return np.inf
        row = trace_week(
            state.prices, may_do, fixed.starts, fixed.days, fixed.after, fixed.shortest,
            fixed.stretch, state.shift_costs, runs, state.costs, used, state.plan[person],
        )  # fmt: skip
        if runs > 1 or 0 <= row < fixed.runs:
            return cheapest
        runs = fixed.runs


@compiled
def insert(fixed: Fixed, state: State, person: int, noise: float) -> float:
    """Plan the week of somebody who is not in the cover, and add it.

    Parameters
    ----------
    fixed, state, person
        The problem, the search, the number of the person.
    noise
        Up to so much is added to each price at random; ties are broken by it too.

    Returns
    -------
    The price of the week, infinite if no week keeps the rules.
    """
    tasks, horizon = state.cover.shape
    for task in range(tasks):
        for slot in range(horizon):
            above = state.cover[task, slot] - fixed.most[task, slot]
            price = noise * _below(state.counters, SIXTEEN_BITS) / SIXTEEN_BITS
            if above >= 0:
                price += 2.0 * above + 1.0
            elif state.cover[task, slot] < fixed.least[task, slot]:
                price -= state.weights[task, slot]
            state.prices[task, slot] = price
    price = _best_week(fixed, state, person)
    if price < np.inf:
        _add(state.cover, state.plan[person], 1)
    return price


@compiled
def _priced(cover: Counts, least: Counts, most: Counts, weights: Floats) -> tuple[float, int, int]:
    """Return the weighted cost, the cost alone, and the missing cover of the plan."""
    weighted = 0.0
    cost = missing = 0
    tasks, horizon = cover.shape
    for task in range(tasks):
        for slot in range(horizon):
            above = cover[task, slot] - most[task, slot]
            short = least[task, slot] - cover[task, slot]
            if above > 0:
                cost += above * above
            elif short > 0:
                missing += short
                weighted += short * weights[task, slot]
    return weighted + cost, cost, missing


@compiled
def _is_accepted(counters: Counts, worse: float, temperature: float) -> bool:
    """Return whether annealing goes on from a plan that is worse by so much."""
    if worse <= 0.0:
        return True
    chance = (_below(counters, SIXTEEN_BITS) + 0.5) / SIXTEEN_BITS
    return -temperature * math.log(chance) >= worse


@compiled
def _reweigh(cover: Counts, least: Counts, weights: Floats, least_weight: float) -> None:
    """Raise the price of what is missing, and lower that of the rest towards the least."""
    tasks, horizon = cover.shape
    for task in range(tasks):
        for slot in range(horizon):
            if cover[task, slot] < least[task, slot]:
                weights[task, slot] *= 1.1
            else:
                weights[task, slot] = max(least_weight, 0.98 * weights[task, slot])


@compiled
def search(
    fixed: Fixed,
    state: State,
    rounds: int,
    temperature: float,
    noise: float,
    size: int,
    least_weight: float,
) -> None:
    """Take 1 to `size` people out and plan them again, so many rounds at one temperature."""
    people = len(state.plan)
    _reweigh(state.cover, fixed.least, state.weights, least_weight)
    state.best_price[CURRENT] = _priced(state.cover, fixed.least, fixed.most, state.weights)[0]
    for _ in range(rounds):
        taken = 1 + _below(state.counters, min(size, people))
        for place in range(taken):
            other = place + _below(state.counters, people - place)
            person = state.order[other]
            state.order[other] = state.order[place]
            state.order[place] = person
            _copy(state.plan[person], state.old[place])
            _add(state.cover, state.plan[person], -1)
        for place in range(taken):
            insert(fixed, state, state.order[place], noise)
        weighted, cost, missing = _priced(state.cover, fixed.least, fixed.most, state.weights)
        if _is_accepted(state.counters, weighted - state.best_price[CURRENT], temperature):
            state.best_price[CURRENT] = weighted
            fewer = missing < state.best_price[MISSING]
            if fewer or (missing == state.best_price[MISSING] and cost < state.best_price[COST]):
                state.best_price[COST] = cost
                state.best_price[MISSING] = missing
                for person in range(people):
                    _copy(state.plan[person], state.best[person])
        else:
            for place in range(taken):
                person = state.order[place]
                _add(state.cover, state.plan[person], -1)
                _copy(state.old[place], state.plan[person])
                _add(state.cover, state.plan[person], 1)
