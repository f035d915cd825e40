"""Search for one programme of tours: whole, or day by day and then by neighbourhoods."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimize.solver.cp_sat import InfeasibleError, NoAnswerError
from optimize.staffing.problem import DAYS_A_WEEK
from optimize.staffing.tours.model import TourModel
from optimize.staffing.tours.programme import Floats, Limits

WHOLE_COLUMNS = 1_000
"""Programmes with at most so many columns in whole numbers are solved in one piece."""

WEEK_COLUMNS = 3_000
"""Programmes with at most so many are given a first plan for the week at once."""

PATIENCE = 8
"""Neighbourhoods without a gain after which the search ends."""

WHOLE_NODES = 300
FIRST_NODES = 20
NEAR_NODES = 5
REPAIR_NODES = 500
GAP = 1e-6
FIRST_GAP = 2e-3
NEAR_GAP = 2e-3

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """The best values found.

    Attributes
    ----------
    values
        One a column; those that must be whole are.
    bound
        No values cost less.
    method
        How they were found.
    """

    values: Floats
    bound: float
    method: str


class _Clock:
    def __init__(self, limit_s: float | None) -> None:
        self._end = None if limit_s is None else time.monotonic() + limit_s

    def left(self, share: float = 1.0) -> float | None:
        """Return a share of the seconds left, None without a limit."""
        return None if self._end is None else max(0.0, share * (self._end - time.monotonic()))

    @property
    def over(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end


def search(model: TourModel, *, seed: int, effort: int, gap: float, limit_s: float | None) -> Found:
    """Return the best values found and a bound.

    Raises
    ------
    InfeasibleError
        If no values keep all rows.
    NoAnswerError
        If none were found within the limits.
    """
    programme = model.programme
    clock = _Clock(limit_s)
    if not any(programme.whole):
        return Found(np.zeros(len(programme.costs)), 0.0, "nothing to decide")
    if sum(programme.whole) <= WHOLE_COLUMNS:
        return _whole(model, clock, gap)
    relaxed = programme.relaxed()
    if relaxed.values is None or relaxed.bound is None:
        raise InfeasibleError("no numbers of people, not even broken ones, keep all rules")
    bound = relaxed.bound
    values = _near_relaxed(model, relaxed.values, clock, gap)
    if values is None:
        lower, upper = np.array(programme.lower), np.array(programme.upper)
        values = _day_by_day(model, clock, gap, lower, upper)
    if values is None:
        first = programme.solved(Limits(REPAIR_NODES, 0.01, clock.left()))
        if first.values is None:
            _give_up(first.status)
        assert first.values is not None
        values = first.values
    values = _rounded(model, values)
    values = _improved(
        model, values, relaxed.values, bound, clock, seed=seed, effort=effort, gap=gap
    )
    return Found(values, bound, "near the relaxation, then neighbourhoods (HiGHS)")


def _near_relaxed(model: TourModel, relaxed: Floats, clock: _Clock, gap: float) -> Floats | None:
    """Return a first plan whose shifts are those of the relaxation, rounded; breaks stay free.

    A small programme rounds up or down where it is best (Danna, Rothberg and Le Pape 2005 fix what
    agrees); in a large one the nearest numbers of people that keep the groups' rules are fixed.
    """
    programme, starts = model.programme, model.starts
    small = sum(programme.whole) <= WEEK_COLUMNS
    for more in (0, 1):
        lower, upper = np.array(programme.lower), np.array(programme.upper)
        near = relaxed[starts]
        if small:
            lower[starts] = np.maximum(lower[starts], np.floor(near + 1e-6) - more)
            rounded = np.ceil(near - 1e-6) + more * (near > 1e-6)
            upper[starts] = np.minimum(upper[starts], rounded)
        else:
            rules = starts | ((model.day < 0) & (model.group >= 0))
            nearest = programme.nearest(relaxed, rules)
            if more or nearest is None:
                return None
            fixed = starts | (rules & np.array(programme.whole))
            lower[fixed] = upper[fixed] = np.rint(nearest[fixed])
        answer = programme.solved(
            Limits(FIRST_NODES, max(gap, FIRST_GAP), clock.left(0.5)), lower=lower, upper=upper
        )
        if answer.values is not None:
            return answer.values
    return None


def _give_up(status: str) -> None:
    if status == "infeasible":
        raise InfeasibleError("no numbers of people keep all rules")
    raise NoAnswerError(
        "HiGHS found no tours within its limit of nodes; a higher one may find some"
    )


def _whole(model: TourModel, clock: _Clock, gap: float) -> Found:
    answer = model.programme.solved(Limits(WHOLE_NODES, max(gap, GAP), clock.left()))
    if answer.values is None:
        _give_up(answer.status)
    assert answer.values is not None
    values = _rounded(model, answer.values)
    bound = answer.bound
    if bound is None:
        bound = 0.0
    return Found(values, bound, "one programme (HiGHS)")


def _rounded(model: TourModel, values: Floats) -> Floats:
    return np.where(np.array(model.programme.whole), np.rint(values), values)


def _cost(model: TourModel, values: Floats) -> float:
    return float(np.dot(model.programme.costs, values))


def _day_by_day(
    model: TourModel, clock: _Clock, gap: float, lower: Floats, upper: Floats
) -> Floats | None:
    """Return a plan: a few days in whole numbers, those before fixed, those after relaxed."""
    programme = model.programme
    whole = np.array(programme.whole)
    values: Floats | None = None
    for day in range(DAYS_A_WEEK):
        now = whole & (model.day <= day)
        answer = programme.solved(
            Limits(FIRST_NODES, max(gap, FIRST_GAP), clock.left(0.3)),
            lower=lower,
            upper=upper,
            whole=now,
        )
        if answer.values is None:
            return None
        values = answer.values
        fixed = now & (model.day >= 0)
        lower[fixed] = upper[fixed] = np.rint(values[fixed])
    return values


def _improved(
    model: TourModel,
    values: Floats,
    relaxed: Floats,
    bound: float,
    clock: _Clock,
    *,
    seed: int,
    effort: int,
    gap: float,
) -> Floats:
    """Free one neighbourhood after the other."""
    programme = model.programme
    whole = np.array(programme.whole)
    cost = _cost(model, values)
    idle = 0
    for free in itertools.islice(_neighbourhoods(model, seed), effort):
        if clock.over or idle == PATIENCE or cost - bound <= max(gap, GAP) * max(1.0, cost):
            break
        lower, upper = np.array(programme.lower), np.array(programme.upper)
        # A large programme keeps to shifts the relaxation or the plan uses.
        kept = whole & ~free
        if whole.sum() > WEEK_COLUMNS:
            kept |= model.starts & (relaxed < 1e-6) & (values < 0.5)
        lower[kept] = upper[kept] = values[kept]
        answer = programme.solved(
            Limits(NEAR_NODES, max(gap / 2, NEAR_GAP), clock.left()),
            lower=lower,
            upper=upper,
            whole=whole & ~kept,
        )
        idle += 1
        if answer.values is None:
            continue
        found = _rounded(model, answer.values)
        if _cost(model, found) < cost - 1e-6 * max(1.0, cost):
            values, cost, idle = found, _cost(model, found), 0
    return values


def _neighbourhoods(model: TourModel, seed: int) -> Iterator[Mask]:
    """Yield columns to be freed: each day, then pairs of days and triples of groups in turns."""
    draw = np.random.Generator(np.random.Philox(seed))
    groups = len(model.problem.groups)
    pairs = list(itertools.combinations(range(DAYS_A_WEEK), 2))
    triples = list(itertools.combinations(range(groups), min(3, groups)))
    if groups > 3:
        for day in range(DAYS_A_WEEK):
            yield model.day == day
    for turn in itertools.count():
        if turn % 2 == 0 or groups <= 3:
            first, second = pairs[int(draw.integers(len(pairs)))]
            yield (model.day == first) | (model.day == second) | (model.day < 0)
        else:
            yield np.isin(model.group, triples[int(draw.integers(len(triples)))])
