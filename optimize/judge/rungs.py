"""The ladder of plans from which a search starts."""

from __future__ import annotations

from collections.abc import Callable

from optimize.judge.points import Planned, Point
from optimize.judge.search import Search
from optimize.judge.trial import BudgetSpent

Ladder = Callable[[int], Planned | None]
"""Plans by rung: 0 is the requirement plan, higher ones are safer, lower ones cheaper; None where
the ladder ends."""


class Climber:
    """Where a search stands on the ladder."""

    def __init__(self, search: Search, ladder: Ladder) -> None:
        if ladder(0) is None:
            raise ValueError("the ladder has no requirement plan; rung 0 is expected")
        self._search = search
        self._ladder = ladder
        self._rung = 0

    def start(self) -> Point | None:
        """Return the first plan from the requirement plan upwards that keeps the promise.

        The spread of its replications sets the margin. None where the ladder or the budget ends
        before.
        """
        search = self._search
        while (planned := self._ladder(self._rung)) is not None:
            try:
                point = search.play(planned)
            except BudgetSpent:
                return None
            search.set_margins(point.score)
            if self._noted(point):
                return point
            self._rung += 1
        return None

    def higher(self) -> Point | None:
        """Return the next plan upwards that keeps the promise with its present margin."""
        while (planned := self._ladder(self._rung + 1)) is not None:
            self._rung += 1
            try:
                point = self._search.play(planned)
            except BudgetSpent:
                return None
            if self._noted(point):
                return point
        return None

    def _noted(self, point: Point) -> bool:
        kept = self._search.kept(point)
        self._search.note("start", f"{point.planned.words} (rung {self._rung})", point, kept)
        return kept

    def cheaper(self, start: Point) -> Point:
        """Go down by 1, 2, 4, ... rungs until a plan misses, then halve the way back."""
        search, best = self._search, start
        kept_rung, missed_rung, step = self._rung, None, 1
        while missed_rung is None or kept_rung - missed_rung > 1:
            rung = kept_rung - step if missed_rung is None else (kept_rung + missed_rung) // 2
            planned = self._ladder(rung)
            if planned is None:
                missed_rung = rung
                continue
            try:
                point = search.play(planned)
            except BudgetSpent:
                break
            kept = search.kept(point)
            search.note("ladder", f"{planned.words} (rung {rung})", point, kept)
            if not kept:
                missed_rung = rung
                continue
            kept_rung, step = rung, 2 * step
            if planned.cost_cents < best.planned.cost_cents:
                best = point
        return best
