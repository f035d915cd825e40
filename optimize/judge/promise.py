"""What is promised: bounds on KPIs, a plan's score on replications, and when it is certified.

A plan keeps a promise if the mean of every KPI in it is on the right side. It is certified at
level alpha if, for every one of them, the one-sided 1 - alpha interval of Student's t lies there.
All must pass, so each is tested at the full alpha: the plan that breaks only one bound passes that
one test in at most alpha of the cases (intersection-union test; Berger, Technometrics 24 (1982)).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.errors import shown_value
from sim.kpis.estimates import mean_and_sd, t_quantile
from sim.kpis.registry import KPIS
from sim.scenario.schema import Target

STEERED = ("on_time_ship_rate", "order_lead_time_p95_h", "order_lead_time_mean_h")
"""KPIs that a roster decides on: what a scenario's targets say of them is promised."""

_WRITTEN = re.compile(r"\s*([a-z0-9_]+)\s*(>=|<=)\s*(\S+)\s*")

Kpis = Mapping[str, float | None]
"""What a replication is judged by: KPI name to value, None where undefined."""


@dataclass(frozen=True)
class Bound:
    """One KPI on one side of a number.

    Parameters
    ----------
    kpi
        Name of the KPI.
    sense
        On which side its mean must be.
    value
        The number, in the KPI's own unit.
    """

    kpi: str
    sense: Literal["at_least", "at_most"]
    value: float

    def __post_init__(self) -> None:
        if self.kpi not in KPIS:
            raise ValueError(
                f"a promise about {shown_value(self.kpi)}, which is no KPI;"
                " docs/kpis.md names them all"
            )
        if not math.isfinite(self.value):
            raise ValueError(f"a promise about {self.kpi} of {self.value!r}: no finite number")

    def slack(self, kpis: Kpis) -> float:
        """Return by how much a replication is better than the bound; -inf where undefined."""
        found = kpis[self.kpi]
        if found is None:
            return -math.inf
        return found - self.value if self.sense == "at_least" else self.value - found

    @property
    def words(self) -> str:
        """The bound as it is printed, for instance ``on_time_ship_rate >= 0.8``."""
        return f"{self.kpi} {'>=' if self.sense == 'at_least' else '<='} {self.value:g}"


@dataclass(frozen=True)
class Estimated:
    """A mean over replications and how much it varies.

    Attributes
    ----------
    mean
        -inf where a replication has no value.
    sd
        Standard deviation between replications, 0.0 for fewer than two.
    n
        Replications.
    """

    mean: float
    sd: float
    n: int

    def half_width(self, alpha: float, n: int | None = None) -> float:
        """Return how far the one-sided 1 - alpha limit is from the mean, with ``n`` replications.

        Infinite for a single one.
        """
        count = self.n if n is None else n
        if count < 2:
            return math.inf
        return t_quantile(1.0 - alpha, count - 1) * self.sd / math.sqrt(count)

    def lower(self, alpha: float) -> float:
        """Return the one-sided 1 - alpha lower limit."""
        return self.mean - self.half_width(alpha) if self.n >= 2 else -math.inf


def estimated(values: Sequence[float]) -> Estimated:
    """Return mean and spread of at least one number."""
    if not all(map(math.isfinite, values)):
        return Estimated(-math.inf, 0.0, len(values))
    mean, sd = mean_and_sd(values)
    return Estimated(mean, sd or 0.0, len(values))


@dataclass(frozen=True)
class Score:
    """How a plan does on some replications.

    Attributes
    ----------
    slacks
        For each bound of the promise by how much it is kept, in its KPI's unit.
    """

    slacks: tuple[Estimated, ...]

    def kept(self, margins: Sequence[float]) -> bool:
        """Return whether every mean is better than its bound by the margin."""
        return all(s.mean >= m for s, m in zip(self.slacks, margins, strict=True))

    def certified(self, alpha: float) -> bool:
        """Return whether every one-sided 1 - alpha interval keeps its bound."""
        return all(slack.lower(alpha) >= 0.0 for slack in self.slacks)


@dataclass(frozen=True)
class Promise:
    """All bounds that must be kept together.

    Parameters
    ----------
    bounds
        At least one; none twice.
    """

    bounds: tuple[Bound, ...]

    def __post_init__(self) -> None:
        if not self.bounds:
            raise ValueError("a promise without a bound; name a KPI with at_least or at_most")
        sides = [(bound.kpi, bound.sense) for bound in self.bounds]
        if len(dict.fromkeys(sides)) != len(sides):
            raise ValueError(f"a KPI is promised twice: {self.words}")

    @property
    def words(self) -> str:
        """All bounds as they are printed."""
        return ", ".join(bound.words for bound in self.bounds)

    def slacks(self, kpis: Kpis) -> tuple[float, ...]:
        """Return for each bound by how much a replication keeps it."""
        return tuple(bound.slack(kpis) for bound in self.bounds)

    def score(self, played: Sequence[Kpis]) -> Score:
        """Return how a plan does on replications, at least one."""
        rows = [self.slacks(kpis) for kpis in played]
        return Score(tuple(estimated(column) for column in zip(*rows, strict=True)))

    def means(self, score: Score) -> tuple[float, ...]:
        """Return the mean KPI behind each bound of a score, NaN where one is undefined."""
        return self._kpis([slack.mean for slack in score.slacks])

    def limits(self, score: Score, alpha: float) -> tuple[float, ...]:
        """Return the one-sided 1 - alpha limit of the KPI behind each bound, on its bad side."""
        return self._kpis([slack.lower(alpha) for slack in score.slacks])

    def _kpis(self, slacks: Sequence[float]) -> tuple[float, ...]:
        return tuple(
            bound.value + (slack if bound.sense == "at_least" else -slack)
            if math.isfinite(slack)
            else math.nan
            for bound, slack in zip(self.bounds, slacks, strict=True)
        )


def promise_of(targets: Mapping[str, Target], kpis: Sequence[str] | None = None) -> Promise:
    """Return the promise that a scenario's targets make.

    Parameters
    ----------
    targets
        KPI name to bounds.
    kpis
        Take only these; all if not given.

    Raises
    ------
    ValueError
        If a name has no target, or there is none at all.
    """
    wanted = list(targets) if kpis is None else list(kpis)
    unknown = [name for name in wanted if name not in targets]
    if unknown:
        raise ValueError(
            f"no target for {shown_value(unknown[0])};"
            f" the scenario has {', '.join(targets) or 'none'}"
        )
    return Promise(
        tuple(
            bound
            for name in wanted
            for bound in (
                _bound(name, "at_least", targets[name].at_least),
                _bound(name, "at_most", targets[name].at_most),
            )
            if bound is not None
        )
    )


def parsed(words: Sequence[str]) -> Promise:
    """Return a promise from words such as ``on_time_ship_rate>=0.8``.

    Raises
    ------
    ValueError
        If a word is no bound, names no KPI, or says the same twice.
    """
    bounds = []
    for word in words:
        found = _WRITTEN.fullmatch(word)
        try:
            value = float(found[3]) if found else math.nan
        except ValueError:
            value = math.nan
        if found is None or not math.isfinite(value):
            raise ValueError(
                f"{shown_value(word)} is no bound; write a KPI, >= or <=, and a number,"
                " for instance on_time_ship_rate>=0.8"
            )
        bounds.append(Bound(found[1], "at_least" if found[2] == ">=" else "at_most", value))
    return Promise(tuple(bounds))


def _bound(kpi: str, sense: Literal["at_least", "at_most"], value: float | None) -> Bound | None:
    return None if value is None else Bound(kpi, sense, value)
