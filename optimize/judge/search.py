"""The state of a search: what was played, what must be kept, and the record of every step."""

from __future__ import annotations

from collections.abc import Callable

from optimize.judge.effort import Effort
from optimize.judge.points import Kind, Planned, Point, Step, played
from optimize.judge.promise import Promise, Score
from optimize.judge.trial import Play, Trials, staff_key


class Search:
    """Plans played on the same replications, with the record.

    Parameters
    ----------
    play
        The trial.
    promise
        What must be kept.
    effort
        How much is played.
    heard
        Called with each step.

    Attributes
    ----------
    trials
        What was played. Certificates must be affordable in the end, so their replications are not
        part of the budget of the search.
    numbers
        Replications on which plans are compared.
    margins
        By how much each bound must be kept on them.
    points, steps
        Plans played on all of them, and the record.
    """

    def __init__(
        self,
        play: Play,
        promise: Promise,
        effort: Effort,
        heard: Callable[[Step], None] | None = None,
    ) -> None:
        self.promise = promise
        self.effort = effort
        self.trials = Trials(play, effort.budget - effort.kept_back)
        first = effort.first_number
        self.numbers = tuple(range(first, first + effort.replications))
        self.margins: tuple[float, ...] = (0.0,) * len(promise.bounds)
        self.points: list[Point] = []
        self.steps: list[Step] = []
        self._heard = heard

    def note(
        self, kind: Kind, words: str, point: Point | None = None, kept: bool | None = None
    ) -> None:
        """Write a step into the record."""
        step = Step(
            kind,
            words,
            point.planned.cost_cents if point else None,
            self.promise.means(point.score) if point else (),
            len(point.slacks) if point else 0,
            kept,
            self.trials.played,
        )
        self.steps.append(step)
        if self._heard is not None:
            self._heard(step)

    def play(self, planned: Planned) -> Point:
        """Play a plan on all replications of the search and keep it.

        Raises
        ------
        BudgetSpent
            If the budget does not reach.
        """
        point = played(self.trials, self.promise, planned, self.numbers)
        self.keep(point)
        return point

    def keep(self, point: Point) -> None:
        """Keep a plan that was played on all replications, once."""
        if not self.knows(point.planned):
            self.points.append(point)

    def knows(self, planned: Planned) -> bool:
        """Return whether a plan was played before."""
        key = staff_key(planned.staff)
        return any(staff_key(known.planned.staff) == key for known in self.points)

    def kept(self, point: Point) -> bool:
        """Return whether a plan keeps the promise with its margin."""
        return point.score.kept(self.margins)

    def set_margins(self, score: Score) -> None:
        """Ask on the search's replications for what the first certificate will ask for."""
        level, count = self.effort.alpha / 2.0, self.effort.certificate_replications
        self.margins = tuple(slack.half_width(level, count) for slack in score.slacks)

    def more_margin(self, score: Score, level: float) -> None:
        """Raise the margin of each bound that a certificate failed, and compare on more."""
        self.margins = tuple(
            margin if slack.lower(level) >= 0.0 else margin + slack.half_width(level)
            for margin, slack in zip(self.margins, score.slacks, strict=True)
        )
        first = self.effort.first_number
        count = len(self.numbers) + self.effort.replications // 2
        self.numbers = tuple(range(first, first + count))
