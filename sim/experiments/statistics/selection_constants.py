"""The constants of ranking and selection: how far apart sums or samples have to be."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from sim.experiments.statistics.series import check_share

NODES = 96


def check_sizes(policies: int, first_stage: int) -> None:
    """Refuse what cannot be selected from.

    Raises
    ------
    ValueError
        Fewer than 2 policies or fewer than 2 replications in the first stage.
    """
    if policies < 2:
        raise ValueError(f"policies: found {policies}; expected at least 2 to choose from")
    if first_stage < 2:
        raise ValueError(
            f"first_stage: found {first_stage}; expected at least 2 replications, better 10, "
            "to estimate a variance"
        )


def kn_eta(policies: int, first_stage: int, alpha: float = 0.05) -> float:
    """Return eta of KN with c = 1, which also holds on common random numbers.

    Parameters
    ----------
    policies
        k, >= 2.
    first_stage
        n0, replications from which the variances are estimated, >= 2.
    alpha
        Chance of a wrong selection, above 0 and below 1 - 1 / k.

    References
    ----------
    Kim, Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation,
    section 3: eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2.
    """
    _check(policies, first_stage, alpha)
    error = 2.0 * alpha / (policies - 1)
    return 0.5 * math.expm1(-2.0 * math.log(error) / (first_stage - 1))


def kn_h2(policies: int, first_stage: int, alpha: float = 0.05) -> float:
    """Return h^2 = 2 eta (n0 - 1) of KN with c = 1 (Kim & Nelson 2001); arguments as above."""
    return 2.0 * kn_eta(policies, first_stage, alpha) * (first_stage - 1)


def kn_plus_h2(policies: int, alpha: float = 0.05) -> float:
    """Return h^2 of KN++ with c = 1: the limit of :func:`kn_h2` for a long first stage.

    References
    ----------
    Kim, Nelson (2006), On the asymptotic validity of fully sequential selection procedures for
    steady-state simulation: exp(-eta) / 2 = alpha / (k - 1), h^2 = 2 eta.
    """
    _check(policies, 2, alpha)
    return -2.0 * math.log(2.0 * alpha / (policies - 1))


def _check(policies: int, first_stage: int, alpha: float) -> None:
    check_sizes(policies, first_stage)
    check_share(alpha, "alpha")
    if 2.0 * alpha >= policies - 1:
        raise ValueError(
            f"alpha: found {alpha}; expected less than {(policies - 1) / 2:g} with {policies} "
            "policies: guessing is as good"
        )


@cache
def rinott_h(policies: int, first_stage: int, alpha: float = 0.05) -> float:
    """Return h of Rinott's two-stage procedure.

    It solves E[ E[ Phi(h / sqrt((n0 - 1) (1 / X + 1 / Y))) | Y ]^(k - 1) ] = 1 - alpha, with X and
    Y chi-square of n0 - 1 degrees; both means by Gauss-Legendre over the chi-square density.

    Parameters
    ----------
    policies
        k, >= 2.
    first_stage
        n0, >= 2.
    alpha
        Chance of a wrong selection, above 0 and below 1 - 1 / k.

    References
    ----------
    Rinott (1978), On two-stage selection procedures and related probability-inequalities.
    """
    from scipy.special import chdtri, gammaln, ndtr

    check_sizes(policies, first_stage)
    check_share(alpha, "alpha")
    if 1.0 - alpha <= 1.0 / policies:
        raise ValueError(
            f"alpha: found {alpha}; expected less than {1.0 - 1.0 / policies:g} with {policies} "
            "policies: guessing is as good"
        )
    degrees = first_stage - 1
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    # Over the logarithm the density is smooth for one degree of freedom too.
    ends = [math.log(float(chdtri(degrees, tail))) for tail in (1.0 - 1e-12, 1e-12)]
    logs = 0.5 * (ends[1] - ends[0]) * nodes + 0.5 * (ends[0] + ends[1])
    half = 0.5 * degrees
    density = np.exp(half * logs - 0.5 * np.exp(logs) - half * math.log(2.0) - float(gammaln(half)))
    weight = 0.5 * (ends[1] - ends[0]) * weights * density
    inverse = np.exp(-logs)
    spread = np.sqrt(degrees * (inverse[:, np.newaxis] + inverse))

    def chance(h: float) -> float:
        inner = ndtr(h / spread) @ weight
        return float(weight @ inner ** (policies - 1))

    low, high = 0.0, 1.0
    while chance(high) < 1.0 - alpha:
        low, high = high, 2.0 * high
    while high - low > 1e-10 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if chance(middle) < 1.0 - alpha else (low, middle)
    return high
