"""Each person's cheapest row against prices of shifts and days, by the compiled walk over days."""

from __future__ import annotations

from math import gcd, inf, prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.rostering.days.kernels.row import RULES, cheapest_row
from optimize.rostering.days.problem import Person, Problem, weekends

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MAX_LAYERS = 400
"""Most combinations of weekends and counted shifts that a walk tells apart."""


class Found(NamedTuple):
    """A row of a person.

    Attributes
    ----------
    row
        Number of the shift of each day, -1 for a day off.
    cost
        What it costs.
    bound
        No row of the person costs less; equal to ``cost`` where the row is the cheapest.
    unlimited
        The row that costs ``bound``: it may pass a limit on a shift.
    """

    row: Ints
    cost: float
    bound: float
    unlimited: Ints


class _Memory(NamedTuple):
    """What the walk remembers when it counts certain shifts."""

    rules: Ints
    steps: Ints
    stride: Ints
    minutes: Ints
    width: int


class Pricer:
    """What the walk needs of one person.

    A limit on a shift is first left away, but where counting the shift makes the steps of working
    time longer. Only if the cheapest row passes the limit is the shift counted and the walk taken
    again (state space augmentation, Boland, Dethridge & Dumitrescu 2006).

    Parameters
    ----------
    problem, person
        The problem and one of its people.
    """

    def __init__(self, problem: Problem, person: Person) -> None:
        self.person = person
        self.days = problem.days
        chosen = [n for n, most in enumerate(person.max_of_shift) if most > 0]
        shifts = [problem.shifts[n] for n in chosen]
        self.shifts = np.array(chosen, dtype=np.int64)
        self.minutes = [shift.minutes for shift in shifts]
        self.most = np.array(
            [min(person.max_of_shift[n], problem.days) for n in chosen], dtype=np.int64
        )
        names = [shift.name for shift in shifts]
        forbid = [tuple(name in shift.not_before for name in names) for shift in shifts]
        kinds = list(dict.fromkeys(forbid))
        self.kinds = np.array([kinds.index(one) for one in forbid], dtype=np.int64)
        self.follows = 1 - np.array(kinds, dtype=np.int64).reshape(len(kinds), len(shifts))
        self.closed = np.zeros((problem.days, len(shifts)))
        self.closed[list(person.days_off)] = inf
        self.weekends = min(person.max_weekends, len(weekends(problem.days)))
        self._memories: dict[tuple[int, ...], _Memory] = {}
        self._lawful: Ints | None = None
        self._always = self._worth_counting()

    def cheapest(self, costs: Floats, *, exact: bool = True) -> Found | None:
        """Return the cheapest row, None where no row keeps the rules.

        Parameters
        ----------
        costs
            Cost of each shift of the problem on each day, (days, shifts); inf where it may not be.
        exact
            Whether limits on shifts are counted as far as `MAX_LAYERS` allows; if not, a row that
            passes one is mended in haste, and costs more than its bound.
        """
        own = costs[:, self.shifts] + self.closed
        counted, row, cost, passed = self._counting(own, MAX_LAYERS if exact else 1)
        if cost == inf:
            return None
        bound, unlimited = cost, self._of_problem(row)
        while passed:
            own = _without_some(own, row, passed[0], int(self.most[passed[0]]))
            cost, passed = self._walk(own, counted, row)
        if cost == inf and self._lawful is None:  # the first row of all: whatever it takes
            _, row, cost, _ = self._counting(costs[:, self.shifts] + self.closed, None)
            bound = cost
        if cost < inf:
            self._lawful = self._of_problem(row)
        elif self._lawful is not None:
            days = np.flatnonzero(self._lawful >= 0)
            cost = float(costs[days, self._lawful[days]].sum())
        if self._lawful is None or cost == inf:
            return None
        return Found(self._lawful, cost, bound, unlimited)

    def _counting(
        self, own: Floats, most_layers: int | None
    ) -> tuple[tuple[int, ...], Ints, float, list[int]]:
        """Return what was counted, the cheapest row, its cost, and shifts worked too often."""
        counted, row = self._always, np.full(self.days, -1, dtype=np.int64)
        while True:
            cost, passed = self._walk(own, counted, row)
            if not passed:
                return counted, row, cost, passed
            more = (*counted, min(passed, key=lambda shift: self.most[shift]))
            layers = prod(int(self.most[shift]) + 1 for shift in more)
            if most_layers is not None and layers > most_layers:
                return counted, row, cost, passed
            counted = more

    def _walk(self, own: Floats, counted: tuple[int, ...], row: Ints) -> tuple[float, list[int]]:
        """Write the cheapest row; return its cost and the shifts that it works too often."""
        memory = self._memory(counted)
        cost = cheapest_row(
            own, memory.rules, self.follows, self.kinds, memory.steps, memory.stride, self.most,
            memory.minutes, memory.width, row,
        )  # fmt: skip
        if cost == inf:
            return inf, []
        times = np.bincount(row[row >= 0], minlength=len(self.minutes))
        return float(cost), [n for n in range(len(times)) if times[n] > self.most[n]]

    def _of_problem(self, row: Ints) -> Ints:
        """Return a row with the problem's numbers of shifts."""
        full = np.full(self.days, -1, dtype=np.int64)
        full[row >= 0] = self.shifts[row[row >= 0]]
        return full

    def _worth_counting(self) -> tuple[int, ...]:
        """Return the rarest shift without which working time goes in longer steps, if any."""
        for shift in np.argsort(self.most, kind="stable"):
            rest = [minutes for n, minutes in enumerate(self.minutes) if n != shift]
            if self.most[shift] <= 10 and rest and gcd(*rest) > gcd(*self.minutes):
                return (int(shift),)
        return ()

    def _memory(self, counted: tuple[int, ...]) -> _Memory:
        if counted not in self._memories:
            self._memories[counted] = self._arranged(counted)
        return self._memories[counted]

    def _arranged(self, counted: tuple[int, ...]) -> _Memory:
        person = self.person
        timed = [m for n, m in enumerate(self.minutes) if n not in counted]
        step = gcd(*timed) if timed else 1
        steps = np.array(
            [0 if n in counted else m // step for n, m in enumerate(self.minutes)], dtype=np.int64
        )
        stride = np.zeros(len(self.minutes), dtype=np.int64)
        layers = self.weekends + 1
        for shift in counted:
            stride[shift] = layers
            layers *= int(self.most[shift]) + 1
        minutes = np.zeros(layers, dtype=np.int64)
        for shift in counted:
            times = np.arange(layers) // stride[shift] % (self.most[shift] + 1)
            minutes += times * self.minutes[shift]
        rules = np.zeros(RULES, dtype=np.int64)
        rules[:] = (
            min(person.min_off_run_days, self.days), min(person.min_run_days, self.days),
            min(person.max_run_days, self.days), self.weekends,
            person.min_minutes, person.max_minutes, step,
        )  # fmt: skip
        width = min(person.max_minutes // step, self.days * int(max(steps, default=0))) + 1
        return _Memory(rules, steps, stride, minutes, width)


def _without_some(costs: Floats, row: Ints, shift: int, most: int) -> Floats:
    """Forbid a shift on the days on which it gains least of those on which it is one too many."""
    days = np.flatnonzero(row == shift)
    gains = costs[days, shift]
    closed = costs.copy()
    closed[days[np.argsort(gains, kind="stable")[most:]], shift] = inf
    return closed
