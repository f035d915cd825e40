"""Local search: take hours away one change at a time, as long as the promise holds.

Coordinate descent with racing. Changes are tried from the largest to the smallest, of one size
those first that are expected to cost least service for the wage they save, several at once as long
as that goes well. A change is rejected after few replications if the mean it heads for, by the
paired differences so far, surely misses the promise. What was rejected alone is not tried again:
with fewer people around it would do more harm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimize.judge.moves import SIZES, Change, Floats, Key, Neighbours, Size
from optimize.judge.points import Planned, Point, played
from optimize.judge.presence import Heads, Numbers, presence
from optimize.judge.promise import estimated
from optimize.judge.search import Search
from optimize.judge.slopes import Slope
from optimize.judge.trial import BudgetSpent
from sim.scenario.schema import ROLES

RACE_STEP = 2
"""Replications that a change is given before it is looked at again."""

FIRST_AT_ONCE = 4

SURE = 0.1
"""A change is rejected early where the one-sided interval at this level misses the promise."""


@dataclass(frozen=True)
class Descent:
    """What the local search needs.

    Parameters
    ----------
    search
        Where plans are played, and what they must keep.
    neighbours
        The changes it may make.
    allowed
        Whether people at work may be so few, whatever the promise says.
    """

    search: Search
    neighbours: Neighbours
    allowed: Callable[[Heads], bool]

    def down(self, start: Point, slopes: Sequence[Slope]) -> Point:
        """Return the cheapest plan reached; the start if nothing can be taken away.

        Raises no BudgetSpent: the search ends where the budget does.
        """
        here = start
        try:
            for size in SIZES:
                here = self._of_size(here, size, slopes)
        except _Spent as spent:
            here = spent.here
        return here

    def _of_size(self, start: Point, size: Size, slopes: Sequence[Slope]) -> Point:
        """Make several changes at once, twice as many after a success, half after a failure."""
        here, at_once, rejected = start, FIRST_AT_ONCE, dict[Key, bool]()
        while True:
            done, planned = self._several(here.planned, size, slopes, rejected, at_once)
            if not done:
                return here
            try:
                point = self._race(here, planned)
            except BudgetSpent:
                raise _Spent(here) from None
            kept = point is not None and self.search.kept(point)
            if point is not None:
                self.search.note("local", "; ".join(change.words for change in done), point, kept)
            if point is not None and kept:
                here, at_once = point, 2 * at_once
            elif len(done) == 1:
                rejected[done[0].key] = True
            else:
                at_once = len(done) // 2

    def _several(
        self,
        planned: Planned,
        size: Size,
        slopes: Sequence[Slope],
        rejected: Mapping[Key, bool],
        count: int,
    ) -> tuple[list[Change], Planned]:
        """Return up to ``count`` changes one after the other, the best each time, and the plan."""
        done: list[Change] = []
        while len(done) < count:
            prices = _prices(presence(planned.staff), slopes)
            ranked = self.neighbours.ranked(planned, size, prices, rejected)
            best = next((each for each in ranked if self.allowed(each.planned.at_work)), None)
            if best is None:
                break
            done.append(best)
            planned = best.planned
        return done, planned

    def _race(self, here: Point, planned: Planned) -> Point | None:
        """Play a plan until it has lost, and return None, or to the end."""
        search = self.search
        count = len(search.numbers)
        for n in range(RACE_STEP, count, RACE_STEP):
            point = played(search.trials, search.promise, planned, search.numbers[:n])
            if self._lost(here, point):
                return None
        return search.play(planned)

    def _lost(self, here: Point, point: Point) -> bool:
        for bound, margin in enumerate(self.search.margins):
            pairs = zip(here.slacks, point.slacks, strict=False)
            change = estimated([after[bound] - before[bound] for before, after in pairs])
            if not math.isfinite(change.mean):
                return True
            if here.score.slacks[bound].mean + change.mean + change.half_width(SURE) < margin:
                return True
        return False


class _Spent(Exception):
    """The budget ended; here is how far the search came."""

    def __init__(self, here: Point) -> None:
        super().__init__("budget spent")
        self.here = here


def _prices(there: Numbers, slopes: Sequence[Slope]) -> Floats:
    """Return what a person in each quarter-hour is thought to be worth, by role: to rank changes.

    The largest sure gain of a bound where one is known. To it a little is added everywhere, the
    more the fewer people are there: it decides where nothing is known.
    """
    known = np.zeros(there.shape)
    for slope in slopes:
        gain = max(slope.sure_gain(bound) for bound in range(len(slope.gains)))
        known[ROLES.index(slope.block.role), list(slope.block.slots)] = gain
    usual = 1e-3 * float(known.max()) or 1e-9
    return known + usual / np.maximum(there, 1)
