"""Cutting planes: how much a promise can gain at most, if service is concave in the hours.

At a plan y' that misses a bound the slack is g(y') and one more person-quarter-hour in block b
gains q_b. If g is concave, no plan y has more slack than g(y') + sum of q_b (y_b - y'_b); so every
plan that keeps the bound satisfies the row that says this is at least the margin (Atlason,
Epelman, Henderson, Annals of Operations Research 127 (2004), 333-358, equation 6). Service is not
concave everywhere (where few people serve many orders, one more helps little and two help much),
so every plane is held against every plan that was played, and dropped when one contradicts it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optimize.judge.points import Point
from optimize.judge.presence import Block, Heads
from optimize.judge.promise import estimated
from optimize.judge.slopes import Slope
from optimize.staffing.problem import SLOTS_A_DAY, slot_words
from optimize.staffing.tours.problem import Cut, Term

SCALE = 1_000_000
"""Weight of the person-quarter-hour that gains most: cuts have whole numbers."""

FORGIVEN = SCALE // 1000
"""The right-hand side is lower by a thousandth of such a quarter-hour, against rounding."""


@dataclass(frozen=True)
class Plane:
    """A bound's slack is at most this.

    Attributes
    ----------
    point
        Where it touches.
    bound
        Number of the bound in the promise.
    gains
        Blocks with the gain of a person-quarter-hour, above 0.
    """

    point: Point
    bound: int
    gains: tuple[tuple[Block, float], ...]

    def most(self, heads: Heads) -> float:
        """Return the most slack that a plan has if the plane is right."""
        here = self.point.planned.at_work
        return self.point.score.slacks[self.bound].mean + math.fsum(
            gain * (block.heads_in(heads) - block.heads_in(here)) for block, gain in self.gains
        )

    def cut(self, margin: float, name: str) -> Cut:
        """Return the row that every plan with at least ``margin`` of slack satisfies."""
        scale = SCALE / max(gain for _, gain in self.gains)
        missing = margin - self.point.score.slacks[self.bound].mean
        weights = [(block, round(gain * scale)) for block, gain in self.gains]
        here = sum(w * block.heads_in(self.point.planned.at_work) for block, w in weights)
        terms = tuple(
            Term(block.role, day * SLOTS_A_DAY + block.first, block.length, weight)
            for block, weight in weights
            if weight
            for day in block.days
        )
        return Cut(name, terms, here + math.ceil(missing * scale) - FORGIVEN)


def planes_at(point: Point, slopes: Sequence[Slope]) -> list[Plane]:
    """Return a plane for each bound that some block helps.

    All positive means count: the sample is the problem that is solved, luck included, and a row
    without a gain that is there would forbid too much.
    """
    found = []
    for bound, slack in enumerate(point.score.slacks):
        gains = tuple((s.block, q) for s in slopes if (q := s.gains[bound].mean) > 0.0)
        if math.isfinite(slack.mean) and gains:
            found.append(Plane(point, bound, gains))
    return found


def contradiction(plane: Plane, points: Iterable[Point], margins: Sequence[float]) -> Point | None:
    """Return a plan played that cannot be if the plane is right, or None.

    Either it keeps the bound and the plane's row forbids it, or it has more slack than the plane
    allows, by more than the one-sided 95 % interval of the paired difference explains.
    """
    bound = plane.bound
    for point in points:
        slack = point.score.slacks[bound]
        if point is plane.point or not math.isfinite(slack.mean):
            continue
        most = plane.most(point.planned.at_work)
        if slack.mean >= margins[bound] > most + 1e-9:
            return point
        pairs = zip(point.slacks, plane.point.slacks, strict=False)
        spread = estimated([a[bound] - b[bound] for a, b in pairs])
        if slack.mean > most + spread.half_width(0.05) + 1e-9:
            return point
    return None


def stay_near(heads: Heads, blocks: Sequence[Block], share: float) -> tuple[Cut, ...]:
    """Return rows that leave each day's part of a block ``share`` of the hours it has.

    A plane is right near the plan where it was found; far from it, it is a guess (trust region).
    """
    found = []
    for block in blocks:
        for day in block.days:
            first = day * SLOTS_A_DAY + block.first
            there = sum(heads[block.role][first : first + block.length])
            least = math.floor(share * there)
            if least:
                name = f"near the best plan: {block.role} from {slot_words(first)}"
                found.append(Cut(name, (Term(block.role, first, block.length, 1),), least))
    return tuple(found)
