"""The four laws of a file of cases: their moments, tails and counts of Poisson arrivals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Law = Mapping[str, Any]
Floats = npt.NDArray[np.float64]


def exponential(mean: float) -> dict[str, Any]:
    """Return an exponential law as a case writes it."""
    return {"type": "exponential", "mean": mean}


def deterministic(value: float) -> dict[str, Any]:
    """Return a constant as a case writes it."""
    return {"type": "deterministic", "value": value}


def gamma(mean: float, cv: float) -> dict[str, Any]:
    """Return a gamma law as a case writes it; Erlang of k phases where cv is 1 / sqrt(k)."""
    return {"type": "gamma", "mean": mean, "cv": cv}


def lognormal(mean: float, cv: float) -> dict[str, Any]:
    """Return a lognormal law as a case writes it: mean and cv of the variable itself."""
    return {"type": "lognormal", "mean": mean, "cv": cv}


def mean(law: Law) -> float:
    """Return the mean of a law."""
    return float(law["value"] if law["type"] == "deterministic" else law["mean"])


def cv(law: Law) -> float:
    """Return the coefficient of variation of a law."""
    fixed = {"deterministic": 0.0, "exponential": 1.0}
    return fixed[law["type"]] if law["type"] in fixed else float(law["cv"])


def second_moment(law: Law) -> float:
    """Return E[X ** 2]."""
    return mean(law) ** 2 * (1.0 + cv(law) ** 2)


def frozen(law: Law) -> Any:
    """Return the scipy distribution of a law that is not constant."""
    from scipy import stats

    if law["type"] == "lognormal":
        var = math.log(1.0 + cv(law) ** 2)
        return stats.lognorm(math.sqrt(var), scale=mean(law) * math.exp(-var / 2.0))
    shape = 1.0 / cv(law) ** 2
    return stats.gamma(shape, scale=mean(law) / shape)


def survival(law: Law, x: float) -> float:
    """Return P(X > x)."""
    if law["type"] == "deterministic":
        return 1.0 if x < mean(law) else 0.0
    return float(frozen(law).sf(x)) if x > 0.0 else 1.0


def mean_up_to(law: Law, x: float) -> float:
    """Return E[min(X, x)], the integral of the survival function from 0 to x."""
    if x <= 0.0:
        return 0.0
    if law["type"] == "deterministic":
        return min(mean(law), x)
    if law["type"] == "lognormal":
        from scipy.special import ndtr

        var = math.log(1.0 + cv(law) ** 2)
        z = (math.log(x / mean(law)) + var / 2.0) / math.sqrt(var)
        return mean(law) * float(ndtr(z - math.sqrt(var))) + x * float(ndtr(-z))
    from scipy.special import gammainc, gammaincc

    shape = 1.0 / cv(law) ** 2
    y = x * shape / mean(law)
    return mean(law) * float(gammainc(shape + 1.0, y)) + x * float(gammaincc(shape, y))


def poisson_counts(law: Law, rate: float, most: int) -> Floats:
    """Return P(k Poisson arrivals at this rate during one time of the law), k = 0 .. most."""
    from scipy import stats

    k = np.arange(most + 1)
    if law["type"] == "deterministic":
        return np.asarray(stats.poisson.pmf(k, rate * mean(law)))
    if law["type"] == "lognormal":
        # Gauss-Hermite in the logarithm of the time, where the law is normal.
        node, weight = np.polynomial.hermite_e.hermegauss(120)
        var = math.log(1.0 + cv(law) ** 2)
        load = rate * mean(law) * np.exp(-var / 2.0 + math.sqrt(var) * node)
        weight /= weight.sum()
        return np.asarray(weight @ stats.poisson.pmf(k[None, :], load[:, None]))
    shape = 1.0 / cv(law) ** 2
    return np.asarray(stats.nbinom.pmf(k, shape, 1.0 / (1.0 + rate * mean(law) / shape)))


def phases(law: Law) -> int:
    """Return k of an Erlang law: one for an exponential."""
    k = round(1.0 / cv(law) ** 2)
    if not math.isclose(k * cv(law) ** 2, 1.0, rel_tol=1e-9):
        raise ValueError(f"{law} is no Erlang law; its cv should be 1 / sqrt(k)")
    return k
