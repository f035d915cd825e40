"""Several policies against today's: who is better, with one chance of a false alarm for all.

On common random numbers (the usual case) every policy is compared with the baseline pair by pair,
and Holm's correction is made over the whole family of policies and KPIs. On independent seeds
Dunnett's test uses that all comparisons share the baseline.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiments.statistics.series import check_share, checked
from sim.kpis.estimates import Direction, Judgement, Number, Verdict, judge, mean_and_sd, verdicts

NODES, MOST_NODES = 96, 2000
"""Points of a quadrature."""

REACH = 8.5
"""Standard deviations on either side within which a normal number lies to 1e-16."""


@dataclass(frozen=True)
class Contrast:
    """A policy against the baseline, on independent seeds.

    Parameters
    ----------
    difference
        Mean of the policy less mean of the baseline.
    lo, hi
        Simultaneous interval: all policies' intervals hold at once with the chance 1 - alpha.
    p
        Two-sided p value of "no difference", corrected for the family.
    judgement
        The verdict on the policy.
    """

    difference: float
    lo: float
    hi: float
    p: float
    judgement: Judgement


def paired_against_baseline(
    baseline: Mapping[str, Sequence[Number]],
    policies: Mapping[str, Mapping[str, Sequence[Number]]],
    better: Mapping[str, Direction],
    smallest: Mapping[str, float] | None = None,
    alpha: float = 0.05,
) -> dict[str, dict[str, Verdict]]:
    """Return by policy and KPI what the pairs say against the baseline.

    Holm's correction runs over all policies and KPIs together, under any dependence.

    Parameters
    ----------
    baseline
        KPI name to one number a replication.
    policies
        Policy name to the same; element r of all of them played the same orders.
    better
        The declared KPIs: name to the better direction.
    smallest
        Smallest effect of interest by KPI, >= 0, in the KPI's own unit; 0 where it is missing.
    alpha
        Chance that any policy is called different in any KPI although none is.

    Raises
    ------
    ValueError
        Numbers of replications differ.
    """
    family = {
        f"{policy}\x1f{kpi}": (policy, kpi)  # a separator that no name has
        for policy in policies
        for kpi in better
    }
    found = verdicts(
        {key: baseline[kpi] for key, (_, kpi) in family.items()},
        {key: policies[policy][kpi] for key, (policy, kpi) in family.items()},
        {key: better[kpi] for key, (_, kpi) in family.items()},
        {key: (smallest or {}).get(kpi, 0.0) for key, (_, kpi) in family.items()},
        alpha,
    )
    by_policy: dict[str, dict[str, Verdict]] = {policy: {} for policy in policies}
    for key, (policy, kpi) in family.items():
        one = found[key]
        by_policy[policy][kpi] = Verdict(kpi, one.difference, one.p_holm, one.judgement)
    return by_policy


def dunnett(
    baseline: Sequence[float],
    policies: Mapping[str, Sequence[float]],
    better: Direction,
    smallest: float = 0.0,
    alpha: float = 0.05,
) -> dict[str, Contrast]:
    """Return by policy how one KPI compares with the baseline, all on independent seeds.

    Exact for normal numbers of equal variance. The numbers are those of ``scipy.stats.dunnett``,
    by quadrature instead of random points, so that the same data give the same bits.

    Parameters
    ----------
    baseline
        One number a replication, at least 2.
    policies
        Policy name to one number a replication, at least 2; lengths may differ.
    better
        The better direction.
    smallest
        Smallest effect of interest, >= 0, in the KPI's unit.
    alpha
        Chance that any policy is called different although none is.

    Raises
    ------
    ValueError
        No policy, fewer than 2 replications, or numbers that are not finite.

    References
    ----------
    Dunnett (1955), A multiple comparison procedure for comparing several treatments with a control.
    """
    check_share(alpha, "alpha")
    if not policies:
        raise ValueError("policies: found none; expected at least one to compare")
    groups = [checked(v, f"policy {name}", (1,), 2).tolist() for name, v in policies.items()]
    control = checked(baseline, "baseline", (1,), 2).tolist()
    degrees = sum(len(g) - 1 for g in [control, *groups])
    moments = [mean_and_sd(g) for g in [control, *groups]]
    within = math.fsum(
        (len(g) - 1) * (sd or 0.0) ** 2
        for g, (_, sd) in zip([control, *groups], moments, strict=True)
    )
    sd = math.sqrt(within / degrees)
    shares = [len(g) / (len(g) + len(control)) for g in groups]
    error = [sd * math.sqrt(1.0 / len(g) + 1.0 / len(control)) for g in groups]
    chance = _chance_within(shares, degrees)
    limit = _critical(chance, alpha)
    contrasts = {}
    for k, name in enumerate(policies):
        difference = moments[k + 1][0] - moments[0][0]
        half = limit * error[k]
        if difference == 0.0 and sd == 0.0:
            contrasts[name] = Contrast(0.0, 0.0, 0.0, 1.0, "identical")
            continue
        p = 1.0 - chance(abs(difference) / error[k]) if error[k] else 0.0
        judgement = judge(difference, half, p, better, smallest, alpha)
        contrasts[name] = Contrast(difference, difference - half, difference + half, p, judgement)
    return contrasts


def dunnett_critical(policies: int, degrees: int, alpha: float = 0.05) -> float:
    """Return the two-sided critical value of Dunnett's test for groups of equal size.

    Parameters
    ----------
    policies
        Policies beside the baseline, >= 1.
    degrees
        Degrees of freedom of the pooled variance, >= 1.
    alpha
        Chance of any false alarm.
    """
    return _critical(_chance_within([0.5] * policies, degrees), alpha)


def _critical(chance: Callable[[float], float], alpha: float) -> float:
    low, high = 0.0, 1.0
    while chance(high) < 1.0 - alpha:
        low, high = high, 2.0 * high
    while high - low > 1e-10 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if chance(middle) < 1.0 - alpha else (low, middle)
    return high


def _chance_within(shares: Sequence[float], degrees: int) -> Callable[[float], float]:
    """Return P(no |T_i| exceeds d) as a function of d, without any difference.

    With shares l_i^2 = n_i / (n_i + n_0) the T_i are (sqrt(1 - l_i^2) Z_i - l_i Z_0) / S, where Z
    are standard normal and S^2 is chi-square over its degrees (Dunnett 1955, equation 7). Given Z_0
    and S they are independent; both integrals are taken by Gauss-Legendre.
    """
    from scipy.special import chdtri, gammaln, ndtr

    # A policy with many more replications than the baseline makes a steep step in z.
    steepest = math.sqrt(1.0 - max(shares))
    nodes, weights = np.polynomial.legendre.leggauss(min(MOST_NODES, int(NODES / steepest)))
    z, z_weight = REACH * nodes, REACH * weights * np.exp(-0.5 * (REACH * nodes) ** 2)
    z_weight /= math.sqrt(2.0 * math.pi)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    ends = [math.sqrt(float(chdtri(degrees, tail)) / degrees) for tail in (1.0 - 1e-13, 1e-13)]
    s = 0.5 * (ends[1] - ends[0]) * nodes + 0.5 * (ends[0] + ends[1])
    half = 0.5 * degrees
    log_density = math.log(2.0) + half * math.log(half) - float(gammaln(half))
    s_weight = np.exp(log_density + (degrees - 1) * np.log(s) - half * s * s)
    s_weight *= 0.5 * (ends[1] - ends[0]) * weights

    def chance(d: float) -> float:
        product = np.ones((len(s), len(z)))
        for share in sorted(set(shares)):
            own, shared = math.sqrt(1.0 - share), math.sqrt(share) * z
            inside = ndtr((shared + d * s[:, np.newaxis]) / own)
            inside -= ndtr((shared - d * s[:, np.newaxis]) / own)
            product *= inside ** shares.count(share)
        return min(1.0, float(s_weight @ product @ z_weight))

    return chance
