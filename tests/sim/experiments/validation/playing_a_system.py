"""Plays a case by its own scenario, for a test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.setting import prepare
from sim.experiments.validation.play import play_once
from sim.experiments.validation.system import Case, Row, System
from tests.sim.engine.playing import scenario_of

DAY_S = 86_400.0


@dataclass(frozen=True)
class Estimate:
    """Mean of independent replications and its standard error."""

    mean: float
    standard_error: float
    replications: int

    def half_width(self, level: float) -> float:
        """Return the half-width of the two-sided interval whose upper quantile is given."""
        from scipy.stats import t

        return float(t.ppf(level, self.replications - 1)) * self.standard_error

    def passes(self, expected: float, max_rel_half_width: float) -> bool:
        """Tell whether the figure is right (false alarm 0.1 %) in a narrow enough interval."""
        narrow = self.half_width(0.975) <= max_rel_half_width * abs(expected)
        return narrow and abs(self.mean - expected) <= self.half_width(0.9995)


def case_of(
    kind: str,
    params: Mapping[str, Any],
    rows: Mapping[str, tuple[float, float]],
    *,
    warm_up: float = 0.0,
    unit_s: float = DAY_S,
    name: str = "T",
) -> Case:
    """Return a case with rows of expected value and widest relative half-width."""
    return Case(
        name,
        kind,
        "",
        unit_s,
        params,
        tuple(Row(metric, *figures, warm_up) for metric, figures in rows.items()),
    )


def estimates(
    system: System, replications: int = 10, days: float | None = None, seed: int = 8
) -> dict[str, Estimate]:
    """Return the estimate of each measure of a system."""
    run = {**system.sections["run"], "seed": seed}
    if days is not None:
        run["horizon_days"] = days
    setting = prepare(scenario_of(**{**system.sections, "run": run}), {})
    values: dict[str, list[float]] = {metric: [] for metric in system.measures}
    for number in range(replications):
        played = play_once(setting, number)
        for metric, measure in system.measures.items():
            values[metric].append(measure(played))
    return {metric: _estimate(sample) for metric, sample in values.items()}


def _estimate(sample: list[float]) -> Estimate:
    error = float(np.std(sample, ddof=1)) / math.sqrt(len(sample))
    return Estimate(math.fsum(sample) / len(sample), error, len(sample))
