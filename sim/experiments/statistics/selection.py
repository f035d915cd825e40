"""Choosing the best of several policies with a promised chance of being right.

The planner names delta, the smallest difference that matters. If the best policy is better than the
second by at least delta, it is chosen with a chance of at least 1 - alpha, for replications whose
numbers are independent and normal: means over a replication, not single orders.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.experiments.statistics.selection_constants import (
    check_sizes,
    kn_h2,
    kn_plus_h2,
    rinott_h,
)
from sim.experiments.statistics.series import Floats, check_positive
from sim.kpis.estimates import Direction

Integers = npt.NDArray[np.intp]

PAIRS_AT_ONCE = 1 << 18
"""Numbers of pairs, one a replication, that are at hand at a time: 2 MB an array."""


class Observe(Protocol):
    """Plays replications of policies."""

    def __call__(self, policies: Sequence[int], first: int, count: int) -> npt.ArrayLike:
        """Return the KPI of replications first, ..., first + count - 1: count x policies."""
        ...


@dataclass(frozen=True)
class Selection:
    """A choice.

    Parameters
    ----------
    best
        Number of the chosen policy.
    decided
        Whether the procedure came to its end; if not, nothing is promised.
    alive
        Policies not screened out, ascending; only the best one once decided, unless others equal
        it in every replication.
    means
        Mean of each policy over its own replications.
    replications
        Replications played of each policy.
    """

    best: int
    decided: bool
    alive: tuple[int, ...]
    means: tuple[float, ...]
    replications: tuple[int, ...]


@dataclass
class _Screening:
    """What is known of the policies that are left, after r replications.

    Nothing is kept of a pair, so memory grows with the policies, not with their square; KN++ keeps
    one number of each.

    Parameters
    ----------
    alive
        Their numbers, a of them.
    r
        Replications screened.
    sums
        Sum of each policy's values, a; more is better.
    first
        Values of the first stage, n0 x a.
    squares
        For KN++: sum of (difference - mean difference in the first stage)^2 of each pair, a x a.
    """

    alive: Integers
    r: int
    sums: Floats
    first: Floats
    squares: Floats | None

    def keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Leave out all other policies."""
        self.alive, self.sums, self.first = self.alive[kept], self.sums[kept], self.first[:, kept]
        if self.squares is not None:
            self.squares = self.squares[np.ix_(kept, kept)]

    def some(self, depth: int) -> Iterator[slice]:
        """Return all policies, so many at a time that a number a replication and pair is little."""
        count = len(self.alive)
        step = max(1, PAIRS_AT_ONCE // (max(depth, len(self.first)) * count))
        return (slice(at, at + step) for at in range(0, count, step))

    def pairs(self, some: slice) -> tuple[Floats, Floats]:
        """Return the mean difference of some policies to all, and the sum of squares about it."""
        differences = _differences(self.first, some)
        centre = differences.mean(axis=0)
        return centre, ((differences - centre) ** 2).sum(axis=0)


def _differences(values: Floats, some: slice) -> Floats:
    """Return each row's differences of some policies to all: rows x some x policies."""
    found: Floats = values[:, some, np.newaxis] - values[:, np.newaxis, :]
    return found


def kim_nelson(
    observe: Observe,
    policies: int,
    delta: float,
    *,
    better: Direction = "low",
    alpha: float = 0.05,
    first_stage: int = 10,
    at_once: int = 1,
    update_variances: bool = False,
    most: int | None = None,
) -> Selection:
    """Choose the best policy, screening the others out after every replication.

    Every pair has a variance of its own, that of its differences, so unequal variances and common
    random numbers are allowed; positive correlation saves replications.

    Parameters
    ----------
    observe
        Plays replications. Replication r of all policies may share its orders.
    policies
        k, >= 2.
    delta
        Smallest difference of means that matters, > 0, in the KPI's unit.
    better
        The better direction.
    alpha
        Chance of a wrong choice.
    first_stage
        n0, replications of all policies before the first screening, >= 2.
    at_once
        Replications asked for in one call after that, >= 1, for parallel workers. They are screened
        one by one: the choice is the same, some replications may be played in vain.
    update_variances
        KN++: variances from all replications instead of the first stage only. Fewer replications;
        the promise holds in the limit of small delta.
    most
        Replications of a policy after which to give up undecided; None for none.

    Raises
    ------
    ValueError
        A setting outside its range, or values of another shape or not finite.

    References
    ----------
    Kim, Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation,
    with c = 1: i leaves if its sum is below that of l by more than W_il(r) = max(0, delta / 2
    (h^2 S_il^2 / delta^2 - r)). Kim, Nelson (2006) for KN++.
    """
    check_sizes(policies, first_stage)
    check_positive(delta, "delta")
    if at_once < 1:
        raise ValueError(f"at_once: found {at_once}; expected at least 1 replication a call")
    if most is not None and most < first_stage:
        raise ValueError(f"most: found {most}; expected at least first_stage = {first_stage}")
    h2 = kn_plus_h2(policies, alpha) if update_variances else kn_h2(policies, first_stage, alpha)
    sign = 1.0 if better == "high" else -1.0
    everyone = np.arange(policies)
    values = sign * _observed(observe, everyone, 0, first_stage)
    totals, played = values.sum(axis=0), np.full(policies, first_stage)
    state = _first_screening(values, update_variances)
    decided = _screen(state, np.zeros((1, policies)), delta, h2, step=0)
    while not decided and (most is None or played.max() < most):
        asked = state.alive
        first = int(played.max())
        count = at_once if most is None else min(at_once, most - first)
        values = sign * _observed(observe, asked, first, count)
        totals[asked] += values.sum(axis=0)
        played[asked] += count
        decided = _screen(state, values, delta, h2)
    best = int(state.alive[np.argmax(state.sums)])
    means = tuple(float(m) for m in sign * totals / played)
    alive = tuple(int(i) for i in state.alive)
    return Selection(best, decided, alive, means, tuple(int(n) for n in played))


def _observed(observe: Observe, policies: Integers, first: int, count: int) -> Floats:
    found = np.asarray(observe(policies.tolist(), first, count), dtype=np.float64)
    if found.shape != (count, len(policies)):
        raise ValueError(
            f"observe: found shape {found.shape}; expected {count} replications x "
            f"{len(policies)} policies"
        )
    if not np.isfinite(found).all():
        r, k = (int(n) for n in np.argwhere(~np.isfinite(found))[0])
        raise ValueError(
            f"observe: found {found[r, k]} in replication {first + r} of policy {policies[k]}; "
            "expected finite numbers"
        )
    return found


def _first_screening(values: Floats, update: bool) -> _Screening:
    everyone = np.arange(values.shape[1])
    state = _Screening(everyone, len(values), values.sum(axis=0), values, None)
    if update:
        state.squares = np.concatenate([state.pairs(some)[1] for some in state.some(len(values))])
    return state


def _screen(state: _Screening, values: Floats, delta: float, h2: float, step: int = 1) -> bool:
    """Take in replications one by one, more is better; return whether the choice is made.

    With step 0 nothing is taken in: the first stage itself is screened.
    """
    start = 0
    columns = np.arange(len(state.alive))
    while start < len(values):
        block = step * values[start:, columns]
        r = state.r + step * np.arange(1, len(block) + 1)
        sums = state.sums + np.cumsum(block, axis=0)
        out = np.zeros(block.shape, dtype=np.bool_)
        ended = np.ones(len(block), dtype=np.bool_)
        for some in state.some(len(block)):
            lead = _differences(sums, some)
            variances = _variances(state, some, block, r, lead, step)
            allowed = h2 * variances / (2.0 * delta) - 0.5 * delta * r[:, np.newaxis, np.newaxis]
            np.maximum(allowed, 0.0, out=allowed)
            out[:, some] = np.any(lead < -allowed, axis=2)
            ended &= np.all(allowed == 0.0, axis=(1, 2))
        hits = np.flatnonzero(out.any(axis=1) | ended)
        last = int(hits[0]) if len(hits) else len(block) - 1
        if state.squares is not None:
            for some in state.some(last + 1):
                centre, _ = state.pairs(some)
                state.squares[some] += step * _squares(block[: last + 1], some, centre)[-1]
        state.r, state.sums = int(r[last]), sums[last]
        state.keep(~out[last])
        columns = columns[~out[last]]
        if len(columns) == 1 or ended[last]:
            return True
        start += last + 1
    return False


def _variances(
    state: _Screening, some: slice, block: Floats, r: Integers, lead: Floats, step: int
) -> Floats:
    """Return the variance of the difference of some policies to all, after each replication.

    From the first stage, the same for all replications; for KN++ from all of them.
    """
    centre, squares = state.pairs(some)
    if state.squares is None:
        return (squares / (len(state.first) - 1))[np.newaxis]
    n = r[:, np.newaxis, np.newaxis]
    total = state.squares[some] + step * _squares(block, some, centre)
    drift = lead - n * centre
    found: Floats = np.maximum(total - drift * drift / n, 0.0) / (n - 1)
    return found


def _squares(block: Floats, some: slice, centre: Floats) -> Floats:
    """Return the sums of (difference - centre)^2 after each replication of a block."""
    away = _differences(block, some) - centre
    return np.cumsum(away * away, axis=0)


def rinott(
    observe: Observe,
    policies: int,
    delta: float,
    *,
    better: Direction = "low",
    alpha: float = 0.05,
    first_stage: int = 20,
) -> Selection:
    """Choose the best policy in two stages, each policy on seeds of its own.

    Two calls of ``observe`` a policy, so all policies can be played side by side; it needs more
    replications than :func:`kim_nelson`, and common random numbers are not allowed.

    Parameters
    ----------
    observe, policies, delta, better, alpha, first_stage
        As in :func:`kim_nelson`, but replication r of two policies must not share its orders.

    Raises
    ------
    ValueError
        A setting outside its range, or values of another shape or not finite.

    References
    ----------
    Rinott (1978), On two-stage selection procedures and related probability-inequalities: policy i
    gets max(n0, ceil((h S_i / delta)^2)) replications.
    """
    check_positive(delta, "delta")
    h = rinott_h(policies, first_stage, alpha)
    means, played = [], []
    for policy in range(policies):
        one = np.array([policy])
        values = _observed(observe, one, 0, first_stage)[:, 0]
        n = max(first_stage, math.ceil((h * float(values.std(ddof=1)) / delta) ** 2))
        if n > first_stage:
            more = _observed(observe, one, first_stage, n - first_stage)[:, 0]
            values = np.concatenate([values, more])
        means.append(math.fsum(values.tolist()) / n)
        played.append(n)
    best = int(np.argmax(means) if better == "high" else np.argmin(means))
    return Selection(best, True, (best,), tuple(means), tuple(played))
