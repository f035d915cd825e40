"""Targets: which bounds on KPIs a run met, which it missed, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sim.kpis.estimates import Estimate
from sim.scenario.schema import Target

TargetVerdict = Literal["met", "missed", "unknown"]


@dataclass(frozen=True)
class JudgedTarget:
    """A target and how it was met.

    Parameters
    ----------
    kpi
        Name of the KPI.
    bound
        The bound as it is printed, for instance ``<= 24``.
    verdict
        ``met`` or ``missed`` by the mean, ``unknown`` if the KPI is undefined.
    sure
        Whether the whole interval lies on the same side of the bound.
    """

    kpi: str
    bound: str
    verdict: TargetVerdict
    sure: bool

    @property
    def tile(self) -> str:
        """``met``, ``missed`` or ``uncertain``, as the tile shows it."""
        return self.verdict if self.verdict in ("met", "missed") and self.sure else "uncertain"


def judged_targets(
    targets: Mapping[str, Target], estimates: Mapping[str, Estimate | None]
) -> list[JudgedTarget]:
    """Return every bound of the targets with its verdict, in the order of the scenario."""
    return [
        _judged(name, bound, sign, estimates.get(name))
        for name, target in targets.items()
        for bound, sign in ((target.at_most, "<="), (target.at_least, ">="))
        if bound is not None
    ]


def _judged(name: str, bound: float, sign: str, found: Estimate | None) -> JudgedTarget:
    words = f"{sign} {bound:g}"
    if found is None:
        return JudgedTarget(name, words, "unknown", sure=False)

    def holds(value: float) -> bool:
        return value <= bound if sign == "<=" else value >= bound

    met = holds(found.mean)
    ends = [end for end in (found.lo, found.hi) if end is not None]
    sure = bool(ends) and all(holds(end) == met for end in ends)
    return JudgedTarget(name, words, "met" if met else "missed", sure)
