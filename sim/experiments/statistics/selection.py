"""Choosing the best of several policies with a promised chance of being right.

The planner names delta, the smallest difference that matters. If the best policy is better than the
second by at least delta, it is chosen with a chance of at least 1 - alpha, for replications whose
numbers are independent and normal: means over a replication, not single orders.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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

    Parameters
    ----------
    alive
        Their numbers, a of them.
    r
        Replications screened.
    sums
        Sum of each policy's values, a; more is better.
    variances
        Variance of the difference of each pair from the first stage, a x a.
    centre
        Mean difference of each pair in the first stage, a x a; keeps squares from cancelling.
    squares
        Sum of (difference - centre)^2 of each pair, a x a.
    """

    alive: Integers
    r: int
    sums: Floats
    variances: Floats
    centre: Floats
    squares: Floats

    def keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Leave out all other policies."""
        pairs = np.ix_(kept, kept)
        self.alive, self.sums = self.alive[kept], self.sums[kept]
        self.variances, self.centre = self.variances[pairs], self.centre[pairs]
        self.squares = self.squares[pairs]


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
    state = _first_screening(values)
    decided = _screen(state, np.zeros((1, policies)), delta, h2, update_variances, step=0)
    while not decided and (most is None or played.max() < most):
        asked = state.alive
        first = int(played.max())
        count = at_once if most is None else min(at_once, most - first)
        values = sign * _observed(observe, asked, first, count)
        totals[asked] += values.sum(axis=0)
        played[asked] += count
        decided = _screen(state, values, delta, h2, update_variances)
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


def _first_screening(values: Floats) -> _Screening:
    differences = values[:, :, np.newaxis] - values[:, np.newaxis, :]
    centre = differences.mean(axis=0)
    squares = ((differences - centre) ** 2).sum(axis=0)
    variances = squares / (len(values) - 1)
    everyone = np.arange(values.shape[1])
    return _Screening(everyone, len(values), values.sum(axis=0), variances, centre, squares)


def _screen(
    state: _Screening, values: Floats, delta: float, h2: float, update: bool, step: int = 1
) -> bool:
    """Take in replications one by one, more is better; return whether the choice is made.

    With step 0 nothing is taken in: the first stage itself is screened.
    """
    start = 0
    columns = np.arange(len(state.alive))
    while start < len(values):
        block = values[start:, columns]
        r = state.r + step * np.arange(1, len(block) + 1)
        sums = state.sums + step * np.cumsum(block, axis=0)
        lead = sums[:, :, np.newaxis] - sums[:, np.newaxis, :]
        variances = state.variances[np.newaxis]
        away = block[:, :, np.newaxis] - block[:, np.newaxis, :] - state.centre
        squares = state.squares + step * np.cumsum(away * away, axis=0)
        if update:
            n = r[:, np.newaxis, np.newaxis]
            drift = lead - n * state.centre
            variances = np.maximum(squares - drift * drift / n, 0.0) / (n - 1)
        allowed = h2 * variances / (2.0 * delta) - 0.5 * delta * r[:, np.newaxis, np.newaxis]
        np.maximum(allowed, 0.0, out=allowed)
        out: npt.NDArray[np.bool_] = np.any(lead < -allowed, axis=2)
        ended: npt.NDArray[np.bool_] = np.all(allowed == 0.0, axis=(1, 2))
        hits = np.flatnonzero(out.any(axis=1) | ended)
        last = int(hits[0]) if len(hits) else len(block) - 1
        state.r, state.sums, state.squares = int(r[last]), sums[last], squares[last]
        state.keep(~out[last])
        columns = columns[~out[last]]
        if len(columns) == 1 or ended[last]:
            return True
        start += last + 1
    return False


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
