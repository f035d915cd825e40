"""Ask the master for plans and cut off those that miss the promise, until one keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optimize.judge.cuts import Plane, contradiction, planes_at, stay_near
from optimize.judge.points import Planned, Point
from optimize.judge.presence import Block
from optimize.judge.search import Search
from optimize.judge.slopes import Slope, slopes_at
from optimize.judge.trial import BudgetSpent
from optimize.staffing.tours.problem import Cut
from sim.scenario.schema.people import Wages

BUSY_SHARE = 0.7
"""Where people of a role are busy for less of their hours, no work waits long for one more."""

FAR = 4.0
"""A plan is far that misses by more than this many times what the best plan has to spare."""

Master = Callable[[Sequence[Cut]], Planned | None]
"""The cheapest plan under the rows, or None where there is none."""


class Cutting:
    """Cutting planes with a trust region around the best plan.

    Attributes
    ----------
    slopes
        Finite differences found last.
    bound_cents
        The master's bound for the last plan it was asked for, if it binds every plan: no trust
        region, and no row dropped; else None.
    """

    def __init__(
        self, search: Search, master: Master, blocks: Sequence[Block], wages: Wages
    ) -> None:
        self._search = search
        self._master = master
        self._blocks = tuple(blocks)
        self._wages = wages
        self._planes: list[Plane] = []
        self.slopes: tuple[Slope, ...] = ()
        self.bound_cents: int | None = None
        self._dropped = False

    def down(self, best: Point) -> Point:
        """Return the cheapest plan found that keeps the promise; the best known if none is."""
        try:
            return self._rounds(best)
        except _Ended as ended:
            self._search.note("cut", ended.words)
            return ended.best

    def _rounds(self, best: Point) -> Point:
        search, share = self._search, self._search.effort.trust_share
        if share:  # far from the best plan nothing may be taken for granted: begin with a row there
            self._learn(best, best)
        for _ in range(search.effort.cut_rounds):
            planned = self._master(self._rows(best, share))
            if planned is None or planned.cost_cents >= best.planned.cost_cents:
                raise _Ended(best, "under the rows no plan is cheaper than the best one")
            self.bound_cents = None if share or self._dropped else planned.bound_cents
            if search.knows(planned):
                raise _Ended(best, "the rows lead to a plan played before")
            point = self._played(planned, best)
            if search.kept(point):
                best = point
                self._drop_wrong()
                if not share:
                    return best  # cheapest under rows that all hold: nothing cheaper keeps it
                continue
            if share and self._far(point, best):
                share = (1.0 + share) / 2.0
                continue
            if not self._learn(point, best) and not share:
                raise _Ended(best, "no row can be trusted here")
        return best

    def _played(self, planned: Planned, best: Point) -> Point:
        try:
            point = self._search.play(planned)
        except BudgetSpent:
            raise _Ended(best, "the budget ends the cutting") from None
        words = f"{planned.words} ({len(self._planes)} from the simulation)"
        self._search.note("cut", words, point, self._search.kept(point))
        return point

    def _far(self, point: Point, best: Point) -> bool:
        """Return whether a plan misses by so much that one more person shows nothing there."""
        return any(
            margin - there.mean > FAR * max(here.mean - margin, margin)
            for here, there, margin in zip(
                best.score.slacks, point.score.slacks, self._search.margins, strict=True
            )
        )

    def _learn(self, point: Point, best: Point) -> bool:
        """Add rows found at a plan; return whether any of them is left after the check."""
        search, effort = self._search, self._search.effort
        try:
            slopes = slopes_at(
                search.trials,
                search.promise,
                point.planned.staff,
                self._where_work_waits(point),
                search.numbers[: effort.slope_replications],
            )
        except BudgetSpent:
            raise _Ended(best, "the budget ends the cutting") from None
        new = planes_at(point, slopes)
        for plane in new:
            block, _ = max(plane.gains, key=lambda pair: pair[1] / pair[0].wage_eur(self._wages))
            kpi = search.promise.bounds[plane.bound].kpi
            search.note("cut", f"a row for {kpi}; most for the wage: {block.words}", point)
        if new or not self.slopes:
            self.slopes = slopes
        self._planes += new
        self._drop_wrong()
        return any(plane.point is point for plane in self._planes)

    def _where_work_waits(self, point: Point) -> list[Block]:
        """Return the blocks of roles that are busy: elsewhere one more person changes little.

        They have no weight in the rows, which are so much the stricter.
        """
        found = self._search.trials.kpis(point.planned.staff, self._search.numbers)

        def busy(role: str) -> bool:
            shares = [kpis.get(f"utilisation_{role}_rate") for kpis in found]
            known = [share for share in shares if share is not None]
            return len(known) < len(shares) or sum(known) >= BUSY_SHARE * len(known)

        roles = [role for role in dict.fromkeys(block.role for block in self._blocks) if busy(role)]
        return [block for block in self._blocks if block.role in roles]

    def _drop_wrong(self) -> None:
        """Drop the planes that a plan played contradicts: service is not concave there."""
        right = []
        for plane in self._planes:
            against = contradiction(plane, self._search.points, self._search.margins)
            if against is None:
                right.append(plane)
                continue
            kpi = self._search.promise.bounds[plane.bound].kpi
            words = f"not concave: a row for {kpi} is dropped, this plan does better than it allows"
            self._search.note("concavity", words, against)
            self._dropped, self.bound_cents = True, None
        self._planes = right

    def _rows(self, best: Point, share: float) -> list[Cut]:
        bounds, margins = self._search.promise.bounds, self._search.margins
        return [
            *(
                plane.cut(margins[plane.bound], f"{bounds[plane.bound].kpi}, row {number}")
                for number, plane in enumerate(self._planes, start=1)
            ),
            *stay_near(best.planned.at_work, self._blocks, share),
        ]


class _Ended(Exception):
    """The cutting ended, why, and with which plan."""

    def __init__(self, best: Point, words: str) -> None:
        super().__init__(words)
        self.best = best
        self.words = words
