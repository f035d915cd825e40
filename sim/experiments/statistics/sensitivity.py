"""Which factors of a scenario matter: Morris screens many, Sobol divides the variance among few.

A design says at which points to run, as shares 0 to 1 of each factor's range; the caller scales
them, runs the scenario on common random numbers and hands back one number a point, best the mean of
several replications: what replications add is counted as interaction otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.experiments.statistics.series import Floats, check_share, checked
from sim.orders.streams import ALL_REPLICATIONS, stream

LEVELS = 4
"""Levels of Morris's grid: 0, 1/3, 2/3, 1; a step is 2/3."""


@dataclass(frozen=True)
class Effects:
    """Elementary effects of one factor: change of the output / change of the factor's share.

    Parameters
    ----------
    mean
        Mu: does it raise or lower.
    mean_absolute
        Mu star: how much it matters; the screening figure.
    sd
        Sigma: how far its effect depends on the other factors or on where it stands.
    """

    mean: float
    mean_absolute: float
    sd: float


@dataclass(frozen=True)
class EffectsIntervals:
    """Ends of the intervals of one factor's :class:`Effects`."""

    mean: tuple[float, float]
    mean_absolute: tuple[float, float]
    sd: tuple[float, float]


@dataclass(frozen=True)
class Indices:
    """Shares of the output's variance that are due to one factor.

    Parameters
    ----------
    first, first_lo, first_hi
        Of the factor alone, with its interval.
    total, total_lo, total_hi
        Of the factor and all interactions it takes part in, with its interval.
    """

    first: float
    first_lo: float
    first_hi: float
    total: float
    total_lo: float
    total_hi: float


