"""A lower bound: cover is bought at prices, and the prices are moved to where the bound is higher.

Lagrangian relaxation of "the cover is the sum of all weeks" (Geoffrion 1974): the cover of each
task and interval is chosen alone, and so is each week, by the same dynamic programme as in the
search. People who can do the same tasks share one programme. Prices follow smoothed subgradients
(Camerini, Fratta, Maffioli 1975) with steps after Polyak (1969).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled
from optimize.rostering.activities.kernels.search import Fixed
from optimize.rostering.activities.kernels.week import fill_weeks, price_shifts, trace_week

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Tasks = npt.NDArray[np.int8]

BOUND, STEP, STALE = range(3)
NO_BOUND = -1e300
TOO_FAR = 20.0
"""Prices that bring the bound down by so many times what is missing to the target go back."""


class Groups(NamedTuple):
    """People who differ in nothing, those who can do the same tasks one after the other.

    Attributes
    ----------
    person
        One of each group.
    size
        People in it.
    kind
        Groups of the same number can do the same tasks.
    able
        People who can do each task.
    """

    person: Counts
    size: Counts
    kind: Counts
    able: Counts


class Dual(NamedTuple):
    """Prices on their way.

    Attributes
    ----------
    prices, best
        By task and interval, now, and where the bound was highest.
    direction
        Smoothed subgradient.
    numbers
        `BOUND`: highest so far; `STEP`: factor of Polyak's step; `STALE`: steps without a gain.
    slope, shift_costs, costs, week
        Room to work in.
    """

    prices: Floats
    best: Floats
    direction: Floats
    numbers: Floats
    slope: Floats
    shift_costs: Floats
    costs: Floats
    week: Tasks


@compiled
def _buy_cover(fixed: Fixed, groups: Groups, dual: Dual) -> float:
    """Choose the cover of each task and interval; set the slope, and return the cost."""
    cost = 0.0
    tasks, horizon = fixed.least.shape
    for task in range(tasks):
        for slot in range(horizon):
            price = dual.prices[task, slot]
            cover = fixed.least[task, slot]
            most = fixed.most[task, slot]
            if price > 0.0:
                # One more above the most costs 1, 3, 5 ...
                cover = most + max(0, math.ceil((price - 1.0) / 2.0))
                cover = min(cover, max(most, groups.able[task]))
            above = max(0, cover - most)
            cost += above * above - price * cover
            dual.slope[task, slot] = -cover
    return cost


@compiled
def _sell_weeks(fixed: Fixed, groups: Groups, dual: Dual) -> float:
    """Plan the week of each group; add it to the slope, and return the cost of all."""
    total = 0.0
    runs = dual.costs.shape[1]
    for group in range(len(groups.person)):
        person = groups.person[group]
        may_do = fixed.may_do[person]
        if group == 0 or groups.kind[group] != groups.kind[group - 1]:
            fewest, most = fixed.fewest[person], fixed.longest[person]
            for other in range(group, len(groups.person)):
                if groups.kind[other] == groups.kind[group]:
                    fewest = min(fewest, fixed.fewest[groups.person[other]])
                    most = max(most, fixed.longest[groups.person[other]])
            price_shifts(
                dual.prices, may_do, fixed.starts, fixed.shortest, fixed.stretch, dual.shift_costs
            )
            fill_weeks(
                dual.shift_costs, fixed.days, fixed.after, fixed.left, fixed.shortest, fewest,
                most, runs, dual.costs,
            )  # fmt: skip
        end = dual.costs[len(fixed.starts), 0]
        used = fixed.fewest[person]
        for worked in range(used, fixed.longest[person] + 1):
            if end[worked] < end[used]:
                used = worked
        total += groups.size[group] * end[used]
        trace_week(
            dual.prices, may_do, fixed.starts, fixed.days, fixed.after, fixed.shortest,
            fixed.stretch, dual.shift_costs, runs, dual.costs, used, dual.week,
        )  # fmt: skip
        for slot in range(len(dual.week)):
            if dual.week[slot] >= 0:
                dual.slope[dual.week[slot], slot] += groups.size[group]
    return total


@compiled
def _copy(source: Floats, target: Floats) -> None:
    """Copy a table of prices."""
    for task in range(source.shape[0]):
        for slot in range(source.shape[1]):
            target[task, slot] = source[task, slot]


@compiled
def ascend(
    fixed: Fixed,
    groups: Groups,
    dual: Dual,
    target: float,
    steps: int,
    keep_share: float,
    patience: int,
) -> None:
    """Move the prices so many steps towards a higher bound.

    Parameters
    ----------
    fixed, groups, dual
        The problem, and the prices.
    target
        Cost of a roster; the length of a step is what is missing to it.
    steps, keep_share, patience
        How many; what a direction keeps of the one before; steps without a gain before the factor
        of the steps falls.
    """
    tasks, horizon = fixed.least.shape
    for _ in range(steps):
        value = _buy_cover(fixed, groups, dual) + _sell_weeks(fixed, groups, dual)
        if value > dual.numbers[BOUND]:
            if value > dual.numbers[BOUND] + 0.001 * (target - dual.numbers[BOUND]):
                dual.numbers[STALE] = 0.0
            dual.numbers[BOUND] = value
            _copy(dual.prices, dual.best)
        dual.numbers[STALE] += 1.0
        fallen = dual.numbers[BOUND] - value > TOO_FAR * (target - dual.numbers[BOUND])
        if fallen or dual.numbers[STALE] > patience:
            dual.numbers[STALE] = 0.0
            dual.numbers[STEP] *= 0.7
            _copy(dual.best, dual.prices)
            for task in range(tasks):
                for slot in range(horizon):
                    dual.direction[task, slot] = 0.0
            continue
        norm = 0.0
        for task in range(tasks):
            for slot in range(horizon):
                moved = keep_share * dual.direction[task, slot]
                moved += (1.0 - keep_share) * dual.slope[task, slot]
                dual.direction[task, slot] = moved
                norm += moved * moved
        if norm < 1e-12:
            break
        step = dual.numbers[STEP] * (target - value) / norm
        for task in range(tasks):
            for slot in range(horizon):
                dual.prices[task, slot] += step * dual.direction[task, slot]
