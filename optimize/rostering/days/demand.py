"""The problem in arrays: people wanted, what missing and extra ones cost, and wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimize.rostering.days.problem import Problem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Demand:
    """What a roster is held against.

    Attributes
    ----------
    wanted, under, over
        People wanted, cost of each missing and each extra, (days, shifts).
    wish
        What a shift on a day costs each person: below 0 where they wish for it, (people, days,
        shifts).
    refused
        What refusing every wish for a shift costs; granted ones are in ``wish``.
    """

    wanted: Floats
    under: Floats
    over: Floats
    wish: Floats
    refused: float

    def there(self, rows: Sequence[Ints]) -> Floats:
        """Return how many people work each shift on each day."""
        count = np.zeros_like(self.wanted)
        for row in rows:
            days = np.flatnonzero(row >= 0)
            count[days, row[days]] += 1.0
        return count

    def wish_cost(self, person: int, row: Ints) -> float:
        """Return what a row costs by the person's wishes."""
        days = np.flatnonzero(row >= 0)
        return float(self.wish[person, days, row[days]].sum())

    def cover_cost(self, missing: Floats) -> float:
        """Return what people missing cost, or where below 0 people too many."""
        return float(np.where(missing > 0, self.under * missing, -self.over * missing).sum())

    def cost(self, rows: Sequence[Ints]) -> float:
        """Return what a whole roster costs."""
        cover = self.cover_cost(self.wanted - self.there(rows))
        return cover + self.refused + sum(map(self.wish_cost, range(len(rows)), rows))

    def one_more(self, there: Floats) -> Floats:
        """Return what one more person on each shift costs besides those who are there."""
        return np.where(there < self.wanted, -self.under, self.over)


def demand_of(problem: Problem) -> Demand:
    """Return a problem in arrays."""
    shift_of = {shift.name: number for number, shift in enumerate(problem.shifts)}
    person_of = {person.name: number for number, person in enumerate(problem.people)}
    wanted, under, over = np.zeros((3, problem.days, len(problem.shifts)))
    for cover in problem.covers:
        place = cover.day, shift_of[cover.shift]
        wanted[place] = cover.people
        under[place], over[place] = cover.under_weight, cover.over_weight
    wish = np.zeros((len(problem.people), problem.days, len(problem.shifts)))
    refused = 0.0
    for request in problem.requests:
        cell = person_of[request.person], request.day, shift_of[request.shift]
        wish[cell] += -request.weight if request.wanted else request.weight
        refused += request.weight if request.wanted else 0.0
    return Demand(wanted, under, over, wish, refused)
