"""A fixed number of replications, spent where they help most to find the best policy.

Nothing is promised here: OCBA maximises an approximation of the chance of a right choice. It is for
a budget that is given; who needs a promise takes :func:`selection.kim_nelson`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.experiments.statistics.series import Floats, checked
from sim.kpis.estimates import Direction


def ocba_shares(
    means: Sequence[float] | Floats,
    sds: Sequence[float] | Floats,
    better: Direction = "low",
    smallest: float = 0.0,
) -> Floats:
    """Return the share of the budget that each policy should get; they add up to 1.

    Parameters
    ----------
    means, sds
        Mean and standard deviation between replications of each policy, so far; sds >= 0.
    better
        The better direction.
    smallest
        A difference to the best that is smaller counts as this, >= 0. Without it near ties would
        eat the whole budget.

    Raises
    ------
    ValueError
        Fewer than 2 policies, a negative deviation, or a tie with the best while ``smallest`` is 0.

    References
    ----------
    Chen, Lin, Yucesan, Chick (2000), Simulation budget allocation for further enhancing the
    efficiency of ordinal optimization, theorem 1: N_i / N_j = ((s_i / d_i) / (s_j / d_j))^2 and
    N_b = s_b sqrt(sum N_i^2 / s_i^2), with d_i the difference to the best policy b.
    """
    mean = checked(means, "means", (1,), 2)
    sd = checked(sds, "sds", (1,), 2)
    if len(mean) != len(sd) or (sd < 0.0).any():
        raise ValueError(
            f"sds: found {len(sd)} numbers, least {sd.min()}; expected {len(mean)}, all >= 0"
        )
    best = int(np.argmin(mean) if better == "low" else np.argmax(mean))
    others = np.arange(len(mean)) != best
    difference = np.maximum(np.abs(mean - mean[best]), smallest)
    if (difference[others] <= 0.0).any():
        tie = int(np.flatnonzero(others & (difference <= 0.0))[0])
        raise ValueError(
            f"means: found policy {tie} equal to the best, {mean[best]}; expected a difference: "
            "set `smallest` to the smallest difference that matters"
        )
    weight = np.zeros(len(mean))
    # Relative to the smallest difference, so that no square overflows.
    scaled = difference[others] / difference[others].min()
    weight[others] = (sd[others] / scaled) ** 2
    # N_i / s_i = s_i / d_i^2, also where s_i is 0
    weight[best] = sd[best] * math.sqrt(math.fsum(((sd[others] / scaled**2) ** 2).tolist()))
    total = math.fsum(weight.tolist())
    if total == 0.0:  # nothing varies: any division is as good
        return np.full(len(mean), 1.0 / len(mean))
    shares: Floats = weight / total
    return shares


def next_replications(
    means: Sequence[float] | Floats,
    sds: Sequence[float] | Floats,
    played: Sequence[int],
    more: int,
    better: Direction = "low",
    smallest: float = 0.0,
) -> list[int]:
    """Return how many of the next replications each policy gets; they add up to ``more``.

    Each policy is brought towards its share of all replications after this step; none loses what
    it has. Called again after each step, with a step of some replications a policy.

    Parameters
    ----------
    means, sds, better, smallest
        As in :func:`ocba_shares`.
    played
        Replications of each policy so far, >= 2; about 10 before the first step.
    more
        Replications to give, >= 0.

    Raises
    ------
    ValueError
        As :func:`ocba_shares`, or numbers of replications outside their range.
    """
    shares = ocba_shares(means, sds, better, smallest)
    if len(played) != len(shares) or min(played) < 2:
        raise ValueError(
            f"played: found {list(played)}; expected {len(shares)} numbers >= 2: without two "
            "replications there is no standard deviation"
        )
    if more < 0:
        raise ValueError(f"more: found {more}; expected >= 0 replications")
    lacking = np.maximum(shares * (sum(played) + more) - np.asarray(played), 0.0)
    if more == 0 or not lacking.any():
        lacking = shares
    return _whole(lacking, more)


def _whole(weights: Floats, total: int) -> list[int]:
    """Divide a whole number in proportion to weights, by largest remainders, first ones first."""
    exact = weights * (total / weights.sum())
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return [int(n) for n in whole]


def chance_of_right_choice(
    means: Sequence[float] | Floats,
    sds: Sequence[float] | Floats,
    played: Sequence[int],
    better: Direction = "low",
) -> float:
    """Return a rough chance that the policy with the best mean so far is the best, 0 to 1.

    It takes the estimates for the truth, so it is too sure of itself where few replications have
    been played; a figure to watch a search by, no promise.

    Parameters
    ----------
    means, sds, played, better
        As in :func:`next_replications`, for independent seeds.

    Raises
    ------
    ValueError
        Lengths differ, or a deviation is negative.

    References
    ----------
    Chen, Lin, Yucesan, Chick (2000), approximate probability of correct selection by Bonferroni: 1
    - sum Phi(-d_i / sqrt(s_b^2 / N_b + s_i^2 / N_i)).
    """
    mean = checked(means, "means", (1,), 2)
    sd = checked(sds, "sds", (1,), 2)
    counts = checked([float(n) for n in played], "played", (1,), 2)
    if not len(mean) == len(sd) == len(counts) or (sd < 0.0).any() or (counts < 1.0).any():
        raise ValueError(
            f"found {len(mean)} means, {len(sd)} deviations, {len(counts)} counts; expected equal "
            "lengths, deviations >= 0 and counts >= 1"
        )
    best = int(np.argmin(mean) if better == "low" else np.argmax(mean))
    wrong = 0.0
    for i in range(len(mean)):
        if i == best:
            continue
        error = math.sqrt(sd[best] ** 2 / counts[best] + sd[i] ** 2 / counts[i])
        away = abs(float(mean[i] - mean[best]))
        wrong += 0.5 * math.erfc(away / error / math.sqrt(2.0)) if error else float(away == 0.0)
    return max(0.0, 1.0 - wrong)
