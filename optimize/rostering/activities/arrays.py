"""A problem as arrays for the kernels, and plans by interval as rosters."""

from __future__ import annotations

import numpy as np

from optimize.rostering.activities.kernels.dual import NO_BOUND, Dual, Groups
from optimize.rostering.activities.kernels.search import Fixed, State
from optimize.rostering.activities.kernels.week import IDLE, Tasks
from optimize.rostering.activities.problem import DAY_MIN, Problem, Roster, Shift, Stretch


def fixed_of(problem: Problem) -> Fixed:
    """Return what does not change during a search."""
    rules = problem.rules
    width = rules.interval_min
    minutes = [problem.begin_min + width * slot for slot in range(problem.intervals)]
    starts = [
        slot
        for slot, minute in enumerate(minutes)
        if any(first <= minute % DAY_MIN <= last for first, last in rules.starts_min)
    ]
    days = [minutes[slot] // DAY_MIN for slot in starts]
    lengths = range(rules.shortest_min // width, rules.longest_min // width + 1)
    after = np.full((len(starts), len(lengths)), -1, np.int64)
    left = np.zeros(len(starts) + 1, np.int64)
    for point in reversed(range(len(starts))):
        next_day = int(np.searchsorted(days, days[point] + 1))
        left[point] = left[point + 1]
        for extra, length in enumerate(lengths):
            if starts[point] + length <= problem.intervals:
                rested = starts[point] + length + rules.rest_min // width
                after[point, extra] = max(int(np.searchsorted(starts, rested)), next_day)
                left[point] = max(left[point], length + left[after[point, extra]])
    may_do = np.zeros((len(problem.people), problem.tasks), np.int8)
    for row, person in zip(may_do, problem.people, strict=True):
        row[list(problem.can_do(person))] = 1
    longest = [min(person.most_min // width, int(left[0])) for person in problem.people]
    return Fixed(
        least=problem.least.astype(np.int64),
        most=problem.most.astype(np.int64),
        may_do=may_do,
        fewest=np.array([-(-person.least_min // width) for person in problem.people], np.int64),
        longest=np.array(longest, np.int64),
        starts=np.array(starts, np.int64),
        days=np.array(days, np.int64),
        after=after,
        left=left,
        shortest=lengths.start,
        stretch=rules.stretch_min // width,
        runs=rules.days_in_a_row + 1,
    )


def state_of(fixed: Fixed, seed: int, weight: float = 1.0) -> State:
    """Return a search at its beginning, with nobody planned, and one price of missing cover."""
    people = len(fixed.may_do)
    tasks, horizon = fixed.least.shape
    luck = int(np.random.default_rng(seed).integers(1, 2**32))
    return State(
        plan=np.full((people, horizon), IDLE, np.int8),
        best=np.full((people, horizon), IDLE, np.int8),
        cover=np.zeros((tasks, horizon), np.int64),
        weights=np.full((tasks, horizon), weight),
        counters=np.array([luck, 0]),
        best_price=np.full(3, np.inf),
        old=np.full((people, horizon), IDLE, np.int8),
        order=np.arange(people, dtype=np.int64),
        prices=np.zeros((tasks, horizon)),
        shift_costs=np.empty(fixed.after.shape),
        costs=_room(fixed, fixed.runs),
    )


def groups_of(fixed: Fixed) -> Groups:
    """Return people who differ in nothing, those who can do the same tasks together."""
    alike: dict[tuple[bytes, int, int], list[int]] = {}
    for person, row in enumerate(fixed.may_do):
        key = (row.tobytes(), int(fixed.fewest[person]), int(fixed.longest[person]))
        alike.setdefault(key, []).append(person)
    ordered = sorted(alike)
    kinds = sorted({key[0] for key in ordered})
    return Groups(
        person=np.array([alike[key][0] for key in ordered], np.int64),
        size=np.array([len(alike[key]) for key in ordered], np.int64),
        kind=np.array([kinds.index(key[0]) for key in ordered], np.int64),
        able=fixed.may_do.sum(axis=0).astype(np.int64),
    )


def dual_of(fixed: Fixed) -> Dual:
    """Return prices of 1 everywhere, whose bound counts the people's fewest intervals."""
    shape = fixed.least.shape
    return Dual(
        prices=np.ones(shape),
        best=np.ones(shape),
        direction=np.zeros(shape),
        numbers=np.array([NO_BOUND, 0.0, 0.0]),
        slope=np.zeros(shape),
        shift_costs=np.empty(fixed.after.shape),
        costs=_room(fixed, 1),
        week=np.empty(shape[1], np.int8),
    )


def _room(fixed: Fixed, runs: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    """Return room for the costs of weeks."""
    return np.empty((len(fixed.starts) + 1, runs, max(0, int(fixed.longest.max())) + 1))


def roster_of(problem: Problem, plan: Tasks) -> Roster:
    """Return the shifts in a plan by person and interval."""
    return tuple(tuple(_shifts(problem, week.tolist())) for week in plan)


def _shifts(problem: Problem, week: list[int]) -> list[Shift]:
    """Return the shifts in one person's tasks by interval."""
    width = problem.rules.interval_min
    found: list[Shift] = []
    stretches: list[Stretch] = []
    began = first = 0
    before = IDLE
    for slot, task in enumerate([*week, IDLE]):
        if task == before:
            continue
        if before == IDLE:
            first, stretches = slot, []
        else:
            stretches.append(Stretch(before, width * (slot - began)))
        if task == IDLE:
            found.append(Shift(problem.begin_min + width * first, tuple(stretches)))
        began, before = slot, task
    return found
