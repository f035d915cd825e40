"""What no plan can cost less than, from problems that are easier than the true one.

All pickers together become one that is as fast as they are at each moment, and may be interrupted:
whatever the pickers do, it can do as early. On its clock, which counts work instead of seconds, the
best order is known for each objective. Ends of shifts are left aside, which only lowers the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, fsum

import numpy as np

from optimize.sequencing.problem import SUM_LIMIT, Problem, Stint

ROUNDS = 150
HALVE_AFTER = 10


def lower_bound(problem: Problem, stints: Sequence[Stint], cost: int) -> int:
    """Return a number that no plan's cost is below.

    Parameters
    ----------
    stints, cost
        A plan and what it costs; a better one may give a better bound.
    """
    if problem.objective == "max_lateness":
        return _lateness_bound(problem)
    bound = _places_bound(problem)
    if problem.objective == "tardiness" and bound < cost:
        bound = max(bound, _weights_bound(problem, stints, cost))
    return bound


class WorkClock:
    """Seconds of work that the pickers could have done together by a moment, and back.

    Parameters
    ----------
    from_s
        When each picker begins.
    """

    def __init__(self, from_s: Sequence[int]) -> None:
        self._from_s = sorted(from_s)
        self._work_s = [self.work_s(begin_s) for begin_s in self._from_s]

    def work_s(self, moment_s: int) -> int:
        """Return the work that could be done by a moment."""
        return sum(max(0, moment_s - begin_s) for begin_s in self._from_s)

    def moment_s(self, work_s: float) -> float:
        """Return the moment at which so much work could be done."""
        there = self._pickers(work_s)
        return self._from_s[there - 1] + (work_s - self._work_s[there - 1]) / there

    def first_whole_moment_s(self, work_s: int) -> int:
        """Return the same moment, rounded up to a whole second."""
        there = self._pickers(work_s)
        return self._from_s[there - 1] - (self._work_s[there - 1] - work_s) // there

    def moments_s(self, first_s: int, last_s: int) -> float:
        """Return the integral of the moment over the work from first to last."""
        cuts = [first_s, *(w for w in self._work_s if first_s < w < last_s), last_s]
        return fsum(
            (b - a) * (self.moment_s(a) + self.moment_s(b)) / 2.0 for a, b in pairwise(cuts)
        )

    def _pickers(self, work_s: float) -> int:
        there = 1
        while there < len(self._work_s) and self._work_s[there] <= work_s:
            there += 1
        return there


def interrupted(
    releases: Sequence[int], work_s: Sequence[int], key: Callable[[int, int], float]
) -> Iterator[tuple[int, int, int, bool]]:
    """Yield stretches of work (batch, first, last, whether it is done) of one that may interrupt.

    At each moment the released batch with the smallest key is worked on; the key is asked for a
    batch and its work left, whenever a batch joins or is interrupted.
    """
    coming = sorted(range(len(releases)), key=lambda job: (releases[job], job))
    left = list(work_s)
    waiting: list[tuple[float, int]] = []
    now, arrived = 0, 0
    while arrived < len(coming) or waiting:
        if not waiting:
            now = max(now, releases[coming[arrived]])
        while arrived < len(coming) and releases[coming[arrived]] <= now:
            job = coming[arrived]
            heappush(waiting, (key(job, left[job]), job))
            arrived += 1
        _, job = heappop(waiting)
        ends = now + left[job]
        if arrived < len(coming):
            ends = min(ends, releases[coming[arrived]])
        left[job] -= ends - now
        yield job, now, ends, left[job] == 0
        if left[job]:
            heappush(waiting, (key(job, left[job]), job))
        now = ends


class _Relaxed:
    """Releases on the clock of work, and the earliest end of each batch on its own."""

    def __init__(self, problem: Problem) -> None:
        self.clock = WorkClock([picker.from_s for picker in problem.pickers])
        self.releases = [self.clock.work_s(batch.release_s) for batch in problem.batches]
        self.work_s = [batch.time_s for batch in problem.batches]
        opens_s = min(picker.from_s for picker in problem.pickers)
        self.alone_s = [max(b.release_s, opens_s) + b.time_s for b in problem.batches]


def _lateness_bound(problem: Problem) -> int:
    """Earliest due date first, interrupted: exact for one picker without interruptions to gain."""
    relaxed = _Relaxed(problem)
    due_s = [min(due.due_s for due in batch.dues) for batch in problem.batches]
    worst_s = max(end_s - due for end_s, due in zip(relaxed.alone_s, due_s, strict=True))
    for job, _, last, done in interrupted(
        relaxed.releases, relaxed.work_s, lambda job, _: due_s[job]
    ):
        if done:
            worst_s = max(worst_s, relaxed.clock.first_whole_moment_s(last) - due_s[job])
    return worst_s


def _places_bound(problem: Problem) -> int:
    """Share out the earliest first, second, third, … end among the batches, at the least cost.

    Shortest remaining work first ends as many batches by any moment as can be (Schrage 1968).
    """
    from scipy.optimize import (  # noqa: TID251  # a function's name is no package of ours
        linear_sum_assignment,
    )

    relaxed = _Relaxed(problem)
    ends_s = sorted(
        relaxed.clock.first_whole_moment_s(last)
        for _, _, last, done in interrupted(
            relaxed.releases, relaxed.work_s, lambda _, left_s: left_s
        )
        if done
    )
    place_s = np.maximum(ends_s, sorted(relaxed.alone_s))
    prices = np.zeros((len(place_s), len(problem.batches)), np.int64)
    for number, batch in enumerate(problem.batches):
        at_s = np.maximum(place_s, relaxed.alone_s[number])
        for due in batch.dues:
            late_s = np.maximum(0, at_s - due.due_s)
            counted = late_s if problem.objective == "tardiness" else (late_s > 0).astype(np.int64)
            prices[:, number] += due.weight * counted
    places, numbers = linear_sum_assignment(prices)
    return int(prices[places, numbers].sum())


def _weights_bound(problem: Problem, stints: Sequence[Stint], cost: int) -> int:
    """Pay for every second before and after a due date, at prices that make the most of it.

    ``weight x max(0, end - due) >= price x (end - due)`` for any price from 0 to the weight. The
    sum of price x end is least when interrupted work goes by price over seconds, each end counted
    as the mean moment of its work plus half its seconds (Goemans 1997; without releases this is the
    bound of Eastman, Even & Isaacs 1964). Prices climb by subgradients (Held, Wolfe & Crowder
    1974); every step is a valid bound.
    """
    relaxed = _Relaxed(problem)
    end_s = {stint.batch: float(stint.end_s) for stint in stints}
    dues = [(job, due) for job, batch in enumerate(problem.batches) for due in batch.dues]
    prices = [due.weight if end_s[job] > due.due_s else 0.0 for job, due in dues]
    best, step, since = 0.0, 1.0, 0
    for _ in range(ROUNDS):
        ends_s = _mean_ends_s(relaxed, _batch_prices(dues, prices, len(problem.batches)))
        slopes = [ends_s[job] - due.due_s for job, due in dues]
        terms = [price * slope for price, slope in zip(prices, slopes, strict=True)]
        amount = fsum(
            price * (ends_s[job] + abs(due.due_s))
            for price, (job, due) in zip(prices, dues, strict=True)
        )
        value = fsum(terms) - 1e-11 * abs(amount) - 1e-6
        since = 0 if value > best else since + 1
        best = max(best, value)
        if since >= HALVE_AFTER:
            step, since = step / 2.0, 0
        square = fsum(slope * slope for slope in slopes)
        if cost - value <= 1.0 or square == 0.0:
            break
        length = step * (cost - value) / square
        prices = [
            min(float(due.weight), max(0.0, price + length * slope))
            for price, slope, (_, due) in zip(prices, slopes, dues, strict=True)
        ]
    return ceil(best) if best < SUM_LIMIT else 0


def _batch_prices(
    dues: Sequence[tuple[int, object]], prices: Sequence[float], batches: int
) -> list[float]:
    """Return the price of a second of each batch."""
    total = [0.0] * batches
    for (job, _), price in zip(dues, prices, strict=True):
        total[job] += price
    return total


def _mean_ends_s(relaxed: _Relaxed, prices: Sequence[float]) -> list[float]:
    work_s, clock = relaxed.work_s, relaxed.clock
    moments = [0.0] * len(work_s)
    for job, first, last, _ in interrupted(
        relaxed.releases, work_s, lambda job, _: -prices[job] / work_s[job]
    ):
        moments[job] += clock.moments_s(first, last)
    return [moment / time_s + time_s / 2.0 for moment, time_s in zip(moments, work_s, strict=True)]
