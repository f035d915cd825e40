"""What the points of a design say of each dial, and how much of it luck alone could do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.experiments.cells import Played, UndefinedKpi
from sim.experiments.sensitivity.dials import Dial
from sim.experiments.sensitivity.pairs import Pair, pairs_of
from sim.experiments.sensitivity.plan import Plan
from sim.experiments.statistics.sensitivity import (
    Indices,
    effects_by_trajectory,
    effects_intervals,
    elementary_effects,
    sobol_indices,
)
from sim.experiments.statistics.series import Floats


@dataclass(frozen=True)
class Influence:
    """How far a dial moves a KPI.

    Parameters
    ----------
    dial
        The dial.
    figure, lo, hi
        What ranks it, with its 95 % interval: Morris's mu star in the KPI's unit over the whole
        range of the dial, or Sobol's total index.
    second, second_lo, second_hi
        Morris's sigma, or Sobol's first-order index.
    mean
        Morris's mu, the signed mean; None for Sobol.
    luck
        What ``figure`` would be if the dial did nothing and replications differed as they do; None
        with one replication.
    """

    dial: Dial
    figure: float
    lo: float
    hi: float
    second: float
    second_lo: float
    second_hi: float
    mean: float | None
    luck: float | None

    @property
    def beyond_luck(self) -> bool:
        """Whether even the lower end of the interval is more than luck alone would give."""
        return self.figure > 0.0 and self.lo > (self.luck or 0.0)


@dataclass(frozen=True)
class Noise:
    """How much of what differs between points is luck.

    Parameters
    ----------
    points
        Variance of the points' means, in the KPI's unit squared.
    luck
        Part of it that is luck: what replications add at one point and not at another (interaction
        of point and replication), divided by the replications; None with one replication.
    shared
        Variance that replications have in common at all points; on the same orders it falls out.
    """

    points: float
    luck: float | None
    shared: float | None

    @property
    def share(self) -> float | None:
        """The part of the variance between points that is luck, 0 to 1."""
        if self.luck is None or self.points == 0.0:
            return None
        return min(1.0, self.luck / self.points)


@dataclass(frozen=True)
class KpiAnswer:
    """What moves one KPI.

    Parameters
    ----------
    kpi
        Its name.
    influences
        One a dial, the strongest first.
    noise
        What of the differences between points is luck.
    pairs
        Second-order indices; empty where they were not asked for.
    """

    kpi: str
    influences: tuple[Influence, ...]
    noise: Noise
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Study:
    """The answer.

    Parameters
    ----------
    plan
        What was played.
    answers
        One a KPI, in the order asked for.
    values
        By KPI, points x replications.
    """

    plan: Plan
    answers: tuple[KpiAnswer, ...]
    values: dict[str, Floats]


def studied(plan: Plan, played: Played) -> Study:
    """Play the points of a plan and return what moves which KPI.

    Raises
    ------
    UndefinedKpi
        A KPI is undefined in a replication.
    """
    played.need([(cell, plan.asked.replications) for cell in range(len(plan.cells))])
    values = {kpi: _values(plan, played, kpi) for kpi in plan.kpis}
    answers = [answer_of(plan, kpi, found) for kpi, found in values.items()]
    return Study(plan, tuple(answers), values)


def _values(plan: Plan, played: Played, kpi: str) -> Floats:
    found = np.empty((len(plan.cells), plan.asked.replications))
    for number, cell in enumerate(plan.cells):
        for r, known in enumerate(played.known(number)[: plan.asked.replications]):
            value = known[kpi]
            if value is None or not math.isfinite(value):
                point = " ".join(
                    f"{dial.key}={word}" for dial, word in zip(plan.dials, cell.words, strict=True)
                )
                raise UndefinedKpi(
                    f"--kpi: found {kpi} undefined in replication {r} at {point}; expected a "
                    "number everywhere; ask for another KPI, narrower dials, or play longer "
                    "(run.horizon_days)"
                )
            found[number, r] = value
    return found


def answer_of(plan: Plan, kpi: str, values: Floats) -> KpiAnswer:
    """Return what moves a KPI.

    Parameters
    ----------
    plan
        What was played.
    kpi
        Name of the KPI.
    values
        Points x replications, finite.
    """
    noise = _noise(values)
    at_points = values[plan.places]  # the design's own shape x replications
    pairs: list[Pair] = []
    if plan.asked.method == "morris":
        influences = _screened(plan, at_points)
    else:
        influences = _divided(plan, at_points)
        if plan.asked.second_order and noise.points > 0.0:
            pairs = pairs_of(at_points.mean(axis=-1), plan.seed)
    ranked = sorted(influences, key=lambda one: -one.figure)  # equal ones as they were named
    return KpiAnswer(kpi, tuple(ranked), noise, tuple(pairs))


def _screened(plan: Plan, outputs: Floats) -> list[Influence]:
    means = outputs.mean(axis=-1)
    effects = elementary_effects(plan.design, means)
    intervals = effects_intervals(effects_by_trajectory(plan.design, means), plan.seed)
    count = outputs.shape[-1]
    lucks: list[float | None] = [None] * len(effects)
    if count > 1:
        each = np.stack(
            [effects_by_trajectory(plan.design, outputs[..., r]) for r in range(count)], axis=-1
        )
        of_means = each.var(axis=-1, ddof=1).mean(axis=0) / count
        lucks = [math.sqrt(2.0 * float(v) / math.pi) for v in of_means]  # mean of |normal|
    return [
        Influence(dial, e.mean_absolute, *i.mean_absolute, e.sd, *i.sd, e.mean, luck)
        for dial, e, i, luck in zip(plan.dials, effects, intervals, lucks, strict=True)
    ]


def _divided(plan: Plan, outputs: Floats) -> list[Influence]:
    factors, count = len(plan.dials), outputs.shape[-1]
    blocks = outputs[: factors + 2]  # further ones serve pairs
    means = blocks.mean(axis=-1)
    variance = float(means[:2].var())
    if variance == 0.0 or not np.ptp(means):
        known = 0.0 if count > 1 else None
        return [Influence(d, *(0.0,) * 6, None, known) for d in plan.dials]
    lucks: list[float | None] = [None] * factors
    if count > 1:
        changes = blocks[0] - blocks[2:]
        of_means = changes.var(axis=-1, ddof=1).mean(axis=1) / count
        lucks = [0.5 * float(v) / variance for v in of_means]
    indices: list[Indices] = sobol_indices(means, plan.seed)
    return [
        Influence(
            dial, i.total, i.total_lo, i.total_hi, i.first, i.first_lo, i.first_hi, None, luck
        )
        for dial, i, luck in zip(plan.dials, indices, lucks, strict=True)
    ]


def _noise(values: Floats) -> Noise:
    """Divide what differs: points, replications, and the interaction of both (two-way layout)."""
    points, count = values.shape
    of_points = float(values.mean(axis=1).var(ddof=1)) if points > 1 else 0.0
    if count < 2 or points < 2:
        return Noise(of_points, None, None)
    shared = values.mean(axis=0)
    left = values - values.mean(axis=1, keepdims=True) - shared + values.mean()
    luck = float((left**2).sum()) / ((points - 1) * (count - 1)) / count
    return Noise(of_points, luck, float(shared.var(ddof=1)))
