"""The loop: the cheapest staff that keeps a promise, by the simulator, and certified.

Sample-average approximation with cutting planes (Atlason, Epelman, Henderson 2004): all plans are
played on the same few replications; where a plan misses the promise, what one more person would
bring becomes a row that the next plan must satisfy. Rows that a plan played contradicts are
dropped, and a local search takes away what hours it can. Then the plan is certified on replications
that no search has seen; if that fails, a safer plan is tried on others yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from optimize.judge.certificate import certify
from optimize.judge.cutting import Cutting, Master
from optimize.judge.descent import Descent
from optimize.judge.effort import Effort
from optimize.judge.moves import Neighbours, SectionMoves
from optimize.judge.points import Planned, Point, Step
from optimize.judge.presence import Heads, blocks_of
from optimize.judge.promise import Promise, Score
from optimize.judge.rungs import Climber, Ladder
from optimize.judge.search import Search
from optimize.judge.slopes import Slope
from optimize.judge.trial import Play
from sim.scenario.schema.people import Wages

USUAL = Effort()

Status = Literal["certified", "not certified", "missed"]


@dataclass(frozen=True)
class Found:
    """What the loop came to.

    Attributes
    ----------
    planned
        The plan; never dearer than ``start``.
    start
        The plan of the ladder from which it was reached: the requirement plan where that keeps
        the promise, else the first safer one that does.
    status
        "certified"; "not certified" where attempts or budget ended before; "missed" where no plan
        of the ladder keeps the promise.
    score
        Of the plan: on the fresh replications of its certificate where it was tried, else on those
        of the search.
    level
        alpha of the certificate that was given; None without.
    bound_cents
        On the replications of the search no plan that keeps the promise costs less, if service is
        concave; None with a trust region, or where a row was dropped.
    steps
        Everything that was done, in order.
    points
        All plans that were played on the replications of the search.
    slopes
        Finite differences found last.
    played
        Replications played.
    """

    planned: Planned
    start: Planned
    status: Status
    score: Score
    level: float | None
    bound_cents: int | None
    steps: tuple[Step, ...]
    points: tuple[Point, ...]
    slopes: tuple[Slope, ...]
    played: int


def cheapest_staff(
    ladder: Ladder,
    master: Master,
    play: Play,
    promise: Promise,
    wages: Wages,
    *,
    roles: Sequence[str],
    allowed: Callable[[Heads], bool] = lambda _: True,
    neighbours: Neighbours | None = None,
    effort: Effort = USUAL,
    heard: Callable[[Step], None] | None = None,
) -> Found:
    """Return the cheapest staff found that keeps a promise, with its certificate.

    Parameters
    ----------
    ladder
        Plans to start from.
    master
        Plans under cuts.
    play
        The trial, for instance by `optimize.judge.trial.simulated`.
    promise
        What must be kept.
    wages
        What hours cost.
    roles
        Whose hours may be changed.
    allowed
        Whether people at work may be so few, whatever the promise says.
    neighbours
        What the local search may change; the staff section itself if not given.
    effort
        How much is played.
    heard
        Called with each step.

    Raises
    ------
    ValueError
        If the ladder has no requirement plan.
    """
    search = Search(play, promise, effort, heard)
    climber = Climber(search, ladder)
    start = climber.start()
    if start is None:
        search.note("end", "no plan of the ladder that was played keeps the promise")
        return _missed(search)
    blocks = blocks_of(start.planned.at_work, roles)
    cutting = Cutting(search, master, blocks, wages)
    best = cutting.down(climber.cheaper(start))
    beside = neighbours or SectionMoves(wages, tuple(roles))
    best = Descent(search, beside, allowed).down(best, cutting.slopes)
    final = certify(search, climber, start, best)
    given = final.level is not None
    search.note("end", "certified" if given else "no certificate within attempts and budget")
    return Found(
        final.point.planned,
        final.start.planned,
        "certified" if given else "not certified",
        final.score,
        final.level,
        cutting.bound_cents,
        tuple(search.steps),
        tuple(search.points),
        cutting.slopes,
        search.trials.played,
    )


def _missed(search: Search) -> Found:
    """Return the last plan of the ladder, as one that misses."""
    last = search.points[-1]
    return Found(
        last.planned,
        last.planned,
        "missed",
        last.score,
        None,
        None,
        tuple(search.steps),
        tuple(search.points),
        (),
        search.trials.played,
    )
