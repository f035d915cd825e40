"""The certificate: the plan on replications that no search has seen, and safer ones if it fails.

Every attempt is one more chance to pass by luck. Attempt k therefore has alpha / 2**k of the risk:
whatever the number of attempts, a plan that breaks the promise is certified in at most alpha of
the cases (Bonferroni). Each attempt has replications of its own, so that a safer plan is not chosen
by the numbers that then judge it.
"""

from __future__ import annotations

from dataclasses import dataclass

from optimize.judge.points import Point, played
from optimize.judge.promise import Score
from optimize.judge.rungs import Climber
from optimize.judge.search import Search
from optimize.judge.trial import BudgetSpent, staff_key

FIRST_FRESH = 2_000_000
"""Certificates are given on replications from this number on; no search sees them."""


@dataclass(frozen=True)
class Certified:
    """What the attempts came to.

    Attributes
    ----------
    point
        The plan tried last.
    start
        The plan of the ladder from which it was reached.
    score
        On its fresh replications, or on those of the search where none could be played.
    level
        alpha of the certificate that was given; None where none was.
    """

    point: Point
    start: Point
    score: Score
    level: float | None


def certify(search: Search, climber: Climber, start: Point, best: Point) -> Certified:
    """Certify the best plan, or a safer one, until attempts or budget end."""
    effort = search.effort
    search.trials.extend(effort.kept_back)
    fresh, tried, score = FIRST_FRESH, dict[str, bool](), best.score
    for attempt in range(1, effort.attempts + 1):
        level = effort.alpha / 2.0**attempt
        count = min(_size(search, best.score, level), search.trials.left)
        if count < effort.certificate_replications:
            search.note("certificate", "the budget has no certificate left")
            break
        numbers = range(fresh, fresh + count)
        fresh += count
        judged = played(search.trials, search.promise, best.planned, numbers)
        score, given = judged.score, judged.score.certified(level)
        words = f"attempt {attempt} at level {level:g}: {best.planned.words}"
        search.note("certificate", words, judged, given)
        if given:
            return Certified(best, start, score, level)
        tried[staff_key(best.planned.staff)] = True
        search.more_margin(score, level)
        safer = _safer(search, start, tried)
        if safer is None and (safer := climber.higher()) is not None:
            start = safer
        if safer is None or attempt == effort.attempts:
            break
        best, score = safer, safer.score
    return Certified(best, start, score, None)


def _size(search: Search, score: Score, level: float) -> int:
    """Return how many replications should do, by the spread on those of the search."""
    most = search.effort.most_certificate_replications
    for size in range(search.effort.certificate_replications, most):
        if all(slack.mean >= slack.half_width(level, size) for slack in score.slacks):
            return size
    return most


def _safer(search: Search, start: Point, tried: dict[str, bool]) -> Point | None:
    """Return the cheapest plan met that keeps the larger margin, none dearer than the start."""
    for known in sorted(search.points, key=lambda point: point.planned.cost_cents):
        if (
            known.planned.cost_cents > start.planned.cost_cents
            or staff_key(known.planned.staff) in tried
            or not search.kept(known)
        ):
            continue
        try:
            point = played(search.trials, search.promise, known.planned, search.numbers)
        except BudgetSpent:
            return None
        if search.kept(point):
            return point
    return None