def morris_design(factors: int, trajectories: int, seed: int) -> Floats:
    """Return points to run: trajectories x (factors + 1) x factors, shares 0 to 1.

    Along a trajectory one factor after the other moves by 2/3, in random order.

    Parameters
    ----------
    factors
        Number of factors, >= 1.
    trajectories
        10 to 50 are usual; >= 2.
    seed
        Seed of the design.

    Raises
    ------
    ValueError
        Fewer than one factor or two trajectories.

    References
    ----------
    Morris (1991), Factorial sampling plans for preliminary computational experiments: 4 levels and
    a step of p / (2 (p - 1)).
    """
    if factors < 1 or trajectories < 2:
        raise ValueError(
            f"found {factors} factors and {trajectories} trajectories; expected at least 1 and 2"
        )
    draws = stream(seed, "sensitivity/morris", ALL_REPLICATIONS)
    step = LEVELS / (2.0 * (LEVELS - 1))
    points = np.empty((trajectories, factors + 1, factors))
    for one in points:
        low = draws.integers(0, LEVELS // 2, factors) / (LEVELS - 1)
        upwards = draws.random(factors) < 0.5
        one[:] = np.where(upwards, low, low + step)
        for moved, factor in enumerate(draws.permutation(factors), start=1):
            one[moved:, factor] += step if upwards[factor] else -step
    return points


def elementary_effects(design: Floats, outputs: Floats) -> list[Effects]:
    """Return the effects of each factor.

    Parameters
    ----------
    design
        From :func:`morris_design`.
    outputs
        Trajectories x (factors + 1), the output at each point.

    Raises
    ------
    ValueError
        The outputs have another shape or are not finite.

    References
    ----------
    Morris (1991); the mean of absolute values by Campolongo, Cariboni, Saltelli (2007), An
    effective screening design for sensitivity analysis of large models.
    """
    return [
        Effects(float(e.mean()), float(np.abs(e).mean()), float(e.std(ddof=1)))
        for e in effects_by_trajectory(design, outputs).T
    ]


def effects_by_trajectory(design: Floats, outputs: Floats) -> Floats:
    """Return the elementary effect of each factor on each trajectory: trajectories x factors.

    Parameters
    ----------
    design, outputs
        As for :func:`elementary_effects`.

    Raises
    ------
    ValueError
        The outputs have another shape or are not finite.
    """
    found = checked(outputs, "outputs", (2,))
    if found.shape != design.shape[:2]:
        raise ValueError(f"outputs: found shape {found.shape}; expected {design.shape[:2]}")
    moves = np.diff(design, axis=1)
    factor = np.abs(moves).argmax(axis=2)
    size = np.take_along_axis(moves, factor[:, :, np.newaxis], axis=2)[:, :, 0]
    effects = np.empty(factor.shape)
    np.put_along_axis(effects, factor, np.diff(found, axis=1) / size, axis=1)
    return effects


def effects_intervals(
    effects: Floats, seed: int, *, level: float = 0.95, resamples: int = 500
) -> list[EffectsIntervals]:
    """Return intervals for the effects of each factor, by bootstrap over the trajectories.

    Parameters
    ----------
    effects
        From :func:`effects_by_trajectory`.
    seed
        Seed of the bootstrap.
    level
        Confidence level, above 0 and below 1.
    resamples
        Bootstrap samples, >= 100.

    Raises
    ------
    ValueError
        Effects that are not finite, fewer than two trajectories, or a setting outside its range.
    """
    check_share(level, "level")
    _check_resamples(resamples)
    found = checked(effects, "effects", (2,))
    if len(found) < 2:
        raise ValueError(f"effects: found {len(found)} trajectories; expected at least 2")
    draws = stream(seed, "sensitivity/bootstrap", ALL_REPLICATIONS)
    samples = found[draws.integers(0, len(found), (resamples, len(found)))]
    tail = [0.5 * (1.0 - level), 0.5 * (1.0 + level)]
    means = np.quantile(samples.mean(axis=1), tail, axis=0)
    sizes = np.quantile(np.abs(samples).mean(axis=1), tail, axis=0)
    sds = np.quantile(samples.std(axis=1, ddof=1), tail, axis=0)
    return [
        EffectsIntervals(*((float(e[0, i]), float(e[1, i])) for e in (means, sizes, sds)))
        for i in range(found.shape[1])
    ]


def sobol_design(factors: int, points: int, seed: int) -> Floats:
    """Return points to run: (factors + 2) x points x factors, shares 0 to 1.

    Block 0 is A, block 1 is B, block 2 + i is A with column i of B; from scrambled Sobol sequences.

    Parameters
    ----------
    factors
        Number of factors, >= 1.
    points
        Points of a block, a power of 2, >= 16; 1,024 and more for indices within some hundredths.
    seed
        Seed of the scrambling.

    Raises
    ------
    ValueError
        No factor, or a number of points that is no power of 2.

    References
    ----------
    Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola (2010), Variance based sensitivity
    analysis of model output: the radial design A, B, A_B(i).
    """
    from scipy.stats import qmc

    if factors < 1 or points < 16 or points & (points - 1):
        raise ValueError(
            f"found {factors} factors and {points} points; expected at least 1 factor and a power "
            "of 2 from 16 on, as 1024: Sobol's points are even only then"
        )
    draws = stream(seed, "sensitivity/sobol", ALL_REPLICATIONS)
    both = qmc.Sobol(2 * factors, seed=draws).random(points)
    a, b = both[:, :factors], both[:, factors:]
    design = np.stack([a, b, *(a for _ in range(factors))])
    for i in range(factors):
        design[2 + i, :, i] = b[:, i]
    return design


def sobol_indices(
    outputs: Floats, seed: int, *, level: float = 0.95, resamples: int = 500
) -> list[Indices]:
    """Return first and total indices of each factor, with intervals by bootstrap over the points.

    Points are resampled as if they were independent, so the intervals are wider than the error of
    Sobol's points; the spread between replications of the simulator is not in them.

    Parameters
    ----------
    outputs
        (Factors + 2) x points, the output at each point of :func:`sobol_design`.
    seed
        Seed of the bootstrap.
    level
        Confidence level, above 0 and below 1.
    resamples
        Bootstrap samples, >= 100.

    Raises
    ------
    ValueError
        Outputs of another shape, not finite, or that do not vary; a setting outside its range.

    References
    ----------
    First: Saltelli et al. (2010), table 2 (b), V_i = mean(f_B (f_AB(i) - f_A)). Total: Jansen
    (1999), Analysis of variance designs for model output, mean((f_A - f_AB(i))^2) / 2.
    """
    check_share(level, "level")
    _check_resamples(resamples)
    found = checked(outputs, "outputs", (2,), 16)
    if len(found) < 3:
        raise ValueError(f"outputs: found {len(found)} blocks; expected factors + 2, at least 3")
    found = found - found[:2].mean()  # a large mean would drown the products below
    if not found[:2].var():
        raise ValueError("outputs: found equal numbers at all points; expected them to vary")
    points = found.shape[1]
    draws = stream(seed, "sensitivity/bootstrap", ALL_REPLICATIONS)
    samples = np.stack(
        [np.stack(_indices(found[:, draws.integers(0, points, points)])) for _ in range(resamples)]
    )
    tail = 0.5 * (1.0 - level)
    first, total = _indices(found)
    lo, hi = np.nanquantile(samples, [tail, 1.0 - tail], axis=0)
    return [
        Indices(*(float(v) for v in (first[i], lo[0, i], hi[0, i], total[i], lo[1, i], hi[1, i])))
        for i in range(len(first))
    ]


def _check_resamples(resamples: int) -> None:
    if resamples < 100:
        raise ValueError(f"resamples: found {resamples}; expected at least 100")


def _indices(outputs: Floats) -> tuple[Floats, Floats]:
    a, b, mixed = outputs[0], outputs[1], outputs[2:]
    variance = outputs[:2].var()
    first: Floats = (b * (mixed - a)).mean(axis=1) / variance
    total: Floats = 0.5 * ((a - mixed) ** 2).mean(axis=1) / variance
    return first, total
